"""How far we rely on being told of changes: a provider may tell late, twice, or not at all, so that
what it tells is a hint, and reading every now and then stays the rule.

Sources: Google Calendar API, push notifications guide ("notifications are not 100% reliable");
Microsoft Graph, change notifications (missed ones, lifetime of subscriptions).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

AT_MOST_EVERY = timedelta(seconds=10)
"""How often hints have one calendar or mailbox read, however many come."""

SILENT_AFTER = 2
"""Readings in a row that found what no hint told of."""

SILENCE_LASTS = timedelta(hours=1)
"""A channel as young is not replaced for its silence: what it told may be under way."""

HANDSHAKE_LASTS = timedelta(minutes=1)

SPARED = timedelta(minutes=1)
"""A channel that was extended so lately is not extended again, whoever asks."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The channel that lasts longest of those that tell of one calendar or mailbox. `missed` counts
    readings in a row that found what it did not tell of."""

    opened_at: datetime
    expires_at: datetime
    missed: int = 0


def next_reading(
    now: datetime, every: timedelta, where_told: timedelta, cover: Cover | None
) -> datetime:
    """When to read again what was read just now: `where_told` later where a channel is relied on,
    but no later than one reading after that channel ends."""
    if cover is None or cover.missed or cover.expires_at <= now:
        return now + every
    return now + max(every, min(where_told, cover.expires_at - now))


def soonest_reading(now: datetime, last_read_at: datetime | None) -> datetime:
    """When a hint that comes now has us read."""
    if last_read_at is None or last_read_at > now:
        return now
    return max(now, last_read_at + AT_MOST_EVERY)


def renewal_due(opened_at: datetime, expires_at: datetime) -> datetime:
    """When to see that the next channel is open: late enough to be rare, early enough for a
    provider that is down for a day."""
    return opened_at + (expires_at - opened_at) * 3 / 4


def is_silent(cover: Cover, now: datetime) -> bool:
    """Whether the channel seems to tell nothing any more."""
    return cover.missed >= SILENT_AFTER and now - cover.opened_at >= SILENCE_LASTS


def needs_renewal(cover: Cover | None, now: datetime) -> bool:
    """Whether there has to be another channel, or a longer one, now."""
    if cover is None or is_silent(cover, now):
        return True
    return now >= renewal_due(cover.opened_at, cover.expires_at)
