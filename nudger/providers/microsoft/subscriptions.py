"""Subscriptions by which Graph tells that a calendar or a mailbox changed.

Source: Microsoft Graph v1.0, subscription resource, change notifications and their lifecycle. While
one is created, Graph calls its two addresses and wants its word back (web/push).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nudger.providers.base import (
    AlreadyExists,
    ChannelWish,
    NotFound,
    OpenedChannel,
    ProviderError,
)
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.request import (
    CREATED,
    ITEM,
    NO_CONTENT,
    Account,
    Json,
    Request,
    get_list,
    quoted,
)
from nudger.providers.storable_text import storable_text

log = logging.getLogger(__name__)

PATH = "/subscriptions"


@dataclass(frozen=True, slots=True)
class Subject:
    """What of an account a subscription tells of."""

    path: str
    changes: str


EVENTS = Subject("/events", "created,updated,deleted")
MESSAGES = Subject("/messages", "created")


class Subscriptions:
    """See `Channels`; of one account's events or messages."""

    longest = timedelta(minutes=4200)
    """Below each limit that Microsoft has named for Outlook's items: 4,230 minutes, and 10,080."""
    replaces_former = False

    def __init__(self, graph: Graph, account: Account, subject: Subject) -> None:
        self._graph = graph
        self._resource = f"{account.path.removeprefix('/')}{subject.path}"
        self._changes = subject.changes
        self._account = Account(account.address, "")

    def open(self, wish: ChannelWish) -> OpenedChannel:
        body = {
            "changeType": self._changes,
            "notificationUrl": wish.address,
            "lifecycleNotificationUrl": wish.address,
            "resource": self._resource,
            "expirationDateTime": _utc(wish.until),
            "clientState": wish.secret,
            "latestSupportedTlsVersion": "v1_2",
        }
        created = Request("POST", PATH, body=body, repeatable=False, documented=CREATED)
        try:
            return _opened(self._graph.json(self._account, created))
        except AlreadyExists:
            self._remove_former(wish.address)
            return _opened(self._graph.json(self._account, created))

    def extend(self, provider_id: str, until: datetime) -> OpenedChannel | None:
        path, body = f"{PATH}/{quoted(provider_id)}", {"expirationDateTime": _utc(until)}
        request = Request("PATCH", path, body=body, documented=ITEM)
        return _opened(self._graph.json(self._account, request))

    def _remove_former(self, address: str) -> None:
        """End our own that tell of the same: two of them Graph does not keep, and of one that was
        made without an answer we know no id."""
        for page in self._graph.pages(self._account, get_list(PATH)):
            for one in page["value"]:
                is_same = storable_text(one.get("resource")).lower() == self._resource.lower()
                if is_same and storable_text(one.get("notificationUrl")) == address:
                    self.close("", storable_text(one.get("id")))

    def close(self, name: str, provider_id: str) -> None:  # noqa: ARG002 - known by their id alone
        request = Request("DELETE", f"{PATH}/{quoted(provider_id)}", documented=NO_CONTENT)
        try:
            self._graph.call(self._account, request)
        except NotFound:
            log.info("a subscription was gone already")


def _opened(answer: Json) -> OpenedChannel:
    """Until when it lasts is Graph's to say, whatever was asked for."""
    try:
        ends = datetime.fromisoformat(storable_text(answer.get("expirationDateTime"))[:19])
    except ValueError as error:
        raise ProviderError("Graph does not say until when it tells of changes.") from error
    return OpenedChannel(storable_text(answer.get("id")), ends.replace(tzinfo=UTC))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
