"""What is due for a rep at one time is one mail, in the order of the calls."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.domain.event import Provider
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.outgoing.batching import MAX_MEETINGS
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.people_pages import plain_text
from nudger.store import people
from nudger.store.people import NewRep
from tests.office import ANA, BEN, DANA

LATER = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def two_calls(office):
    """Planned in the other order than they begin in."""
    office.meet("late", start=LATER, title="Late one")
    scan(office.ctx)
    office.meet("early", title="Early one")
    office.later(minutes=2)
    scan(office.ctx)
    ask(office.ctx)
    return office


def test_calls_are_numbered_as_they_begin(two_calls):
    (question,) = two_calls.inbox(ANA)
    text = plain_text(question)
    assert text.index("Early one") < text.index("Late one")


def test_no_mail_is_about_more_calls_than_one_can_answer(office):
    for number in range(MAX_MEETINGS + 2):
        office.meet(f"call{number}", title=f"Call {number}")
    scan(office.ctx)
    ask(office.ctx)
    office.later(hours=1, minutes=1)
    ask(office.ctx)
    subjects = [one.headers["subject"].partition(",")[0] for one in office.inbox(ANA)]
    assert subjects == [f"{MAX_MEETINGS} calls", "2 calls"]


def test_answers_and_their_confirmation_go_by_the_same_numbers(two_calls):
    two_calls.reply(
        "1: Dana signs the first step on Friday\n2: Dana signs the second step on Friday"
    )
    two_calls.later(minutes=2)
    for step in (listen, understand, write, ask):
        step(two_calls.ctx)
    assert "first step" in two_calls.description("early")
    assert "second step" in two_calls.description("late")
    text = plain_text(two_calls.inbox(ANA)[-1])
    parts = [text.index(one) for one in ("Early one", "first step", "Late one", "second step")]
    assert parts == sorted(parts)


def test_of_two_confirmations_about_one_call_the_later_counts(two_calls):
    for word in ("first", "second"):
        two_calls.reply(f"1: Dana signs the {word} offer on Friday", mail=0)
        two_calls.later(minutes=1)
        for step in (listen, understand, write):
            step(two_calls.ctx)
    ask(two_calls.ctx)
    _, confirmation = two_calls.inbox(ANA)
    text = plain_text(confirmation)
    assert ("second offer" in text, "first offer" in text) == (True, False)


def test_a_call_planned_while_the_mails_before_it_go_out_goes_along(office, monkeypatch):
    """What is due is put together at each claim, not once for all."""
    with office.ctx.database.begin() as tx:
        ben = people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben"), office.ctx.clock())
    office.meet("bens", owner=BEN, guests=[BEN, DANA])
    scan(office.ctx, only=[ben.id])
    office.meet("late", start=LATER, title="Late one")
    office.meet("early", title="Early one")
    mailbox_for = office.ctx.accounts.mailbox_for

    def plan_meanwhile(rep):
        if rep.email == BEN:
            scan(office.ctx)
        return mailbox_for(rep)

    monkeypatch.setattr(office.ctx.accounts, "mailbox_for", plan_meanwhile)
    ask(office.ctx)
    (question,) = office.inbox(ANA)
    assert "2 calls" in question.headers["subject"]
