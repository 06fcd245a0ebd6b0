"""Answering on a page: what is shown, what is saved, and what changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from nudger.admin.controls import end_lockdown, lock_down
from nudger.domain.commitment import MeetingState, Outcome
from nudger.domain.mails import MailKind
from nudger.store import audit, outbox
from tests.office import ANA, DANA, run_once

COMMITMENT = "Dana agrees to bring the CFO to a 30-minute ROI review on 4 December"


class Fields(HTMLParser):
    """The names and values of a page's hidden fields, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found["value"]

    def handle_data(self, data):
        self.text += data


def sheet(pages, path=""):
    answer = pages.client.get(f"{pages.link()}/1{path}")
    assert answer.status_code == 200
    return Fields(answer.text)


def send(pages, path="", **fields):
    """Send the sheet's form as a browser does, with its token unless told otherwise."""
    link = pages.link()
    token = fields.pop("token", None) or sheet(pages).hidden["token"]
    return pages.client.post(f"{link}/1{path}", data={"token": token, **fields})


def saved(pages):
    with pages.office.ctx.database.read() as tx:
        (meeting,) = pages.office.ctx.meetings.in_order(tx, [1])
        latest = pages.office.ctx.answers.latest(tx, meeting.id)
    return meeting, latest


def revisions(pages):
    _, latest = saved(pages)
    return 0 if latest is None else latest[0]


def test_the_link_of_one_call_leads_to_its_page(asked):
    led = asked.client.get(asked.link())
    assert (led.status_code, led.headers["location"]) == (303, f"{asked.link()}/1")
    page = sheet(asked)
    for shown in ("ACME: pilot review", "dana@acme.example", "Needs analysis"):
        assert shown in page.text


def test_an_answer_is_saved_confirmed_and_written_into_the_event(asked):
    after = send(asked, commitment_objective=COMMITMENT, next_milestone="Decision")
    assert (after.status_code, after.headers["location"]) == (303, f"{asked.link()}/1")
    assert "It is being written into your calendar" in sheet(asked).text
    run_once(asked.office.ctx)
    assert COMMITMENT in asked.office.description("call1", DANA)
    assert "where the guests can read it" in sheet_of_question(asked).text
    subjects = [mail.headers["subject"] for mail in asked.office.inbox(ANA)]
    assert len(subjects) == 2, subjects


def sheet_of_question(pages):
    answer = pages.client.get(f"{pages.link(mail=0)}/1")
    assert answer.status_code == 200
    return Fields(answer.text)


def test_what_is_no_commitment_is_kept_to_the_rep_until_they_publish_it(asked):
    send(asked, commitment_objective="get a feeling for the budget")
    run_once(asked.office.ctx)
    assert "budget" not in asked.office.description("call1", DANA)
    page = sheet_of_question(asked)
    assert "kept to you" in page.text
    link = asked.link(mail=0)
    data = {"token": page.hidden["token"], "choice": "publish"}
    assert asked.client.post(f"{link}/1/other", data=data).status_code == 303
    run_once(asked.office.ctx)
    assert "budget" in asked.office.description("call1", DANA)


def test_only_for_me_is_never_put_where_guests_read(asked):
    send(asked, commitment_objective=COMMITMENT, place="private")
    run_once(asked.office.ctx)
    assert COMMITMENT not in asked.office.description("call1", DANA)
    meeting, latest = saved(asked)
    assert latest[1].private
    assert meeting.state is MeetingState.WRITTEN


def test_answering_again_makes_a_revision_and_the_same_again_none(asked):
    send(asked, commitment_objective=COMMITMENT)
    send(asked, commitment_objective=COMMITMENT)
    assert revisions(asked) == 1
    send(asked, commitment_objective=f"{COMMITMENT}, or 7 December")
    assert revisions(asked) == 2


def test_a_field_that_was_emptied_is_empty(asked):
    send(asked, commitment_objective=COMMITMENT, next_milestone="Decision", fallback="A call")
    send(asked, commitment_objective=COMMITMENT, next_milestone="", fallback="")
    _, (_, answer) = saved(asked)
    assert (answer.next_milestone, answer.fallback) == (None, None)


def test_undo_takes_the_answer_back(asked):
    send(asked, commitment_objective=COMMITMENT)
    run_once(asked.office.ctx)
    page = sheet_of_question(asked)
    link = asked.link(mail=0)
    data = {"token": page.hidden["token"], "choice": "undo"}
    assert asked.client.post(f"{link}/1/other", data=data).status_code == 303
    run_once(asked.office.ctx)
    assert COMMITMENT not in asked.office.description("call1")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Write one line"),
        ({"commitment_objective": " \u200b\n "}, "Write one line"),
        ({"commitment_objective": "x" * 501}, "At most 500 characters"),
        (
            {"commitment_objective": COMMITMENT, "next_milestone": "Drinks"},
            "Choose one of the list",
        ),
        ({"commitment_objective": COMMITMENT, "fallback": "x" * 501}, "At most 500 characters"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_field_and_stays_typed(asked, fields, says):
    answer = send(asked, **fields)
    assert answer.status_code == 422
    assert says in Fields(answer.text).text
    if len(fields.get("commitment_objective", "")) > 1:
        assert fields["commitment_objective"].strip() in answer.text.replace("\r", "")
    assert revisions(asked) == 0


def test_a_look_saves_nothing(asked):
    answer = send(asked, commitment_objective=COMMITMENT, then="look")
    assert answer.status_code == 200
    assert "This is what" in Fields(answer.text).text
    assert send(asked, "/look", commitment_objective="their budget").status_code == 200
    assert revisions(asked) == 0


@pytest.mark.parametrize(
    ("choice", "state"),
    [("skip", MeetingState.WITHDRAWN), ("not_customer", MeetingState.WITHDRAWN)],
)
def test_a_call_can_be_left_out(asked, choice, state):
    assert send(asked, "/other", choice=choice).status_code == 303
    meeting, _ = saved(asked)
    assert (meeting.state, meeting.reason) == (state, choice)


def test_later_said_twice_asks_again_once(asked):
    for _ in range(2):
        send(asked, "/other", choice="later_2h")
    with asked.office.ctx.database.read() as tx:
        waiting = outbox.waiting(tx, [MailKind.REMINDER])
    assert len([mail for mail in waiting if mail.once.startswith("later:")]) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Choose first"),
        ({"choice": "everything"}, "Choose first"),
        ({"choice": "hand_over", "colleague": "Ben"}, "Whose address?"),
    ],
)
def test_nothing_is_done_that_was_not_chosen(asked, fields, says):
    answer = send(asked, "/other", **fields)
    assert answer.status_code == 422
    assert says in Fields(answer.text).text
    assert saved(asked)[0].state is MeetingState.ASKED


def test_after_the_call_the_page_asks_whether_they_agreed(asked):
    send(asked, commitment_objective=COMMITMENT)
    run_once(asked.office.ctx)
    asked.office.later(days=1, hours=8)
    page = sheet_of_question(asked)
    assert "Did they agree?" in page.text
    link, token = asked.link(mail=0), page.hidden["token"]
    nothing = asked.client.post(f"{link}/1/outcome", data={"token": token, "outcome": ""})
    assert nothing.status_code == 422
    given = {"token": token, "outcome": "yes", "words": "on 4 December"}
    assert asked.client.post(f"{link}/1/outcome", data=given).status_code == 303
    with asked.office.ctx.database.read() as tx:
        meeting, _ = saved(asked)
        outcome = asked.office.ctx.outcomes.find(tx, meeting.id)
    assert (outcome.outcome, outcome.words) == (Outcome.YES, "on 4 December")


def test_an_outcome_before_the_end_is_refused(asked):
    send(asked, "/outcome", outcome="yes")
    with asked.office.ctx.database.read() as tx:
        assert asked.office.ctx.outcomes.find(tx, saved(asked)[0].id) is None


def test_what_was_done_on_a_page_is_in_the_trail(asked):
    send(asked, commitment_objective=COMMITMENT)
    with asked.office.ctx.database.read() as tx:
        steps = [one.step for one in audit.after(tx, 0)]
    assert ("page", "by_page") in [(one.step, one.reason) for one in steps]


def test_a_question_that_is_long_past_is_closed(asked):
    link, token = asked.link(), sheet(asked).hidden["token"]
    asked.office.later(days=40)
    page = asked.client.get(f"{link}/1")
    assert "closed" in page.text
    late = {"token": token, "commitment_objective": COMMITMENT}
    assert asked.client.post(f"{link}/1", data=late).status_code == 403
    assert revisions(asked) == 0


# Who may do nothing


@pytest.mark.parametrize("token", ["", "1.2", "9999999999.abc", "٣.abc", "x" * 4000])
def test_a_form_that_is_not_ours_does_nothing(asked, token):
    link = asked.link()
    data = {"token": token, "commitment_objective": COMMITMENT}
    assert asked.client.post(f"{link}/1", data=data).status_code == 403
    assert revisions(asked) == 0


def test_a_form_of_another_question_does_nothing(asked):
    asked.office.meet("call2", start=asked.office.world.now() + timedelta(days=2, hours=5))
    run_once(asked.office.ctx)
    asked.office.later(days=1)
    run_once(asked.office.ctx)
    links = {asked.link(mail=at) for at in range(len(asked.office.inbox(ANA)))}
    assert len(links) > 1
    first, second, *_ = sorted(links)
    token = Fields(asked.client.get(f"{first}/1").text).hidden["token"]
    data = {"token": token, "commitment_objective": COMMITMENT}
    assert asked.client.post(f"{second}/1", data=data).status_code == 403


@pytest.mark.parametrize("path", ["/answer/" + "a" * 32 + "/1", "/answer/x/1", "/answer/%00/1"])
def test_an_unknown_link_leads_nowhere(asked, path):
    answer = asked.client.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize("number", ["0", "2", "-1", "99999999999999999999", "A"])
def test_a_question_has_no_other_calls(asked, number):
    assert asked.client.get(f"{asked.link()}/{number}").status_code in (404, 422)


@pytest.mark.parametrize("sent_to", ["look", "outcome", "other"])
def test_a_tab_that_is_opened_anew_where_its_form_was_sent_shows_the_call(asked, sent_to):
    there = asked.client.get(f"{asked.link()}/1/{sent_to}")
    assert (there.status_code, there.headers["location"]) == (303, f"{asked.link()}/1")
    assert asked.client.get(f"{asked.link()}/2/{sent_to}").status_code == 404


def test_guessing_links_ends_and_shuts_nobody_out(asked):
    """Behind a proxy all may come from one address."""
    codes = [asked.client.get(f"/answer/{'b' * 31}{n % 10}/1").status_code for n in range(40)]
    assert codes == [404] * 30 + [429] * 10
    assert asked.client.get(f"{asked.link()}/1").status_code == 200
    asked.office.later(minutes=11)
    assert asked.client.get(f"/answer/{'b' * 32}/1").status_code == 404


def test_in_a_lockdown_and_after_it_no_link_counts(asked):
    link, ctx = asked.link(), asked.office.ctx
    data = {"token": sheet(asked).hidden["token"], "commitment_objective": COMMITMENT}
    lock_down(ctx.database, ctx.clock())
    assert asked.client.get(f"{link}/1").status_code == 503
    assert asked.client.post(f"{link}/1", data=data).status_code == 503
    end_lockdown(ctx.database, ctx.clock(), keep_tokens=False)
    assert asked.client.get(f"{link}/1").status_code == 404
    assert revisions(asked) == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_writes_nothing(asked, method):
    def read():
        return asked.client.request(method, f"{asked.link()}{path}")

    for path in ["", "/1", "/1/other", "/1/outcome", "/1/look"]:
        statements = asked.office.statements(read)
        changes = [one for one in statements if re.match(r"INSERT|UPDATE|DELETE", one)]
        assert changes == [], path
