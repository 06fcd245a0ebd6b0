"""Graph's subscriptions as the sandbox keeps them: the handshake, what they tell, how they end.

Sources: Graph v1.0, subscription resource; change notifications through webhooks (validation, 10
seconds); lifecycle notifications; limits of 10,080 minutes and 1,000 a mailbox for Outlook.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from nudger.sandbox.microsoft.answers import GraphRefusal
from nudger.sandbox.pushes import Push, is_reachable, post
from nudger.sandbox.world import World

LONGEST = timedelta(minutes=10_080)
SHORTEST = timedelta(minutes=45)
MOST_IN_A_MAILBOX = 1000
LONGEST_STATE = 128
PAGE = 100
CHANGES = frozenset({"created", "updated", "deleted"})


@dataclass
class Subscription:
    """`seen` is the state of what it tells of when it was last told."""

    id: str
    owner: str
    kind: str
    body: dict[str, Any]
    expires_at: datetime
    seen: int

    @property
    def shown(self) -> dict[str, Any]:
        return {
            **{name: value for name, value in self.body.items() if name != "clientState"},
            "id": self.id,
            "expirationDateTime": self.expires_at.strftime("%Y-%m-%dT%H:%M:%S.0000000Z"),
        }


class Subscriptions:
    """Every mailbox's subscriptions. `lapse` ends them without a word."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.open: dict[str, Subscription] = {}
        self._lifecycle: list[Push] = []
        self.most_in_a_mailbox = MOST_IN_A_MAILBOX

    def refuse_wrong(self, owner: str, body: Mapping[str, Any]) -> None:
        """What Graph says before it asks anybody for the word."""
        changes = {one.strip() for one in str(body.get("changeType", "")).split(",")}
        if not changes <= CHANGES:
            raise _wrong("Invalid changeType.")
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            if not is_reachable(str(body.get(name, ""))):
                raise _wrong(f"The {name} must be https.")
        if len(str(body.get("clientState", ""))) > LONGEST_STATE:
            raise _wrong("clientState must not exceed 128 characters.")
        self._until(body)
        mine = [one for one in self._alive() if one.owner == owner]
        if len(mine) >= self.most_in_a_mailbox:
            raise GraphRefusal(403, "ExtensionError", "Too many subscriptions on this mailbox.")
        for one in mine:
            if all(one.body.get(n) == body.get(n) for n in ("resource", "changeType")):
                message = "A subscription for this resource and change type exists already."
                raise GraphRefusal(409, "ExtensionError", message)

    @staticmethod
    def shake_hands(body: Mapping[str, Any]) -> None:
        """Ask both addresses for a word, which must come back as it is, in plain text."""
        for url in {str(body["notificationUrl"]), str(body["lifecycleNotificationUrl"])}:
            word = f"Validation: Testing client application reachability {secrets.token_hex(8)} +&<"
            answer = post(Push(f"{url}?validationToken={quote(word, safe='')}"))
            plain = answer is not None and answer.headers.get("content-type", "").startswith(
                "text/plain"
            )
            if answer is None or answer.status_code != 200 or not plain or answer.text != word:
                raise _wrong("Subscription validation request failed.", "ValidationError")

    def create(self, owner: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        made = Subscription(
            str(uuid.uuid4()), owner, kind, body, self._until(body), self._state(owner, kind)
        )
        self.open[made.id] = made
        return made.shown

    def find(self, subscription_id: str) -> Subscription:
        found = {one.id: one for one in self._alive()}.get(subscription_id)
        if found is None:
            raise GraphRefusal(404, "ResourceNotFound", "The object was not found.")
        return found

    def extend(self, subscription: Subscription, body: Mapping[str, Any]) -> dict[str, Any]:
        subscription.expires_at = self._until(body)
        return subscription.shown

    def remove(self, subscription: Subscription) -> None:
        del self.open[subscription.id]

    def listed(self, owner: str | None) -> list[dict[str, Any]]:
        """The app's own: of one person where one consented."""
        return [one.shown for one in self._alive() if owner is None or one.owner == owner]

    def lapse(self, owner: str) -> None:
        self.open = {id_: one for id_, one in self.open.items() if one.owner != owner}

    def tell(self, owner: str, lifecycle: str) -> None:
        """Tell next that something becomes of this mailbox's subscriptions."""
        for one in self._alive():
            if one.owner == owner:
                told = {**_notice(one), "lifecycleEvent": lifecycle}
                url = str(one.body["lifecycleNotificationUrl"])
                self._lifecycle.append(Push(url, body={"value": [told]}))
        if lifecycle == "subscriptionRemoved":
            self.lapse(owner)

    def told(self) -> list[Push]:
        """What there is to tell, one batch an address."""
        with self._world.lock:
            batches: dict[str, list[dict[str, Any]]] = {}
            for one in self._alive():
                state = self._state(one.owner, one.kind)
                if state != one.seen:
                    one.seen = state
                    told = {**_notice(one), "changeType": "updated", "resourceData": {"id": "AA"}}
                    batches.setdefault(str(one.body["notificationUrl"]), []).append(told)
            lifecycle, self._lifecycle = self._lifecycle, []
        return [*lifecycle, *(Push(url, body={"value": told}) for url, told in batches.items())]

    def _alive(self) -> Iterator[Subscription]:
        now = self._world.now()
        return iter([one for one in self.open.values() if one.expires_at > now])

    def _state(self, owner: str, kind: str) -> int:
        if kind == "mail":
            mails = self._world.mailboxes.of(owner).values()
            return max((one.history_id for one in mails if "DRAFT" not in one.labels), default=0)
        return max((one.changed for one in self._world.calendars.of(owner).values()), default=0)

    def _until(self, body: Mapping[str, Any]) -> datetime:
        now = self._world.now()
        try:
            asked = datetime.fromisoformat(str(body["expirationDateTime"]))
        except (KeyError, ValueError) as error:
            raise _wrong("expirationDateTime is missing or malformed.") from error
        asked = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
        if asked <= now:
            raise _wrong("Subscription expiration must be in the future.")
        if asked > now + LONGEST:
            raise _wrong("Subscription expiration can only be 10080 minutes in the future.")
        return max(asked, now + SHORTEST)


def _notice(subscription: Subscription) -> dict[str, Any]:
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": subscription.shown["expirationDateTime"],
        "clientState": subscription.body.get("clientState"),
        "resource": subscription.body["resource"],
        "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
    }


def _wrong(message: str, code: str = "InvalidRequest") -> GraphRefusal:
    return GraphRefusal(400, code, message)
