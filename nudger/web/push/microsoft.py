"""What Graph tells of calendars and mailboxes, and of the subscriptions themselves.

Nothing of a notification is used but whose secret it shows, and what became of the subscription.

Source: Microsoft Graph v1.0, change notifications, their delivery by webhooks, lifecycle events.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from nudger.domain.event import Provider
from nudger.domain.push import SPARED
from nudger.jobs.subscribe import secret_hash
from nudger.store import push
from nudger.store.push import Told
from nudger.web.push.taking import refused, take
from nudger.web.site import Site

MOST_IN_A_BATCH = 1000
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,1024}")
REMOVED, EXTEND = "subscriptionRemoved", "reauthorizationRequired"
AS_TEXT = {"content-type": "text/plain; charset=utf-8"}


class Notification(BaseModel):
    """One of a batch."""

    subscription_id: str = Field(alias="subscriptionId", max_length=300)
    client_state: str = Field(alias="clientState", default="", max_length=256)
    lifecycle: str = Field(alias="lifecycleEvent", default="", max_length=64)


class Batch(BaseModel):
    """What is no notification of ours is left out, and does not spoil the others."""

    value: list[Annotated[Notification | Any, Field(union_mode="left_to_right")]] = Field(
        max_length=MOST_IN_A_BATCH
    )

    @property
    def notifications(self) -> list[Notification]:
        return [one for one in self.value if isinstance(one, Notification)]


class MicrosoftPush:
    def __init__(self, site: Site) -> None:
        self._ctx = site.ctx

    def told(self, request: Request, body: bytes) -> Response:
        """Answers 202 where anything of it was kept, 404 to whoever knows no secret."""
        word = request.query_params.get("validationToken")
        if word is not None:
            return self._handshake(word)
        try:
            batch = Batch.model_validate_json(body)
        except ValidationError:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        kept = self._kept(batch)
        if len(kept) < len(batch.value):
            refused(Provider.MICROSOFT, len(batch.value) - len(kept))
        return Response(status_code=HTTPStatus.ACCEPTED if kept else HTTPStatus.NOT_FOUND)

    def _handshake(self, word: str) -> Response:
        """Graph's word back, while it is being asked for a subscription and at no other time: this
        is no place to have something of one's own shown."""
        with self._ctx.database.read() as tx:
            is_opening = push.is_opening(tx, Provider.MICROSOFT, self._ctx.clock())
        if not is_opening or not _PRINTABLE.fullmatch(word):
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return Response(word, headers=AS_TEXT)

    def _kept(self, batch: Batch) -> list[Notification]:
        good = self._known(batch)
        if good:
            with self._ctx.database.begin() as tx:
                take(self._ctx, tx, [told for one, told in good if one.lifecycle != EXTEND])
                for one, told in good:
                    self._see_to(tx, one.lifecycle, told)
        return [one for one, _ in good]

    def _known(self, batch: Batch) -> list[tuple[Notification, Told]]:
        shown = [(one, secret_hash(one.client_state)) for one in batch.notifications]
        with self._ctx.database.read() as tx:
            secrets = sorted({known_by for _, known_by in shown})
            found = push.find_channels(tx, Provider.MICROSOFT, secrets=secrets)
        known = {one.channel.secret_hash: one for one in found}
        return [
            (one, known[known_by])
            for one, known_by in shown
            if known_by in known and _is_of(known[known_by], one)
        ]

    def _see_to(self, tx: Connection, lifecycle: str, told: Told) -> None:
        """What became of the subscription: one that was removed is opened anew, one that is to be
        extended is, but not again and again."""
        now, channel = self._ctx.clock(), told.channel
        if lifecycle == REMOVED:
            push.drop_channels(tx, [channel.name])
            push.see_to(tx, [channel.watch_id], now)
        elif lifecycle == EXTEND and now - channel.opened_at >= SPARED:
            push.age_channel(tx, channel.name, now)
            push.see_to(tx, [channel.watch_id], now)


def _is_of(told: Told, notification: Notification) -> bool:
    """A secret counts for its own subscription; before Graph told us its id, for whichever."""
    return told.channel.provider_id in (None, notification.subscription_id)
