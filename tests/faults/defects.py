"""Faults of the kind that the harness is there for, put into the program: each must be found.

`tests.faults --defect NAME` runs with one. A defect takes the place of a function's body, so that
it is in force wherever the function was imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from nudger.domain.mails import MailState
from nudger.jobs import ask, listen, write
from nudger.providers.base import Unavailable
from nudger.providers.retry import Retries
from nudger.store import leases


@dataclass(frozen=True)
class Defect:
    """`found` is the count that must not be zero with it, `scene` and `at` where it shows."""

    put_in: Callable[[], None]
    found: str
    scene: str
    at: str
    sort: str


def _draft_is_not_kept() -> None:
    """The draft is sent before its id is stored."""

    def keep(_ctx: Any, delivery: Any, draft_id: str) -> Any:
        return replace(delivery.mail, state=MailState.DRAFTED, draft_id=draft_id)

    ask._keep_draft = keep


def _intent_is_not_stored() -> None:
    """The draft is made before it is known under which Message-ID."""
    change = ask.change

    def changed(tx: Any, lease: Any, **values: Any) -> None:
        if values.get("state") != MailState.DRAFTING.value:
            change(tx, lease, **values)

    ask.change = changed


def _fence_is_not_looked_at() -> None:
    """A worker that lost its lease does not notice it."""

    def change(tx: Any, lease: Any, **values: Any) -> None:
        table = lease.table
        key = next(iter(table.primary_key.columns))
        tx.execute(update(table).where(key == lease.key).values(**values))

    leases.change.__code__ = change.__code__


def _cursor_comes_first() -> None:
    """That a mailbox was read is stored before what stood in it."""

    def listen_to(ctx: Any, lease: Any, mailbox: Any) -> int:
        box, now = ctx.accounts.mailbox(mailbox.address), ctx.clock()
        pages = list(listen._pages(ctx, box, mailbox, now))
        with ctx.database.begin() as tx:
            later = now + timedelta(seconds=30)
            leases.release(tx, lease, cursor=pages[-1].cursor, listened_at=later, due_at=later)
        return sum(listen._store_page(ctx, box, mailbox, page) for page in pages)

    listen._listen_to = listen_to


def _companion_has_any_id() -> None:
    """A companion cannot be known again by its id."""
    draft = write.companion_draft
    write.companion_draft = lambda *args: replace(draft(*args), id=os.urandom(16).hex())


def _doubt_is_repeated() -> None:
    """What may have been done is done again."""
    until_answered = Retries.until_answered

    def until(self: Any, call: Callable[[], Any]) -> Any:
        def certain() -> Any:
            try:
                return call()
            except Unavailable as error:
                error.in_doubt = False
                raise

        return until_answered(self, certain)

    Retries.until_answered = until  # type: ignore[method-assign]


DEFECTS = {
    "draft_is_not_kept": Defect(
        _draft_is_not_kept, "questions_doubled", "question", "drafts/send", "--runs"
    ),
    "intent_is_not_stored": Defect(
        _intent_is_not_stored, "stray_drafts", "question", "POST users/me/drafts ", "--runs"
    ),
    "fence_is_not_looked_at": Defect(
        _fence_is_not_looked_at,
        "questions_doubled",
        "question",
        "POST users/me/drafts ",
        "--stalls",
    ),
    "cursor_comes_first": Defect(
        _cursor_comes_first, "replies_lost", "reply", "commit mailbox after", "--runs"
    ),
    "companion_has_any_id": Defect(
        _companion_has_any_id, "notes_doubled", "companion", "POST calendars/_/events", "--runs"
    ),
    "doubt_is_repeated": Defect(
        _doubt_is_repeated, "stray_drafts", "question", "POST users/me/drafts$", "--network"
    ),
}
