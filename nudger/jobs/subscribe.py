"""Having the providers tell of changes: channels are opened, kept open, and ended.

What a channel tells is a hint (docs/internals.md#push). That it is wanted is written down before
the provider is asked, so that what it tells before it answers is believed.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from nudger.config import Settings
from nudger.domain.availability import RepState
from nudger.domain.event import Provider
from nudger.domain.push import Cover, is_silent, needs_renewal, renewal_due
from nudger.domain.turns import Course
from nudger.providers.base import Channels, ChannelWish, NotFound, ProviderError
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.work_off import do_claimed, each_claimed
from nudger.store import inbox, people, push
from nudger.store.inbox import KnownMailbox
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
    """Of what we want to be told: reps' calendars, by rep id, and mailboxes."""

    reps: Mapping[int, Rep]
    mailboxes: frozenset[str] = frozenset()

    def has(self, watch: ClaimedWatch) -> bool:
        return watch.rep_id in self.reps or watch.mailbox in self.mailboxes


def subscribe(ctx: Context) -> int:
    """See to every channel that is due; returns how many."""
    wanted = _wanted(ctx)
    if not (wanted.reps or wanted.mailboxes):
        with ctx.database.read() as tx:
            if not push.any_watch(tx):
                return 0
    with ctx.database.begin() as tx:
        push.ensure_watches(tx, wanted.reps, wanted.mailboxes, ctx.clock())
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


def gmail_push_address(settings: Settings) -> str:
    """Where Pub/Sub is to send on what Gmail tells."""
    return f"{settings.web.public_url}/push/gmail"


def gmail_audience(settings: Settings) -> str:
    """For whom Pub/Sub is to say that its calls are: where they go, unless the settings differ."""
    return settings.push.gmail_audience or gmail_push_address(settings)


def _wanted(ctx: Context) -> Wanted:
    if not ctx.settings.push_is_on:
        return Wanted({})
    with ctx.database.read() as tx:
        reps = people.list_reps(tx)
        boxes = inbox.list_mailboxes(tx)
    held = {rep.email for rep in reps if rep.state is RepState.RECONNECT}
    told = [box.address for box in boxes if box.address not in held and _can_tell(ctx, box)]
    return Wanted({rep.id: rep for rep in reps if rep.email not in held}, frozenset(told))


def _can_tell(ctx: Context, box: KnownMailbox) -> bool:
    """Gmail tells a Pub/Sub topic alone, which somebody has to make first."""
    is_gmail = ctx.accounts.provider_of(box.address) is Provider.GOOGLE
    return ctx.settings.push.has_gmail or not is_gmail


def _claim(ctx: Context, room: int, only: int | None = None) -> list[tuple[Work, ClaimedWatch]]:
    with ctx.database.begin() as tx:
        claimed = push.claim_watches(tx, ctx.claimant(), room, only)
        reps = {one.id: one for one in people.list_reps(tx)}
    return [(_work(ctx, reps, one), one) for one in claimed]


def _work(ctx: Context, reps: Mapping[int, Rep], watch: ClaimedWatch) -> Work:
    by_address = {rep.email: rep for rep in reps.values()}
    rep = by_address.get(watch.mailbox) if watch.mailbox else reps.get(watch.rep_id or 0)
    address = watch.mailbox or (rep.email if rep else "")
    provider = rep.provider if rep else ctx.accounts.provider_of(address)
    what = f"push for {'mailbox' if watch.mailbox else 'calendar of'} {address}"
    course = Course(("subscribe", address), provider, address)
    return Work(watch.lease, what, watch.attempts, rep.id if rep else None, course)


def _see_to(wanted: Wanted, ctx: Context, lease: Lease, watch: ClaimedWatch) -> int:
    keeper = _keeper(ctx, watch)
    with ctx.database.read() as tx:
        channels = push.channels_of(tx, watch.id)
    if wanted.has(watch):
        keeper.keep(channels)
        _put_off(ctx, lease, watch)
        return 1
    keeper.close(channels)
    with ctx.database.begin() as tx:
        push.drop_watch(tx, watch.id)
    return 1


def _keeper(ctx: Context, watch: ClaimedWatch) -> _Keeper:
    if watch.mailbox is not None:
        provider = ctx.accounts.provider_of(watch.mailbox)
        return _Keeper(ctx, watch, provider, ctx.accounts.mailbox_channels(watch.mailbox))
    with ctx.database.read() as tx:
        rep = people.get_rep(tx, watch.rep_id or 0)
    return _Keeper(ctx, watch, rep.provider, ctx.accounts.calendar_channels(rep))


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
        former = [one for one in channels if current is None or one.name != current.name]
        if self._at.replaces_former:
            self._forget(former)
        else:
            self.close(former)

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
                self._forget([channel])
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
            self._forget([channel])

    def _forget(self, channels: Sequence[Channel]) -> None:
        if channels:
            with self._ctx.database.begin() as tx:
                push.drop_channels(tx, [one.name for one in channels])

    def _random(self, count: int) -> str:
        """Letters, digits, - and _ alone, as Google wants ids."""
        return base64.urlsafe_b64encode(self._ctx.random_bytes(count)).decode().rstrip("=")


def _end(channel: Channel) -> datetime:
    assert channel.expires_at is not None  # noqa: S101 - asked of those that have it
    return channel.expires_at
