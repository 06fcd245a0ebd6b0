"""Asking: what becomes of a question whose draft has gone, nobody knows where."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from nudger.jobs.ask import MAX_LOOKUPS, ask
from nudger.jobs.scan import scan
from nudger.sandbox.faults import Fault
from nudger.store import tables
from tests.office import ANA, NUDGER


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def gone(office):
    """A question that was drafted and not sent, and whose draft somebody has deleted since."""
    office.meet()
    scan(office.ctx)
    sending = "graph.mail.send" if office.is_outlook else "gmail.users.drafts.send"
    office.world.faults.add(Fault(sending, status=403, reason="forbidden"))
    ask(office.ctx)
    with office.world.lock:
        boxes = office.world.mailboxes
        boxes.drafts_of(NUDGER).clear()
        for one in list(boxes.of(NUDGER).values()):
            if "DRAFT" in one.labels:
                del boxes.of(NUDGER)[one.id]
    return office


def states(office):
    with office.ctx.database.read() as tx:
        mail = tx.execute(sa.select(tables.mail.c.state, tables.mail.c.attempts)).one()
        meeting = tx.scalar(sa.select(tables.meeting.c.state))
    return mail.state, mail.attempts, meeting


def test_it_is_looked_for_some_times_and_never_made_again(gone):
    """A search lags; but whoever deleted it may as well have sent it."""
    drafts = ("gmail.users.drafts.create", "graph.mail.draft")
    made = [gone.calls.get(name, 0) for name in drafts]
    _, tried, _ = states(gone)
    assert tried < MAX_LOOKUPS
    gone.later(hours=1)
    for lookups in range(tried, MAX_LOOKUPS):
        assert states(gone) == ("drafted", lookups, "planned")
        ask(gone.ctx)
        gone.later(minutes=2)
    ask(gone.ctx)
    assert states(gone) == ("in_doubt", 0, "expired")
    assert [gone.calls.get(name, 0) for name in drafts] == made
    assert gone.inbox(ANA) == []
