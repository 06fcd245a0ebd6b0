"""Replies in the formats of many programs and languages: the new words, and what they mean."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.inbound import parse_mail
from nudger.mail.message import Asked, AskedMeeting, CommandName, Disposition
from nudger.mail.reply import read_reply, read_text
from nudger.mail.reply_text import folded, text_words
from tests.growth import TWICE_LINEAR, growth

CORPUS = Path(__file__).parent.parent / "corpus"


def _load(name):
    """A module of the corpus, which is no package so that it is shared by tests and figures."""
    spec = importlib.util.spec_from_file_location(f"corpus_{name}", CORPUS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


clients, shapes = _load("clients"), _load("shapes")
LIST = (Milestone("First call"), Milestone("Needs analysis"), Milestone("Decision", "", ("Close",)))
OURS = tuple(folded(line) for line in clients.LINES if line.strip())
ASKED = Asked(LIST, (AskedMeeting(1, "ACME: pilot review", ("acme.example",)),), OURS, "Ana Weber")
EVERYWHERE = [c for c in clients.CLIENTS if c.name in (
    "gmail", "outlook desktop de", "outlook phone", "iphone", "yahoo", "below", "notes")]  # fmt: skip
CASES = [(client, shape) for client in clients.CLIENTS for shape in shapes.SHAPES[:30]]
CASES += [(client, shape) for client in EVERYWHERE for shape in shapes.SHAPES[30:]]


def case_id(case):
    return f"{case[0].name}-{case[1].text[:25]!r}"


@pytest.mark.parametrize(("client", "shape"), CASES, ids=map(case_id, CASES))
def test_corpus(client, shape):
    reply = read_reply(parse_mail(clients.source(client, shape.text)), ASKED)
    assert reply.text == (shape.kept or shape.text)
    assert reply.disposition == shape.disposition
    if shape.disposition == "command":
        assert (reply.command.name.value, reply.command.argument) == (shape.command, shape.argument)
    elif shape.disposition == "answer":
        assert reply.answers[1] == Answer(
            shape.commitment_objective, shape.next_milestone, shape.fallback, shape.private
        )


def test_inline_answers_are_kept_in_their_order():
    text = (
        "On Mon, Nov 23, 2026 at 9:05 AM Nudger <n@o.co> wrote:\n"
        "> By the end of this call, what will Dana have agreed to do?\nDana agrees to a pilot\n"
        "> And the next milestone? Its number is enough.\n2\n> Just reply.\n"
    )
    reply = read_text(text, ASKED)
    assert reply.answers[1] == Answer("Dana agrees to a pilot", "Needs analysis")


DIGEST = Asked(
    LIST,
    (
        AskedMeeting(1, "ACME review", ("acme.example",), last=Answer("Dana signs", "Decision")),
        AskedMeeting(2, "Globex call", ("globex.example",), last=Answer("Mia joins")),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "1: Dana agrees to a pilot\n2: Mia agrees to a demo",
        "1) Dana agrees to a pilot\n2) Mia agrees to a demo",
        "ACME: Dana agrees to a pilot\nGlobex: Mia agrees to a demo",
        "acme - Dana agrees to a pilot\nglobex.example - Mia agrees to a demo",
        "ACME review\nDana agrees to a pilot\n\nGlobex call\nMia agrees to a demo",
    ],
)
def test_a_digest_is_answered_by_number_or_by_name(text):
    answers = read_text(text, DIGEST).answers
    assert answers[1].commitment_objective == "Dana agrees to a pilot"
    assert answers[2].commitment_objective == "Mia agrees to a demo"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("first only", ("first_only", None)),
        ("nur das erste Mal", ("first_only", None)),
        ("seulement la première", ("first_only", None)),
        ("every second", ("every_nth", "second")),
        ("every 3rd", ("every_nth", "3rd")),
        ("jedes zweite", ("every_nth", "zweite")),
        ("une fois sur deux", ("every_nth", "deux")),
        ("une sur deux", ("every_nth", "deux")),
    ],
)
def test_which_dates_of_a_series(text, command):
    read = read_text(text, ASKED).command
    assert (read.name.value, read.argument) == command


def test_one_meeting_of_a_digest_alone():
    answers = read_text("2: Mia agrees to a demo\n3", DIGEST).answers
    assert answers == {2: Answer("Mia agrees to a demo", "Decision")}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Dana agrees to a pilot\n\nAna", "Dana agrees to a pilot"),
        ("Dana agrees to a pilot\nAna", "Dana agrees to a pilot"),
        ("Dana agrees to a pilot\nAna Weber", "Dana agrees to a pilot"),
        ("Hi Ben,\n\nDana agrees to a pilot\n\n- Joe", "Dana agrees to a pilot"),
    ],
)
def test_a_bare_name_below_an_answer_is_no_part_of_it(text, kept):
    assert read_text(text, ASKED).answers == {1: Answer(kept)}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Dana agrees to a pilot\n\nDecision", Answer("Dana agrees to a pilot", "Decision")),
        ("Dana agrees to a pilot\nJoe", Answer("Dana agrees to a pilot")),
        ("Dana agrees to a pilot\n\nJoe Black", Answer("Dana agrees to a pilot")),
        ("Dana agrees to a pilot\n2\n3", Answer("Dana agrees to a pilot", "Needs analysis")),
        ("C.O.: Dana signs\nNext: 3 - Decision", Answer("Dana signs", "Decision")),
        ("C.O.: Dana signs\nNext: 7", Answer("Dana signs")),
        (
            "C.O.: Dana, the head of finance, agrees to join the review of our pilot with\nthe team",
            Answer(
                "Dana, the head of finance, agrees to join the review of our pilot with the team"
            ),
        ),
    ],
)
def test_what_looks_like_a_name_or_a_number_and_is_the_answer(text, answer):
    assert read_text(text, ASKED).answers == {1: answer}


@pytest.mark.parametrize(
    ("text", "disposition", "reason"),
    [
        ("skip\nAna", "command", "skip"),
        ("skip\nthank you", "command", "skip"),
        ("skip\n- Joe", "command", "skip"),
        ("skip\nthe demo and go on to the contract", "answer", "answered"),
        ("CO:", "unclear", "no_answer_found"),
        ("...", "unclear", "no_words"),
    ],
)
def test_what_stands_beside_a_command(text, disposition, reason):
    reply = read_text(text, ASKED)
    assert (reply.disposition.value, reply.reason) == (disposition, reason)


@pytest.mark.parametrize(
    "text", ["Dana agrees to a pilot", "ACMEs people agree to a pilot", "C.O.: Dana agrees"]
)
def test_of_several_calls_it_must_be_told_which(text):
    reply = read_text(text, DIGEST)
    assert (reply.disposition, reply.reason) == (Disposition.UNCLEAR, "which_meeting")


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("2: Thanks, skip this one please", {2}),
        ("1: Mia agrees to a demo\n3\n2: Thanks, skip this one please", {2}),
        ("2: skip that one", {2}),
        ("skip the second one", {2}),
        ("Thanks, please skip the second one", {2}),
        ("skip one", {1}),
        ("skip number one", {1}),
        ("skip call one", {1}),
        ("skip one and two", {1, 2}),
    ],
)
def test_one_is_the_first_call_only_where_it_is_a_number(text, skipped):
    commands = read_text(text, DIGEST).commands
    assert {number for number, one in commands.items() if one.name is CommandName.SKIP} == skipped


SIGNED = "Ana Weber\nAccount Executive | OurCo GmbH\n+49 30 1234567 · www.ourco.example"


@pytest.mark.parametrize("name", [SIGNED, "Ana Weber", "Ana"])
@pytest.mark.parametrize(
    "thanks", ["Thanks!", "Many thanks", "Danke!", "Hi,\n\nthank you\n\nBest regards", "Merci"]
)
def test_thanks_with_a_signature_are_no_answer(thanks, name):
    for text in (f"{thanks}\n{name}", f"{thanks}\n\nBest regards\n{name}"):
        reply = read_text(text, ASKED)
        assert (reply.disposition, reply.answers) == (Disposition.EMPTY, {})


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_what_stands_below_thanks_and_a_name_is_read(between):
    reply = read_text(f"Thanks!\nAna Weber{between}Dana signs the order by Friday", ASKED)
    assert "Dana signs the order by Friday" in str(reply.answers[1].commitment_objective)


AFTER = Asked(LIST, DIGEST.meetings, about_outcome=True)


def test_outcomes_of_several_calls():
    outcomes = read_text("1: yes, on Friday\n2: no", AFTER).outcomes
    assert {n: (one.value, words) for n, (one, words) in outcomes.items()} == {
        1: ("yes", "on Friday"),
        2: ("no", ""),
    }
    assert read_text("1: Dana signs the pilot", AFTER).answers == {
        1: Answer("Dana signs the pilot")
    }


@pytest.mark.parametrize("text", ["same as last time", "Wie letztes Mal.", "idem", "igual"])
def test_same_as_last_time(text):
    assert read_text(text, DIGEST).answers == {
        1: Answer("Dana signs", "Decision"),
        2: Answer("Mia joins"),
    }


def test_one_accepts_the_suggestion_where_there_is_one():
    suggested = Asked(LIST, (AskedMeeting(1, "ACME", suggestion="Dana agrees to a pilot"),))
    assert read_text("1", suggested).answers[1] == Answer("Dana agrees to a pilot")
    assert read_text("1", ASKED).answers[1] == Answer(next_milestone="First call")


@pytest.mark.parametrize(
    ("headers", "disposition"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"Auto_Submitted": "no"}, "answer"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"Precedence": "bulk"}, "auto_reply"),
        ({"X_Auto_Response_Suppress": "All"}, "answer"),
        ({"subject": "Automatic reply: ACME"}, "auto_reply"),
        ({"subject": "Abwesenheitsnotiz: ACME"}, "auto_reply"),
        ({"subject": "Réponse automatique : ACME"}, "auto_reply"),
        ({"subject": "Respuesta automática: ACME"}, "auto_reply"),
        ({"subject": "自动回复: ACME"}, "auto_reply"),
        ({"Return_Path": "<>", "subject": "Undeliverable: ACME"}, "bounce"),
        ({"X_Failed_Recipients": "ana@ourco.example"}, "bounce"),
    ],
)
def test_what_nobody_wrote(headers, disposition):
    reply = read_reply(
        parse_mail(clients.source(clients.CLIENTS[0], "Dana agrees", **headers)), ASKED
    )
    assert reply.disposition == disposition


def test_a_delivery_report_is_a_bounce_and_an_invitations_answer_is_none():
    report = b"From: a@b.co\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    answer = (
        b"From: a@b.co\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nx\r\n"
        b"--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n--b--\r\n"
    )
    assert read_reply(parse_mail(report), ASKED).disposition is Disposition.BOUNCE
    assert read_reply(parse_mail(answer), ASKED).disposition is Disposition.CALENDAR_RESPONSE


def test_our_question_passed_on_is_a_forward():
    body = f"Can you take this?\n\n---------- Forwarded message ---------\nFrom: {clients.WHO}\n\n{clients.QUESTION}"
    raw = f"From: ana@ourco.example\r\nSubject: Fwd: ACME\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    reply = read_reply(parse_mail(raw.encode()), ASKED)
    assert reply.disposition is Disposition.FORWARD
    assert reply.text == "Can you take this?"


def test_the_page_counts_where_the_parts_contradict_each_other():
    raw = (
        b"From: a@b.co\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain\r\n\r\nhidden words\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        b"<p>Dana agrees</p>\r\n--b--\r\n"
    )
    assert read_reply(parse_mail(raw), ASKED).text == "Dana agrees"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yes\n\n-----Original Message-----\nFrom: a@b.co\n\nold", "Yes"),
        (
            "Yes\n\n________________________________\nFrom: A <a@b.co>\nSent: Monday\nTo: B\n\nold",
            "Yes",
        ),
        ("Yes\n##- Please type your reply above this line -##\nold", "Yes"),
        ("Yes\n-- \nAna\nSales", "Yes"),
        ("Yes\n\nOn Jan 1, 2026, at 10:00, A\n<a@b.co>\nwrote:\n\n> old", "Yes"),
        ("Yes\n\nSent from my BlackBerry® smartphone", "Yes"),
        ("Points:\n- one\n- two\n\nDone", "Points:\n- one\n- two\n\nDone"),
        ("On this I wrote a note:\nit stands", "On this I wrote a note:\nit stands"),
        ("> old\nnew\n> old\nmore", "new\nmore"),
        ("Yes\n\nThis email and any attachments are confidential and privileged.", "Yes"),
        ("From: now on we agree to meet weekly", "From: now on we agree to meet weekly"),
        ("a\n\n\nb", "a\n\n\nb"),
    ],
)
def test_new_words_of_plain_text(text, words):
    assert text_words(text) == words


words = st.text(
    st.characters(codec="utf-8", categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=12
)
sentences = st.lists(words, min_size=2, max_size=12).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(sentences, st.sampled_from(clients.CLIENTS))
def test_any_words_come_out_and_none_of_the_question_does(sentence, client):
    reply = read_reply(parse_mail(clients.source(client, sentence)), ASKED)
    assert "▲" not in reply.text
    assert "Its number is enough" not in reply.text
    if reply.disposition is Disposition.ANSWER:
        assert folded(reply.text) == folded(sentence)


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text):
    read_text(text, ASKED)
    read_text(text, DIGEST)


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_any_page_is_read(page):
    raw = b"From: a@b.co\r\nContent-Type: text/html\r\n\r\n" + page
    read_reply(parse_mail(raw), ASKED)


HOSTILE = {
    "spaces between two words": lambda n: "a" + " " * n + "b",
    "the same, line by line": lambda n: "Dana agrees\n" + ("a" + " " * 200 + "b\n") * (n // 200),
    "closings": lambda n: "Dana agrees\n" + "Regards\n" * (n // 8),
    "names": lambda n: "- Ana\n\n\n" * (n // 8),
    "headers": lambda n: "From: x\n" * (n // 8),
    "wrapped lines": lambda n: (
        "Dana agrees\n" + "dana agrees to bring the whole committee to the review\n" * (n // 55)
    ),
    "labels": lambda n: "next: " * (n // 6),
    "cells": lambda n: "a\t b" * (n // 4),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_takes_time_in_step_with_the_text(name):
    assert growth(lambda text: read_text(text, ASKED), HOSTILE[name]) < TWICE_LINEAR


def test_thousands_of_closing_lines_are_closings():
    assert text_words("Dana agrees\n" + "Regards\n" * 2_900) == "Dana agrees"


def test_a_gap_of_any_width_is_a_gap():
    reply = read_text("Dana signs the pilot" + " " * 900 + "-> Decision", ASKED)
    assert reply.answers[1] == Answer("Dana signs the pilot", "Decision")
