"""Admin SDK Directory API as the sandbox answers it: a group's members, and users.

Sources: developers.google.com/workspace/admin/directory, reference of members and users; guides
manage-group-members and limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nudger.sandbox.entries import Group, Person
from nudger.sandbox.google.answers import Call, Refusal, bad_request
from nudger.sandbox.world import World

MOST_RESULTS = 200


class DirectoryApi:
    """The methods by their id; each takes a `Call` and returns the resource."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.methods = {
            "directory.members.list": self.list_members,
            "directory.users.get": self.user,
        }

    def list_members(self, call: Call) -> dict[str, Any]:
        self._require_admin(call)
        group = self._world.groups.get(call.path["groupKey"].lower())
        if group is None:
            raise Refusal(404, "notFound", "Resource Not Found: groupKey")
        size = int(call.query.get("maxResults", "200"))
        if not 1 <= size <= MOST_RESULTS:
            raise bad_request("Invalid Input: maxResults", "invalid")
        nested = call.flag("includeDerivedMembership")
        members = list(self._members(group, set(), nested=nested))
        begin = int(call.query.get("pageToken") or 0)
        page = {
            "kind": "admin#directory#members",
            "members": members[begin : begin + size],
        }
        more = begin + size < len(members)
        return {**page, "nextPageToken": str(begin + size)} if more else page

    def user(self, call: Call) -> dict[str, Any]:
        self._require_admin(call)
        person = self._world.person_of(call.path["userKey"].lower())
        if person is None:
            raise Refusal(404, "notFound", "Resource Not Found: userKey")
        return {
            "kind": "admin#directory#user",
            "id": person.email,
            "primaryEmail": person.email,
            "name": {"fullName": person.name},
            "aliases": list(person.aliases),
            "suspended": person.suspended,
            "archived": False,
        }

    def _members(self, group: Group, seen: set[str], *, nested: bool) -> Iterator[dict[str, Any]]:
        for address in group.members:
            if address in seen:
                continue
            seen.add(address)
            inner = self._world.groups.get(address)
            yield self._member(address, inner)
            if inner is not None and nested:
                yield from self._members(inner, seen, nested=True)

    def _member(self, address: str, inner: Group | None) -> dict[str, Any]:
        person = self._world.people.get(address)
        kind = "GROUP" if inner else "USER" if person else "EXTERNAL"
        status = "SUSPENDED" if person and person.suspended else "ACTIVE"
        member = {
            "kind": "admin#directory#member", "id": address, "email": address, "role": "MEMBER",
            "type": kind,
        }  # fmt: skip
        return {**member, "status": status} if person else member

    def _require_admin(self, call: Call) -> None:
        person: Person | None = self._world.people.get(call.person)
        if person is None or not person.is_admin:
            raise Refusal(403, "forbidden", "Not Authorized to access this resource/api")
