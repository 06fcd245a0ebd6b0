"""What a rep sees of themself: the calls ahead, what became of the last ones, what customers have
agreed to, and how they are asked. Nothing here tells of anybody else's calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.commitment import Answer, Outcome
from nudger.domain.history import Tally, tally
from nudger.jobs.outgoing.facts import MeetingFacts, gather_facts
from nudger.jobs.outgoing.past_meetings import past_meetings
from nudger.jobs.outgoing.placement import may_be_shown_to_guests
from nudger.runtime.context import Context
from nudger.store.meetings import Meeting
from nudger.store.outcomes import GivenOutcome
from nudger.store.people import Rep

AHEAD = timedelta(days=60)
BEHIND = timedelta(days=400)
PERIODS = (timedelta(days=7), timedelta(days=90))
MOST_AHEAD, MOST_BEHIND = 50, 20


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call that is over or going on, what was planned for it, and what came of it."""

    facts: MeetingFacts
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What became of the calls of so many days, as the weekly mail counts them."""

    days: int
    counts: Tally

    @property
    def told(self) -> int:
        """The calls of which we know what came."""
        return self.counts.agreed + self.counts.partly + self.counts.not_agreed

    @property
    def hit_rate(self) -> int | None:
        """In percent: of the calls of which we know what came, those where all was agreed; `None`
        where we know of none."""
        return round(100 * self.counts.agreed / self.told) if self.told else None


@dataclass(frozen=True, slots=True)
class RepOverview:
    """`ahead` in their order, `behind` the latest first, `numbers` by period, the shortest
    first."""

    ahead: tuple[MeetingFacts, ...]
    behind: tuple[PastCall, ...]
    numbers: tuple[Numbers, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the customer agreed to in the call that began at this moment."""

    start: datetime
    commitment: str


def overview(ctx: Context, rep: Rep) -> RepOverview:
    now = ctx.clock()
    with ctx.database.read() as tx:
        ahead = _ahead(ctx, tx, rep)
        behind = _readable(ctx.meetings.behind(tx, rep.id, now - BEHIND, now, MOST_BEHIND))
        facts = gather_facts(ctx, tx, rep, [*ahead, *behind])
        given = ctx.outcomes.find_many(tx, [one.id for one in behind])
    past = past_meetings(ctx, now - max(PERIODS), now, rep.id)
    numbers = tuple(
        Numbers(period.days, tally(rep.name, [one for one in past if one.start >= now - period]))
        for period in PERIODS
    )
    over = facts[len(ahead) :]
    return RepOverview(
        ahead=facts[: len(ahead)],
        behind=tuple(PastCall(one, _outcome(given, one.meeting)) for one in over),
        numbers=numbers,
    )


def calls_ahead(ctx: Context, tx: Connection, rep: Rep) -> tuple[MeetingFacts, ...]:
    """The rep's coming calls, in their order."""
    return gather_facts(ctx, tx, rep, _ahead(ctx, tx, rep))


def _ahead(ctx: Context, tx: Connection, rep: Rep) -> list[Meeting]:
    now = ctx.clock()
    return _readable(ctx.meetings.ahead(tx, rep.id, now, now + AHEAD))[:MOST_AHEAD]


def _readable(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those of which we can say what they are."""
    return [one for one in meetings if one.known_title is not None]


def _outcome(given: dict[int, GivenOutcome], meeting: Meeting) -> Outcome | None:
    return given[meeting.id].outcome if meeting.id in given else None


def agreed_by_customer(ctx: Context, rep: Rep) -> dict[str, list[Agreed]]:
    """What each customer agreed to in this rep's calls, in the order of the calls; customers by
    their domains, in alphabetical order.

    Only what the rep says was agreed ("yes"), in the words that stood when they said so; never what
    was only planned, nor what guests were not to read.
    """
    found: dict[str, list[Agreed]] = {}
    with ctx.database.read() as tx:
        for meeting, given in _said_yes(ctx, tx, rep):
            answer = _as_it_stood(ctx, tx, meeting, given.given_at)
            if answer is None or not may_be_shown_to_guests(ctx, rep, meeting, answer):
                continue
            said = Agreed(meeting.start, answer.commitment_objective or "")
            for customer in meeting.customers:
                found.setdefault(customer, []).append(said)
    return dict(sorted(found.items()))


def _said_yes(ctx: Context, tx: Connection, rep: Rep) -> list[tuple[Meeting, GivenOutcome]]:
    now = ctx.clock()
    meetings = _readable(ctx.meetings.behind(tx, rep.id, now - BEHIND, now))
    given = ctx.outcomes.find_many(tx, [one.id for one in meetings])
    return [
        (one, given[one.id])
        for one in reversed(meetings)
        if one.id in given and given[one.id].outcome is Outcome.YES
    ]


def _as_it_stood(ctx: Context, tx: Connection, meeting: Meeting, at: datetime) -> Answer | None:
    """The answer that counted at that moment."""
    revisions = [
        answer for _, given, answer in ctx.answers.revisions(tx, meeting.id) if given <= at
    ]
    return revisions[-1] if revisions and revisions[-1].commitment_objective else None
