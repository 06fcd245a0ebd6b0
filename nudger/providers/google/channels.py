"""Channels by which Google tells that a calendar changed.

Source: https://developers.google.com/workspace/calendar/api/guides/push and the reference of
events.watch. A channel cannot be extended: the next is opened before it ends.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from nudger.providers.base import ChannelWish, NotFound, OpenedChannel, ProviderError
from nudger.providers.google.transport import Caller
from nudger.providers.storable_text import storable_text

log = logging.getLogger(__name__)


class CalendarChannels:
    """See `Channels`; of the primary calendar of `person`."""

    longest = timedelta(days=7)
    replaces_former = False

    def __init__(self, events: Any, channels: Any, caller: Caller, person: str) -> None:
        self._events = events
        self._channels = channels
        self._caller = caller
        self._person = person

    def open(self, wish: ChannelWish) -> OpenedChannel:
        body = {
            "id": wish.name,
            "type": "web_hook",
            "address": wish.address,
            "token": wish.secret,
            "expiration": str(int(wish.until.timestamp() * 1000)),
        }
        request = self._events.watch(
            calendarId=self._person,
            quotaUser=hashlib.sha256(self._person.encode()).hexdigest()[:32],
            body=body,
        )
        answer = self._caller.act(request)
        provider_id = storable_text(answer.get("resourceId"))
        if not provider_id:
            raise ProviderError("Google opened a channel without a resource id.")
        return OpenedChannel(provider_id, read_expiration(answer.get("expiration")))

    def extend(self, provider_id: str, until: datetime) -> OpenedChannel | None:  # noqa: ARG002
        """Google has no such call."""
        return None

    def close(self, name: str, provider_id: str) -> None:
        request = self._channels.stop(body={"id": name, "resourceId": provider_id})
        try:
            self._caller.read(request)
        except NotFound:
            log.info("a channel was gone already")


def read_expiration(value: object) -> datetime:
    """Milliseconds since 1970, as a text. Raises `ProviderError`."""
    try:
        return datetime.fromtimestamp(int(str(value)) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ProviderError("Google does not say until when it tells of changes.") from error
