"""What is Outlook's own in the loop: whom Graph would mail, own copies, both providers at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nudger.domain.event import Provider
from nudger.jobs.scan import scan
from nudger.runtime.accounts import open_accounts
from nudger.sandbox.entries import Guest
from nudger.sandbox.scenario import TEAMS_BLOCK
from nudger.store import people
from nudger.store.people import NewRep
from tests.office import run_once

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"
ANSWER = "Dana agrees to a review by Friday\n2"
PAGE = TEAMS_BLOCK.format("Agenda")


@pytest.fixture
def kept_by():
    return "microsoft"


@pytest.fixture
def careful(office):
    """As an admin has it by default: Outlook may not mail guests."""
    microsoft = office.ctx.settings.microsoft
    settings = office.ctx.settings.model_copy(
        update={"microsoft": microsoft.model_copy(update={"outlook_may_notify_guests": False})}
    )
    return replace(office.ctx, settings=settings)


def answered(office, ctx, text=ANSWER):
    run_once(ctx)
    office.reply(text)
    office.later(minutes=2)
    run_once(ctx)


def companion(office, person=ANA):
    entries = office.world.calendars.of(person).values()
    found = [e for e in entries if e.title.startswith("C.O. for") and e.status != "cancelled"]
    assert len(found) == 1
    return found[0]


def test_a_note_never_mails_a_guest_by_default(office, careful):
    office.meet(description=PAGE)
    answered(office, careful)
    assert office.description("call1") == PAGE
    assert office.world.receives(DANA) == []
    made = companion(office)
    assert (made.visibility, made.transparent, made.guests) == ("private", True, [])
    assert "Dana agrees to a review" in made.description
    _, confirmation = office.inbox(ANA)
    assert b"stands in a private event" in confirmation.raw.replace(b"=\r\n", b"")
    assert b"private event" in office.inbox(ANA)[0].raw.replace(b"=\r\n", b"")


def test_where_the_admin_allows_it_each_guest_is_mailed_once(office):
    office.meet(description=PAGE)
    answered(office, office.ctx)
    text = office.description("call1")
    before, after = PAGE.split("<body>")
    assert text.startswith(before + "<body>=== Note (Nudger) ===")
    assert text.endswith(after)
    assert office.world.receives(DANA) == ["Updated invitation: ACME: pilot review"]


def test_an_invited_rep_reads_it_in_their_own_copy_alone(office, careful):
    office.meet(owner=DANA, description=PAGE)
    answered(office, careful)
    assert "Dana agrees to a review" in office.description("call1")
    assert office.world.reads(DANA)["call1"] == PAGE
    assert office.world.receives(DANA) == []


def test_an_own_copy_is_repaired_after_the_organizers_update(office, careful):
    entry = office.meet(owner=DANA, description=PAGE)
    answered(office, careful)
    office.world.calendars.change(entry, DANA, False, description=TEAMS_BLOCK.format("New agenda"))
    assert "Dana agrees" not in office.description("call1")
    office.later(minutes=2)
    run_once(careful)
    assert "Dana agrees" in office.description("call1")
    assert "New agenda" in office.description("call1")


def test_the_companion_follows_a_move_and_a_cancellation(office, careful):
    entry = office.meet()
    answered(office, careful)
    new = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    office.world.calendars.change(entry, ANA, False, start=new, end=new.replace(hour=11))
    office.later(minutes=2)
    run_once(careful)
    assert companion(office).start == new
    office.world.calendars.cancel(entry, ANA)
    office.later(minutes=2)
    run_once(careful)
    assert not [
        e
        for e in office.world.calendars.of(ANA).values()
        if e.title.startswith("C.O.") and e.status != "cancelled"
    ]


def test_an_unchanged_calendar_costs_one_call(office):
    for number in range(5):
        office.meet(f"call{number}")
    scan(office.ctx)
    office.later(minutes=2)
    office.world.ledger.reset()
    scan(office.ctx)
    assert office.calls == {"graph.calendar.delta": 1}


def test_a_lost_sync_state_reads_everything_again_and_asks_nothing_anew(office):
    office.meet()
    run_once(office.ctx)
    office.world.calendars.expire_tokens(ANA)
    office.later(minutes=2)
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1


def test_a_meeting_moved_out_of_the_window_is_not_asked_about_until_it_is_near(office):
    entry = office.meet(start=datetime(2026, 11, 26, 13, 0, tzinfo=UTC))
    scan(office.ctx)
    far = datetime(2027, 1, 12, 13, 0, tzinfo=UTC)
    office.world.calendars.change(entry, ANA, False, start=far, end=far.replace(hour=14))
    office.at(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    run_once(office.ctx)
    assert office.inbox(ANA) == []
    office.at(datetime(2027, 1, 4, 8, 30, tzinfo=UTC))
    run_once(office.ctx)
    office.at(datetime(2027, 1, 11, 8, 30, tzinfo=UTC))
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1


def test_reps_on_both_providers_share_one_meeting_and_one_question(office):
    office.world.people[BEN].provider = "google"
    google = office.ctx.settings.google.model_copy(update={"api_root": office.server.url})
    settings = office.ctx.settings.model_copy(update={"google": google})
    accounts = open_accounts(settings, office.ctx.database, office.ctx.vault, office.world.now)
    ctx = replace(office.ctx, settings=settings, accounts=accounts)
    with ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE), ctx.clock())
    entry = office.meet(owner=DANA, guests=[Guest(DANA), Guest(ANA), Guest(BEN, "", "accepted")])
    for _ in range(3):
        run_once(ctx)
        office.later(minutes=2)
    assert len(office.inbox(ANA)) + len(office.inbox(BEN)) == 1
    moved = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    office.world.calendars.change(entry, DANA, False, start=moved, end=moved.replace(hour=14))
    for _ in range(3):
        run_once(ctx)
        office.later(minutes=2)
    assert len(office.inbox(ANA)) + len(office.inbox(BEN)) == 1
