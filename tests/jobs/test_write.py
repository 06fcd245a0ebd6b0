"""Where a note stands, what the rep is told of it, and who else writes there at the same time."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.faults import Fault
from nudger.sandbox.people_pages import plain_text
from nudger.store import people, tables
from tests.office import ANA, DANA, run_once

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


BEFORE = "Agenda\nhttps://meet.google.com/abc-defg-hij"
IN_THE_MEETING = "where the guests can read it"
OWN_COPY = "your own copy of the meeting"
PRIVATE = "a private event on your calendar"
INSTEAD = "in a private event at the same time on your calendar instead"


def say(office, text, **by):
    office.reply(text)
    office.later(minutes=2)
    run_once(office.ctx)
    office.later(**(by or {"minutes": 61}))
    run_once(office.ctx)


def companions(office):
    entries = office.world.calendars.of(ANA).values()
    return [e for e in entries if e.title.startswith("C.O. for") and e.status != "cancelled"]


def last(office):
    return " ".join(plain_text(office.inbox(ANA)[-1]).split())


def noted(office):
    """What is kept of the note."""
    with office.ctx.database.read() as tx:
        row = tx.execute(sa.select(tables.note)).one()
    return row.state, row.place, row.reason, row.event_id is not None, row.companion_id is not None


def configure(office, write_back, may_mail_guests):
    settings = office.ctx.settings
    microsoft = settings.microsoft.model_copy(update={"outlook_may_notify_guests": may_mail_guests})
    changed = {"write_back": write_back, "microsoft": microsoft}
    office.ctx = replace(office.ctx, settings=settings.model_copy(update=changed))


STANDS = ("written", "meeting", "written", True, False)
KEPT = ("written", "private", "kept_private", False, True)
REFUSED = ("written", "private", "write_refused", False, True)
GOOGLE, OUTLOOK = "google", "microsoft"


@pytest.mark.parametrize(
    ("kept_by", "owner", "write_back", "may_mail", "said", "kept"),
    [
        (GOOGLE, ANA, "meeting", False, IN_THE_MEETING, STANDS),
        (GOOGLE, DANA, "meeting", False, INSTEAD, REFUSED),
        (GOOGLE, ANA, "private", False, PRIVATE, KEPT),
        (OUTLOOK, DANA, "meeting", False, OWN_COPY, STANDS),
        (OUTLOOK, ANA, "meeting", True, IN_THE_MEETING, STANDS),
        (OUTLOOK, ANA, "meeting", False, PRIVATE, KEPT),
        (OUTLOOK, DANA, "private", False, PRIVATE, KEPT),
    ],
)
def test_the_rep_is_told_where_the_note_stands(office, owner, write_back, may_mail, said, kept):
    configure(office, write_back, may_mail)
    office.meet(owner=owner, guests=[ANA, DANA])
    run_once(office.ctx)
    say(office, ANSWER)
    told = {place: place in last(office) for place in (IN_THE_MEETING, OWN_COPY, PRIVATE, INSTEAD)}
    assert [place for place, is_said in told.items() if is_said] == [said]
    assert noted(office) == kept
    assert len(companions(office)) == int(kept[-1])


@pytest.mark.parametrize(
    ("quirk", "reason"),
    [("refuse", "write_refused"), ("ignore", "no_effect"), ("local", "written")],
)
def test_what_a_calendar_does_with_an_invited_reps_write(office, quirk, reason):
    office.meet(owner=DANA, quirk=quirk, guests=[ANA, DANA])
    run_once(office.ctx)
    say(office, ANSWER)
    stands = reason == "written"
    place = "meeting" if stands else "private"
    assert noted(office) == ("written", place, reason, stands, not stands)
    assert any("ROI review" in one.description for one in companions(office)) is not stands
    assert (INSTEAD in last(office)) is not stands


@pytest.fixture
def due(office):
    """A meeting whose note is about to be written."""
    entry = office.meet()
    run_once(office.ctx)
    office.reply(ANSWER)
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    return entry


def test_a_meeting_that_went_meanwhile_gets_no_note_and_no_companion(office, due):
    office.world.calendars.cancel(due, ANA)
    write(office.ctx)
    assert noted(office)[:3] == ("failed", "meeting", "event_gone")
    assert companions(office) == []


def test_so_does_one_that_the_rep_has_no_copy_of(office, due):
    with office.ctx.database.begin() as tx:
        tx.execute(sa.delete(tables.occurrence))
    write(office.ctx)
    assert noted(office)[:3] == ("failed", "meeting", "event_gone")
    assert office.description("call1") == BEFORE


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("=== Commitment Objective (Nudger) ===\nx", "block_conflict"),
        ("x" * 8_192, "desc_full"),
    ],
)
def test_what_the_rep_has_to_see_to_is_told_and_nothing_is_touched(
    office, due, description, reason
):
    office.world.calendars.change(due, ANA, False, description=description)
    write(office.ctx)
    assert noted(office)[:3] == ("failed", "meeting", reason)
    assert (office.description("call1"), companions(office)) == (description, [])
    office.later(minutes=61)
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 2


def test_undo_takes_the_note_out_of_the_meeting(office, due):
    write(office.ctx)
    assert "ROI review" in office.description("call1")
    say(office, "undo")
    assert office.description("call1") == BEFORE
    assert noted(office) == ("failed", "private", "undone", False, False)


def test_undo_takes_the_companion_away(office):
    office.meet()
    run_once(office.ctx)
    say(office, f"{ANSWER}\nprivate")
    assert (len(companions(office)), office.description("call1")) == (1, BEFORE)
    say(office, "undo")
    assert (companions(office), office.description("call1")) == ([], BEFORE)


def test_private_takes_the_note_out_of_the_meeting_into_a_companion(office, due):
    write(office.ctx)
    say(office, "private")
    assert office.description("call1") == BEFORE
    (companion,) = companions(office)
    with office.ctx.database.read() as tx:
        ana = people.find_rep(tx, ANA)
    link = office.ctx.accounts.calendar(ana).get("call1").link
    assert "ROI review" in companion.description
    assert link
    assert companion.description.rstrip().endswith(link), "the way to the meeting"
    assert companion.title == f"C.O. for: {due.title}"
    assert (companion.start, companion.end) == (due.start, due.end)
    assert noted(office) == ("written", "private", "kept_private", False, True)


def test_one_companion_is_changed_and_made_anew_where_the_rep_deleted_it(office, due):
    say(office, f"{ANSWER}\nprivate")
    (first,) = companions(office)
    say(office, "Dana agrees to bring the CFO to the review by 4 December")
    (second,) = companions(office)
    assert second.id == first.id
    assert "calendar.events.delete" not in office.calls, "it is there all the time"
    assert "bring the CFO" in second.description
    office.world.calendars.cancel(second, ANA)
    say(office, "Dana agrees to sign the pilot by 4 December")
    (third,) = companions(office)
    assert "sign the pilot" in third.description
    with office.ctx.database.read() as tx:
        assert tx.scalar(sa.select(tables.note.c.companion_id)) == third.id


def test_a_companion_goes_with_its_meeting_and_a_note_in_one_stays(office, due):
    say(office, f"{ANSWER}\nprivate")
    office.world.calendars.cancel(due, ANA)
    office.later(minutes=5)
    run_once(office.ctx)
    assert companions(office) == []
    assert noted(office) == ("failed", "private", "withdrawn", False, False)


def test_a_note_that_is_only_looked_at_again_is_told_once(office, due):
    say(office, "thanks")
    told = len(office.inbox(ANA))
    office.world.calendars.change(due, ANA, False, title="ACME: the pilot")
    moved = due.start.replace(hour=15)
    office.world.calendars.change(due, ANA, False, start=moved, end=moved.replace(hour=16))
    for _ in range(2):
        office.later(minutes=61)
        run_once(office.ctx)
    assert len(office.inbox(ANA)) == told
    assert office.description("call1").count("ROI review") == 1
