"""The log for programs: one object a line, of facts, that names nobody."""

from __future__ import annotations

import json
import logging

import pytest

from nudger.admin.heartbeat import watch
from nudger.cli.logs import JsonLines, chosen_format
from nudger.domain.reasons import Reason, StepName
from nudger.runtime.attempt import Work, attempt
from nudger.store import audit, tables
from nudger.store.leases import Lease
from nudger.worker import Worker, outgoing
from tests.office import ANA, NOW, run_once


class Lines(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))

    def of(self, event):
        found = [json.loads(line) for line in self.lines]
        return [one for one in found if one["event"] == event]


@pytest.fixture
def lines():
    handler, ours = Lines(), logging.getLogger("nudger")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield handler
    ours.removeHandler(handler)
    ours.setLevel(before)


def test_each_step_is_a_line_with_its_ids_and_reason(office, lines):
    office.meet()
    run_once(office.ctx)
    with office.ctx.database.read() as tx:
        recorded = [one.step for one in audit.find(tx, audit.Wanted(NOW))]
    steps = lines.of("step")
    assert [(one["step"], one["reason"]) for one in steps] == [
        (one.step.value, one.reason.value) for one in recorded
    ]
    (asked,) = [one for one in steps if one["step"] == "question"]
    assert (asked["meeting"], asked["rep"], asked["level"]) == (1, 1, "info")
    assert asked["time"].endswith("+00:00")
    assert all("\n" not in line for line in lines.lines)


def test_what_was_not_committed_is_not_told(office, lines):
    step = audit.Step(StepName.ANSWER, Reason.ANSWERED)
    with pytest.raises(RuntimeError), office.ctx.database.begin() as tx:
        audit.record(tx, step, NOW)
        raise RuntimeError("stop")
    with office.ctx.database.begin() as tx:
        pass
    assert lines.of("step") == []
    with office.ctx.database.begin() as tx:
        audit.record(tx, step, NOW)
    assert len(lines.of("step")) == 1


def test_a_failure_tells_reason_and_place_and_no_words(office, lines):
    def fail():
        raise RuntimeError(f"{ANA} said Pangolin")

    work = Work(Lease(tables.mailbox, ANA, 1, NOW), f"mailbox {ANA}", 2)
    attempt(office.ctx, work, fail)
    told, lost = lines.of("put_off")
    assert lost["reason"] == "taken_over", "the lease was never claimed"
    assert (told["work"], told["reason"], told["attempts"]) == ("mailbox", "fault", 2)
    assert (told["error"], told["level"]) == ("RuntimeError", "warning")
    assert told["at"][-1].startswith("test_logs.py:")
    assert "id" not in told
    assert not [line for line in lines.lines if ANA in line or "Pangolin" in line]


def test_a_round_that_fails_and_the_health_are_told(office, lines, monkeypatch):
    monkeypatch.setattr("nudger.worker.scan", lambda _ctx: 1 / 0)
    worker = Worker(office.ctx)
    worker._tick(outgoing)
    worker._tick(watch)
    (failed,) = lines.of("round_failed")
    assert (failed["round"], failed["error"]) == ("outgoing", "ZeroDivisionError")
    (health,) = lines.of("health")
    assert health["codes"] == ["no_good_round"]


def test_libraries_are_named_and_not_quoted():
    record = logging.LogRecord("httpx", 30, "x", 1, f"GET https://x/{ANA}", (), None)
    told = json.loads(JsonLines().format(record))
    assert (told["logger"], told["event"]) == ("httpx", "library")
    assert ANA not in str(told)


def test_our_other_lines_are_told_unfilled():
    record = logging.LogRecord("nudger.x", 30, "x", 1, "an event of %s is odd", (ANA,), None)
    assert json.loads(JsonLines().format(record))["event"] == "an event of %s is odd"


def test_the_format_is_the_options_or_the_settings(tmp_path):
    file = tmp_path / "nudger.toml"
    assert chosen_format(file, None) == "text"
    file.write_text('write_back = "private"\n[log]\nformat = "json"\n')
    assert chosen_format(file, None) == "json"
    assert chosen_format(file, "text") == "text"
