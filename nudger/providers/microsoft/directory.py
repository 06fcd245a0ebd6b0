"""The members of an Entra group, over Graph, as the organization's app.

Sources: Graph v1.0, group: List group transitive members (which says, too, that members which the
app may not read come with nothing but their id); Permissions reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nudger.domain.addresses import plain_address
from nudger.domain.roster import Member
from nudger.providers.base import AccessDenied, NotFound, ProviderError
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.request import Account, Json, get_list, literal, quoted
from nudger.providers.storable_text import storable_text

GROUP_PERMISSION = "GroupMember.Read.All"
USER_PERMISSION = "User.Read.All"
PAGE_SIZE = 999
_FIELDS = "id,displayName,mail,userPrincipalName,proxyAddresses,accountEnabled"
_USER = "#microsoft.graph.user"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_GUIDE = "docs/setup-microsoft.md#reps-from-a-group"


class EntraDirectory:
    """Groups of the organization."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def members(self, group: str) -> list[Member]:
        """Everybody in the group, known by its object id or mail address, and in the groups within
        it, each once. Raises `ProviderError`."""
        try:
            return self._read(group)
        except NotFound as error:
            raise ProviderError(f"There is no Entra group {group} ({error}).") from error
        except AccessDenied as error:
            raise ProviderError(
                f"{error} To read groups the app needs {GROUP_PERMISSION} and "
                f"{USER_PERMISSION}, granted in Entra ({_GUIDE})."
            ) from error

    def _read(self, group: str) -> list[Member]:
        account = Account(group, "")
        group_id = group if _GUID.fullmatch(group) else self._id_of(account)
        params = {"$select": _FIELDS, "$top": str(PAGE_SIZE)}
        first = get_list(f"/groups/{quoted(group_id)}/transitiveMembers", params)
        users = [
            one
            for page in self._graph.pages(account, first)
            for one in page["value"]
            if isinstance(one, dict) and one.get("@odata.type") == _USER
        ]
        _require_told(users)
        return list({one.address: one for one in map(_member, users)}.values())

    def _id_of(self, account: Account) -> str:
        params = {"$filter": f"mail eq {literal(account.address)}", "$select": "id"}
        found = self._graph.json(account, get_list("/groups", params))["value"]
        if not found:
            raise NotFound("no group has this mail address; its object id finds any group")
        return storable_text(found[0].get("id"))


def _require_told(users: Iterable[Json]) -> None:
    if any(not one.get("mail") and not one.get("userPrincipalName") for one in users):
        raise ProviderError(
            "Microsoft tells who is in the group by their ids alone: grant the app "
            f"{USER_PERMISSION} as well ({_GUIDE})."
        )


def _member(user: Json) -> Member:
    address = plain_address(storable_text(user.get("mail")))
    proxies = (storable_text(one) for one in user.get("proxyAddresses") or ())
    others = (one[5:] for one in proxies if one[:5].lower() == "smtp:")
    aliases = dict.fromkeys(plain_address(one) for one in others)
    return Member(
        address,
        " ".join(storable_text(user.get("displayName")).split()),
        tuple(one for one in aliases if one != address),
        user.get("accountEnabled") is not False,
    )
