"""What is Google's own in the loop: silent writes, refusals, calls."""

from __future__ import annotations

import pytest

from nudger.jobs.listen import listen
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.faults import Fault
from tests.office import run_once

ANA, BEN, NUDGER = "ana@ourco.example", "ben@ourco.example", "nudger@ourco.example"
DANA = "dana@acme.example"
BEFORE = "Agenda\nhttps://meet.google.com/abc-defg-hij"
ANSWER = "Dana agrees to join a 30-minute ROI review by 4 December\n2"


def answered(office, text=ANSWER):
    run_once(office.ctx)
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)


def test_guests_read_the_note_and_are_mailed_nothing(office):
    office.meet()
    answered(office)
    assert "ROI review" in office.world.reads(DANA)["call1"]
    assert office.world.receives(DANA) == []
    assert office.world.ledger.mails_outside(["ourco.example"]) == []


def test_a_life_costs_five_calls_beyond_the_polling_and_two_for_the_confirmation(office):
    office.meet()
    run_once(office.ctx)
    office.world.ledger.reset()
    office.meet("call2", title="ACME: next steps")
    office.later(hours=1, minutes=2)
    run_once(office.ctx)
    office.reply(ANSWER)
    office.later(minutes=2)
    run_once(office.ctx)
    polling = ("calendar.events.list", "gmail.users.history.list")
    assert sum(count for name, count in office.calls.items() if name not in polling) == 5 + 2


@pytest.mark.parametrize("quirk", ["refuse", "ignore"])
def test_where_the_rep_is_only_invited_the_companion_carries_the_note(office, quirk):
    office.meet(owner=DANA, quirk=quirk)
    answered(office)
    assert office.description("call1") == BEFORE
    companions = [e for e in office.world.calendars.of(ANA).values() if e.id != "call1"]
    assert "ROI review" in companions[0].description
    told = office.inbox(ANA)[-1]
    assert "private event" in told.raw.decode().replace("=\r\n", "")


def test_a_conflict_is_read_again_and_the_others_change_stays(office):
    office.meet()
    run_once(office.ctx)
    office.reply(ANSWER)
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    office.world.faults.add(_conflict())
    write(office.ctx)
    assert "ROI review" in office.description("call1")
    assert office.calls["calendar.events.patch"] == 2


def _conflict():
    return Fault("calendar.events.patch", status=412, reason="conditionNotMet")
