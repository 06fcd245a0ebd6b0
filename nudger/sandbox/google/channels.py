"""Google's channels as the sandbox keeps them: events.watch, channels.stop, and what they tell.

Source: developers.google.com/workspace/calendar/api/guides/push and the reference of events.watch.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from nudger.sandbox.google.answers import Call, bad_request, not_found
from nudger.sandbox.pushes import Push, in_milliseconds, is_reachable
from nudger.sandbox.world import World

LONGEST = timedelta(days=7)
LONGEST_TOKEN = 256
_ID = re.compile(r"[A-Za-z0-9\-_+/=]{1,64}")


@dataclass
class GoogleChannel:
    """`seen` is the calendar's state when it was last told of."""

    id: str
    owner: str
    address: str
    token: str
    resource_id: str
    expires_at: datetime
    seen: int
    number: int = 0


class GoogleChannels:
    """Each calendar's channels. `lapse` ends them as Google sometimes does: without a word."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.open: dict[str, GoogleChannel] = {}
        self.methods = {
            "calendar.events.watch": self.watch,
            "calendar.channels.stop": self.stop,
        }

    def watch(self, call: Call) -> dict[str, Any]:
        owner = self._owner(call)
        body = call.body
        self._refuse_wrong(body)
        channel = GoogleChannel(
            body["id"], owner, body["address"], str(body.get("token", "")),
            f"resource-{secrets.token_hex(8)}", self._until(body), self._state(owner),
        )  # fmt: skip
        self.open[channel.id] = channel
        return {
            "kind": "api#channel",
            "id": channel.id,
            "resourceId": channel.resource_id,
            "resourceUri": f"https://www.googleapis.com/calendar/v3/calendars/{owner}/events",
            "token": channel.token,
            "expiration": in_milliseconds(channel.expires_at),
        }

    def stop(self, call: Call) -> dict[str, Any]:
        channel = self.open.get(str(call.body.get("id")))
        if channel is None or channel.owner != call.person:
            raise not_found()
        if channel.resource_id != call.body.get("resourceId"):
            raise not_found()
        del self.open[channel.id]
        return {}

    def lapse(self, owner: str) -> None:
        self.open = {id_: one for id_, one in self.open.items() if one.owner != owner}

    def told(self) -> list[Push]:
        """What there is to tell: that a channel begins, and that something changed."""
        with self._world.lock:
            now = self._world.now()
            self.open = {id_: one for id_, one in self.open.items() if one.expires_at > now}
            return [push for one in self.open.values() for push in self._of(one)]

    def _of(self, channel: GoogleChannel) -> list[Push]:
        pushes = []
        if channel.number == 0:
            pushes.append(self._push(channel, "sync"))
        state = self._state(channel.owner)
        if state != channel.seen:
            channel.seen = state
            pushes.append(self._push(channel, "exists"))
        return pushes

    def _push(self, channel: GoogleChannel, state: str) -> Push:
        channel.number += 1 if state == "sync" else 3
        headers = {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Channel-Token": channel.token,
            "X-Goog-Channel-Expiration": format_datetime(channel.expires_at, usegmt=True),
            "X-Goog-Resource-ID": channel.resource_id,
            "X-Goog-Resource-URI": "https://www.googleapis.com/calendar/v3/calendars",
            "X-Goog-Resource-State": state,
            "X-Goog-Message-Number": str(channel.number),
        }
        return Push(channel.address, headers)

    def _owner(self, call: Call) -> str:
        owner = call.path["calendarId"].lower()
        person = self._world.people.get(owner)
        if owner != call.person or person is None or not person.has_calendar:
            raise not_found()
        return owner

    def _state(self, owner: str) -> int:
        return max((one.changed for one in self._world.calendars.of(owner).values()), default=0)

    def _refuse_wrong(self, body: dict[str, Any]) -> None:
        if not _ID.fullmatch(str(body.get("id", ""))):
            raise bad_request("Channel id is missing or malformed.", "channelIdInvalid")
        if body["id"] in self.open:
            raise bad_request("Channel id not unique", "channelIdNotUnique")
        if body.get("type") != "web_hook":
            raise bad_request("Unknown channel type.", "channelUnknown")
        if not is_reachable(str(body.get("address", ""))):
            raise bad_request("WebHook callback must be HTTPS", "push.webhookUrlNotHttps")
        if len(str(body.get("token", ""))) > LONGEST_TOKEN:
            raise bad_request("Channel token is too long.", "invalid")

    def _until(self, body: dict[str, Any]) -> datetime:
        """What is asked for beyond the longest is cut without a word."""
        now = self._world.now()
        try:
            asked = datetime.fromtimestamp(int(body["expiration"]) / 1000, UTC)
        except KeyError:
            return now + LONGEST
        except (ValueError, OverflowError) as error:
            raise bad_request("Invalid expiration.", "invalid") from error
        if asked <= now:
            raise bad_request("Expiration is in the past.", "invalid")
        return min(asked, now + LONGEST)
