"""Having the providers tell of changes: channels are opened, kept open, and ended.

What a channel tells is a hint (docs/internals.md#push). That it is wanted is written down before
the provider is asked, so that what it tells before it answers is believed.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from nudger.domain.availability import RepState
from nudger.domain.event import Provider
from nudger.domain.push import Cover, is_silent, needs_renewal, renewal_due
from nudger.domain.turns import Course
from nudger.providers.base import Channels, ChannelWish, NotFound, ProviderError
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.work_off import do_claimed, each_claimed
from nudger.store import people, push
from nudger.store.leases import Lease, release
from nudger.store.people import Rep
from nudger.store.push import Channel, ClaimedWatch

log = logging.getLogger(__name__)

SECRET_BYTES = 32
NAME_BYTES = 15
LOOK_AGAIN = timedelta(minutes=30)
"""How soon a channel is looked at again at the latest, which costs no call."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of what we want to be told: reps' calendars, by rep id."""

    reps: dict[int, Rep]


def subscribe(ctx: Context) -> int:
    """See to every channel that is due; returns how many."""
    wanted = _wanted(ctx)
    if not wanted.reps:
        with ctx.database.read() as tx:
            if not push.any_watch(tx):
                return 0
    with ctx.database.begin() as tx:
        push.ensure_watches(tx, wanted.reps, (), ctx.clock())
    return sum(each_claimed(ctx, _claim, partial(_see_to, wanted)))


def subscribe_one(ctx: Context, watch_id: int) -> int:
    """See to the channels of one watch if it is due and free."""
    wanted = _wanted(ctx)
    return sum(do_claimed(ctx, _claim(ctx, 1, watch_id), partial(_see_to, wanted)))


def secret_hash(secret: str) -> str:
    """By which a channel's secret is known again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def push_address(public_url: str, provider: Provider) -> str:
    """Where a provider is to tell of changes."""
    return f"{public_url}/push/{provider.value}"


def _wanted(ctx: Context) -> Wanted:
    if not ctx.settings.push_is_on:
        return Wanted({})
    with ctx.database.read() as tx:
        reps = [rep for rep in people.list_reps(tx) if rep.state is not RepState.RECONNECT]
    return Wanted({rep.id: rep for rep in reps})


def _claim(ctx: Context, room: int, only: int | None = None) -> list[tuple[Work, ClaimedWatch]]:
    with ctx.database.begin() as tx:
        claimed = push.claim_watches(tx, ctx.claimant(), room, only)
        reps = {one.id: one for one in people.list_reps(tx)}
    return [(_work(reps, one), one) for one in claimed]


def _work(reps: dict[int, Rep], watch: ClaimedWatch) -> Work:
    rep = reps.get(watch.rep_id or 0)
    if rep is None:
        return Work(watch.lease, f"channel {watch.id}", watch.attempts)
    course = Course(("subscribe", rep.id), rep.provider, rep.email)
    return Work(watch.lease, f"channel of {rep.email}'s calendar", watch.attempts, rep.id, course)


def _see_to(wanted: Wanted, ctx: Context, lease: Lease, watch: ClaimedWatch) -> int:
    with ctx.database.read() as tx:
        channels = push.channels_of(tx, watch.id)
        rep = None if watch.rep_id is None else people.get_rep(tx, watch.rep_id)
    if rep is None:
        _give_up(ctx, watch)
        return 1
    keeper = _Keeper(ctx, watch, rep.provider, ctx.accounts.calendar_channels(rep))
    if watch.rep_id in wanted.reps:
        keeper.keep(channels)
        _put_off(ctx, lease, watch)
    else:
        keeper.close(channels)
        _give_up(ctx, watch)
    return 1


def _give_up(ctx: Context, watch: ClaimedWatch) -> None:
    with ctx.database.begin() as tx:
        push.drop_watch(tx, watch.id)


def _put_off(ctx: Context, lease: Lease, watch: ClaimedWatch) -> None:
    soon = ctx.clock() + LOOK_AGAIN
    with ctx.database.begin() as tx:
        found = push.cover_of(tx, watch.rep_id, watch.mailbox)
        due = found and renewal_due(found.cover.opened_at, found.cover.expires_at)
        release(tx, lease, due_at=min(due or soon, soon))


class _Keeper:
    """Keeps the channels of one watch open at its provider."""

    def __init__(self, ctx: Context, watch: ClaimedWatch, provider: Provider, at: Channels) -> None:
        self._ctx = ctx
        self._watch = watch
        self._provider = provider
        self._at = at

    def keep(self, channels: Sequence[Channel]) -> None:
        """Open, extend or replace what has to be; end what was replaced."""
        current = max((one for one in channels if one.expires_at), key=_end, default=None)
        cover = self._cover(current)
        if needs_renewal(cover, self._ctx.clock()):
            current = self._renewed(current, cover)
        self.close([one for one in channels if current is None or one.name != current.name])

    def _cover(self, current: Channel | None) -> Cover | None:
        if current is None or current.expires_at is None:
            return None
        return Cover(current.opened_at, current.expires_at, self._watch.missed)

    def _renewed(self, current: Channel | None, cover: Cover | None) -> Channel:
        now = self._ctx.clock()
        is_good = cover is not None and cover.expires_at > now and not is_silent(cover, now)
        if current is not None and is_good and self._extended(current):
            return current
        return self._opened()

    def _extended(self, channel: Channel) -> bool:
        now = self._ctx.clock()
        try:
            longer = self._at.extend(channel.provider_id or "", now + self._at.longest)
        except NotFound:
            return False
        if longer is None:
            return False
        with self._ctx.database.begin() as tx:
            push.open_channel(tx, channel.name, longer.provider_id, now, longer.expires_at)
        return True

    def _opened(self) -> Channel:
        ctx, now = self._ctx, self._ctx.clock()
        name, secret = self._random(NAME_BYTES), self._random(SECRET_BYTES)
        channel = Channel(
            name, self._watch.id, self._provider, secret_hash(secret), None, now, None
        )
        with ctx.database.begin() as tx:
            push.begin_channel(tx, channel)
        address = push_address(ctx.settings.web.public_url or "", self._provider)
        try:
            opened = self._at.open(ChannelWish(name, address, secret, now + self._at.longest))
        except ProviderError as error:
            if not getattr(error, "in_doubt", False):
                self._forget(channel)
            raise
        with ctx.database.begin() as tx:
            push.open_channel(tx, name, opened.provider_id, now, opened.expires_at)
            push.forget_silence(tx, self._watch.id)
        return channel

    def close(self, channels: Sequence[Channel]) -> None:
        """What cannot be ended ends by itself: it is no failure, and what it tells is no hint any
        more."""
        for channel in channels:
            if channel.provider_id is not None:
                try:
                    self._at.close(channel.name, channel.provider_id)
                except ProviderError as error:
                    log.info("a channel is left to end by itself: %s", error)
            self._forget(channel)

    def _forget(self, channel: Channel) -> None:
        with self._ctx.database.begin() as tx:
            push.drop_channels(tx, [channel.name])

    def _random(self, count: int) -> str:
        """Letters, digits, - and _ alone, as Google wants ids."""
        return base64.urlsafe_b64encode(self._ctx.random_bytes(count)).decode().rstrip("=")


def _end(channel: Channel) -> datetime:
    assert channel.expires_at is not None  # noqa: S101 - asked of those that have it
    return channel.expires_at
