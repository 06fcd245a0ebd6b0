"""A workspace of Slack: who is in it, what stands in the channels, and what its people do."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nudger.sandbox.world import World

BOT_TOKEN = "xoxb-sandbox"  # noqa: S105 - of nothing but the sandbox
APP_TOKEN = "xapp-sandbox"  # noqa: S105
TEAM = "T0SANDBOX"
BOT_USER = "U0NUDGER"
TRIGGER_SECONDS = 3.0

SCOPES = ("chat:write", "im:history", "im:write", "users:read", "users:read.email")

Deliver = Callable[[str, dict[str, Any]], None]


@dataclass
class User:
    id: str
    email: str
    deleted: bool = False


@dataclass
class Channel:
    """A channel of one user with the app."""

    id: str
    user: str
    archived: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)


class Workspace:
    """`deliver` sends an envelope of a kind by Socket Mode. `seconds` is the monotonic clock by
    which triggers run out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bot_tokens = {BOT_TOKEN}
        self.app_tokens = {APP_TOKEN}
        self.scopes = set(SCOPES)
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, dict[str, Any]] = {}
        self.deliver: Deliver = lambda _kind, _payload: None
        self.seconds: Callable[[], float] = time.monotonic
        self._triggers: dict[str, tuple[str, float]] = {}
        self._numbers = itertools.count(1)

    def user_of(self, email: str) -> User | None:
        """Everybody of the world's people is in the workspace, unless they left."""
        if email not in self.world.people:
            return None
        if email not in self.users:
            self.users[email] = User(f"U{len(self.users) + 1:05}", email)
        return self.users[email]

    def channel_with(self, user_id: str) -> Channel:
        for channel in self.channels.values():
            if channel.user == user_id:
                return channel
        made = Channel(f"D{len(self.channels) + 1:05}", user_id)
        self.channels[made.id] = made
        return made

    def new_ts(self) -> str:
        return f"{self.world.now().timestamp():.0f}.{next(self._numbers):06}"

    def take_trigger(self, trigger: str) -> str | None:
        """Whose trigger this is; `None` for one that is void. It counts once."""
        user, until = self._triggers.pop(trigger, ("", 0.0))
        return user if user and self.seconds() <= until else None

    def posts(self, email: str) -> list[dict[str, Any]]:
        """What the app posted to this person, the threads included."""
        user = self.users.get(email)
        if user is None:
            return []
        return [one for one in self.channel_with(user.id).messages if one.get("bot_id")]

    def says(self, email: str, text: str, under: dict[str, Any] | None = None) -> str:
        """Have somebody write to the app, in a thread or not; returns the message's id."""
        user = self.user_of(email)
        assert user is not None  # noqa: S101 - a test's own people
        channel = self.channel_with(user.id)
        said = {"type": "message", "user": user.id, "text": text, "ts": self.new_ts()}
        if under is not None:
            said["thread_ts"] = under.get("thread_ts") or under["ts"]
        channel.messages.append(said)
        self._event({**said, "channel": channel.id, "channel_type": "im"})
        return said["ts"]

    def edits(self, email: str, ts: str, text: str) -> None:
        """Have somebody change what they wrote."""
        channel = self.channel_with(self.users[email].id)
        said = next(one for one in channel.messages if one["ts"] == ts)
        before = dict(said)
        said["text"] = text
        self._event(
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": channel.id,
                "channel_type": "im",
                "message": dict(said),
                "previous_message": before,
            }
        )

    def clicks(self, email: str, post: dict[str, Any], label: str, nth: int = 0) -> None:
        """Have somebody click the button that says this, the `nth` of them."""
        user = self.user_of(email)
        assert user is not None  # noqa: S101
        buttons = [
            element
            for block in post["blocks"]
            if block["type"] == "actions"
            for element in block["elements"]
            if element["text"]["text"] == label
        ]
        action = {**buttons[nth], "block_id": "b", "action_ts": self.new_ts()}
        channel = next(one.id for one in self.channels.values() if post in one.messages)
        self.deliver(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM},
                "user": {"id": user.id, "team_id": TEAM},
                "api_app_id": "A1",
                "trigger_id": self._new_trigger(user.id),
                "channel": {"id": channel},
                "container": {"type": "message", "channel_id": channel, "message_ts": post["ts"]},
                "actions": [action],
            },
        )

    def fills_in(self, email: str, view_id: str, **typed: str) -> None:
        """Have somebody submit a form; what is not named stays as it was shown."""
        user, view = self.users[email], self.views[view_id]
        values = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                element, name = block["element"], block["block_id"]
                values[name] = {element["action_id"]: _state(element, typed.get(name))}
        self.deliver(
            "interactive",
            {
                "type": "view_submission",
                "team": {"id": TEAM},
                "user": {"id": user.id, "team_id": TEAM},
                "api_app_id": "A1",
                "view": {**view, "id": view_id, "state": {"values": values}},
            },
        )

    def _new_trigger(self, user_id: str) -> str:
        trigger = f"{next(self._numbers)}.trigger"
        self._triggers[trigger] = (user_id, self.seconds() + TRIGGER_SECONDS)
        return trigger

    def _event(self, event: dict[str, Any]) -> None:
        number = next(self._numbers)
        body = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1",
                "event_id": f"Ev{number:08}", "event": event}  # fmt: skip
        self.deliver("events_api", body)


def _state(element: dict[str, Any], typed: str | None) -> dict[str, Any]:
    if element["type"] == "plain_text_input":
        value = element.get("initial_value") if typed is None else typed
        return {"type": element["type"], "value": value or None}
    chosen = element.get("initial_option")
    if typed is not None:
        chosen = next(one for one in element["options"] if one["text"]["text"] == typed)
    return {"type": element["type"], "selected_option": chosen}
