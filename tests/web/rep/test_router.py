"""The rep's page: what a rep sees, what they change, and that it is theirs alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import httpx
import pytest
from sqlalchemy import select, update

from nudger.admin.health import find_concerns
from nudger.admin.rep_page import agreed_by_customer, overview
from nudger.demo.installation import introduce
from nudger.domain.availability import RepState
from nudger.domain.commitment import Answer
from nudger.domain.event import Provider
from nudger.domain.health import Concern
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.store import audit, outbox, people, tables
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from tests.office import ANA, BEN, BERLIN, DANA, run_once
from tests.web.answer.test_router import COMMITMENT, Fields
from tests.web.rep.conftest import token_of

CALLS = ["/me/calls/{id}", "/me/calls/{id}/look", "/me/calls/{id}/outcome", "/me/calls/{id}/other"]
READ = ["/me", "/me/agreed", "/me/settings", "/me/stored"]
CHANGES = [
    "/me/pause", "/me/start", "/me/language", "/me/time-zone", "/me/asked-in", "/me/channel",
    "/me/export", "/me/forget",
    "/me/stay", "/me/sign-out",
]  # fmt: skip


def send(client, path, page="/me", **fields):
    return client.post(path, data={"token": token_of(client, page), **fields})


def rep(pages, email=ANA):
    with pages.office.ctx.database.read() as tx:
        return people.find_rep(tx, email)


def answer(client, call=1, text=COMMITMENT, **fields):
    path = f"/me/calls/{call}"
    return send(client, path, path, commitment_objective=text, **fields)


def steps(pages):
    with pages.office.ctx.database.read() as tx:
        return [one.step.reason for one in audit.after(tx, 0)]


@pytest.fixture
def with_ben(pages):
    """Ben is a rep too, and has a call of his own, number 1."""
    introduce(pages.office.ctx, [NewRep(BEN, Provider.GOOGLE, "Ben", time_zone=BERLIN)])
    pages.office.meet("bens", owner=BEN, organizer=BEN, guests=[BEN, DANA], title="Secret of Ben")
    run_once(pages.office.ctx)
    return pages


# What is seen


def test_coming_calls_are_listed_with_what_is_planned(asked, ana):
    page = Fields(ana.get("/me").text).text
    assert "ACME: pilot review" in page
    assert "Without a Commitment Objective so far: 1" in page
    assert answer(ana).headers["location"] == "/me/calls/1"
    page = Fields(ana.get("/me").text).text
    assert COMMITMENT in page
    assert "Without a Commitment Objective" not in page


def test_a_call_is_answered_as_on_the_page_of_a_mail(asked, ana):
    assert "Write one line" in answer(ana, text="").text
    answer(ana)
    assert "It is being written" in ana.get("/me/calls/1").text
    run_once(asked.office.ctx)
    assert COMMITMENT in asked.office.description("call1", DANA)
    assert send(ana, "/me/calls/1/other", "/me/calls/1", choice="undo").status_code == 303
    run_once(asked.office.ctx)
    assert COMMITMENT not in asked.office.description("call1", DANA)


def test_history_and_numbers_are_those_of_the_weekly_mail(asked, ana, sign_in):
    answer(ana, next_milestone="Decision")
    asked.office.later(days=1, hours=8)
    ana = sign_in(ANA)
    send(ana, "/me/calls/1/outcome", "/me/calls/1", outcome="yes")
    seen = overview(asked.office.ctx, rep(asked))
    assert [one.outcome for one in seen.behind] == ["yes"]
    for numbers in seen.numbers:
        counts = numbers.counts
        assert (counts.asked, counts.answered_in_time, counts.agreed, counts.reached) == (
            1,
            1,
            1,
            1,
        )
        assert numbers.hit_rate == 100
    page = Fields(ana.get("/me").text).text
    assert "100\u202f%" in page
    assert "Did they agree? yes" in page


def test_without_outcomes_there_is_no_hit_rate(asked, ana):
    assert overview(asked.office.ctx, rep(asked)).numbers[0].hit_rate is None
    assert "–" in Fields(ana.get("/me").text).text


@pytest.mark.parametrize("outcome", ["partly", "no", None])
def test_only_what_was_agreed_is_on_the_list_for_the_buyer(asked, ana, sign_in, outcome):
    answer(ana)
    asked.office.later(days=1, hours=8)
    ana = sign_in(ANA)
    if outcome:
        send(ana, "/me/calls/1/outcome", "/me/calls/1", outcome=outcome)
    assert COMMITMENT not in ana.get("/me/agreed").text
    send(ana, "/me/calls/1/outcome", "/me/calls/1", outcome="yes")
    page = ana.get("/me/agreed").text
    assert f"- Tue 24 Nov: {COMMITMENT}" in page
    assert "acme.example" in page
    assert "@acme.example" not in page


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (COMMITMENT, {"place": "private"}),
        ("get a feeling for the budget", {}),
    ],
)
def test_what_guests_were_not_to_read_is_not_on_it(asked, ana, sign_in, text, fields):
    answer(ana, text=text, **fields)
    asked.office.later(days=1, hours=8)
    ana = sign_in(ANA)
    send(ana, "/me/calls/1/outcome", "/me/calls/1", outcome="yes")
    assert agreed_by_customer(asked.office.ctx, rep(asked)) == {}


def test_what_was_changed_after_they_agreed_is_not_what_they_agreed_to(asked, ana, sign_in):
    answer(ana)
    asked.office.later(days=1, hours=8)
    ana = sign_in(ANA)
    send(ana, "/me/calls/1/outcome", "/me/calls/1", outcome="yes")
    asked.office.later(hours=1)
    with asked.office.ctx.database.begin() as tx:
        later = Answer("Dana agrees to sign the contract on 8 December")
        asked.office.ctx.answers.add(tx, 1, rep(asked).id, later, None, asked.office.ctx.clock())
    (said,) = agreed_by_customer(asked.office.ctx, rep(asked))["acme.example"]
    assert said.commitment == COMMITMENT


# What is changed


def test_a_pause_and_a_start_are_as_by_mail(asked, ana):
    assert send(ana, "/me/pause", length="2 weeks").status_code == 303
    assert rep(asked).state is RepState.PAUSED
    assert "You are not asked until Monday 7 December" in ana.get("/me").text
    send(ana, "/me/start")
    assert rep(asked).state is RepState.ACTIVE
    send(ana, "/me/pause", length="stop")
    assert rep(asked).state is RepState.STOPPED
    assert {"pause", "start", "stop"} <= set(steps(asked))


def test_a_pause_that_is_over_is_none(asked, ana):
    send(ana, "/me/pause", length="1 week")
    with asked.office.ctx.database.begin() as tx:
        over = asked.office.world.now() - timedelta(minutes=1)
        tx.execute(update(tables.rep).values(paused_until=over))
    assert "You are asked before your customer calls" in ana.get("/me").text


@pytest.mark.parametrize("length", ["", "for ever", "1 minute"])
def test_nothing_is_paused_that_was_not_chosen(asked, ana, length):
    answered = send(ana, "/me/pause", length=length)
    assert (answered.status_code, "Choose first" in answered.text) == (422, True)
    assert rep(asked).state is RepState.ACTIVE


def test_the_language_is_that_of_mails_and_pages(asked, ana):
    send(ana, "/me/language", "/me/settings", chosen="de")
    assert rep(asked).language == "de"
    assert '<html lang="de">' in ana.get("/me").text
    send(ana, "/me/language", "/me/settings", chosen="")
    assert rep(asked).language is None
    assert Reason.CHANGED_BY_REP in steps(asked)


def test_a_time_zone_moves_what_waits(pages, ana):
    pages.office.meet(start=pages.office.world.now() + timedelta(days=4))
    run_once(pages.office.ctx)
    with pages.office.ctx.database.read() as tx:
        due = select(tables.mail.c.due_at).where(tables.mail.c.kind == "question")
        before = tx.scalar(due)
    send(ana, "/me/time-zone", "/me/settings", chosen="America/New_York")
    assert rep(pages).time_zone == "America/New_York"
    with pages.office.ctx.database.read() as tx:
        assert tx.scalar(due) != before
    assert "America/New_York (chosen for you)" in ana.get("/me/settings").text


@pytest.mark.parametrize(
    ("path", "chosen"),
    [
        ("/me/language", "xx"),
        ("/me/language", "../de"),
        ("/me/time-zone", "Berlin"),
        ("/me/time-zone", "../../etc/passwd"),
        ("/me/time-zone", "x" * 5000),
    ],
)
def test_there_is_no_other_choice(asked, ana, path, chosen):
    answered = send(ana, path, "/me/settings", chosen=chosen)
    assert (answered.status_code, "Choose one of the list" in answered.text) == (422, True)
    assert (rep(asked).language, rep(asked).time_zone) == (None, None)


def test_all_that_is_stored_can_be_taken_and_has_nothing_of_others(with_ben, sign_in):
    office = with_ben.office
    office.meet(title="ACME: pilot review")
    office.later(minutes=2)
    run_once(office.ctx)
    with office.ctx.database.begin() as tx:
        to_manager = NewMail(
            MailKind.MANAGER_WEEKLY,
            "of-several",
            rep(with_ben).id,
            office.world.now(),
            Reason.WEEKLY,
        )
        outbox.put(tx, replace(to_manager, recipient="chief@ourco.example"))
    ana = sign_in(ANA)
    taken = send(ana, "/me/export", "/me/stored")
    assert "attachment" in taken.headers["content-disposition"]
    kept = json.loads(taken.text)
    assert [one["email"] for one in kept["rep"]] == [ANA]
    assert [one["details"]["title"] for one in kept["meetings"]] == ["ACME: pilot review"]
    assert len(kept["sessions"]) == 1
    assert "Secret of Ben" not in taken.text
    assert BEN not in taken.text
    assert "chief@" not in taken.text
    assert not re.search("_hash", taken.text)
    assert Reason.EXPORTED_BY_REP in steps(with_ben)


def test_who_wants_to_be_forgotten_gets_no_more_mails_and_an_admin_sees_it(asked, ana):
    nothing = send(ana, "/me/forget", "/me/stored", sure="")
    assert (nothing.status_code, rep(asked).state) == (422, RepState.ACTIVE)
    assert send(ana, "/me/forget", "/me/stored", sure="forget").status_code == 303
    assert rep(asked).state is RepState.STOPPED
    assert rep(asked).state_reason == Reason.ASKED_TO_BE_FORGOTTEN
    assert "You asked for it" in ana.get("/me/stored").text
    asked.office.reply("stop", ANA, mail=0)
    run_once(asked.office.ctx)
    assert find_concerns(asked.office.ctx) == (Concern.FORGET_ASKED,)
    send(ana, "/me/start", "/me/stored")
    assert "You asked for it" not in ana.get("/me/stored").text
    assert find_concerns(asked.office.ctx) == ()


# Who may


def test_who_is_not_signed_in_is_asked_to(with_ben):
    for path, method in product([*READ, *CALLS], ["GET", "HEAD", "POST"]):
        answered = with_ben.client.request(method, path.format(id=1))
        assert answered.status_code in (303, 405), (method, path)
        assert answered.headers.get("location", "/me/sign-in") == "/me/sign-in", (method, path)


def test_nothing_is_done_for_who_is_not_signed_in(with_ben):
    def tried():
        return with_ben.client.post(path, data={"token": "x"})

    for path in CHANGES:
        assert writing(with_ben.office.statements(tried)) == [], path


@pytest.mark.parametrize("call", [1, 999, 0, 2**31, 10**30])
def test_calls_of_others_are_not_there(with_ben, ana, call):
    token = token_of(ana, "/me")
    fields = {"commitment_objective": COMMITMENT, "outcome": "yes", "choice": "skip"}
    answers = [ana.get(CALLS[0].format(id=call))]
    answers += [ana.post(one.format(id=call), data={"token": token, **fields}) for one in CALLS]
    for answered in answers:
        assert answered.status_code == 404, answered.url
        assert "Secret of Ben" not in answered.text, answered.url
    with with_ben.office.ctx.database.read() as tx:
        assert with_ben.office.ctx.answers.latest(tx, 1) is None


def test_pages_show_nothing_of_others(with_ben, ana):
    for path in READ:
        assert "Secret of Ben" not in ana.get(path).text


@pytest.mark.parametrize("whose", ["nobody's", "another session's"])
def test_a_form_of_no_page_of_this_session_does_nothing(asked, ana, sign_in, whose):
    token = "" if whose == "nobody's" else token_of(sign_in(ANA), "/me")
    fields = {
        "token": token, "length": "1 week", "chosen": "de", "sure": "forget",
        "commitment_objective": COMMITMENT, "choice": "skip", "outcome": "yes",
    }  # fmt: skip
    state = rep(asked)
    for path in [*CHANGES, *(one.format(id=1) for one in CALLS)]:
        assert ana.post(path, data=fields).status_code == 403, path
        assert rep(asked) == state, path
        assert ana.get("/me").status_code == 200, path


def test_reading_writes_nothing(asked, ana):
    def read():
        return ana.request(method, path)

    for path, method in product([*READ, "/me/calls/1"], ["GET", "HEAD"]):
        assert writing(asked.office.statements(read)) == [], (method, path)


def writing(statements):
    return [one for one in statements if re.match(r"INSERT|UPDATE|DELETE", one)]


def test_no_page_is_kept_or_says_where_it_was(asked, ana):
    for path in READ:
        headers = ana.get(path).headers
        kept = (headers["cache-control"], headers["referrer-policy"])
        assert kept == ("no-store", "no-referrer"), path


def test_another_site_does_nothing(asked, ana):
    token = token_of(ana, "/me")
    data = {"token": token, "length": "1 week"}
    answered = ana.post("/me/pause", data=data, headers={"sec-fetch-site": "cross-site"})
    assert answered.status_code == 403
    assert rep(asked).state is RepState.ACTIVE


def test_a_piece_of_a_page_leads_to_signing_in_when_the_session_is_over(asked):
    asked_for = {"hx-request": "true"}
    with httpx.Client(base_url=asked.url, timeout=30) as client:
        answered = client.post("/me/stay", headers=asked_for)
    assert answered.headers["hx-redirect"] == "/me/sign-in"
