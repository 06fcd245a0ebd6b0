"""What a report reads of past meetings."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from nudger.jobs.outgoing.past_meetings import past_meetings
from nudger.store import tables
from tests.office import run_once


@pytest.fixture
def answered(office):
    office.meet()
    run_once(office.ctx)
    office.reply("Dana, the CFO, agrees to a pilot by Friday")
    office.later(minutes=2)
    run_once(office.ctx)
    return office


def is_valid(office):
    now = office.ctx.clock()
    (past,) = past_meetings(office.ctx, now, now + timedelta(days=2))
    return past.valid


@pytest.mark.parametrize(
    ("kept", "valid"),
    [(True, True), (False, False), (None, True)],
    ids=["as kept", "as kept, even where it is judged otherwise now", "judged where not kept"],
)
def test_an_answer_counts_as_it_was_judged_when_it_was_given(answered, kept, valid):
    assert is_valid(answered) is True
    with answered.ctx.database.begin() as tx:
        tx.execute(sa.update(tables.answer).values(is_commitment=kept))
    assert is_valid(answered) is valid
