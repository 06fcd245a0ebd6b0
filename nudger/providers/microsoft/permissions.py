"""What the app may do, for `nudger doctor`.

Two places grant rights and they add up: consent in Entra, which shows in the token and covers every
mailbox, and roles in Exchange (RBAC for Applications), which cover a scope and show in no token. So
the token tells what is granted everywhere; only a call tells the rest.

Sources: Graph permissions reference; Exchange Online, Role Based Access Control for Applications.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from nudger.providers.base import AccessDenied, NotFound
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.request import Account, Request, get_list

_COVERED_BY = {
    "Calendars.ReadWrite": ("Calendars.ReadWrite",),
    "Calendars.Read": ("Calendars.Read", "Calendars.ReadWrite"),
    "Mail.ReadWrite": ("Mail.ReadWrite",),
    "Mail.Read": ("Mail.Read", "Mail.ReadWrite"),
    "Mail.Send": ("Mail.Send",),
    "MailboxSettings.Read": ("MailboxSettings.Read", "MailboxSettings.ReadWrite"),
}


class Reach(StrEnum):
    """What a mailbox said to the app."""

    REACHED = "reached"
    REFUSED = "refused"
    NO_MAILBOX = "no_mailbox"


@dataclass(frozen=True, slots=True)
class Probe:
    """What one kind of data (`calendar` or `mail`) of `address` said to us."""

    address: str
    kind: str
    reach: Reach
    detail: str = ""


def granted_permissions(access_token: str) -> frozenset[str] | None:
    """The app's roles or the person's scopes as the token has them; `None` where it is opaque.

    The token is read without checking its signature: it is for Graph, and nothing is decided by it.
    """
    try:
        payload = access_token.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        roles, scopes = claims.get("roles") or [], str(claims.get("scp") or "").split()
    except (IndexError, ValueError, binascii.Error, AttributeError):
        return None
    return frozenset([*map(str, roles), *scopes]) if isinstance(roles, list) else None


def missing_permissions(
    granted: Collection[str] | None, wanted: Collection[str]
) -> tuple[str, ...]:
    """Which of `wanted` the token does not hold; all of them where nothing is known.

    For an organization's app that is no fault by itself: Exchange may have granted them.
    """
    held = set(granted or ())
    return tuple(name for name in wanted if held.isdisjoint(_COVERED_BY.get(name, (name,))))


def probe(graph: Graph, address: str) -> tuple[Probe, ...]:
    """Ask for one event and one mail of `address`, reading nothing of them.

    For a mailbox outside the app's scope each must be `REFUSED`; for a rep's own `REACHED`. Raises
    `ProviderError` where the answer is neither.
    """
    account = Account.of_organization(address)
    one = {"$select": "id", "$top": "1"}
    return (
        _probe(graph, account, "calendar", get_list("/events", one)),
        _probe(graph, account, "mail", get_list("/messages", one)),
    )


def _probe(graph: Graph, account: Account, kind: str, request: Request) -> Probe:
    try:
        graph.json(account, request)
    except AccessDenied as refused:
        return Probe(account.address, kind, Reach.REFUSED, str(refused))
    except NotFound as missing:
        return Probe(account.address, kind, Reach.NO_MAILBOX, str(missing))
    return Probe(account.address, kind, Reach.REACHED)
