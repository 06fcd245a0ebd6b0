"""The one question back: the same in the mail and on the page, in the rep's language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.commitment import Answer
from nudger.jobs.outgoing.coaching import advice_on, coaching, question_back
from nudger.jobs.outgoing.render import templates_of
from nudger.store import people
from tests.office import run_once

SHARP = "Dana, the CFO, agrees to a pilot by Friday"
ORDER = "Dana, the CFO, signs the order by Friday"


@pytest.fixture
def asked(office):
    office.meet()
    run_once(office.ctx)
    return office


def rep_and_call(office):
    with office.ctx.database.read() as tx:
        return people.get_rep(tx, 1), office.ctx.meetings.get(tx, 1)


@pytest.mark.parametrize(
    ("objective", "milestone", "says"),
    [
        (SHARP, "Needs analysis", None),
        (ORDER, "Decision", None),
        (ORDER, "First call", "smaller step"),
        (ORDER, "something else", None),
        ("Send the proposal", "Needs analysis", "is your own task"),
    ],
)
def test_what_is_asked_back_about_an_answer_in_the_mail_and_on_the_page(
    asked, objective, milestone, says
):
    rep, call = rep_and_call(asked)
    answer = Answer(commitment_objective=objective, next_milestone=milestone)
    question = question_back(asked.ctx, rep, answer, first=True)
    advice = advice_on(asked.ctx, rep, call, answer)
    words = templates_of(asked.ctx, rep).words
    assert coaching(words, advice) == (question or "")
    assert (says in question) if says else question is None


@pytest.mark.parametrize(
    ("answer", "first", "says"),
    [
        (Answer(next_milestone="Decision"), True, "what will the customer have agreed to do"),
        (Answer(next_milestone="Decision"), False, None),
        (Answer(commitment_objective=SHARP), True, "And which milestone comes next?"),
        (Answer(commitment_objective=SHARP), False, None),
        (Answer(commitment_objective="Send the proposal"), False, "is your own task"),
    ],
)
def test_a_missing_half_is_asked_for_once(asked, answer, first, says):
    rep, _ = rep_and_call(asked)
    question = question_back(asked.ctx, rep, answer, first=first)
    assert (says in question) if says else question is None


def test_no_milestone_is_asked_for_where_there_are_none(asked):
    settings = asked.ctx.settings.model_copy(update={"milestones": ()})
    rep, _ = rep_and_call(asked)
    ctx = replace(asked.ctx, settings=settings)
    assert question_back(ctx, rep, Answer(commitment_objective=SHARP), first=True) is None


def test_it_is_asked_in_the_reps_language_with_their_own_words(asked):
    rep, call = rep_and_call(asked)
    german = replace(rep, language="de")
    answer = Answer(commitment_objective="Send the proposal")
    advice = advice_on(asked.ctx, german, call, answer)
    says = coaching(templates_of(asked.ctx, german).words, advice)
    assert "Send the proposal" in says
    assert "your own task" not in says


def test_a_rep_is_no_customer_who_agrees(asked):
    rep, call = rep_and_call(asked)
    of_us, of_them = (
        advice_on(asked.ctx, rep, call, Answer(commitment_objective=f"{who} sends the numbers"))
        for who in ("Ana", "Dana")
    )
    assert (of_us.is_commitment, of_them.is_commitment) == (False, True)
