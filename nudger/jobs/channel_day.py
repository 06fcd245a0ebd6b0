"""The day's plan into the channels that reps chose: once each working morning.

What a channel may have got is not posted again: two plans of a day are worse than none.
"""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from nudger.config.receivers import TeamsChannelSettings
from nudger.domain.channel_day import plan_wanted
from nudger.domain.controls import Activity
from nudger.domain.notices import Effect, Receipt, wait_after
from nudger.domain.reasons import Reason, StepName
from nudger.domain.turns import Course
from nudger.domain.working_hours import WEEKDAYS, WorkingHours
from nudger.jobs.outgoing.facts import gather_facts, with_lookalikes
from nudger.jobs.outgoing.render import shown_of
from nudger.mail.compose import customer_shown
from nudger.mail.day_card import PlannedCall, day_card
from nudger.mail.template_cache import templates_for
from nudger.receivers.guarded_post import Address
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.holds import is_held
from nudger.runtime.policies import load_domain_rules
from nudger.runtime.work_off import each_claimed
from nudger.store import audit, channels, people
from nudger.store.channels import ChannelDay, DayState
from nudger.store.leases import Lease, change, release
from nudger.store.people import Rep

log = logging.getLogger(__name__)

NOT_TAKEN = (Reason.RECEIVER_FAILS, Reason.PRIVATE_NETWORK, Reason.RECEIVER_UNPROVEN)
"""After these it is sure that nothing was posted."""


def post_channel_days(ctx: Context) -> int:
    """Post the plans that are wanted; returns how many were taken."""
    if not ctx.settings.teams_channels:
        return 0
    for channel in ctx.settings.teams_channels:
        _want(ctx, channel)
    return sum(each_claimed(ctx, _claim, _deal_with))


def _want(ctx: Context, channel: TeamsChannelSettings) -> None:
    day = plan_wanted(hours_of(ctx, channel), channel.at, ctx.clock())
    if day is None:
        return
    with ctx.database.read() as tx:
        if channels.is_wanted(tx, channel.name, day):
            return
    with ctx.database.begin() as tx:
        channels.want_day(tx, channel.name, day, ctx.clock())


def hours_of(ctx: Context, channel: TeamsChannelSettings) -> WorkingHours:
    ask = ctx.settings.ask
    return WorkingHours(
        zone=ZoneInfo(channel.time_zone or ctx.settings.time_zone),
        days=frozenset(WEEKDAYS.index(day) for day in ask.working_days),
        country=ask.country,
        quiet_days=frozenset(ask.quiet_days),
    )


def _claim(ctx: Context, room: int) -> list[tuple[Work, ChannelDay]]:
    with ctx.database.begin() as tx:
        if is_held(tx, Activity.TELL) or is_held(tx, Activity.SEND):
            return []
        claimed = channels.claim_days(tx, ctx.claimant(), room)
    return [(_work(lease, day), day) for lease, day in claimed]


def _work(lease: Lease, day: ChannelDay) -> Work:
    what = f"plan of {day.day} for {day.channel}"
    return Work(lease, what, day.attempts, course=Course(("channel", day.channel)))


def _deal_with(ctx: Context, lease: Lease, day: ChannelDay) -> bool:
    """Whether the channel took it."""
    found = [one for one in ctx.settings.teams_channels if one.name == day.channel]
    if day.state is DayState.POSTING:
        return _end(ctx, lease, DayState.IN_DOUBT, Reason.IN_DOUBT)
    if not found or plan_wanted(hours_of(ctx, found[0]), found[0].at, ctx.clock()) != day.day:
        return _end(ctx, lease, DayState.EXPIRED, Reason.TOO_LATE)
    calls = calls_of(ctx, found[0], day)
    if not calls:
        return _end(ctx, lease, DayState.EXPIRED, Reason.NOTHING_ASKED)
    words = templates_for(ctx.settings.templates, ctx.settings.language).words
    body = day_card(words, day.day, calls)
    with ctx.database.begin() as tx:
        change(tx, lease, state=DayState.POSTING.value)
    from nudger.receivers.teams_channel import post_card  # noqa: PLC0415 - with what it needs

    to = Address(found[0].url, found[0].allow_private)
    return _keep(ctx, lease, day, post_card(to, body, ctx.clock()))


def calls_of(ctx: Context, channel: TeamsChannelSettings, day: ChannelDay) -> list[PlannedCall]:
    """The day's calls, in the channel's zone, of those who let it see them."""
    zone = hours_of(ctx, channel).zone
    begin = datetime.combine(day.day, time(), zone)
    end = datetime.combine(day.day + timedelta(days=1), time(), zone)
    with ctx.database.read() as tx:
        sharing = channels.sharing_with(tx, channel.name)
        reps = [rep for rep in people.list_reps(tx) if rep.id in sharing]
    found = [call for rep in reps for call in _calls_of(ctx, rep, begin, end)]
    return sorted(found, key=lambda call: (call.start, call.rep))


def _calls_of(ctx: Context, rep: Rep, begin: datetime, end: datetime) -> list[PlannedCall]:
    with ctx.database.read() as tx:
        ahead = ctx.meetings.ahead(tx, rep.id, begin, end)
        known = [one for one in ahead if one.known_title is not None]
        rules = load_domain_rules(tx, ctx.settings, rep.team)
        facts = with_lookalikes(rules, gather_facts(ctx, tx, rep, known))
    calls = []
    for one in facts:
        shown = shown_of(ctx, rep, one)
        calls.append(
            PlannedCall(
                start=one.meeting.start.astimezone(begin.tzinfo),
                rep=rep.name,
                customer=", ".join(customer_shown(shown, c) for c in shown.customers[:2]),
                has_commitment=bool(one.planned and one.planned.commitment_objective),
                all_day=shown.all_day,
            )
        )
    return calls


def _keep(ctx: Context, lease: Lease, day: ChannelDay, receipt: Receipt) -> bool:
    if receipt.effect is Effect.DELIVERED:
        return _end(ctx, lease, DayState.POSTED, Reason.DELIVERED)
    said = " ".join(filter(None, (receipt.reason.words, receipt.detail)))
    log.warning("%s: %s", day.channel, said)
    if receipt.effect in (Effect.REFUSED, Effect.RECEIVER_GONE):
        return _end(ctx, lease, DayState.FAILED, receipt.reason, said)
    if receipt.reason not in NOT_TAKEN and receipt.detail != "no connection":
        return _end(ctx, lease, DayState.IN_DOUBT, Reason.IN_DOUBT, said)
    due_at = ctx.clock() + wait_after(day.attempts + 1, receipt.wait, 0.0)
    with ctx.database.begin() as tx:
        state, tries = DayState.DUE.value, day.attempts + 1
        release(tx, lease, state=state, due_at=due_at, attempts=tries, last_error=said[:500])
    return False


def _end(
    ctx: Context, lease: Lease, state: DayState, reason: Reason, error: str | None = None
) -> bool:
    with ctx.database.begin() as tx:
        release(tx, lease, state=state.value, reason=reason.value, last_error=error)
        audit.record(tx, audit.Step(StepName.CHANNEL, reason), ctx.clock())
    return state is DayState.POSTED
