"""Meetings that are moved after it was too late to ask about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nudger.jobs.ask import ask
from nudger.jobs.scan import scan

ANA = "ana@ourco.example"


def test_a_meeting_moved_after_its_question_expired_is_asked_about(office):
    entry = office.meet()
    scan(office.ctx)
    office.at(entry.start - timedelta(minutes=15))
    assert ask(office.ctx) == 0
    new = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    office.world.calendars.change(entry, ANA, False, start=new, end=new + timedelta(minutes=30))
    scan(office.ctx)
    office.at(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    assert [ask(office.ctx), ask(office.ctx)] == [1, 0]
    assert len(office.inbox(ANA)) == 1
