"""Gmail's watches as the sandbox keeps them, and the Pub/Sub topics that they tell.

Sources: developers.google.com/workspace/gmail/api/guides/push; the reference of users.watch (the
topic exists, in the project of whoever watches, and Gmail may publish there; one watch a mailbox);
cloud.google.com/pubsub/docs/authenticate-push-subscriptions (https, an account of the project).
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
from nudger.sandbox.google.oauth import PROJECT
from nudger.sandbox.pushes import Push, in_milliseconds, is_reachable
from nudger.sandbox.world import World

LASTS = timedelta(days=7)
GMAIL = "gmail-api-push@system.gserviceaccount.com"
_TOPIC = re.compile(rf"projects/{re.escape(PROJECT)}/topics/[A-Za-z][A-Za-z0-9._~+%-]{{2,254}}")
_TEST = "Error sending test message to Cloud PubSub"


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
    """A watch that lapses ends without a word. What `gcloud` would do to topics is done by
    `create_topic`, `grant` and `subscribe`."""

    def __init__(self, world: World, identities: IdTokenIssuer) -> None:
        self._world = world
        self._identities = identities
        self._publishers: dict[str, set[str]] = {}
        self._subscribers: list[Subscriber] = []
        self.open: dict[str, Watch] = {}
        self.methods = {"gmail.users.watch": self.watch, "gmail.users.stop": self.stop}

    def create_topic(self, topic: str) -> None:
        """Raises `Refusal`."""
        if not _TOPIC.fullmatch(topic):
            raise bad_request(f"Invalid resource name given (name={topic}).", "invalidArgument")
        self._publishers.setdefault(topic, set())

    def grant(self, topic: str, publisher: str) -> None:
        """Let somebody publish. Raises `Refusal`."""
        self._publishers_of(topic).add(publisher)

    def subscribe(self, subscriber: Subscriber) -> None:
        """Raises `Refusal`."""
        self._publishers_of(subscriber.topic)
        if not is_reachable(subscriber.endpoint):
            given = f"Invalid push endpoint given (endpoint={subscriber.endpoint})."
            raise bad_request(f'{given} It should begin "https".', "invalidArgument")
        if not subscriber.account.endswith(f"@{PROJECT}.iam.gserviceaccount.com"):
            raise Refusal(403, "forbidden", "The caller does not have permission to act as it.")
        self._subscribers.append(subscriber)

    def watch(self, call: Call) -> dict[str, Any]:
        topic = str(call.body.get("topicName", ""))
        if not _TOPIC.fullmatch(topic):
            raise bad_request(
                f"Invalid topicName does not match projects/{PROJECT}/topics/*", "invalidArgument"
            )
        if GMAIL not in self._publishers_of(topic, f"{_TEST} {topic} : "):
            raise Refusal(
                403,
                "forbidden",
                f"{_TEST} {topic} : User not authorized to perform this action.",
            )
        before = self.open.get(call.person)
        if before and before.topic != topic and before.expires_at > self._world.now():
            raise bad_request(
                "Only one user push notification client allowed per developer "
                "(call /stop then try again)",
                "invalidArgument",
            )
        until = self._world.now() + LASTS
        self.open[call.person] = Watch(topic, until, self._state(call.person))
        history = str(self._world.mailboxes.history)
        return {"historyId": history, "expiration": in_milliseconds(until)}

    def stop(self, call: Call) -> dict[str, Any]:
        self.open.pop(call.person, None)
        return {}

    def _publishers_of(self, topic: str, doing: str = "") -> set[str]:
        found = self._publishers.get(topic)
        if found is None:
            name = topic.rpartition("/")[2]
            raise Refusal(404, "notFound", f"{doing}Resource not found (resource={name}).")
        return found

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
            for one in self._subscribers
            if one.topic == topic
        ]

    def _token(self, subscriber: Subscriber) -> str:
        return self._identities.system_token(subscriber.account, subscriber.audience)

    def _state(self, owner: str) -> int:
        mails = self._world.mailboxes.of(owner).values()
        return max((one.history_id for one in mails if "DRAFT" not in one.labels), default=0)
