"""What every provider's calendar does. One that does not pass is not a provider."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from nudger.domain.event import EventKind, Response
from nudger.domain.working_hours import CalendarHours
from nudger.providers.base import (
    AccessDenied,
    CalendarGone,
    CompanionDraft,
    CursorExpired,
    NotFound,
    ProviderError,
    Unavailable,
    Window,
    WriteConflict,
    WriteRefused,
)
from nudger.sandbox.entries import Entry, Guest, WorkingWeek
from nudger.sandbox.faults import Fault

ANA, DANA = "ana@ourco.example", "dana@acme.example"
START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
WINDOW = Window(START - timedelta(days=2), START + timedelta(days=20))


def put(provider, entry_id="call1", **changes):
    values = {
        "id": entry_id, "owner": ANA, "organizer": changes.get("owner", ANA),
        "uid": f"{entry_id}@x", "title": "ACME review", "start": START,
        "end": START + timedelta(minutes=45), "description": "Agenda",
        "guests": [Guest(ANA, "Ana", "accepted"), Guest(DANA, "Dana", "tentative")],
    }  # fmt: skip
    return provider.server.world.calendars.add(Entry(**{**values, **changes}))


def everything(pages):
    pages = list(pages)
    assert [page.cursor is not None for page in pages] == [False] * (len(pages) - 1) + [True]
    events = [event for page in pages for event in page.events]
    removed = [one for page in pages for one in page.removed]
    return events, removed, pages[-1].cursor


def test_an_event_comes_with_what_judging_needs(provider):
    put(provider, location="Room 1")
    (event,), _, _ = everything(provider.calendar.full(WINDOW))
    assert (event.title, event.start, event.end) == (
        "ACME review",
        START,
        START + timedelta(minutes=45),
    )
    assert event.organizer is not None
    assert event.organizer.email == ANA
    responses = {one.email: one.response for one in event.attendees}
    responses.pop(ANA, None)  # Outlook does not list the organizer
    assert responses == {DANA: Response.TENTATIVE}
    assert event.kind is EventKind.MEETING
    assert event.description is None


def test_pages_are_followed_and_the_cursor_comes_last(provider):
    provider.server.world.calendars.page_size = 2
    for number in range(5):
        put(provider, f"call{number}")
    events, _, cursor = everything(provider.calendar.full(WINDOW))
    assert len(events) == 5
    assert everything(provider.calendar.changes(cursor))[0] == []


def test_a_change_comes_alone(provider):
    entries = [put(provider, f"call{number}") for number in range(3)]
    cursor = everything(provider.calendar.full(WINDOW))[2]
    provider.server.world.calendars.change(entries[1], ANA, False, title="New")
    events, removed, _ = everything(provider.calendar.changes(cursor))
    assert ([event.title for event in events], removed) == (["New"], [])


def test_a_cancelled_event_is_named_as_removed(provider):
    entry = put(provider)
    (event,), _, cursor = everything(provider.calendar.full(WINDOW))
    provider.server.world.calendars.cancel(entry, ANA)
    events, removed, _ = everything(provider.calendar.changes(cursor))
    assert (events, removed) == ([], [event.event_id])


def test_an_old_cursor_is_expired(provider):
    put(provider)
    cursor = everything(provider.calendar.full(WINDOW))[2]
    provider.server.world.calendars.expire_tokens(ANA)
    with pytest.raises(CursorExpired):
        everything(provider.calendar.changes(cursor))


def test_dates_of_a_series_are_told_apart_also_when_moved(provider):
    first = Entry(
        id="weekly", owner=ANA, organizer=ANA, uid="weekly@x", title="Weekly", start=START,
        end=START + timedelta(minutes=30), guests=[Guest(ANA), Guest(DANA)],
    )  # fmt: skip
    dates = provider.server.world.calendars.add_series(first, 3, timedelta(days=7))
    before, _, cursor = everything(provider.calendar.full(WINDOW))
    assert len({event.key for event in before}) == 3
    moved = START + timedelta(days=8)
    provider.server.world.calendars.change(
        dates[1], ANA, False, start=moved, end=moved + timedelta(minutes=30)
    )
    (after,), _, _ = everything(provider.calendar.changes(cursor))
    assert after.start == moved
    assert after.key in {event.key for event in before}


def test_an_all_day_event_is_marked(provider):
    put(provider, all_day=True, start=START.replace(hour=23), end=START + timedelta(days=1))
    (event,), _, _ = everything(provider.calendar.full(WINDOW))
    assert event.all_day


def test_a_description_is_written_and_read_back(provider):
    put(provider)
    (listed,), _, _ = everything(provider.calendar.full(WINDOW))
    event = provider.calendar.get(listed.event_id)
    assert "Agenda" in (event.description or "")
    mails = provider.calendar.write_notifies_guests(event)
    provider.calendar.write_description(event, "Note\n" + (event.description or ""))
    assert "Note" in (provider.calendar.get(listed.event_id).description or "")
    assert bool(provider.server.world.receives(DANA)) is mails


def test_a_write_over_somebody_elses_change_is_refused(provider):
    entry = put(provider)
    (listed,), _, _ = everything(provider.calendar.full(WINDOW))
    event = provider.calendar.get(listed.event_id)
    provider.server.world.calendars.change(entry, ANA, False, title="Changed meanwhile")
    with pytest.raises(WriteConflict):
        provider.calendar.write_description(event, "Note")


def test_an_invited_persons_write_reaches_nobody_else(provider):
    put(provider, owner=DANA, quirk="refuse")
    (listed,), _, _ = everything(provider.calendar.full(WINDOW))
    event = provider.calendar.get(listed.event_id)
    assert not provider.calendar.write_notifies_guests(event)
    if provider.name == "google":
        with pytest.raises(WriteRefused):
            provider.calendar.write_description(event, "Note")
    else:
        provider.calendar.write_description(event, "Note")
        assert "Note" in (provider.calendar.get(listed.event_id).description or "")
    assert "Note" not in provider.server.world.reads(DANA)["call1"]
    assert provider.server.world.receives(DANA) == []


def test_a_locked_event_is_not_written(provider):
    put(provider, owner=DANA, locked=True)
    (listed,), _, _ = everything(provider.calendar.full(WINDOW))
    with pytest.raises(WriteRefused):
        provider.calendar.write_description(provider.calendar.get(listed.event_id), "Note")


def test_what_is_gone_is_not_found(provider):
    put(provider)
    (listed,), _, _ = everything(provider.calendar.full(WINDOW))
    provider.server.world.calendars.of(ANA).clear()
    with pytest.raises(NotFound):
        provider.calendar.get(listed.event_id)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_provider_is_asked_again(provider, status):
    put(provider)
    provider.server.world.faults.add(Fault(provider.calls["list"], status=status))
    assert len(everything(provider.calendar.full(WINDOW))[0]) == 1


def test_a_provider_that_stays_busy_is_unavailable_and_says_for_how_long(provider):
    for nth in range(1, 9):
        provider.server.world.faults.add(
            Fault(provider.calls["list"], nth=1, status=503, retry_after=7)
        )
        assert nth
    with pytest.raises(Unavailable) as raised:
        everything(provider.calendar.full(WINDOW))
    assert raised.value.retry_after == timedelta(seconds=7)


DRAFT = CompanionDraft(
    id="c0ffee0123456789", title="C.O. for: ACME review", description="C.O.: Dana agrees",
    start=START, end=START + timedelta(minutes=45), time_zone="Europe/Berlin",
)  # fmt: skip


def companions(provider):
    entries = provider.server.world.calendars.of(ANA).values()
    return [one for one in entries if one.title == DRAFT.title and one.status != "cancelled"]


def test_a_companion_is_private_free_and_alone(provider):
    event = provider.calendar.create_companion(DRAFT)
    (made,) = companions(provider)
    assert (made.visibility, made.transparent, made.guests) == ("private", True, [])
    assert "Dana agrees" in (event.description or "")


def test_a_companion_of_whole_days_is_one_too_until_the_meeting_has_hours(provider):
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    days = replace(DRAFT, start=midnight, end=midnight + timedelta(days=2), all_day=True)
    made = provider.calendar.create_companion(days)
    assert made.all_day
    dates = [one.astimezone(ZoneInfo(made.time_zone)).day for one in (made.start, made.end)]
    assert dates == [24, 26]
    provider.calendar.update_companion(made.event_id, DRAFT)
    changed = provider.calendar.get(made.event_id)
    assert (changed.all_day, changed.start) == (False, DRAFT.start)
    provider.calendar.update_companion(made.event_id, days)
    assert provider.calendar.get(made.event_id).all_day


def test_a_companion_made_twice_is_one(provider):
    first = provider.calendar.create_companion(DRAFT)
    second = provider.calendar.create_companion(DRAFT)
    assert first.event_id == second.event_id
    assert len(companions(provider)) == 1


def test_a_companion_is_removed_and_removing_it_again_is_no_error(provider):
    event = provider.calendar.create_companion(DRAFT)
    provider.calendar.delete_companion(event.event_id)
    provider.calendar.delete_companion(event.event_id)
    assert companions(provider) == []


def calls_made(provider):
    return sum(n for name, n in provider.server.world.ledger.calls.items() if "token" not in name)


def test_the_zone_is_told_once_the_calendar_was_read(provider):
    person = provider.server.world.people[ANA]
    person.zone, person.week = "Asia/Kolkata", WorkingWeek("07:30:00.0000000", "15:00:00.0000000")
    provider.server.microsoft.identity.permissions += ("MailboxSettings.Read",)
    cursor = everything(provider.calendar.full(WINDOW))[2]
    before = calls_made(provider)
    told = provider.calendar.calendar_hours()
    assert calls_made(provider) - before == (1 if provider.calendar.hours_cost_a_call else 0)
    assert told.time_zone in ("Asia/Kolkata", "Asia/Calcutta")
    if provider.name == "microsoft":
        hours = (told.starts, told.ends, told.days)
        assert hours == (time(7, 30), time(15, 0), frozenset(range(5)))
    person.zone = "Europe/Paris"
    everything(provider.calendar.changes(cursor))
    assert provider.calendar.calendar_hours().time_zone == "Europe/Paris"


def test_whose_hours_we_may_not_read_tells_nothing_or_says_so(provider):
    everything(provider.calendar.full(WINDOW))
    if provider.calendar.hours_cost_a_call:
        with pytest.raises(AccessDenied):
            provider.calendar.calendar_hours()
    else:
        assert provider.calendar.calendar_hours() == CalendarHours("Europe/Berlin")


def test_looking_needs_no_token_to_go_on_from_and_reading_does(provider):
    put(provider)
    provider.server.world.calendars.gives_tokens = False
    events = [event for page in provider.calendar.peek(WINDOW) for event in page.events]
    assert len(events) == 1
    with pytest.raises(ProviderError, match="ended without"):
        everything(provider.calendar.full(WINDOW))


def test_another_event_is_not_mistaken_for_the_companion(provider):
    put(provider)
    provider.server.world.calendars.search_is_careless = True
    first = provider.calendar.create_companion(DRAFT)
    assert provider.calendar.create_companion(DRAFT).event_id == first.event_id
    provider.calendar.delete_companion(first.event_id)
    assert provider.calendar.create_companion(DRAFT).title == DRAFT.title
    assert len(companions(provider)) == 1


PAGES = [(200, "html"), (200, "empty"), (404, "html"), (410, "html"), (412, "html")]


def strike(provider, call, page, times=1):
    status, reason = page
    fault = Fault(provider.calls[call], status=status, reason=reason, times=times)
    provider.server.world.faults.add(fault)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_proxy_is_no_success_of_a_writing(provider, page):
    entry = put(provider, guests=[])
    (listed,), _, _ = everything(provider.calendar.full(WINDOW))
    event = provider.calendar.get(listed.event_id)
    strike(provider, "patch", page)
    provider.calendar.write_description(event, "C.O.")
    assert "C.O." in entry.description


@pytest.mark.parametrize("page", PAGES)
def test_nor_of_a_deletion(provider, page):
    event = provider.calendar.create_companion(DRAFT)
    strike(provider, "delete", page)
    provider.calendar.delete_companion(event.event_id)
    assert companions(provider) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("call", ["get", "patch", "delete", "list"])
def test_a_proxy_that_does_not_let_us_through_is_waited_out(provider, page, call):
    event = provider.calendar.create_companion(DRAFT)
    strike(provider, call, page, times=None)
    does = {
        "get": lambda: provider.calendar.get(event.event_id),
        "patch": lambda: provider.calendar.update_companion(event.event_id, DRAFT),
        "delete": lambda: provider.calendar.delete_companion(event.event_id),
        "list": lambda: everything(provider.calendar.full(WINDOW)),
    }
    with pytest.raises(Unavailable):
        does[call]()


def test_a_calendar_that_is_gone_has_its_own_error(provider):
    provider.server.world.people[ANA].has_calendar = False
    with pytest.raises(CalendarGone, match=r"licence|license"):
        list(provider.calendar.full(WINDOW))
