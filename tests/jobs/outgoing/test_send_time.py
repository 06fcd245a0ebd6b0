"""What is gathered to decide when a mail goes out; the job and the dry run decide alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.admin import dry_run
from nudger.domain.availability import RepState
from nudger.jobs.ask import ask
from nudger.jobs.outgoing.batching import batch_due_mails
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.jobs.scan import scan
from nudger.store import people

ANA = "ana@ourco.example"


@pytest.fixture
def near_and_later(office):
    """One question about a call at ten and one at two, which nobody sent in time."""
    office.meet("call1", start=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    office.meet("call2", title="ACME: legal")
    scan(office.ctx)
    with office.ctx.database.begin() as tx:
        batch_due_mails(office.ctx, tx)
    office.at(datetime(2026, 11, 24, 8, 45, tzinfo=UTC))
    return office


def would(office):
    return [row["would"] for row in dry_run.ask(office.ctx)]


def test_a_call_that_is_too_near_does_not_keep_the_other_from_being_asked_about(near_and_later):
    assert would(near_and_later) == ["send"]
    assert ask(near_and_later.ctx) == 1
    (question,) = near_and_later.inbox(ANA)
    assert "legal" in question.headers["subject"]


def test_a_pause_puts_the_question_off(near_and_later):
    until = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    with near_and_later.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        people.set_state(tx, rep.id, RepState.PAUSED, "asked_to_pause", until)
    assert would(near_and_later) == ["wait: until 2026-11-24T09:30+00:00"]
    assert ask(near_and_later.ctx) == 0
    near_and_later.at(until)
    assert ask(near_and_later.ctx) == 1


def test_who_stopped_is_not_asked(near_and_later):
    with near_and_later.ctx.database.begin() as tx:
        people.set_state(tx, people.find_rep(tx, ANA).id, RepState.STOPPED, "asked_to_stop")
    assert would(near_and_later) == ["not send: rep_stopped"]
    assert ask(near_and_later.ctx) == 0
    assert would(near_and_later) == []


def test_the_weekly_mail_gives_way_to_a_question_that_is_due(office):
    office.meet()
    scan(office.ctx)
    plan_weekly(office.ctx)
    assert would(office) == ["wait: until 2026-11-23T09:05+00:00", "send"]
