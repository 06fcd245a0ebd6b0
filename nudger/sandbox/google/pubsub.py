"""Gmail's watches as the sandbox keeps them, and the Pub/Sub topic that they tell.

Sources: developers.google.com/workspace/gmail/api/guides/push; cloud.google.com/pubsub/docs
/authenticate-push-subscriptions.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nudger.sandbox.google.answers import Call, Refusal, bad_request
from nudger.sandbox.google.id_tokens import IdTokenIssuer
from nudger.sandbox.pushes import Push, in_milliseconds
from nudger.sandbox.world import World

LASTS = timedelta(days=7)
_TOPIC = re.compile(r"projects/[a-z0-9-]+/topics/[A-Za-z0-9._~+%-]+")


@dataclass(frozen=True)
class Subscriber:
    """A push subscription to a topic: where it sends, as which account, for which audience."""

    topic: str
    endpoint: str
    account: str
    audience: str


@dataclass
class Watch:
    topic: str
    expires_at: datetime
    seen: int


class GmailWatches:
    """`topics` are those that Gmail may publish to. A watch told of ends without a word."""

    def __init__(self, world: World, identities: IdTokenIssuer) -> None:
        self._world = world
        self._identities = identities
        self.topics: set[str] = set()
        self.subscribers: list[Subscriber] = []
        self.open: dict[str, Watch] = {}
        self.methods = {"gmail.users.watch": self.watch, "gmail.users.stop": self.stop}

    def watch(self, call: Call) -> dict[str, Any]:
        topic = str(call.body.get("topicName", ""))
        if not _TOPIC.fullmatch(topic):
            raise bad_request("Invalid topicName does not match projects/…/topics/*", "invalid")
        if topic not in self.topics:
            raise Refusal(
                403, "forbidden", "Error sending test message to Cloud PubSub: User not authorized."
            )
        until = self._world.now() + LASTS
        self.open[call.person] = Watch(topic, until, self._state(call.person))
        history = str(self._world.mailboxes.history)
        return {"historyId": history, "expiration": in_milliseconds(until)}

    def stop(self, call: Call) -> dict[str, Any]:
        self.open.pop(call.person, None)
        return {}

    def lapse(self, owner: str) -> None:
        self.open.pop(owner, None)

    def told(self) -> list[Push]:
        with self._world.lock:
            pushes = []
            for owner, watch in self.open.items():
                state = self._state(owner)
                if watch.expires_at > self._world.now() and state != watch.seen:
                    watch.seen = state
                    pushes += self._pushes(owner, watch.topic, state)
            return pushes

    def _pushes(self, owner: str, topic: str, state: int) -> list[Push]:
        notice = json.dumps({"emailAddress": owner, "historyId": state}).encode()
        data = base64.urlsafe_b64encode(notice).decode()
        body = {"message": {"data": data, "messageId": str(state)}, "subscription": "projects/x"}
        return [
            Push(one.endpoint, {"Authorization": f"Bearer {self._token(one)}"}, body)
            for one in self.subscribers
            if one.topic == topic
        ]

    def _token(self, subscriber: Subscriber) -> str:
        return self._identities.system_token(subscriber.account, subscriber.audience)

    def _state(self, owner: str) -> int:
        mails = self._world.mailboxes.of(owner).values()
        return max((one.history_id for one in mails if "DRAFT" not in one.labels), default=0)
