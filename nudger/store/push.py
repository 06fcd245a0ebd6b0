"""Of which calendars and mailboxes providers are to tell us, and the channels by which they do.

Of a channel's secret only the hash is kept: whoever reads the database can give no hints.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from nudger.domain.event import Provider
from nudger.domain.push import HANDSHAKE_LASTS, Cover
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.insert_if_absent import insert_if_absent
from nudger.store.leases import Claimant, Lease, claim

LONG_AGO = timedelta(days=365)
HEARD_EVERY = timedelta(minutes=1)
"""When a channel was last heard is kept as exactly: not every hint is worth a write."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel as the provider knows it: by `name`, our id, and by `provider_id`, its own.
    `expires_at` is `None` until it is known to be open."""

    name: str
    watch_id: int
    provider: Provider
    secret_hash: str
    provider_id: str | None
    opened_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimedWatch:
    """Work to see to that a provider tells of this rep's calendar or of this mailbox."""

    lease: Lease
    id: int
    rep_id: int | None
    mailbox: str | None
    missed: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel tells of."""

    channel: Channel
    rep_id: int | None
    mailbox: str | None


def ensure_watches(
    tx: Connection, rep_ids: Collection[int], mailboxes: Collection[str], now: datetime
) -> None:
    """Watch these; what is not among them any more is seen to now, to be given up."""
    columns = tables.push_watch.c
    rows = tx.execute(select(columns.id, columns.rep_id, columns.mailbox, columns.attempts)).all()
    known_reps, known_boxes = {row.rep_id for row in rows}, {row.mailbox for row in rows}
    new = [{"rep_id": one, "due_at": now} for one in sorted(set(rep_ids) - known_reps)]
    new += [{"mailbox": one, "due_at": now} for one in sorted(set(mailboxes) - known_boxes)]
    for values in new:
        tx.execute(insert_if_absent(tx, tables.push_watch).values(values))
    over = [
        row.id
        for row in rows
        if row.attempts == 0 and row.rep_id not in rep_ids and row.mailbox not in mailboxes
    ]
    for chunk in chunks(over):
        tx.execute(update(tables.push_watch).where(columns.id.in_(chunk)).values(due_at=now))


def any_watch(tx: Connection) -> bool:
    return tx.execute(select(tables.push_watch.c.id).limit(1)).first() is not None


def claim_watches(
    tx: Connection, claimant: Claimant, limit: int, only: int | None = None
) -> list[ClaimedWatch]:
    """Claim watches that are due, or `only` this one if it is."""
    return [
        ClaimedWatch(lease, row.id, row.rep_id, row.mailbox, row.missed, row.attempts)
        for lease, row in claim(
            tx, tables.push_watch, claimant.is_due(tables.push_watch), claimant, limit, only
        )
    ]


def channels_of(tx: Connection, watch_id: int) -> list[Channel]:
    """The oldest first."""
    columns = tables.push_channel.c
    mine = select(tables.push_channel).where(columns.watch_id == watch_id)
    return [_channel(row) for row in tx.execute(mine.order_by(columns.opened_at, columns.name))]


def begin_channel(tx: Connection, channel: Channel) -> None:
    """Know the channel before the provider does: what it tells may come before its answer."""
    values = {
        "name": channel.name, "watch_id": channel.watch_id, "provider": channel.provider.value,
        "secret_hash": channel.secret_hash, "opened_at": channel.opened_at,
    }  # fmt: skip
    tx.execute(insert(tables.push_channel).values(values))


def open_channel(
    tx: Connection, name: str, provider_id: str, opened_at: datetime, expires_at: datetime
) -> None:
    """The provider says that the channel is open, or open for longer."""
    values = {"provider_id": provider_id, "opened_at": opened_at, "expires_at": expires_at}
    mine = tables.push_channel.c.name == name
    tx.execute(update(tables.push_channel).where(mine).values(values))


def age_channel(tx: Connection, name: str, now: datetime) -> None:
    """Have the channel count as one of long ago, so that it is extended."""
    mine = tables.push_channel.c.name == name
    tx.execute(update(tables.push_channel).where(mine).values(opened_at=now - LONG_AGO))


def drop_channels(tx: Connection, names: Collection[str]) -> None:
    columns = tables.push_channel.c
    for chunk in chunks(names):
        tx.execute(delete(tables.push_channel).where(columns.name.in_(chunk)))


def drop_watch(tx: Connection, watch_id: int) -> None:
    """Raises nothing where it is gone with its rep."""
    tx.execute(delete(tables.push_watch).where(tables.push_watch.c.id == watch_id))


def forget_silence(tx: Connection, watch_id: int) -> None:
    mine = tables.push_watch.c.id == watch_id
    tx.execute(update(tables.push_watch).where(mine).values(missed=0))


@dataclass(frozen=True, slots=True)
class Covered:
    """Under which watch something is told of, and how well."""

    watch_id: int
    cover: Cover


def cover_of(
    tx: Connection, rep_id: int | None = None, mailbox: str | None = None
) -> Covered | None:
    """The open channel of a rep's calendar or of a mailbox that lasts longest."""
    watches, channels = tables.push_watch.c, tables.push_channel.c
    is_it = watches.rep_id == rep_id if rep_id is not None else watches.mailbox == mailbox
    row = tx.execute(
        select(watches.id, channels.opened_at, channels.expires_at, watches.missed)
        .join(tables.push_channel, watches.id == channels.watch_id)
        .where(is_it, channels.expires_at.is_not(None))
        .order_by(channels.expires_at.desc())
        .limit(1)
    ).first()
    return row and Covered(row.id, Cover(row.opened_at, row.expires_at, row.missed))


def missed(tx: Connection, covered: Covered) -> Covered:
    """A reading found what no hint told of; returns how well it is covered now."""
    columns, mine = tables.push_watch.c, tables.push_watch.c.id == covered.watch_id
    counted = {"missed": columns.missed + 1, "missed_in_all": columns.missed_in_all + 1}
    tx.execute(update(tables.push_watch).where(mine).values(counted))
    return replace(covered, cover=replace(covered.cover, missed=covered.cover.missed + 1))


def see_to(tx: Connection, watch_ids: Collection[int], now: datetime) -> None:
    """Have the channels of these looked at now, unless they are, or are put off."""
    columns = tables.push_watch.c
    for chunk in chunks(watch_ids):
        idle = columns.id.in_(chunk) & (columns.attempts == 0) & (columns.due_at > now)
        tx.execute(update(tables.push_watch).where(idle).values(due_at=now))


def find_channels(
    tx: Connection, provider: Provider, *, names: Sequence[str] = (), secrets: Sequence[str] = ()
) -> list[Told]:
    """The provider's channels of these names, or of these hashes of secrets."""
    channels, watches = tables.push_channel.c, tables.push_watch.c
    found: list[Told] = []
    for column, values in ((channels.name, names), (channels.secret_hash, secrets)):
        for chunk in chunks(values):
            rows = tx.execute(
                select(tables.push_channel, watches.rep_id, watches.mailbox)
                .join(tables.push_watch, watches.id == channels.watch_id)
                .where(channels.provider == provider.value, column.in_(chunk))
            )
            found += [Told(_channel(row), row.rep_id, row.mailbox) for row in rows]
    return found


def watches_of(tx: Connection, mailbox: str) -> list[int]:
    """The watch of a mailbox, if there is one."""
    columns = tables.push_watch.c
    return list(tx.scalars(select(columns.id).where(columns.mailbox == mailbox)))


def is_opening(tx: Connection, provider: Provider, now: datetime) -> bool:
    """Whether the provider is being asked for a channel at this moment."""
    columns = tables.push_channel.c
    found = select(columns.name).where(
        columns.provider == provider.value,
        columns.expires_at.is_(None),
        columns.opened_at > now - HANDSHAKE_LASTS,
    )
    return tx.execute(found.limit(1)).first() is not None


def heard(tx: Connection, watch_ids: Collection[int], now: datetime) -> None:
    """Their channels told something: they are not silent."""
    columns = tables.push_watch.c
    for chunk in chunks(watch_ids):
        is_news = (
            columns.heard_at.is_(None)
            | (columns.heard_at < now - HEARD_EVERY)
            | (columns.missed > 0)
        )
        values = {"heard_at": now, "missed": 0}
        mine = columns.id.in_(chunk) & is_news
        tx.execute(update(tables.push_watch).where(mine).values(values))


@dataclass(frozen=True, slots=True)
class PushCounts:
    """Of what is told by now, out of what is to be; and how often a reading found what was not."""

    watched: int
    open: int
    silent: int
    missed: int
    failing: int
    last_heard_at: datetime | None


def count(tx: Connection, now: datetime) -> dict[str, PushCounts]:
    """For "calendars" and "mailboxes"."""
    watches, channels = tables.push_watch.c, tables.push_channel.c
    is_open = (
        select(channels.name)
        .where(channels.watch_id == watches.id, channels.expires_at > now)
        .exists()
    )
    found = {}
    for name, column in (("calendars", watches.rep_id), ("mailboxes", watches.mailbox)):
        row = tx.execute(
            select(
                func.count(),
                func.count().filter(is_open),
                func.count().filter(watches.missed > 0),
                func.coalesce(func.sum(watches.missed_in_all), 0),
                func.count().filter(watches.last_error.is_not(None)),
                func.max(watches.heard_at),
            ).where(column.is_not(None))
        ).one()
        found[name] = PushCounts(*row)
    return found


def _channel(row: Row[Any]) -> Channel:
    return Channel(
        row.name, row.watch_id, Provider(row.provider), row.secret_hash, row.provider_id,
        row.opened_at, row.expires_at,
    )  # fmt: skip
