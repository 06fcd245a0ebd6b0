"""Answering in the panel: what a card shows, what its buttons do, and what changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nudger.admin.controls import end_lockdown, lock_down
from nudger.domain.commitment import MeetingState, Outcome
from nudger.domain.mails import MailKind
from nudger.sandbox.faults import Fault
from nudger.store import audit, outbox, people
from tests.office import ANA, BEN, DANA, run_once
from tests.web.answer.test_router import COMMITMENT, revisions, saved
from tests.web.google_addon.conftest import (
    button_of,
    card_after,
    clicks_of,
    fields_of,
    toast,
    widgets,
    words,
)


def test_an_event_opens_on_its_call(asked):
    card = asked.event()
    assert card["header"]["title"] == "ACME: pilot review"
    for shown in ("dana@acme.example", "what will the customer have agreed to do?", "Save"):
        assert shown in words(card)
    names = [one["selectionInput"]["name"] for one in widgets(card) if "selectionInput" in one]
    assert names == ["next_milestone", "place"]


def test_what_was_typed_stays_typed_whatever_is_pressed(asked):
    """Google empties the fields of a card unless the button says otherwise."""
    buttons = [
        one["buttonList"]["buttons"] for one in widgets(asked.event()) if "buttonList" in one
    ]
    pressed = [
        one["onClick"]["action"] for few in buttons for one in few if "action" in one["onClick"]
    ]
    assert pressed
    assert all(one["persistValues"] is True for one in pressed)


def test_an_answer_is_saved_confirmed_and_written_into_the_event(asked):
    after = asked.press(
        asked.event(), "save", commitment_objective=COMMITMENT, next_milestone=":Decision"
    )
    assert "Saved." in toast(after)
    assert "is being written" in words(card_after(after))
    assert fields_of(card_after(after))["commitment_objective"] == COMMITMENT
    run_once(asked.office.ctx)
    assert COMMITMENT in asked.office.description("call1", DANA)
    assert "where the guests can read it" in words(asked.event())
    _, (_, answer) = saved(asked)
    assert (answer.next_milestone, answer.private) == ("Decision", False)


def test_nobody_is_reminded_of_what_was_answered_in_the_panel(asked):
    asked.press(asked.event(), "save", commitment_objective=COMMITMENT)
    with asked.office.ctx.database.read() as tx:
        assert outbox.waiting(tx, [MailKind.REMINDER]) == []


def test_the_coach_speaks_and_a_look_saves_nothing(asked):
    looked = asked.press(asked.event(), "look", commitment_objective="get a feeling for the budget")
    card = card_after(looked)
    assert "who on their side does that" in words(card)
    assert "kept to you" in words(card)
    assert fields_of(card)["commitment_objective"] == "get a feeling for the budget"
    assert revisions(asked) == 0


def test_only_for_me_is_never_put_where_guests_read(asked):
    asked.press(asked.event(), "save", commitment_objective=COMMITMENT, place="private")
    run_once(asked.office.ctx)
    assert COMMITMENT not in asked.office.description("call1", DANA)
    assert "private event" in words(asked.event())


def test_what_is_no_commitment_is_kept_to_the_rep_until_they_publish_it(asked):
    asked.press(asked.event(), "save", commitment_objective="get a feeling for the budget")
    run_once(asked.office.ctx)
    assert "budget" not in asked.office.description("call1", DANA)
    asked.press(asked.event(), "publish")
    run_once(asked.office.ctx)
    assert "budget" in asked.office.description("call1", DANA)


def test_an_answer_can_be_taken_back(asked):
    asked.press(asked.event(), "save", commitment_objective=COMMITMENT)
    run_once(asked.office.ctx)
    assert toast(asked.press(asked.event(), "undo")) == "Taken back."
    run_once(asked.office.ctx)
    assert COMMITMENT not in asked.office.description("call1")


@pytest.mark.parametrize("choice", ["skip", "not_customer"])
def test_a_call_can_be_left_out_and_taken_up_again(asked, choice):
    card = card_after(asked.press(asked.event(), choice))
    assert saved(asked)[0].state is MeetingState.WITHDRAWN
    assert "You " in words(card)
    asked.press(card, "undo")
    assert saved(asked)[0].state is MeetingState.ASKED


def test_later_asks_again(asked):
    assert "asked again" in toast(asked.press(asked.event(), "later_2h"))
    with asked.office.ctx.database.read() as tx:
        waiting = outbox.waiting(tx, [MailKind.REMINDER])
    assert len([mail for mail in waiting if mail.once.startswith("later:")]) == 1


def test_after_the_call_the_card_asks_whether_they_agreed(asked):
    asked.press(asked.event(), "save", commitment_objective=COMMITMENT)
    run_once(asked.office.ctx)
    asked.office.later(days=1, hours=8)
    card = asked.event()
    assert "Did they agree?" in words(card)
    assert COMMITMENT in words(card)
    told = asked.press(card, "outcome", outcome="yes", words="on 4 December")
    assert toast(told) == "Saved."
    assert "So far you said: yes" in words(card_after(told))
    with asked.office.ctx.database.read() as tx:
        given = asked.office.ctx.outcomes.find(tx, saved(asked)[0].id)
    assert (given.outcome, given.words) == (Outcome.YES, "on 4 December")


def test_nothing_chosen_is_no_outcome(asked):
    asked.office.later(days=1, hours=8)
    assert "Choose first" in toast(asked.press(asked.event(), "outcome"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Write one line"),
        ({"commitment_objective": " \u200b\n "}, "Write one line"),
        ({"commitment_objective": "x" * 501}, "At most 500 characters"),
        ({"commitment_objective": COMMITMENT, "next_milestone": ":Drinks"}, "one of the list"),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays_typed(asked, fields, says):
    answer = asked.press(asked.event(), "save", **fields)
    assert says in toast(answer)
    assert revisions(asked) == 0
    kept = fields_of(card_after(answer)).get("commitment_objective", "")
    assert kept.strip() == fields.get("commitment_objective", "").strip()


def test_a_question_that_is_long_past_is_closed(asked):
    asked.office.later(days=40)
    card = asked.event()
    assert "closed" in words(card)
    assert clicks_of(card) == []


def test_an_unknown_event_and_one_that_was_never_saved_are_nothing_to_answer(asked):
    assert "asks you nothing" in words(asked.event("another"))
    assert "asks you nothing" in words(asked.event(""))


def test_a_date_of_a_series_opens_on_its_own_call(panel):
    start = panel.office.world.now() + timedelta(days=1)
    first = panel.office.meet("weekly", start=start, title="ACME weekly")
    with panel.office.world.lock:
        del panel.office.world.calendars.of(ANA)["weekly"]
        del panel.office.world.calendars.of(DANA)["weekly"]
        dates = panel.office.world.calendars.add_series(first, 2, timedelta(days=7))
    run_once(panel.office.ctx)
    calls = [button_of(panel.event(one.id), "save")["call"] for one in dates]
    assert len(set(calls)) == 2


@pytest.mark.parametrize("calendar", ["c_team@group.calendar.google.com", BEN])
@pytest.mark.parametrize(
    ("changed", "opens"),
    [
        ({}, True),
        ({"organizer": BEN}, False),
        ({"start": datetime(2026, 11, 30, 9, 0, tzinfo=UTC)}, False),
        ({"id": "another"}, False),
        (None, False),
    ],
)
def test_another_calendar_opens_a_call_where_it_has_a_copy_of_it(asked, calendar, changed, opens):
    calendars = asked.office.world.calendars
    with asked.office.world.lock:
        copied = replace(calendars.find(ANA, "call1"), owner=calendar, **(changed or {}))
        calendars.of(calendar)[copied.id] = copied
        if changed is not None:
            calendars.readers[calendar] = {ANA}
    assert ("asks you nothing" not in words(asked.event(calendar=calendar))) is opens
    assert asked.event(calendar=ANA.upper())["header"]["title"] == "ACME: pilot review"


def test_while_google_does_not_say_whose_it_is_nothing_is_shown(asked):
    down = Fault("calendar.events.get", status=503, reason="backendError", times=9)
    asked.office.world.faults.add(down)
    event = {"id": "call1", "calendarId": BEN}
    assert asked.post("event", asked.body(asked.user_token(), event)).status_code == 503


def test_an_event_of_no_calendar_is_nothing_to_answer(asked):
    body = asked.body(asked.user_token(), {"id": "call1"})
    (navigation,) = asked.post("event", body).json()["action"]["navigations"]
    assert "asks you nothing" in words(navigation["pushCard"])


def test_the_homepage_has_the_coming_calls_and_welcomes_once(asked):
    first = asked.home()
    assert "in one line what the customer will have agreed" in words(first)
    assert "Without a Commitment Objective so far: 1" in words(first)
    again = asked.home()
    assert "in one line" not in words(again)
    (opens,) = clicks_of(again)
    card = card_after(asked.click(opens))
    assert card["header"]["title"] == "ACME: pilot review"
    asked.press(card, "save", commitment_objective=COMMITMENT)
    after = words(asked.home())
    assert "With a Commitment Objective: 1" in after
    assert COMMITMENT in after


def test_cards_are_in_the_reps_language(asked):
    with asked.office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        people.add_rep(tx, replace(people.as_entered(rep), language="de"), asked.office.world.now())
    assert "Dienstag" in asked.event()["header"]["subtitle"]
    assert "Speichern" in words(asked.event())


def test_strangers_words_are_never_markup(panel):
    panel.office.meet(title='<a href="https://evil.example">ACME</a> & Co\u202e')
    run_once(panel.office.ctx)
    card = card_after(
        panel.press(
            panel.event(), "save", commitment_objective="Dana agrees to <b>sign</b> by Friday"
        )
    )
    shown = [
        one[kind].get(part, "")
        for one in widgets(card)
        for kind in ("textParagraph", "decoratedText")
        if kind in one
        for part in ("text", "topLabel", "bottomLabel")
    ]
    assert any("&lt;b&gt;sign&lt;/b&gt;" in text for text in shown)
    assert not any("<b>" in text or "<a" in text for text in shown)
    assert card["header"]["title"] == '<a href="https://evil.example">ACME</a> & Co'
    assert fields_of(card)["commitment_objective"] == "Dana agrees to <b>sign</b> by Friday"
    home = panel.home()
    (call,) = [one["decoratedText"] for one in widgets(home) if "decoratedText" in one]
    assert call["text"].startswith("&lt;a href")


def test_a_lockdown_is_told_and_nothing_is_done(asked):
    card = asked.event()
    lock_down(asked.office.ctx.database, asked.office.world.now())
    assert "switched Nudger off" in words(asked.event())
    assert "switched Nudger off" in words(asked.home())
    after = asked.press(card, "save", commitment_objective=COMMITMENT)
    assert "switched Nudger off" in words(card_after(after))
    end_lockdown(asked.office.ctx.database, asked.office.world.now(), keep_tokens=True)
    assert revisions(asked) == 0


def test_what_was_done_in_the_panel_is_in_the_trail(asked):
    asked.press(asked.event(), "save", commitment_objective=COMMITMENT)
    with asked.office.ctx.database.read() as tx:
        steps = [(one.step.step, one.step.reason) for one in audit.after(tx, 0)]
    assert ("addon", "by_addon") in steps
    assert steps.count(("addon", "addon_account")) == 1


# Clicks that come again, or too late


def test_a_click_that_comes_again_does_nothing_again(asked):
    card = asked.event()
    for _ in range(2):
        assert "Saved." in toast(asked.press(card, "save", commitment_objective=COMMITMENT))
    assert revisions(asked) == 1


@pytest.mark.parametrize("choice", ["undo", "skip", "later_2h", "save"])
def test_a_click_of_a_card_that_is_out_of_date_does_nothing(asked, choice):
    asked.press(asked.event(), "save", commitment_objective=COMMITMENT)
    old = asked.event()
    asked.press(old, "save", commitment_objective=f"{COMMITMENT}, or on 7 December")
    before = revisions(asked), saved(asked)[0].state
    replayed = asked.press(old, choice, commitment_objective="Dana agrees to what was said before")
    assert "changed meanwhile" in toast(replayed)
    assert (revisions(asked), saved(asked)[0].state) == before
    if choice == "save":
        card = card_after(replayed)
        assert fields_of(card)["commitment_objective"] == "Dana agrees to what was said before"
        asked.press(card, "save")
        assert revisions(asked) == 3


def test_later_that_comes_again_leaves_one_mail(asked):
    card = asked.event()
    mails = []
    for _ in range(2):
        asked.press(card, "later_2h")
        run_once(asked.office.ctx)
        mails.append(len(asked.office.inbox(ANA)))
    assert mails[0] == mails[1]


@pytest.mark.parametrize("seal", ["", "1.2", "9999999999.abc", "x" * 2000])
def test_without_a_seal_of_ours_nothing_is_done(asked, seal):
    parameters = {**button_of(asked.event(), "save"), "seal": seal}
    assert "changed meanwhile" in toast(asked.click(parameters, commitment_objective=COMMITMENT))
    assert revisions(asked) == 0
