"""What a rep changes for themself on their page: whether they are asked, in which language, in
which zone; and that they want to be forgotten."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from nudger.admin.chat_choice import AskedIn, NoChat, choose
from nudger.domain.availability import RepState
from nudger.domain.reasons import Reason, StepName
from nudger.domain.source import Source
from nudger.domain.zones import known_zone
from nudger.jobs.commands.dispatch import execute_for_rep
from nudger.jobs.commands.model import RepCommand
from nudger.jobs.outgoing.managers import receiver
from nudger.jobs.outgoing.render import templates_of
from nudger.jobs.planning.calendar_hours import retime_if_changed
from nudger.mail.message import Command, CommandName
from nudger.mail.templates import languages_of
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules, load_rules
from nudger.store import audit, calendars, channels, people
from nudger.store.comments import withdraw_comments
from nudger.store.people import Rep


class NoSuchChoice(ValueError):
    """A language or a time zone that there is none of."""


def obey_for_rep(ctx: Context, tx: Connection, rep: Rep, command: Command) -> Reason:
    """Pause, stop or start, as a reply with it would; confirmed by mail. Returns its reason
    code."""
    source, say = Source.of_page(ctx.random_bytes), templates_of(ctx, rep).words.say
    own = RepCommand(rep, command.argument, source, say)
    return execute_for_rep(ctx, tx, command.name, own)


def change_language(ctx: Context, tx: Connection, rep: Rep, language: str) -> None:
    """The language of our mails and pages to this rep, empty for what the company chose. Raises
    `NoSuchChoice`."""
    if language and language not in languages_of(ctx.settings.templates):
        raise NoSuchChoice(language)
    people.add_rep(tx, replace(people.as_entered(rep), language=language or None), ctx.clock())
    _record(ctx, tx, rep, Reason.CHANGED_BY_REP)


def change_time_zone(ctx: Context, tx: Connection, rep: Rep, zone: str) -> None:
    """The zone by which this rep is asked, empty for the calendar's; questions that wait are timed
    anew. Raises `NoSuchChoice`."""
    if zone and known_zone(zone) is None:
        raise NoSuchChoice(zone)
    people.add_rep(tx, replace(people.as_entered(rep), time_zone=zone or None), ctx.clock())
    retime_if_changed(tx, load_rules(tx, ctx.settings), rep, ctx.clock())
    _record(ctx, tx, rep, Reason.CHANGED_BY_REP)


def manager_shown(ctx: Context, tx: Connection, rep: Rep) -> str | None:
    """The manager whom the rep may let read their calls."""
    return receiver(ctx.settings, load_domain_rules(tx, ctx.settings), rep)


def share_calls(ctx: Context, tx: Connection, rep: Rep, manager: str) -> None:
    """Let this manager read the rep's calls from now on: the one whom the rep saw named. Raises
    `NoSuchChoice` where theirs is another by now."""
    if manager != manager_shown(ctx, tx, rep):
        raise NoSuchChoice(manager)
    if rep.shared_with != manager:
        people.set_shared_with(tx, rep.id, manager, ctx.clock())
        _record(ctx, tx, rep, Reason.SHARED)


def keep_calls(ctx: Context, tx: Connection, rep: Rep) -> None:
    """Let nobody read them any more, at once; what a manager said and is not sent stays unsent."""
    if rep.shared_with is not None:
        people.set_shared_with(tx, rep.id, None, None)
        withdraw_comments(tx, rep.id, Reason.NOT_SHARED)
        _record(ctx, tx, rep, Reason.NOT_SHARED)


def change_asked_in(ctx: Context, tx: Connection, rep: Rep, chosen: str) -> None:
    """Where this rep is asked. Raises `NoSuchChoice`."""
    try:
        choose(ctx, tx, rep, AskedIn(chosen))
    except (NoChat, ValueError) as error:
        raise NoSuchChoice(chosen) from error


def show_in_channel(ctx: Context, tx: Connection, rep: Rep, channel: str, *, shown: bool) -> None:
    """Whether the day's plan in this channel has the rep's calls. Raises `NoSuchChoice`."""
    if channel not in {one.name for one in ctx.settings.teams_channels}:
        raise NoSuchChoice(channel)
    if shown:
        channels.share(tx, rep.id, channel, ctx.clock())
    else:
        channels.unshare(tx, rep.id, channel)
    reason = Reason.CHANNEL_JOINED if shown else Reason.CHANNEL_LEFT
    audit.record(tx, audit.Step(StepName.CHANNEL, reason, rep_id=rep.id), ctx.clock())


def ask_to_be_forgotten(ctx: Context, tx: Connection, rep: Rep) -> None:
    """Nothing is sent to the rep from now on, and admins see that they asked.

    What a forgetting removes is the company's record of its customers as well, and cannot be
    brought back: so an admin does it, with `nudger forget`.
    """
    keep_calls(ctx, tx, rep)
    people.set_state(tx, rep.id, RepState.STOPPED, Reason.ASKED_TO_BE_FORGOTTEN.value)
    calendars.force_full_sync(tx, [rep.id], ctx.clock())
    _record(ctx, tx, rep, Reason.ASKED_TO_BE_FORGOTTEN)


def record_export(ctx: Context, tx: Connection, rep: Rep) -> None:
    _record(ctx, tx, rep, Reason.EXPORTED_BY_REP)


def _record(ctx: Context, tx: Connection, rep: Rep, reason: Reason) -> None:
    audit.record(tx, audit.Step(StepName.PAGE, reason, rep_id=rep.id), ctx.clock())


PAUSES = ("1 week", "2 weeks", "4 weeks")
"""What can be chosen of a pause's lengths, as a reply would say it."""

STOP, START = Command(CommandName.STOP), Command(CommandName.START)


def pause_of(length: str) -> Command:
    return Command(CommandName.PAUSE, length)
