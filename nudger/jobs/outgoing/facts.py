"""What is known of the meetings that a mail is about, gathered for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from nudger.domain.commitment import Answer, Outcome
from nudger.domain.customer_names import misleading
from nudger.domain.domains import DomainRules
from nudger.runtime.context import Context
from nudger.store.meetings import Meeting, answered_before
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting with what is planned for it, and what was planned in the rep's meeting before it
    with the same customer and came of it. `lookalikes` are those guests' addresses whose domain
    could be mistaken for one that we know, `unnamed` the customers whose name could be taken for
    another's."""

    meeting: Meeting
    planned: Answer | None = None
    planned_before: Answer | None = None
    outcome_before: Outcome | None = None
    lookalikes: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()


def gather_facts(
    ctx: Context, tx: Connection, rep: Rep, meetings: Sequence[Meeting]
) -> tuple[MeetingFacts, ...]:
    """In the order of the meetings; a fixed number of statements, however many they are."""
    before = answered_before(tx, rep.id, meetings)
    ids = {*(meeting.id for meeting in meetings), *before.values()}
    planned = {one: answer for one, (_, answer) in ctx.answers.latest_of(tx, ids).items()}
    given = ctx.outcomes.find_many(tx, set(before.values()))
    facts = []
    for meeting in meetings:
        own, earlier = planned.get(meeting.id), before.get(meeting.id)
        if earlier is None:
            facts.append(MeetingFacts(meeting, own))
            continue
        outcome = given[earlier].outcome if earlier in given else None
        facts.append(MeetingFacts(meeting, own, _planned_before(planned.get(earlier)), outcome))
    return tuple(facts)


def _planned_before(answer: Answer | None) -> Answer | None:
    """Without what was said beside it: that was of another call, also where the plan is taken over
    by "same as last time"."""
    return answer and replace(answer, remark=None)


def with_lookalikes(rules: DomainRules, facts: Sequence[MeetingFacts]) -> tuple[MeetingFacts, ...]:
    """The same, with the guests marked whose domains the rep could mistake for others, by the rules
    of the rep's team."""
    found = []
    for one in facts:
        guests = one.meeting.details.guests
        alike = frozenset(g.email for g in guests if rules.classify(g.email).lookalike)
        unnamed = misleading(one.meeting.customers, guests, rules)
        found.append(replace(one, lookalikes=alike, unnamed=unnamed))
    return tuple(found)
