"""The manager's page: what is seen, what is not, and a word on a call."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from nudger.admin.controls import lock_down
from nudger.admin.persons import person_of_rep
from nudger.demo.installation import introduce
from nudger.domain.availability import RepState
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.store import controls, manager_stops, outbox, people
from nudger.store.people import NewRep
from tests.office import ANA, BEN, run_once
from tests.web.answer.test_router import COMMITMENT, Fields
from tests.web.manager.conftest import MIA, OLE, find, keep, share, tell
from tests.web.rep.conftest import token_of
from tests.web.rep.test_router import answer, send, steps

READ = ["/team", "/team/customers"]
WRITE = ["/team/calls/1/comment", "/team/weekly"]


def text(client, path="/team"):
    return Fields(client.get(path).text).text


def say(client, words="Ask who signs", call=1, headers=None, **fields):
    """Send the form of a call as its page has it."""
    hidden = Fields(client.get("/team").text).hidden
    data = {"token": hidden["token"], "nonce": hidden.get("nonce", "a" * 32), "text": words}
    return client.post(f"/team/calls/{call}/comment", data=data | fields, headers=headers)


def comments(pages):
    with pages.office.ctx.database.read() as tx:
        return outbox.of_kind(tx, MailKind.COMMENT)


def add(pages, *reps):
    introduce(pages.office.ctx, list(reps))


# What is seen


def test_who_was_not_told_is_not_there_and_who_was_is_there_by_name(team, mia):
    page = text(mia)
    assert "Ana Weber" in page
    for unseen in ("Ben", "ACME", "Dana", "Commitment"):
        assert unseen not in page
    tell(team, BEN)
    assert "Ana Weber, Ben Okafor" in text(mia)


def test_calls_are_read_once_the_rep_lets_the_manager_and_no_longer(opened, mia, ana):
    page = text(mia)
    for seen in ("Tomorrow, Tuesday 24 November", "ACME: pilot review", "No Commitment Objective"):
        assert seen in page
    assert "Secret of Ben" not in page
    answer(ana, next_milestone="Decision", fallback="A call with Joe")
    page = text(mia)
    for seen in (COMMITMENT, "Next milestone: Decision", "Fallback: A call with Joe"):
        assert seen in page
    keep(ana)
    page = text(mia)
    assert COMMITMENT not in page
    assert "ACME" not in page
    assert [one for one in steps(opened) if one in ("shared", "not_shared")] == [
        Reason.SHARED, Reason.NOT_SHARED,
    ]  # fmt: skip


def test_what_a_rep_keeps_to_themself_is_not_read(opened, mia, ana):
    answer(ana, next_milestone="Decision", place="private")
    page = text(mia)
    assert "has planned something and keeps it to themself" in page
    for unseen in (COMMITMENT, "Decision", "No Commitment Objective"):
        assert unseen not in page


def test_the_coach_says_the_same_to_both(opened, mia, ana):
    answer(ana, text="get a feeling for the budget")
    look = send(
        ana, "/me/calls/1/look", "/me/calls/1", commitment_objective="get a feeling for the budget"
    )
    hint = re.search(r'class="hint">([^<]+)<', look.text)[1]
    assert hint in mia.get("/team").text


def test_who_may_read_it_stands_on_the_reps_page(team, ana):
    page = text(ana, "/me/settings")
    assert f"{MIA} gets your weekly numbers" in page
    assert f"You can let {MIA} read" in page
    share(ana)
    assert f"{MIA} reads your customer calls" in text(ana, "/me/settings")


def test_it_is_let_to_whom_the_page_named_and_to_nobody_else(team, ana):
    assert share(ana, OLE).status_code == 422
    assert find(team).shared_with is None
    share(ana)
    add(team, NewRep(ANA, Provider.GOOGLE, "Ana Weber", manager=OLE))
    assert "reads your customer calls" not in text(ana, "/me/settings")


def test_another_manager_starts_anew(opened, mia):
    add(opened, NewRep(ANA, Provider.GOOGLE, "Ana Weber", manager=OLE))
    add(opened, NewRep(BEN, Provider.GOOGLE, "Ben", manager=MIA))
    assert "Ana" not in text(mia)


def test_nor_does_the_next_one_read_what_the_last_one_said(opened, mia, ana, sign_in):
    say(mia, "Ask who signs")
    assert "Ask who signs" in text(mia)
    add(opened, NewRep(ANA, Provider.GOOGLE, "Ana Weber", manager=OLE))
    tell(opened, ANA, OLE)
    share(ana, OLE)
    page = text(sign_in(OLE))
    assert "ACME: pilot review" in page
    assert "Ask who signs" not in page


def test_who_wants_to_be_forgotten_is_gone_from_it(opened, mia, ana):
    send(ana, "/me/forget", "/me/stored", sure="forget")
    assert "Ana" not in text(mia)
    assert find(opened).shared_with is None


def test_outcomes_and_milestones_stand_by_customer(opened, mia, ana, sign_in):
    answer(ana, next_milestone="Decision")
    start = opened.office.world.now().replace(day=24, hour=15)
    opened.office.meet("kept", start=start, title="ACME: kept")
    opened.office.later(minutes=2)
    run_once(opened.office.ctx)
    answer(
        ana,
        call=3,
        text="Joe agrees to send figures by Friday",
        next_milestone="First call",
        place="private",
    )
    opened.office.later(days=1, hours=9)
    ana = sign_in(ANA)
    for call in (1, 3):
        send(ana, f"/me/calls/{call}/outcome", f"/me/calls/{call}", outcome="yes")
    page = text(sign_in(MIA), "/team/customers")
    for seen in ("ACME", "Tue 24 Nov", "Ana Weber", "Decision", "yes"):
        assert seen in page
    assert "First call" not in page
    keep(ana)
    share(ana)
    assert "Decision" not in text(sign_in(MIA), "/team/customers"), "only from then on"


def test_a_page_and_its_piece_are_one(opened, mia):
    whole, piece = mia.get("/team").text, mia.get("/team", headers={"hx-request": "true"}).text
    assert "<html" in whole
    assert "<html" not in piece
    assert "ACME: pilot review" in piece


@pytest.mark.parametrize("path", READ)
def test_reading_writes_nothing(opened, mia, path):
    made = opened.office.statements(lambda: mia.get(path))
    assert [one for one in made if re.match("INSERT|UPDATE|DELETE", one)] == []


def test_it_is_in_the_readers_language(opened, mia):
    add(opened, NewRep(MIA, Provider.GOOGLE, "Mia", language="de"))
    assert "Kundengespräche Ihres Teams" in text(mia)


# Who comes in


def test_a_manager_signs_in_without_being_a_rep(team, mia):
    assert mia.get("/me").headers["location"] == "/team"
    for path in ("/me/settings", "/me/stored", "/me/calls/1"):
        assert mia.get(path).status_code == 404
    assert mia.post("/me/stay", data={"token": token_of(mia, "/team")}).status_code == 204
    out = mia.post("/me/sign-out", data={"token": token_of(mia, "/team")})
    assert out.headers["location"] == "/me/sign-in"
    assert mia.get("/team").headers["location"] == "/me/sign-in"


def test_who_is_both_has_both(opened, sign_in):
    add(opened, NewRep(MIA, Provider.GOOGLE, "Mia Brandt"))
    mia = sign_in(MIA)
    assert "My team" in text(mia, "/me")
    assert "My own calls" in text(mia, "/team")
    assert "ACME: pilot review" in text(mia, "/team")
    assert "ACME" not in text(mia, "/me")


def test_who_manages_nobody_any_more_is_out(opened, mia):
    add(opened, NewRep(ANA, Provider.GOOGLE, "Ana"), NewRep(BEN, Provider.GOOGLE, "Ben"))
    assert mia.get("/team").headers["location"] == "/me/sign-in"


@pytest.fixture
def ole(opened, sign_in):
    """Somebody else's manager."""
    opened.office.world.add_person(OLE, "Ole", zone="Europe/Berlin", provider="google")
    add(opened, NewRep(BEN, Provider.GOOGLE, "Ben Okafor", manager=OLE))
    return sign_in(OLE)


@pytest.mark.parametrize("path", READ)
def test_reading_is_for_managers(opened, ole, ana, path):
    with httpx.Client(base_url=opened.url, timeout=30) as nobody:
        assert nobody.get(path).headers["location"] == "/me/sign-in"
    led = ana.get(path)
    assert led.headers["location"] == "/me" if path == "/team" else led.status_code == 404
    page = ole.get(path)
    assert page.status_code == 200
    for secret in ("Ana", "ACME", "Secret of Ben"):
        assert secret not in page.text


@pytest.mark.parametrize("path", WRITE)
def test_writing_is_for_managers(opened, mia, ole, ana, path):
    with httpx.Client(base_url=opened.url, timeout=30) as nobody:
        assert nobody.post(path, data={"token": "x"}).headers["location"] == "/me/sign-in"
    assert ana.post(path, data={"token": token_of(ana, "/me")}).status_code == 404
    assert mia.post(path, data={"token": token_of(ole, "/team")}).status_code == 403
    assert mia.post(path, data={}).status_code == 403
    theirs = {"token": token_of(mia, "/team"), "nonce": "a" * 32, "text": "x", "choice": "stop"}
    crossed = mia.post(path, data=theirs, headers={"sec-fetch-site": "cross-site"})
    assert crossed.status_code == 403
    assert comments(opened) == []


@pytest.mark.parametrize("call", [1, 2, 99, 2**40])
def test_nothing_is_said_of_a_call_that_is_not_theirs(opened, ole, call):
    data = {"token": token_of(ole, "/team"), "nonce": "a" * 32}
    for words in ("Hello", ""):
        path = f"/team/calls/{call}/comment"
        assert ole.post(path, data=data | {"text": words}).status_code == 404
    assert comments(opened) == []


# A word on a call


def test_a_word_reaches_the_rep_before_the_call(opened, mia):
    before = len(opened.office.inbox(ANA))
    assert say(mia).headers["location"] == "/team#call-1"
    assert "Goes out on Mon 23 Nov, from" in text(mia)
    opened.office.later(minutes=61)
    run_once(opened.office.ctx)
    assert "Sent on Mon 23 Nov at 10:06." in text(mia)
    subjects = [str(one.headers["subject"]) for one in opened.office.inbox(ANA)][before:]
    assert subjects == ["ACME: pilot review, Tue 24 Nov: a word from Mia"]


def test_pressing_twice_sends_one(opened, mia):
    hidden = Fields(mia.get("/team").text).hidden
    data = {"token": hidden["token"], "nonce": hidden["nonce"], "text": "Ask who signs"}
    for _ in range(2):
        assert mia.post("/team/calls/1/comment", data=data).status_code == 303
    assert len(comments(opened)) == 1


@pytest.mark.parametrize("nonce", ["", "a" * 31, "A" * 32, "a" * 33, "../" * 8, "a" * 32 + "\n"])
def test_a_form_without_its_nonce_does_nothing(opened, mia, nonce):
    assert say(mia, nonce=nonce).status_code == 403
    assert comments(opened) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "Please write"),
        (" \n\u200b\r\n ", "Please write"),
        ("x" * 601, "too long"),
        ("x\n" * 13, "too long"),
    ],
)
def test_what_cannot_be_said_stays_in_its_field(opened, mia, words, says):
    refused = say(mia, words)
    assert refused.status_code == 422
    assert says in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert comments(opened) == []


def test_consent_withdrawn_between_page_and_word(opened, mia, ana):
    hidden = Fields(mia.get("/team").text).hidden
    keep(ana)
    data = {"token": hidden["token"], "nonce": hidden["nonce"], "text": "Ask who signs"}
    assert mia.post("/team/calls/1/comment", data=data).status_code == 404
    assert comments(opened) == []


def test_consent_withdrawn_before_it_is_sent(opened, mia, ana):
    say(mia)
    keep(ana)
    before = len(opened.office.inbox(ANA))
    opened.office.later(minutes=61)
    run_once(opened.office.ctx)
    assert len(opened.office.inbox(ANA)) == before
    assert [(one.state, one.reason) for one in comments(opened)] == [
        (MailState.WITHDRAWN, "not_shared"),
    ]


def refused_because(opened, mia, words):
    """Nothing is kept, the page says why, and what was typed is not lost."""
    hidden = Fields(mia.get("/team").text).hidden
    assert words in text(mia)
    data = {"token": hidden["token"], "nonce": "b" * 32, "text": "Ask who signs"}
    refused = mia.post("/team/calls/1/comment", data=data)
    assert refused.status_code == 409
    assert words in refused.text
    assert "Ask who signs</textarea>" in refused.text
    assert comments(opened) == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RepState.PAUSED, "Ana Weber has paused all mails"),
        (RepState.STOPPED, "Ana Weber has stopped all mails"),
        (RepState.RECONNECT, "until their account is connected"),
    ],
)
def test_a_rep_who_gets_no_mail_gets_no_word(opened, mia, state, words):
    with opened.office.ctx.database.begin() as tx:
        people.set_state(tx, find(opened).id, state)
    refused_because(opened, mia, words)


def test_an_admins_pause_holds_it_and_the_page_says_so(opened, mia):
    ctx = opened.office.ctx
    say(mia)
    with ctx.database.begin() as tx:
        controls.pause(tx, None, ctx.clock())
    opened.office.later(minutes=61)
    run_once(ctx)
    assert [one.state for one in comments(opened)] == [MailState.DUE]
    assert "Your admin has paused the mails" in text(mia)
    assert say(mia, "Another").status_code == 409
    with ctx.database.begin() as tx:
        controls.resume(tx, None)
    run_once(ctx)
    assert [one.state for one in comments(opened)] == [MailState.SENT]


def test_a_lockdown_closes_the_page(opened, mia):
    lock_down(opened.office.ctx.database, opened.office.ctx.clock())
    assert mia.get("/team").status_code == 503


def test_after_the_call_began_the_page_says_so(opened, sign_in):
    opened.office.at(opened.office.world.now().replace(day=24, hour=13, minute=0))
    mia = sign_in(MIA)
    refused_because(opened, mia, "would not reach Ana Weber before the call")


def test_there_is_an_end_to_what_is_said_of_one_call(opened, mia):
    for n in range(10):
        assert say(mia, f"Word {n}").status_code == 303
    assert say(mia, "One more", nonce="c" * 32).status_code == 409
    assert "You have said enough" in text(mia)


# The weekly mail


def test_the_weekly_mail_is_ended_and_begun_here_too(team, mia):
    for choice, stopped in (("stop", {MIA: Reason.MANAGER_STOP}), ("start", {})):
        assert send(mia, "/team/weekly", "/team", choice=choice).headers["location"] == "/team"
        with team.office.ctx.database.read() as tx:
            assert manager_stops.all_stopped(tx) == stopped
    assert send(mia, "/team/weekly", "/team", choice="x").status_code == 422


def test_it_is_ended_at_each_address_that_they_have(team, sign_in):
    """A rep may be named as a manager by either."""
    also = "m.brandt@ourco.example"
    add(team, NewRep(MIA, Provider.GOOGLE, "Mia Brandt", aliases=(also,)))
    send(sign_in(MIA), "/team/weekly", "/team", choice="stop")
    with team.office.ctx.database.read() as tx:
        assert set(manager_stops.all_stopped(tx)) == {MIA, also}


def test_who_leads_nobody_is_known_without_reading_the_others(team):
    ctx = team.office.ctx
    known = {}

    def look() -> None:
        with ctx.database.read() as tx:
            known.update({one: person_of_rep(ctx, tx, find(team, one)).leads for one in (BEN, ANA)})

    done = team.office.statements(look)
    listed = [one for one in done if one.startswith("SELECT") and "WHERE" not in one]
    assert (known, listed) == ({BEN: False, ANA: False}, [])
    with ctx.database.begin() as tx:
        people.add_rep(tx, replace(people.as_entered(find(team, BEN)), manager=ANA), ctx.clock())
    look()
    assert known == {BEN: False, ANA: True}
