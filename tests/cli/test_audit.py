"""`nudger audit`: listed without content, sealed, verified, and broken with exit code 1."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from nudger.admin import audit_trail
from nudger.cli.logs import begin_logging
from nudger.jobs.ask import ask
from nudger.jobs.scan import scan
from nudger.store.audit_seals import BATCH
from nudger.worker import outgoing

ANA = "ana@ourco.example"


@pytest.fixture
def asked(nudger_in_office, office):
    office.meet(title="Zebrafink")
    scan(office.ctx)
    ask(office.ctx)
    return nudger_in_office


def test_steps_are_listed_by_rep_and_meeting_without_content(asked):
    (step,) = asked.json("audit", "--since", "2026-11-01", "--rep", ANA.upper())
    assert (step["step"], step["reason"], step["rep"]) == ("question", "day_before", ANA) or step[
        "reason"
    ] == "booked_late"
    assert asked.json("audit", "--since", "2026-11-01", "--meeting", "999") == []
    shown = asked("audit", "--since", "2026-11-01").stdout
    assert "question" in shown
    assert "Zebrafink" not in shown
    assert asked("audit", "--rep", "nobody@ourco.example").exit_code == 1


def test_a_trail_is_sealed_verified_and_its_head_known(asked):
    assert asked("audit", "head").stdout == "Nothing is sealed yet.\n"
    sealed = asked.json("audit", "seal")
    assert asked("audit", "head").stdout.startswith(sealed["hash"])
    found = asked.json("audit", "verify", "--head", sealed["hash"])
    assert (found["ok"], found["rows"], found["unsealed"], found["broken"]) == (True, 1, 0, None)
    assert asked("audit", "verify").exit_code == 0
    assert asked("audit", "verify", "--head", "0" * 64).exit_code == 1
    assert asked("audit", "verify", "--head", "0").exit_code == 2


def test_a_changed_row_is_named_with_exit_code_1(asked, office):
    asked("audit", "seal")
    with office.ctx.database.begin() as tx:
        tx.execute(text("DROP TRIGGER audit_row_changed"))
        tx.execute(text("UPDATE audit SET reason = 'skip'"))
    result = asked("audit", "verify")
    assert result.exit_code == 1
    assert "seal 1, row 1" in result.stdout


def test_a_worker_seals_after_ten_minutes_and_logs_the_head(asked, office, caplog):
    caplog.set_level(logging.INFO, audit_trail.HEADS_LOG)
    outgoing(office.ctx)
    assert asked.json("audit", "head") is None
    office.later(minutes=11)
    outgoing(office.ctx)
    newest = asked.json("audit", "head")
    assert newest["hash"] in caplog.text
    outgoing(office.ctx)
    assert asked.json("audit", "head") == newest


def test_a_full_batch_is_sealed_at_once(office):
    from nudger.domain.reasons import Reason, StepName
    from nudger.store import audit, audit_seals

    step = audit.Step(StepName.ANSWER, Reason.ANSWERED)
    with office.ctx.database.begin() as tx:
        audit.record_all(tx, [step] * BATCH, office.ctx.clock())
    audit_trail.seal_if_due(office.ctx)
    with office.ctx.database.read() as tx:
        assert audit_seals.unsealed_since(tx)[0] == 0


def test_heads_are_heard_whatever_else_is(monkeypatch):
    begin_logging(verbose=False)
    assert logging.getLogger(audit_trail.HEADS_LOG).isEnabledFor(logging.INFO)
    assert not logging.getLogger("nudger.jobs").isEnabledFor(logging.INFO)
