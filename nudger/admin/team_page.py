"""What a manager sees of the reps who know of it: the calls of two days that these let them read,
and what came of the ones before. Nothing here compares anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from pydantic import ValidationError
from sqlalchemy import Connection

from nudger.admin.persons import Person
from nudger.domain.coach import Advice
from nudger.domain.commitment import Outcome
from nudger.domain.manager_sight import Sight, as_manager_reads, is_kept
from nudger.jobs.outgoing.coaching import advice_on
from nudger.jobs.outgoing.content import opened_content
from nudger.jobs.outgoing.facts import MeetingFacts, gather_facts
from nudger.jobs.outgoing.managers import sight_of_rep
from nudger.mail.kinds.comment import CommentContent, Remark
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules, working_hours
from nudger.store import people
from nudger.store.comments import comments_on
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep
from nudger.store.vault import SealBroken

DAYS_SHOWN = 2
MOST_BEHIND = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Commented:
    """What the manager said of a call, and the mail that brings it to the rep."""

    remark: Remark
    mail: Mail


@dataclass(frozen=True, slots=True)
class TeamCall:
    """A call as the rep's manager may read it: `facts` without what the rep keeps to themself,
    which `is_kept` tells of."""

    rep: Rep
    facts: MeetingFacts
    is_kept: bool
    advice: Advice | None
    commented: tuple[Commented, ...]

    @property
    def meeting(self) -> Meeting:
        return self.facts.meeting


@dataclass(frozen=True, slots=True)
class TeamDay:
    """A local day of the manager's, with its calls in their order."""

    day: date
    calls: tuple[TeamCall, ...]


@dataclass(frozen=True, slots=True)
class TeamOverview:
    """`opened` are the reps who let the manager read their calls, `closed` those who do not; both
    in the order of their names."""

    days: tuple[TeamDay, ...]
    opened: tuple[Rep, ...]
    closed: tuple[Rep, ...]


@dataclass(frozen=True, slots=True)
class PastTeamCall:
    """A call that is over: which milestone was planned for it, where that may be read, and what
    came of it, where that was told."""

    rep: Rep
    facts: MeetingFacts
    milestone: str | None
    outcome: Outcome | None


def led_reps(ctx: Context, tx: Connection, person: Person) -> Mapping[Sight, Sequence[Rep]]:
    """The reps of whom this person sees something, in the order of their names."""
    rules = load_domain_rules(tx, ctx.settings)
    found: dict[Sight, list[Rep]] = defaultdict(list)
    for rep in sorted(people.list_reps(tx), key=lambda rep: (rep.name.casefold(), rep.email)):
        found[sight_of_rep(ctx.settings, rules, rep, person.addresses)].append(rep)
    return found


def team_overview(ctx: Context, person: Person) -> TeamOverview:
    with ctx.database.read() as tx:
        led = led_reps(ctx, tx, person)
        opened = led.get(Sight.CALLS, ())
        calls = [
            call
            for rep in opened
            for call in _team_calls(ctx, tx, person, rep, _shown(ctx, tx, person, rep))
        ]
    calls.sort(key=lambda call: (call.meeting.start, call.meeting.id))
    zone = working_hours(ctx.settings, person.reader).zone
    days = tuple(
        TeamDay(day, tuple(c for c in calls if c.meeting.start.astimezone(zone).date() == day))
        for day in days_shown(ctx, person)
    )
    return TeamOverview(days, tuple(opened), tuple(led.get(Sight.NAME, ())))


def days_shown(ctx: Context, person: Person) -> tuple[date, ...]:
    """Today and tomorrow where the manager is."""
    today = working_hours(ctx.settings, person.reader).local_day(ctx.clock())
    return tuple(today + n * ONE_DAY for n in range(DAYS_SHOWN))


def find_call(ctx: Context, tx: Connection, person: Person, meeting_id: int) -> TeamCall | None:
    """One of the calls that the overview shows to this person now."""
    for rep in led_reps(ctx, tx, person).get(Sight.CALLS, ()):
        meetings = [one for one in _shown(ctx, tx, person, rep) if one.id == meeting_id]
        for call in _team_calls(ctx, tx, person, rep, meetings):
            return call
    return None


def _team_calls(
    ctx: Context, tx: Connection, person: Person, rep: Rep, meetings: Sequence[Meeting]
) -> Iterator[TeamCall]:
    comments = comments_on(tx, [one.id for one in meetings])
    for facts in gather_facts(ctx, tx, rep, meetings):
        mails = comments.get(facts.meeting.id, ())
        yield _team_call(ctx, rep, facts, tuple(_commented(ctx, person, facts.meeting, mails)))


def _shown(ctx: Context, tx: Connection, person: Person, rep: Rep) -> list[Meeting]:
    zone, days = working_hours(ctx.settings, person.reader).zone, days_shown(ctx, person)
    since, until = (datetime.combine(day, time(), zone) for day in (days[0], days[-1] + ONE_DAY))
    found = ctx.meetings.ahead(tx, rep.id, since, until)
    return [one for one in found if one.known_title is not None]


def _team_call(
    ctx: Context, rep: Rep, facts: MeetingFacts, commented: tuple[Commented, ...]
) -> TeamCall:
    planned = as_manager_reads(facts.planned)
    read = replace(facts, planned=planned, planned_before=None, outcome_before=None)
    has_words = planned is not None and bool(planned.commitment_objective)
    advice = advice_on(ctx, rep, facts.meeting, planned) if planned and has_words else None
    return TeamCall(rep, read, is_kept(facts.planned), advice, commented)


def _commented(
    ctx: Context, person: Person, meeting: Meeting, mails: Sequence[Mail]
) -> Iterator[Commented]:
    """What this very person said of the call."""
    for mail in mails:
        for remark in _remarks(ctx, mail):
            if remark.meeting_id == meeting.id and remark.manager in person.addresses:
                yield Commented(remark, mail)


def _remarks(ctx: Context, mail: Mail) -> Sequence[Remark]:
    """None of a mail whose seal is broken, or that was forgotten."""
    try:
        return opened_content(ctx, mail, CommentContent).remarks
    except (SealBroken, ValidationError):
        return ()


def past_by_customer(ctx: Context, person: Person) -> Mapping[str, Sequence[PastTeamCall]]:
    """The calls since their rep opened them, the latest first, by customer in alphabetical
    order."""
    found: dict[str, list[PastTeamCall]] = defaultdict(list)
    with ctx.database.read() as tx:
        for rep in led_reps(ctx, tx, person).get(Sight.CALLS, ()):
            for past in _past_of(ctx, tx, rep):
                for customer in past.facts.meeting.customers:
                    found[customer].append(past)
    for calls in found.values():
        calls.sort(key=lambda past: past.facts.meeting.start, reverse=True)
    return dict(sorted(found.items()))


def _past_of(ctx: Context, tx: Connection, rep: Rep) -> Iterator[PastTeamCall]:
    now, since = ctx.clock(), rep.shared_since or ctx.clock()
    behind = ctx.meetings.behind(tx, rep.id, since, now, MOST_BEHIND)
    meetings = [one for one in behind if one.known_title is not None and one.end <= now]
    given = ctx.outcomes.find_many(tx, [one.id for one in meetings])
    for facts in gather_facts(ctx, tx, rep, meetings):
        planned, told = as_manager_reads(facts.planned), given.get(facts.meeting.id)
        milestone = planned.next_milestone if planned else None
        yield PastTeamCall(rep, facts, milestone, None if told is None else told.outcome)
