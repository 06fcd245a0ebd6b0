"""A meeting's state where two bring it further at the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nudger.domain.lifecycle import TRANSITIONS, MeetingEvent
from nudger.domain.reasons import Reason
from nudger.jobs.planning.lifecycle import advance
from nudger.jobs.scan import scan
from nudger.store import people
from tests.office import ANA


@pytest.fixture(params=["google"])
def kept_by(request):
    return request.param


@pytest.mark.parametrize("event", MeetingEvent)
@pytest.mark.parametrize("meanwhile", [MeetingEvent.ANSWER_GIVEN, MeetingEvent.CALLED_OFF])
def test_what_became_of_it_since_it_was_read_stays(office, event, meanwhile):
    """Unless what happens now may happen after that as well. A question that goes out with a call
    that was answered just then must not have it be asked about again."""
    office.meet()
    scan(office.ctx)
    with office.ctx.database.begin() as tx:
        now, ana = office.ctx.clock(), people.find_rep(tx, ANA)
        (read,) = office.ctx.meetings.ahead(tx, ana.id, now, now + timedelta(days=2))
        first = min(TRANSITIONS[event].sources)
        office.ctx.meetings.set_states(tx, [read.id], first, "x", now)
        read = office.ctx.meetings.get(tx, read.id)
        advance(office.ctx, tx, read, meanwhile, Reason.ANSWERED)
        advance(office.ctx, tx, read, event, Reason.UNANSWERED)
        state = office.ctx.meetings.get(tx, read.id).state
    stands = TRANSITIONS[meanwhile].target
    may_follow = stands in TRANSITIONS[event].sources
    assert state is (TRANSITIONS[event].target if may_follow else stands)
