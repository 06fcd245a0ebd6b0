"""What the words of labelled replies mean: those of an author who had not seen the reader, and ours,
which hold each kind of reply in more languages."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from nudger.domain.commitment import Answer, Milestone
from nudger.domain.starter_milestones import LANGUAGES, starter_milestones
from nudger.mail.message import Asked, AskedMeeting, Disposition
from nudger.mail.milestones import known_milestone
from nudger.mail.reply import read_text
from tests.growth import TWICE_LINEAR, growth

_SPEC = importlib.util.spec_from_file_location(
    "corpus_words", Path(__file__).parent.parent / "corpus" / "words.py"
)
words = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = words
_SPEC.loader.exec_module(words)

THEIRS, OURS = list(words.cases()), list(words.cases("words_of_ours.jsonl"))
COACH = Path(__file__).parent.parent.parent / "data" / "coach"
LIST = starter_milestones()
TWO = Asked(
    LIST,
    (
        AskedMeeting(
            1, "ACME review", ("acme.example",), guests=("Dana Reyes <dana@acme.example>",)
        ),
        AskedMeeting(
            2, "Globex call", ("globex.example",), guests=("Mia Ott <mia@globex.example>",)
        ),
    ),
    rep_name="Ana Weber",
)
ONE = Asked(LIST, (AskedMeeting(1, "ACME review", ("acme.example",)),), rep_name="Ana Weber")


def case_id(case):
    return f"{case['kind']}-{case['language']}-{case['text'][:30]!r}"


@pytest.mark.parametrize("case", [*THEIRS, *OURS], ids=case_id)
def test_labelled_replies(case):
    reply = read_text(case["text"], words.asked_for(case))
    assert words.is_right(case, reply) is (case["text"] not in words.OPEN), reply


WITHOUT_THEIR_LEAD = {
    "to make that the procurement publishes the lot with our specification until June":
        "the procurement publishes the lot with our specification until June",
    "Gostava de sair de lá com o plano de meios validado pelo cliente, assinatura dele na última página":
        "o plano de meios validado pelo cliente, assinatura dele na última página",
    "farmacia ospedaliera: modulo di prova firmato dal primario":
        "modulo di prova firmato dal primario",
    "so what I have in mind for today is that the chief engineer agrees to shut valve nine on Sunday so we can put the meter in":
        "the chief engineer agrees to shut valve nine on Sunday so we can put the meter in",
    "bon je suis en voiture donc l'idée c'est que le directeur d'usine nous envoie les courbes de débit d'ici jeudi":
        "le directeur d'usine nous envoie les courbes de débit d'ici jeudi",
    "C.O. = the agency owner tells her ten branches to use our booking tool from week 20":
        "the agency owner tells her ten branches to use our booking tool from week 20",
    "afspraak dat hun elektricien de meterkast vrijmaakt voor de 20e":
        "hun elektricien de meterkast vrijmaakt voor de 20e",
    "Prochaine étape acceptée par le client : visite de site le 14": "visite de site le 14",
}  # fmt: skip
"""Sentences of the coach's that begin with words which lead to the commitment: what is kept."""


@pytest.mark.parametrize(("sentence", "objective"), WITHOUT_THEIR_LEAD.items())
def test_what_leads_to_a_commitment_is_left_out(sentence, objective):
    assert read_text(sentence, ONE).answers[1].commitment_objective == objective


def test_sentences_of_many_authors_stay_whole():
    """Of a tenth of the coach's commitments, no more than one in fifty is taken apart otherwise."""
    sentences = [
        one["text"]
        for file in sorted(COACH.glob("author-*.jsonl"))
        for one in map(json.loads, file.read_text(encoding="utf-8").splitlines()[::10])
        if one["kind"] == "commitment" and one["text"].strip() not in WITHOUT_THEIR_LEAD
    ]
    whole = [
        sentence == (read_text(sentence, ONE).answers.get(1) or Answer()).commitment_objective
        for sentence in map(str.strip, sentences)
    ]
    assert len(whole) > 300
    assert whole.count(False) <= len(whole) // 50


def test_a_wrong_reading_would_be_noticed():
    case = next(one for one in THEIRS if one["kind"] == "milestone")
    assert not words.is_right(case, read_text("Dana signs", words.asked_for(case)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_starter_milestone_is_known_by_its_names_in_every_language(language):
    for theirs, ours in zip(starter_milestones(language), LIST, strict=True):
        assert known_milestone(theirs.name, LIST) == ours.name
        assert known_milestone(ours.name, starter_milestones(language)) == theirs.name


@pytest.mark.parametrize("line", ["Ana", "Joe Park", "legal review", "9", "thanks", "Dana signs"])
def test_what_names_no_milestone_of_the_list(line):
    assert known_milestone(line, LIST) is None
    assert read_text(f"Dana signs the pilot\n{line}", ONE).answers[1].next_milestone is None


def test_without_a_list_a_short_second_line_is_the_milestone():
    reply = read_text("Dana signs the pilot\nLegal review", Asked((), ONE.meetings))
    assert reply.answers[1] == Answer("Dana signs the pilot", "Legal review")


def test_a_guess_is_called_one():
    assert read_text("Mia joins the demo", TWO).doubtful == {2}
    assert read_text("2: Mia joins the demo", TWO).doubtful == frozenset()
    assert read_text("1 Dana signs 4\n2 Mia joins 3", TWO).doubtful == {1, 2}
    assert read_text("Dana signs the pilot\nLegal review", ONE).doubtful == {1}
    assert read_text("Dana signs the pilot\n4", ONE).doubtful == frozenset()
    assert read_text("A: Dana signs\nB: same", TWO).doubtful == {2}
    assert read_text("A: Dana signs\nB: same as A", TWO).doubtful == frozenset()
    assert read_text("By the way the link is broken", ONE).doubtful == {1}
    assert read_text("both sign the plan", TWO).doubtful == {1, 2}
    assert read_text("Both: they sign the plan", TWO).doubtful == frozenset()
    assert read_text("Dana signs the plan next 4", ONE).doubtful == {1}
    assert read_text("Dana signs the plan, 4\n\nSmall print of no kind", ONE).doubtful == {1}


def test_of_three_calls_both_are_none():
    third = AskedMeeting(3, "Initech intro", ("initech.example",))
    reply = read_text("both sign the plan", Asked(LIST, (*TWO.meetings, third)))
    assert (reply.answers, reply.reason) == ({}, "which_meeting")


def test_who_takes_part_in_both_calls_names_neither():
    both = tuple(
        AskedMeeting(number, title, ("acme.example",), guests=("Dana <dana@acme.example>",))
        for number, title in ((1, "Review"), (2, "Workshop"))
    )
    assert read_text("Dana signs", Asked(LIST, both)).reason == "which_meeting"


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("A: Dana signs the pilot\nB: tbd", {2: "tbd"}),
        ("The lift there is out of order\nB: Mia joins", {0: "The lift there is out of order"}),
        ("A: Dana signs the pilot", {}),
    ],
)
def test_what_is_not_understood_of_a_digest_is_kept_to_be_quoted(text, unread):
    assert read_text(text, TWO).unread == unread


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tbd", "filler"),
        ("CO: ?\nNext: ?", "filler"),
        ("what do you mean by C.O.?", "asked_back"),
        ("?", "asked_back"),
        ("🤷", "no_words"),
        ("date should be Friday", "no_answer_found"),
        ("make it Friday", "no_answer_found"),
        ("sorry, das Datum sollte Freitag sein", "no_answer_found"),
        ("vendredi, pas lundi", "no_answer_found"),
    ],
)
def test_fillers_and_questions_are_told_apart(text, reason):
    reply = read_text(text, ONE)
    assert (reply.disposition, reply.reason) == (Disposition.UNCLEAR, reason)


HOSTILE = {
    "calls": lambda n: "1: a\n" + "2: b, 1: a " * (n // 11),
    "letters": lambda n: "A\nx\n" + "B\ny\n" * (n // 4),
    "lists": lambda n: "a\n" + "A and B, " * (n // 9),
    "alls": lambda n: "a\n" + "for both, same for all " * (n // 23),
    "dittos": lambda n: "A: a\n" + "B: same as A\n" * (n // 13),
    "ordinals": lambda n: "a\n" + "first one, second one " * (n // 22),
    "hedges": lambda n: "hmm, well, " * (n // 11),
    "skips": lambda n: "a\n" + "skip 1, " * (n // 8),
    "names": lambda n: "a\n" + "Dana Mia " * (n // 9),
    "fallbacks": lambda n: "a\n" + "x, otherwise " * (n // 13),
    "corrections": lambda n: "sorry, a\n" + "sorry, sorry,\n" * (n // 14),
    "cells": lambda n: "a\n" + "| a | b " * (n // 8),
    "signs": lambda n: "a\n" + "🎯" * n,
    "unseen": lambda n: "a\n" + "\u200b" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_a_digest_takes_time_in_step_with_the_text(name):
    assert growth(lambda text: read_text(text, TWO), HOSTILE[name]) < TWICE_LINEAR


def test_a_milestone_may_have_a_name_of_the_admins_own():
    listed = (Milestone("Discovery", "", ("disco",)), Milestone("Proof", "", ("POC",)))
    assert known_milestone("the POC", listed) == "Proof"
    assert known_milestone("disco!", listed) == "Discovery"


@pytest.mark.parametrize(
    "text",
    [
        "They agree to send us the anonymised ticket export by Friday.",
        "They will do a pilot with 3 users",
        "Agreement to the pilot by Friday",
        "They commit to a pilot on Monday",
        "Der Kunde wird den Vertrag unterschreiben",
        "Acuerdo para probar con dos usuarios",
        "Accord sur le pilote d'ici vendredi",
    ],
)
def test_a_sentence_that_begins_as_a_label_might_is_kept_whole(text):
    asked = Asked(meetings=(AskedMeeting(1, "", ()),))
    assert read_text(text, asked).answers[1].commitment_objective == text
