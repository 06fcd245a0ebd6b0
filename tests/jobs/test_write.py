"""Somebody else writes into the same event at the same time."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.faults import Fault

ANSWER = "Dana agrees to join a 30-minute ROI review by 4 December\n2"


class Pauses(threading.Event):
    """A stop signal that nobody gives, on which nobody waits in truth."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def wait(self, timeout=None):
        self.seconds.append(timeout)
        return False


@pytest.fixture
def pauses(office):
    office.meet()
    scan(office.ctx)
    ask(office.ctx)
    listen(office.ctx)
    office.reply(ANSWER)
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    made = Pauses()
    office.ctx = replace(office.ctx, stop=made)
    return made


def conflict(office, times):
    fault = Fault("calendar.events.patch", status=412, reason="conditionNotMet", times=times)
    office.world.faults.add(fault)


def test_after_each_conflict_it_waits_longer_and_another_while_each_time(office, pauses):
    conflict(office, times=3)
    assert write(office.ctx) == 1
    assert "ROI review" in office.description("call1")
    first, second, third = pauses.seconds
    assert 0.05 <= first < 0.1 <= second < 0.2 <= third < 0.4
    assert len({first, second / 2, third / 4}) == 3


def test_who_keeps_writing_there_keeps_the_meeting(office, pauses):
    conflict(office, times=None)
    write(office.ctx)
    assert office.calls["calendar.events.patch"] == 8
    assert len(pauses.seconds) == 7
    assert "ROI review" not in office.description("call1")
    companions = office.world.calendars.of("ana@ourco.example").values()
    assert any("ROI review" in one.description for one in companions)
