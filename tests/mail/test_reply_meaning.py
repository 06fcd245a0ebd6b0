"""What the words of a reply amount to: an answer, a command, nothing, or something to ask about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.inbound import parse_mail
from nudger.mail.message import Asked, AskedMeeting, Disposition
from nudger.mail.reply import read_reply, read_text

LIST = (Milestone("First call"), Milestone("Needs analysis"), Milestone("Decision", "", ("Close",)))
A = "Dana signs the pilot"
LAST = Answer("Dana pays", "Decision")
ONE = Asked(LIST, (AskedMeeting(1, "ACME: pilot review", last=LAST),), rep_name="Ana Weber")
TWO = Asked(
    LIST,
    (
        AskedMeeting(1, "ACME review", ("acme.example",), last=LAST),
        AskedMeeting(2, "Globex call", ("globex.example",)),
    ),
    rep_name="Ana Weber",
)
SUGGESTED = Asked(LIST, (AskedMeeting(1, "ACME", suggestion="Dana tests"),), rep_name="Ana Weber")
AFTER = replace(TWO, about_outcome=True)


def end(text, asked=ONE):
    reply = read_text(text, asked)
    return reply.disposition.value, reply.reason


NOTHING, NO_WORDS = ("empty", "acknowledgement"), ("unclear", "no_words")
SKIP, ANSWERED, LIKE_LAST = ("command", "skip"), ("answer", "answered"), ("answer", "suggestion")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty", "empty")),
        ("thanks", NOTHING),
        ("Danke!", NOTHING),
        ("👍 thanks", NOTHING),
        ("ok", NOTHING),
        ("please", NOTHING),
        ("Hi", NOTHING),
        ("Hi Nudger,\n\nBest regards", NOTHING),
        ("Best regards,\nAna", NOTHING),
        ("Ana", NOTHING),
        ("Ana, Weber", ANSWERED),
        ("Ana\nWeber", NOTHING),
        ("Ben", ANSWERED),
        ("Ana signs", ANSWERED),
        ("👍", NOTHING),
        ("...", NO_WORDS),
        ("?!", NO_WORDS),
        ("...\n?!", ("unclear", "filler")),
        ("tbd", ("unclear", "filler")),
        ("tbd\nthanks", ("unclear", "filler")),
        ("tbd\nAna", ("unclear", "filler")),
        ("tbd\n2", ANSWERED),
        ("tbd\nchange next to 3", ANSWERED),
        ("CO: tbd", ("unclear", "filler")),
        ("CO:", ("unclear", "no_answer_found")),
        ("what do you mean by C.O.?", ("unclear", "asked_back")),
        ("Thanks\nwhat do you mean by C.O.?", ("unclear", "asked_back")),
        ("what do you mean by C.O.?\ntbd", ("unclear", "asked_back")),
        ("what do you mean by C.O.?\nThanks\nAna", ("unclear", "asked_back")),
        (f"what do you mean by C.O.?\n{A}", ANSWERED),
        ("same as last time", LIKE_LAST),
        ("same as last time\nThanks", LIKE_LAST),
        ("private", ("command", "private")),
        ("private\nprivate", ("command", "private")),
        (f"private\n{A}", ANSWERED),
        ("skip", SKIP),
        ("Hi Nudger,\nskip", SKIP),
        ("thanks\nskip", SKIP),
        ("skip\nAna", SKIP),
        ("skip\n- ana weber", SKIP),
        ("ana\nskip", SKIP),
        ("- weber,\nskip", SKIP),
        ("joe\nskip", ANSWERED),
        ("skip\nJoe", SKIP),
        ("skip\nJoe Black.", SKIP),
        ("skip\nJ" + "o" * 20, SKIP),
        ("skip\nJ" + "o" * 21, ANSWERED),
        ("skip\nJ" + "o" * 18 + " Black", SKIP),
        ("skip\nJ" + "o" * 19 + " Black", ANSWERED),
        ("skip\njoe", ANSWERED),
        ("skip\nshe is ill", SKIP),
        ("skip\nbecause " + "x" * 292, SKIP),
        ("skip\nbecause " + "x" * 293, ANSWERED),
        ("skip\nbecause\nshe is ill\nAna", SKIP),
        ("skip\nshe is ill\nshe is away\nshe is busy", SKIP),
        ("skip\nshe is ill\nshe is away\nshe is busy\nshe is late", ANSWERED),
        ("skip\nthe demo", ANSWERED),
        ("skip\n2", ANSWERED),
        ("skip\nDecision", ANSWERED),
        ("skip\nnext: 2", ANSWERED),
        ("skip\nskip", ANSWERED),
        ("Sorry, skip", SKIP),
        ("Sorry\nskip", SKIP),
        (f"{A}\nskip", ANSWERED),
    ],
)
def test_one_call(text, expected):
    assert end(text) == expected


def test_what_stands_as_it_was_is_the_last_answer_where_there_is_one():
    assert read_text("same as last time", ONE).answers == {1: LAST}
    unknown = replace(ONE, meetings=(AskedMeeting(1, "ACME"),))
    assert end("same as last time", unknown) == ("command", "same")
    assert read_text("same as last time", TWO).answers == {1: LAST}


@pytest.mark.parametrize("text", ["1", " 1 ", "1.", "1)", "(1)", "#1"])
def test_one_takes_the_suggestion(text):
    assert read_text(text, SUGGESTED).answers == {1: Answer("Dana tests")}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("2", SUGGESTED),
        ("1", ONE),
        (f"1\n{A}", SUGGESTED),
    ],
)
def test_whatever_else_does_not(text, asked):
    assert read_text(text, asked).reason == "answered"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Hi Nudger,\n\n{A}\n\nAna\n", A),
        (f"\nHi Nudger,\n{A}", A),
        (f"{A}\n- Ana", A),
        (f"{A}\nweber", A),
        (f"{A}\n\nBen", A),
        (f"{A}\n\n– Ben", A),
    ],
)
def test_a_name_below_an_answer_is_no_part_of_it(text, kept):
    reply = read_text(text, ONE)
    assert (reply.answers, reply.doubtful) == ({1: Answer(kept)}, frozenset())


@pytest.mark.parametrize(
    ("text", "milestone"),
    [(f"{A}\nBen", None), (f"{A}\n\nBen Oak", None), (f"{A}\n\nSkip", None),
     (f"{A}\n\nDecision", "Decision"), (f"{A}\nClose", "Decision")],
)  # fmt: skip
def test_what_may_be_a_name_and_may_be_more(text, milestone):
    reply = read_text(text, ONE)
    assert reply.answers == {1: Answer(A, milestone)}
    assert reply.doubtful == (frozenset() if milestone else {1})


def test_of_an_answer_is_told_how_it_was_read():
    reply = read_text(f"Zusage: {A}\nNext: 2\nFallback: tbd", ONE)
    assert (reply.language, reply.listed_milestone, reply.fillers) == ("de", True, {1})
    assert read_text(A, ONE).fillers == frozenset()
    assert read_text("CO: tbd", ONE).language == "en"
    assert read_text("Überspringen", ONE).language == "de"
    assert read_text("yes", ONE).language == "en"


@pytest.mark.parametrize(
    ("text", "answers", "commands", "unread"),
    [
        (f"A: {A}\nB: Dana pays", {1: A, 2: "Dana pays"}, {}, {}),
        (f"A: {A}\nB: skip", {1: A}, {2: "skip"}, {}),
        (f"A: skip\nB: {A}", {2: A}, {1: "skip"}, {}),
        ("A: skip\nB: skip", {}, {1: "skip", 2: "skip"}, {}),
        ("A: private", {}, {1: "private"}, {}),
        (f"A: same\nB: {A}", {1: "Dana pays", 2: A}, {}, {}),
        ("B: same", {}, {2: "same"}, {}),
        (f"A:\nB: {A}", {2: A}, {}, {}),
        (f"A: tbd\nB: {A}", {2: A}, {}, {1: "tbd"}),
        (f"A: what do you mean by C.O.?\nB: {A}", {2: A}, {}, {1: "what do you mean by C.O.?"}),
        ("A: CO:\nB: skip", {}, {2: "skip"}, {1: "CO:"}),
        (
            f"The lift there is out of order\nA: {A}",
            {1: A},
            {},
            {0: "The lift there is out of order"},
        ),
        (f"It is fine here\nand warm\nA: {A}", {1: A}, {}, {0: "It is fine here\nand warm"}),
        (f"A: {A}\nB: Dana pays\nSorry, B should be decision", {1: A, 2: "Dana pays"}, {}, {}),
        (f"A: {A}\nB: Dana pays\nthanks", {1: A, 2: "Dana pays"}, {}, {}),
        (f"A: {A}. Plan B: a demo\nB: Dana pays", {1: A, 2: "Dana pays"}, {}, {}),
        (f"A: {A}\nPiano B: a demo\nB: Dana pays", {1: A, 2: "Dana pays"}, {}, {}),
        (f"A: {A}\nB: ask Kim, kim@ourco.example", {1: A}, {2: "hand_over"}, {}),
    ],
)
def test_several_calls(text, answers, commands, unread):
    reply = read_text(text, TWO)
    assert {n: one.commitment_objective for n, one in reply.answers.items()} == answers
    assert {n: one.name.value for n, one in reply.commands.items()} == commands
    assert reply.unread == unread
    assert reply.disposition.value == ("answer" if answers else "command")
    assert reply.doubtful == frozenset()


@pytest.mark.parametrize(
    ("text", "expected", "fillers"),
    [
        ("A: tbd\nB: tbd", ("unclear", "filler"), {1, 2}),
        (f"A: tbd\nB: {A}", ("answer", "digest"), {1}),
        (f"A: {A}\nNext: tbd\nB: skip", ("answer", "digest"), {1}),
        ("The weather is fine\nA: tbd", ("unclear", "which_meeting"), {1}),
        ("A: what do you mean by C.O.?", ("unclear", "filler"), set()),
        ("tbd", ("unclear", "filler"), {1, 2}),
        (A, ("unclear", "which_meeting"), set()),
        ("skip", SKIP, set()),
        ("thanks", NOTHING, set()),
        ("Ana", NOTHING, set()),
        ("1", ("unclear", "which_meeting"), set()),
    ],
)
def test_of_several_calls_what_remains_to_be_asked(text, expected, fillers):
    reply = read_text(text, TWO)
    assert ((reply.disposition.value, reply.reason), reply.fillers) == (expected, fillers)


def test_of_several_answers_is_told_how_they_were_read():
    reply = read_text(f"A: CO: {A}\nNext: 2\nB: Zusage: Dana pays", TWO)
    assert (reply.language, reply.listed_milestone) == ("en", True)
    assert read_text(f"A: {A}\nB: Zusage: Dana pays", TWO).language == "de"
    assert read_text(f"A: {A}\nB: Dana pays", TWO).listed_milestone is False
    assert read_text(f"A {A} 2\nB Dana pays 3", TWO).doubtful == {1, 2}
    assert read_text(f"A: {A}\nB: Dana pays\nJoe Park", TWO).doubtful == {2}


@pytest.mark.parametrize(
    ("text", "asked", "outcomes"),
    [
        ("yes", replace(ONE, about_outcome=True), {1: ("yes", "")}),
        ("partly,\nshe pays", replace(ONE, about_outcome=True), {1: ("partly", "she pays")}),
        ("A: yes\nB: no", AFTER, {1: ("yes", ""), 2: ("no", "")}),
        ("B: no", AFTER, {2: ("no", "")}),
        ("A: partly,\nshe pays\nB: no", AFTER, {1: ("partly", "she pays"), 2: ("no", "")}),
        ("yes", ONE, {}),
        ("no", AFTER, {}),
        (A, AFTER, {}),
    ],
)
def test_whether_they_agreed(text, asked, outcomes):
    reply = read_text(text, asked)
    assert {n: (one.value, words) for n, (one, words) in reply.outcomes.items()} == outcomes
    assert (reply.reason == "outcome") is bool(outcomes)


def mail(body, **headers):
    lines = {"From": "Ana Weber <ana@ourco.example>", "Subject": "Re: ACME"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return parse_mail(f"{head}\r\n{body}".encode())


QUOTE = "On Mon, Nov 23, 2026 at 9:05 AM Nudger <n@ourco.example> wrote:\r\n> By the end?"


@pytest.mark.parametrize(
    ("inbound", "expected"),
    [
        (mail(A), ANSWERED),
        (mail(f"{A}\r\n\r\n{QUOTE}"), ANSWERED),
        (mail(QUOTE), ("empty", "empty")),
        (mail(f"Ana Weber\r\n\r\n{QUOTE}"), NOTHING),
        (
            mail(f"CAUTION: External email. Do not click on links.\r\n\r\n{QUOTE}"),
            ("empty", "nothing_left"),
        ),
        (mail(A, Auto_Submitted="auto-replied"), ("auto_reply", "auto_submitted")),
        (mail(A, Subject="Fwd: ACME"), ANSWERED),
        (
            mail(f"---------- Forwarded message ---------\r\n{QUOTE}", Subject="Fwd: ACME"),
            ("forward", "forwarded"),
        ),
        (mail("Ana Weber reacted to your message:"), ("empty", "reaction")),
        (
            mail("-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----"),
            ("unclear", "encrypted"),
        ),
    ],
)
def test_a_whole_mail(inbound, expected):
    reply = read_reply(inbound, ONE)
    assert (reply.disposition.value, reply.reason) == expected


def test_what_was_found_within_the_quote_is_doubtful():
    ours = ("by the end of this call what will dana have agreed to do", "just reply one line")
    asked = replace(ONE, lines=ours)
    quoted = (
        "> By the end of this call, what will Dana have agreed to do?\r\n"
        f"> {A}\r\n> Just reply. One line"
    )
    reply = read_reply(mail(quoted), asked)
    assert (reply.answers, reply.doubtful) == ({1: Answer(A)}, {1})
    assert read_reply(mail(A), asked).doubtful == frozenset()
    assert read_reply(mail(A), asked).disposition is Disposition.ANSWER
