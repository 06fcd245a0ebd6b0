"""What a guest may read at once, and what is kept from them."""

from __future__ import annotations

import pytest

from nudger.domain.clauses import ClauseKind
from nudger.domain.coach import coach
from nudger.domain.commitment import Answer, Milestone
from nudger.domain.publishing import (
    Origin,
    PublishRule,
    same_sentences,
    sentences_for_guests,
    why_kept_back,
)
from nudger.domain.reasons import Reason
from training.clauses import held_out_clauses

MILESTONES = (Milestone("First call"), Milestone("Proposal meeting"))
AND = {"en": "and", "de": "und", "fr": "et", "es": "y", "it": "e", "nl": "en", "pt": "e"}
GOOD = "Dana, the CFO, agrees to join a 30-minute ROI review by 4 December"


def kept_back(answer: Answer, origin: Origin = Origin.READ) -> Reason | None:
    return why_kept_back(answer, milestones=MILESTONES, us=("Ana Weber",), origin=origin)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(GOOD),
        Answer(GOOD, "Proposal meeting"),
        Answer(GOOD, None, "Joe sends us the roll-out figures by Friday"),
        Answer("Dana signs the pilot agreement by Friday"),
        Answer("Frau Klein schickt uns bis Mittwoch die Ausschreibungsunterlagen"),
    ],
)
def test_a_commitment_objective_is_published(answer):
    assert kept_back(answer) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("get a feeling for the budget"), Reason.NO_COMMITMENT),
        (Answer("Send the proposal"), Reason.NO_COMMITMENT),
        (Answer("Ana Weber sends the proposal on Friday"), Reason.NO_COMMITMENT),
        (Answer("haha my commitment objective is world domination, and Dana still owes me a beer"),
         Reason.NO_COMMITMENT),
        (Answer("asdf"), Reason.NO_COMMITMENT),
        (Answer(None, "Proposal meeting"), Reason.NO_COMMITMENT),
        (Answer(GOOD, "Ana"), Reason.UNLISTED_MILESTONE),
        (Answer(GOOD, None, "otherwise I call my lawyer"), Reason.NO_COMMITMENT),
    ],
)  # fmt: skip
def test_all_else_is_kept_from_the_guests(answer, reason):
    assert kept_back(answer) is reason


@pytest.mark.parametrize(
    "beside",
    [". Floor price is 80k", "; we can go down to 15% if needed", ". Her boss doesn't know yet",
     " (he hates us)", ". She is a pain", ". If she stalls we go over her head", "\nNot for their eyes",
     "! haha", "... unter uns: er ist ein Idiot", ". Mais c'est un menteur"],
)  # fmt: skip
def test_a_sentence_beside_a_commitment_is_no_customer_s_to_read(beside):
    assert kept_back(Answer(GOOD + beside)) is Reason.UNSURE_COMMITMENT
    assert kept_back(Answer(GOOD, None, GOOD + beside)) is Reason.UNSURE_COMMITMENT


@pytest.mark.parametrize(
    "beside",
    [", I bet she's bluffing", ", Ben in procurement is a pain", " - her boss hates us", ", floor price is 80k by the way",
     ": we really need this one", ", letztes Mal war er lauwarm", ", on dirait qu'elle bluffe encore"],
)  # fmt: skip
def test_a_remark_behind_a_mere_comma_is_no_customer_s_to_read(beside):
    assert kept_back(Answer(GOOD + beside)) is Reason.UNSURE_COMMITMENT


@pytest.mark.parametrize(
    "beside",
    ["because our floor is 80k", "although she always haggles", "but I doubt it",
     "weil sie verzweifelt ist", "aber unsere Grenze ist 80k", "parce qu'elle est aux abois",
     "car elle est aux abois", "aunque siempre regatea", "ma bluffa sempre", "maar ze bluft",
     "want ze is wanhopig", "mas ela regateia sempre"],
)  # fmt: skip
def test_a_reason_without_a_comma_is_no_customer_s_to_read(beside):
    assert kept_back(Answer(f"{GOOD} {beside}")) is Reason.UNSURE_COMMITMENT


@pytest.mark.parametrize(
    "beside",
    ["and our floor is 80k", "und unsere Grenze ist 80k",
     "y es un pesado", "e lei bluffa sempre", "en ze is een zeurpiet", "e ela é muito chata"],
)  # fmt: skip
def test_a_remark_behind_a_mere_and(beside):
    assert kept_back(Answer(f"{GOOD} {beside}")) is Reason.UNSURE_COMMITMENT


def test_what_and_joins_of_a_plan_is_read():
    assert kept_back(Answer("Dana and Joe sign the pilot agreement by Friday")) is None
    assert kept_back(Answer(f"{GOOD} and Joe countersigns the contract on Monday")) is None


def test_remarks_of_an_author_from_whom_nothing_was_learned():
    """Of remarks behind a comma, a fifth at most passes."""
    remarks = [one.text for one in held_out_clauses() if one.kind is ClauseKind.REMARK]
    passed = [text for text in remarks if kept_back(Answer(f"{GOOD}, {text}")) is None]
    assert len(passed) <= len(remarks) / 5, passed


def test_their_remarks_behind_a_mere_and():
    """A third at most passes; 85 of 100 did before what "and" joins was judged."""
    remarks = [one for one in held_out_clauses() if one.kind is ClauseKind.REMARK]
    said = [f"{GOOD} {AND[one.language]} {one.text}" for one in remarks]
    passed = [text for text in said if kept_back(Answer(text)) is None]
    assert len(passed) <= len(said) / 3


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (GOOD, [GOOD]),
        ("Dr. Weber signs on 4. Dezember.", ["Dr. Weber signs on 4. Dezember."]),
        ("Dana (CFO) joins for (30 min)", ["Dana (CFO) joins for (30 min)"]),
        ("she signs friday. he pays", ["she signs friday", "he pays"]),
        ("Dana signs (a jerk) on Friday", ["Dana signs   on Friday", "a jerk"]),
        ("Dana signs {a jerk}", ["Dana signs", "a jerk"]),
        ("Dana signs (a jerk", ["Dana signs", "a jerk"]),
        ("Dana signs.She pays!he haggles", ["Dana signs", "She pays", "he haggles"]),
        ("Dana signs -- a jerk", ["Dana signs", "a jerk"]),
        ("Dana signs => a jerk | a pain * a bore", ["Dana signs", "a jerk", "a pain", "a bore"]),
        ("Dana signs。 a jerk", ["Dana signs", "a jerk"]),
        ("Dana reads acme.com, opens report.pdf at 9.30 a.m. and signs the M.S.A. there",
         ["Dana reads acme.com, opens report.pdf at 9.30 a.m", "and signs the M.S.A", "there"]),
        ("", []),
    ],
)  # fmt: skip
def test_the_sentences_that_guests_read(text, sentences):
    assert sentences_for_guests(text) == sentences


def test_two_commitments_are_published():
    assert (
        kept_back(Answer("Dana signs the order by Friday. Joe sends us the figures by Monday"))
        is None
    )


def test_what_was_guessed_is_kept_back_whatever_it_says():
    assert kept_back(Answer(GOOD), Origin.GUESSED) is Reason.GUESSED


def test_what_guests_read_already_stays_unless_its_milestone_is_none():
    said = "get a feeling for the budget"
    assert kept_back(Answer(said, "First call"), Origin.PUBLIC) is None
    assert kept_back(Answer(said, "Ana"), Origin.PUBLIC) is Reason.UNLISTED_MILESTONE


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Answer(GOOD, "First call"), True),
        (Answer(GOOD, private=True), True),
        (Answer(GOOD + "!"), False),
        (Answer(GOOD, fallback="Joe sends us the figures"), False),
    ],
)
def test_only_the_rep_s_own_sentences_tell_answers_apart(other, same):
    assert same_sentences(Answer(GOOD), other) is same


def test_what_may_be_a_commitment_is_kept_back_as_well():
    said = "Dana agrees to the first step"
    judged = coach(said)
    assert judged.is_commitment
    assert not judged.is_certain, "another sentence is needed: the model is sure of this one now"
    assert kept_back(Answer(said)) is Reason.UNSURE_COMMITMENT
    assert kept_back(Answer(GOOD, None, said)) is Reason.UNSURE_COMMITMENT


def test_the_rules_are_those_that_settings_name():
    assert {rule.value for rule in PublishRule} == {"commitments", "everything"}
