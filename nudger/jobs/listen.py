"""Fetching what arrived in the mailboxes that asked.

Each mail is stored before the cursor moves past it. In a rep's own mailbox only mails in threads
that we began are opened at all.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from nudger.domain.availability import RepState
from nudger.domain.turns import Course
from nudger.mail.message import IncomingMail
from nudger.providers.base import CursorExpired, Mailbox, MailPage, MailRef, NotFound
from nudger.runtime.attempt import Work
from nudger.runtime.beside import beside
from nudger.runtime.context import Context
from nudger.runtime.next_reading import Read, next_reading
from nudger.runtime.work_off import do_claimed, each_claimed
from nudger.store import inbox, people, sent_log
from nudger.store.hints import release_read
from nudger.store.inbox import ClaimedMailbox
from nudger.store.leases import Lease

LOOK_BACK = timedelta(days=7)
OVERLAP = timedelta(minutes=10)
FETCHED_BEFORE_STORED = 32


def listen(ctx: Context) -> int:
    """Listen to every mailbox that is due; returns how many new mails were stored. Each once: one
    that takes long to read may be due again before the last one is read."""
    ensure_mailboxes(ctx)
    began = ctx.clock()
    return sum(each_claimed(ctx, lambda ctx, room: _claim(ctx, room, began), _listen_to))


def listen_one(ctx: Context, address: str) -> int:
    """Listen to this mailbox if it is due and free; returns how many new mails were stored."""
    return sum(do_claimed(ctx, _claim(ctx, 1, ctx.clock(), address), _listen_to))


def ensure_mailboxes(ctx: Context) -> None:
    """Have a row for every mailbox that asks somebody."""
    now = ctx.clock()
    with ctx.database.read() as tx:
        reps = [rep for rep in people.list_reps(tx) if rep.state is not RepState.RECONNECT]
        wanted = {ctx.accounts.mailbox_for(rep): rep.provider.value for rep in reps}
        missing = wanted.keys() - inbox.mailbox_addresses(tx)
    if missing:
        with ctx.database.begin() as tx:
            for address in sorted(missing):
                inbox.ensure_mailbox(tx, address, wanted[address], now)


def _claim(
    ctx: Context, room: int, due_by: datetime, only: str | None = None
) -> list[tuple[Work, ClaimedMailbox]]:
    with ctx.database.begin() as tx:
        claimed = inbox.claim_mailboxes(tx, ctx.claimant(), room, due_by, only)
        return [(_work(tx, mailbox), mailbox) for mailbox in claimed]


def _work(tx: Connection, mailbox: ClaimedMailbox) -> Work:
    """It concerns the rep whose own mailbox this is, if it is one's own."""
    rep = people.find_rep(tx, mailbox.address)
    what, owner = f"mailbox {mailbox.address}", rep.id if rep else None
    return Work(mailbox.lease, what, mailbox.attempts, owner, _course(mailbox, "listen"))


def _course(mailbox: ClaimedMailbox, line: Hashable) -> Course:
    return Course((line, mailbox.address), mailbox.provider, mailbox.address)


def _listen_to(ctx: Context, lease: Lease, mailbox: ClaimedMailbox) -> int:
    box = ctx.accounts.mailbox(mailbox.address)
    began = ctx.clock()
    stored = 0
    cursor: str | None = None
    for page in _pages(ctx, box, mailbox, began):
        stored += _store_page(ctx, box, mailbox, page)
        cursor = page.cursor
    with ctx.database.begin() as tx:
        was_told = mailbox.hints > 0 or not stored or mailbox.cursor is None
        every = timedelta(seconds=ctx.settings.listen_every_seconds)
        due_at = next_reading(ctx, tx, Read(began, every, was_told, mailbox=mailbox.address))
        release_read(tx, lease, mailbox.hints, began, due_at, cursor=cursor, listened_at=began)
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
    """Fetch a few at once and store them in their order: one rep's mails are dealt with in it."""
    wanted = _wanted(ctx, mailbox, page.arrivals)
    few = FETCHED_BEFORE_STORED
    return sum(
        _store_some(ctx, box, mailbox, wanted[begin : begin + few])
        for begin in range(0, len(wanted), few)
    )


def _store_some(
    ctx: Context, box: Mailbox, mailbox: ClaimedMailbox, refs: Sequence[MailRef]
) -> int:
    """Store what was fetched before one that failed, and tell of that one."""
    fetched = beside(ctx.pool, refs, partial(_fetch, box), partial(_course, mailbox))
    failed = next((one for one in fetched if isinstance(one, Exception)), None)
    mails = fetched[: fetched.index(failed)] if failed is not None else fetched
    stored = 0
    with ctx.database.begin() as tx:
        for mail in mails:
            if isinstance(mail, IncomingMail):
                stored += ctx.inbox.store(tx, mailbox.address, mail, ctx.clock())
    if failed is not None:
        raise failed
    return stored


def _fetch(box: Mailbox, ref: MailRef) -> IncomingMail | None:
    """`None` for what was deleted meanwhile."""
    try:
        return box.fetch(ref)
    except NotFound:
        return None


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
