"""The members of a Google group, over the Admin SDK's Directory API, as one of its admins.

Source: https://developers.google.com/workspace/admin/directory/reference/rest/v1/members/list.
Members have neither names nor aliases: these are asked for one by one, where the service account
may use the scope for it, and are left out where it may not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nudger.domain.addresses import plain_address
from nudger.domain.roster import Member
from nudger.providers.base import AccessDenied, NotFound, ProviderError, SignInFailed
from nudger.providers.google.transport import Caller
from nudger.providers.storable_text import storable_text

log = logging.getLogger(__name__)

MEMBERS_SCOPE = "https://www.googleapis.com/auth/admin.directory.group.member.readonly"
USERS_SCOPE = "https://www.googleapis.com/auth/admin.directory.user.readonly"
PAGE_SIZE = 200
_PAGE = "kind,nextPageToken,members(email,type,status)"
_USER = "id,primaryEmail,name/fullName,aliases,nonEditableAliases,suspended,archived"


@dataclass(frozen=True, slots=True)
class DirectoryCallers:
    """Who asks: the same admin, once for each scope."""

    members: Caller
    users: Caller


class GoogleDirectory:
    """Groups of the organization, through the Directory API's client."""

    def __init__(self, api: Any, callers: DirectoryCallers, admin: str) -> None:
        self._members = api.members()
        self._users = api.users()
        self._callers = callers
        self._admin = admin
        self._tells_users = True

    def members(self, group: str) -> list[Member]:
        """Everybody in the group and the groups within it, each once. Raises `ProviderError`."""
        found = {}
        for entry in self._entries(group):
            address = plain_address(storable_text(entry.get("email")))
            if entry.get("type") in ("USER", "EXTERNAL") and address:
                found[address] = self._member(address, entry)
        return list(found.values())

    def _entries(self, group: str) -> Iterator[Mapping[str, Any]]:
        token: str | None = None
        while True:
            request = self._members.list(
                groupKey=group, includeDerivedMembership=True, maxResults=PAGE_SIZE,
                pageToken=token, fields=_PAGE,
            )  # fmt: skip
            page = self._page(request, group)
            yield from page.get("members", ())
            following = storable_text(page.get("nextPageToken"))
            if not following:
                return
            if following == token:
                raise ProviderError(f"Google sent the same page of {group} twice.")
            token = following

    def _page(self, request: Any, group: str) -> Mapping[str, Any]:
        try:
            page: Mapping[str, Any] = self._callers.members.read(request)
        except SignInFailed as error:
            raise ProviderError(
                f"{error} For groups it needs {MEMBERS_SCOPE} as well "
                "(docs/setup-google.md#reps-from-a-group)."
            ) from error
        except NotFound as error:
            raise ProviderError(f"There is no Google group {group} ({error}).") from error
        except AccessDenied as error:
            raise ProviderError(
                f"{self._admin} may not read the group {group} ({error}): `directory_admin` has to "
                "be an admin with the privilege to read groups, and the Admin SDK API has to be "
                "enabled (docs/setup-google.md#reps-from-a-group)."
            ) from error
        return page

    def _member(self, address: str, entry: Mapping[str, Any]) -> Member:
        is_active = entry.get("status", "ACTIVE") == "ACTIVE"
        if entry.get("type") != "USER" or not self._tells_users:
            return Member(address, is_active=is_active)
        try:
            user = self._callers.users.read(self._users.get(userKey=address, fields=_USER))
        except (SignInFailed, AccessDenied) as error:
            log.info("names and aliases are not told: %s", error)
            self._tells_users = False
            return Member(address, is_active=is_active)
        except NotFound:
            return Member(address, is_active=is_active)
        others = (*(user.get("aliases") or ()), *(user.get("nonEditableAliases") or ()))
        return Member(
            plain_address(storable_text(user.get("primaryEmail"))) or address,
            " ".join(storable_text((user.get("name") or {}).get("fullName")).split()),
            tuple(plain_address(one) for one in map(storable_text, others) if "@" in one),
            is_active and not user.get("suspended") and not user.get("archived"),
        )
