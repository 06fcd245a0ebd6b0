"""Fetching what arrived in the mailboxes that asked.

Each mail is stored before the cursor moves past it. In a rep's own mailbox only mails in threads
that we began are opened at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.availability import RepState
from nudger.providers.base import CursorExpired, Mailbox, MailPage, MailRef, NotFound
from nudger.runtime.attempt import Work, attempt_each
from nudger.runtime.context import Context
from nudger.store import inbox, people, sent_log
from nudger.store.inbox import ClaimedMailbox
from nudger.store.leases import Lease, release

LOOK_BACK = timedelta(days=7)
OVERLAP = timedelta(minutes=10)
BATCH = 20


def listen(ctx: Context) -> int:
    """Listen to every mailbox that is due; returns how many new mails were stored."""
    _ensure_mailboxes(ctx)
    return sum(attempt_each(ctx, _claim(ctx), _listen_to))


def _ensure_mailboxes(ctx: Context) -> None:
    now = ctx.clock()
    with ctx.database.read() as tx:
        reps = [rep for rep in people.list_reps(tx) if rep.state is not RepState.RECONNECT]
        wanted = {ctx.accounts.mailbox_for(rep): rep.provider.value for rep in reps}
        missing = wanted.keys() - inbox.mailbox_addresses(tx)
    if missing:
        with ctx.database.begin() as tx:
            for address in sorted(missing):
                inbox.ensure_mailbox(tx, address, wanted[address], now)


def _claim(ctx: Context) -> list[tuple[Work, ClaimedMailbox]]:
    """One batch: a mailbox that takes long to read may be due again before the last one is read."""
    with ctx.database.begin() as tx:
        claimed = inbox.claim_mailboxes(tx, ctx.claimant(), BATCH)
        return [(_work(tx, mailbox), mailbox) for mailbox in claimed]


def _work(tx: Connection, mailbox: ClaimedMailbox) -> Work:
    """It concerns the rep whose own mailbox this is, if it is one's own."""
    rep = people.find_rep(tx, mailbox.address)
    what, owner = f"mailbox {mailbox.address}", rep.id if rep else None
    return Work(mailbox.lease, what, mailbox.attempts, owner)


def _listen_to(ctx: Context, lease: Lease, mailbox: ClaimedMailbox) -> int:
    box = ctx.accounts.mailbox(mailbox.address)
    began = ctx.clock()
    stored = 0
    cursor: str | None = None
    for page in _pages(ctx, box, mailbox, began):
        stored += _store_page(ctx, box, mailbox, page)
        cursor = page.cursor
    with ctx.database.begin() as tx:
        release(
            tx,
            lease,
            cursor=cursor,
            listened_at=began,
            due_at=began + timedelta(seconds=ctx.settings.listen_every_seconds),
        )
    return stored


def _pages(
    ctx: Context, box: Mailbox, mailbox: ClaimedMailbox, now: datetime
) -> Iterator[MailPage]:
    """The arrivals since the cursor; by search where there is none that is good.

    A mailbox that was never listened to is searched from our first question on: its answer may
    have come before we began to listen.
    """
    if mailbox.cursor is not None:
        try:
            yield from box.arrivals(mailbox.cursor)
        except CursorExpired:
            pass
        else:
            return
    with ctx.database.read() as tx:
        asked_since = sent_log.first_sent_at(tx)
    if mailbox.cursor is None and asked_since is None:
        yield from box.arrivals(None)
        return
    since = mailbox.listened_at or asked_since or now - LOOK_BACK
    yield from box.arrivals_since(since - OVERLAP)


def _store_page(ctx: Context, box: Mailbox, mailbox: ClaimedMailbox, page: MailPage) -> int:
    return sum(_store(ctx, box, mailbox, ref) for ref in _wanted(ctx, mailbox, page.arrivals))


def _wanted(ctx: Context, mailbox: ClaimedMailbox, arrivals: tuple[MailRef, ...]) -> list[MailRef]:
    """The arrivals that are not stored yet: in the shared mailbox what others sent, in a rep's own
    what answers one of ours."""
    with ctx.database.read() as tx:
        stored = inbox.known_ids(tx, mailbox.address, [ref.message_id for ref in arrivals])
        new = [ref for ref in arrivals if ref.message_id not in stored]
        if ctx.settings.mode == "organization" or not new:
            return [ref for ref in new if not ref.is_sent]
        ours = sent_log.sent_in(tx, [ref.thread_id for ref in new])
        return [r for r in new if r.thread_id in ours and r.message_id not in ours[r.thread_id]]


def _store(ctx: Context, box: Mailbox, mailbox: ClaimedMailbox, ref: MailRef) -> bool:
    try:
        mail = box.fetch(ref)
    except NotFound:
        return False
    with ctx.database.begin() as tx:
        return ctx.inbox.store(tx, mailbox.address, mail, ctx.clock())
