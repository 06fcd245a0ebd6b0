"""Graph's groups as the sandbox answers them: who is in one, through all groups within it.

Sources: Graph v1.0, group: List transitive members; Permissions reference; "limited information
returned for inaccessible member objects".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nudger.sandbox.entries import Group, Person
from nudger.sandbox.microsoft.answers import GraphAnswer, GraphRefusal, bad_request
from nudger.sandbox.world import World

MOST_RESULTS = 999
GROUPS = ("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
USERS = ("User.Read.All", "Directory.Read.All")
_BY_MAIL = re.compile(r"mail eq '([^']+)'")
_OBJECT_ID = re.compile(r"[0-9a-f-]{36}", re.IGNORECASE)


class GraphDirectory:
    """Answers what lies below `/groups`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(
        self, permissions: tuple[str, ...], path: str, query: dict[str, str], root: str
    ) -> GraphAnswer:
        if not set(permissions) & set(GROUPS):
            raise GraphRefusal(
                403, "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
            )  # fmt: skip
        if path == "groups":
            return self._found(query)
        group_id, _, rest = path.removeprefix("groups/").partition("/")
        if rest != "transitiveMembers":
            raise GraphRefusal(400, "BadRequest", f"Resource not found for the segment '{rest}'.")
        members = list(self._members(self._group(group_id), set()))
        shown = [_shown(one, set(permissions) & set(USERS)) for one in members]
        return self._page(shown, f"{root}/{path}", query)

    def _page(self, shown: list[dict[str, Any]], url: str, query: dict[str, str]) -> GraphAnswer:
        size = int(query.get("$top", "100"))
        if not 1 <= size <= MOST_RESULTS:
            raise bad_request("Invalid page size specified.", "Request_BadRequest")
        begin = int(query.get("$skiptoken") or 0)
        page: dict[str, Any] = {"value": shown[begin : begin + size]}
        if begin + size < len(shown):
            page["@odata.nextLink"] = f"{url}?$top={size}&$skiptoken={begin + size}"
        return GraphAnswer(page)

    def _found(self, query: dict[str, str]) -> GraphAnswer:
        wanted = _BY_MAIL.fullmatch(query.get("$filter", ""))
        if wanted is None:
            raise bad_request("Unsupported or invalid query filter clause.", "Request_BadRequest")
        group = self._world.groups.get(wanted[1].lower())
        return GraphAnswer({"value": [{"id": group.id}] if group else []})

    def _group(self, group_id: str) -> Group:
        if not _OBJECT_ID.fullmatch(group_id):
            raise bad_request(f"Invalid object identifier '{group_id}'.", "Request_BadRequest")
        for group in self._world.groups.values():
            if group.id == group_id.lower():
                return group
        message = f"Resource '{group_id}' does not exist or one of its queried reference-property "
        raise GraphRefusal(404, "Request_ResourceNotFound", f"{message}objects are not present.")

    def _members(self, group: Group, seen: set[str]) -> Iterator[Group | Person]:
        for address in group.members:
            if address in seen:
                continue
            seen.add(address)
            inner, person = self._world.groups.get(address), self._world.people.get(address)
            if inner is not None:
                yield inner
                yield from self._members(inner, seen)
            elif person is not None:
                yield person


def _shown(member: Group | Person, readable: set[str]) -> dict[str, Any]:
    if isinstance(member, Group):
        return {"@odata.type": "#microsoft.graph.group", "id": member.id, "mail": member.email}
    if not readable:
        nothing = dict.fromkeys(("displayName", "mail", "userPrincipalName"))
        return {"@odata.type": "#microsoft.graph.user", "id": member.email, **nothing}
    proxies = [f"SMTP:{member.email}", *(f"smtp:{one}" for one in member.aliases)]
    return {
        "@odata.type": "#microsoft.graph.user",
        "id": member.email,
        "displayName": member.name,
        "mail": member.email,
        "userPrincipalName": member.email,
        "proxyAddresses": [*proxies, f"SIP:{member.email}"],
        "accountEnabled": not member.suspended,
    }
