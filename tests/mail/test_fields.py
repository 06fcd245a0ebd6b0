"""Which words of an answer are its objective, its milestone and its fallback."""

from __future__ import annotations

import pytest

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.fields import Fields, read_fields
from nudger.mail.milestones import LONGEST_FIELD
from nudger.mail.privacy import LONGEST_WISH

LIST = (Milestone("First call"), Milestone("Needs analysis"), Milestone("Decision", "", ("Close",)))
A = "Dana signs the pilot"
SURE = "Dana, the CFO, agrees to sign the pilot contract by Friday"
SECOND, THIRD = "Needs analysis", "Decision"


def read(text, milestones=LIST, **options) -> Fields:
    return read_fields(text.split("\n"), milestones, names=("Ana Weber",), **options)


def long(length, word="Dana"):
    """A line of this length."""
    return f"{word} {'x' * (length - len(word) - 1)}"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (A, Answer(A)),
        (f"*{A}*", Answer(A)),
        (f"_{A}_", Answer(A)),
        (f"🎯 {A}", Answer(A)),
        (f"|{A}|", Answer(A)),
        (f"| {A} |", Answer(A)),
        (f"\n  {A}\u200b \n\n", Answer(A)),
        (f"{A}\n2", Answer(A, SECOND)),
        (f"2\n{A}", Answer(A, SECOND)),
        (f"{A}\n- 2", Answer(A, SECOND)),
        (f"{A}\n| 2", Answer(A, SECOND)),
        (f"{A}\nclose", Answer(A, THIRD)),
        (f"Decision: {A}", Answer(A, THIRD)),
        (f"C.O.: {A}\nNext: 2\nFallback: a demo", Answer(A, SECOND, "a demo")),
        (f"CO:\n{A}\nNext:\n2", Answer(A, SECOND)),
        (f"CO: {A}. Next: 2", Answer(A, SECOND)),
        (f"{A}. Next: 2", Answer(f"{A}", SECOND)),
        ("CO:\nNext: 2", Answer(None, SECOND)),
        (f"Next: 2\nNext: 3\n{A}", Answer(A, THIRD)),
        (f"CO: {A}\n=====\nNext: 2", Answer(A, SECOND)),
        (f"CO: {A}\nNext: legal review", Answer(A, "legal review")),
        (f"CO: {A}\nNext: 3 instead of 2", Answer(A, THIRD)),
        ("3 instead of 2", Answer(None, THIRD)),
        (f"{A}\n3 instead of 2", Answer(A, THIRD)),
        (f"2\n{A}\n3 instead of 2", Answer(A, THIRD)),
        ("change next to 3", Answer(None, THIRD)),
        ("please change next to 3, thanks!", Answer(None, THIRD)),
        ("change next to 3; change the fallback to one demo", Answer(None, THIRD, "one demo")),
        ("change next to 3, and change the fallback to one demo", Answer(None, THIRD, "one demo")),
        ("change the fallback to one demo. And more", Answer(None, None, "one demo. And more")),
        (f"commitment objective {A} next milestone three", Answer(A, THIRD)),
        ("milestone unchanged", Answer()),
        (f"C.O.: {A}\nmilestone unchanged\n2", Answer(A)),
        ("Milestone 3, Dana reviews the offer with us", Answer("Dana reviews the offer with us", THIRD)),
        ("Milestone 3, Dana reviews it", Answer("Dana reviews it", THIRD)),
        ("Milestone 3, Dana reviews", Answer(None, THIRD)),
        (f"Sorry, {A}", Answer(A)),
        (f"Sorry,\n{A}", Answer(A)),
        ("Sorry, 2", Answer(None, SECOND)),
        ("Sorry,", Answer()),
    ],
)  # fmt: skip
def test_labels_numbers_and_bare_lines(text, answer):
    assert read(text).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"private\n{A}", Answer(A, private=True)),
        (f"{A}\nprivate", Answer(A, private=True)),
        (f"private: {A}", Answer(A, private=True)),
        (f"{A}, private", Answer(A, private=True)),
        ("private", Answer(private=True)),
        (f"{A}\nskip", Answer(A)),
        (f"{A}, privately", Answer(f"{A}, privately")),
    ],
)
def test_what_the_guests_shall_not_read(text, answer):
    assert read(text).answer == answer


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        (f"| C.O. | Next |\n|---|---|\n| {A} | 2 |", Answer(A, SECOND)),
        (f"| C.O. | Next | Fallback |\n| {A} | 2 | a demo |", Answer(A, SECOND, "a demo")),
        (f"| C.O. | Other | Next |\n| {A} | y | 2 |", Answer(A, SECOND)),
        (f"| C.O. | Next |\n| {A} | |", Answer(A)),
        (f"| C.O. | Next |\n| {A} | |\n| | 2 |", Answer(A, SECOND)),
        (f"| C.O. | Next |\n| {A} | 2 |\n| Dana pays | 3 |", Answer(A, SECOND)),
        (f"C.O.\tNext\n{A}\t2", Answer(A, SECOND)),
        (f"| {A} | 2 | a demo |", Answer(A, SECOND, "a demo")),
        (f"| {A} | 2 | |", Answer(A, SECOND)),
        (f"| {A} | 2 |", Answer(A, SECOND)),
        (f"private\n| {A} | 2 | a demo |", Answer(A, SECOND, "a demo", private=True)),
        ("| C.O.: Dana signs | Next: 2 |", Answer("Dana signs", SECOND)),
        (f"CO: {A}\n| Dana pays | a lot |", Answer(A)),
    ],
)
def test_tables(rows, answer):
    assert read(rows).answer == answer


@pytest.mark.parametrize(
    ("row", "milestone"),
    [(f"| {A} | Dana pays | a demo |", None), (f"2\n| {A} | 3 | a demo |", SECOND)],
)
def test_a_row_without_a_head_is_one_only_where_its_second_cell_is_a_milestone(row, milestone):
    found = read(row).answer
    assert (found.next_milestone, found.fallback) == (milestone, None)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"{A}\notherwise a demo", Answer(A, None, "a demo")),
        (f"otherwise a demo\n{A}", Answer(A, None, "a demo")),
        ("otherwise a demo", Answer("otherwise a demo")),
        (f"{A}\nif not, a demo\nif not, a review", Answer(A, None, "a demo")),
        (f"{A}, otherwise a demo", Answer(A, None, "a demo")),
        (f"{A}, otherwise a demo\nfallback: x", Answer(A, None, "x")),
        (f"{A}, next step is decision", Answer(A, THIRD)),
        (f"{A} - 3", Answer(A, THIRD)),
        (f"{A} - 3\nNext: 3", Answer(A, THIRD)),
        (f"{A}, next 3\nNext: 2", Answer(f"{A}, next 3", SECOND)),
        (f"{A} 3", Answer(f"{A} 3")),
        (f"{A}. Third milestone.", Answer(f"{A}.", THIRD)),
        (f"{A}, and calls on the third.", Answer(f"{A}, and calls on the third.")),
        (f"{A}. {THIRD} is the next stage.", Answer(A, THIRD)),
        (f"{A}. {THIRD} after that. Best wishes, Wendell", Answer(A, THIRD)),
        (f"{A} et ensuite c'est {THIRD} voilà merci", Answer(A, THIRD)),
        (f"{A}. Dopo viene {THIRD}.", Answer(f"{A}", THIRD)),
        (f"okay so um for this one {A}", Answer(A)),
        (f"pour cet appel {A}", Answer(A)),
        (f"The commitment is this: {A}", Answer(A)),
        (f"El compromiso es el siguiente: {A}", Answer(A)),
        (f"The milestone is wrong, it should be {THIRD}. Rest stays.", Answer(None, THIRD)),
        (f"Sorry, forgot the milestone: {THIRD}", Answer(None, THIRD)),
        ("Esqueci o plano B: a demo", Answer(fallback="a demo")),
        ("Agreed by end of call: Dana signs", Answer("Dana signs")),
    ],
)
def test_one_sentence_that_holds_more(text, answer):
    assert read(text).answer == answer


@pytest.mark.parametrize("said", ["{} is next.", "{} comes after that.", "Next: {}."])
def test_a_milestone_between_an_answer_and_a_remark_is_heard(said):
    beside = "He can be a bit moody."
    answer = read(f"{SURE}. {said.format(THIRD)} {beside}").answer
    assert answer.next_milestone == THIRD
    assert THIRD not in (answer.remark or "")


@pytest.mark.parametrize(
    ("before", "line", "is_one"),
    [
        (long(68), "Pays more", True),
        (long(67), "Pays more", False),  # the first word had room
        (long(65), "pays more", True),
        (long(64), "Pays more", False),
        (long(64) + ".", "Pays more", False),
        (long(64) + "?", "Pays more", False),
        (long(45), "pays more", True),
        (long(44), "pays more", False),
        (long(45), "Pays more", False),
        (A, "and pays more", True),
        (A, "And pays more", False),
    ],
)
@pytest.mark.parametrize("label", ["", "CO: "])
def test_a_line_that_was_wrapped_goes_on(label, before, line, is_one):
    before = before.replace("x" * len(label), "", 1)
    found = read(f"{label}{before}\n{line}").answer.commitment_objective
    assert (found == f"{before} {line}") is is_one


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        (f"{long(70)}\n- pays more", f"{long(70)} - pays more"),
        (f"CO: {long(70)}\n- pays more", f"{long(70)} - pays more"),
        (f"{A}\n- pays more\n- names a lead", f"{A} - pays more - names a lead"),
        (f"CO:\n* {A}\n* pays more", f"{A} - pays more"),
        (f"They:\n1. {A}\n2. pay more", f"They: 1. {A} 2. pay more"),
        (f"{A}\n- pays more\n\nNext: 2", f"{A} - pays more"),
        (f"{A}\n- pays more\n- by the way, I am ill", f"{A} - pays more"),
    ],
)
def test_a_list_below_the_answer_is_kept_and_called_a_guess(text, objective):
    found = read(text)
    assert found.answer.commitment_objective == objective
    assert found.guessed


@pytest.mark.parametrize(
    ("text", "objective", "milestone"),
    [
        (f"CO: {long(70)}\n2", long(70), SECOND),
        (f"CO: {long(70)}\nthanks", long(70), None),
        (f"{long(70)}\n2\nPays more", f"{long(70)}", SECOND),
        (f"{long(70)}\nthanks\nPays more", f"{long(70)}", None),
        (f"{long(70)}\nif not, a demo", long(70), None),
        (f"{long(70)}\ntbd", long(70), None),
        (f"CO: {long(70)}\n\nPays more", long(70), None),
    ],
)
def test_what_stands_alone_does_not_go_on(text, objective, milestone):
    found = read(text).answer
    assert (found.commitment_objective, found.next_milestone) == (objective, milestone)


def test_a_wrapped_milestone_goes_on_too():
    assert read(f"Next: {long(70)}\nPays more").answer.next_milestone == f"{long(70)} Pays more"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"thanks for the reminder!\n{A}", A),
        (f"By the way, I am ill\n{A}", A),
        (f"CO: {A}\nBy the way, I am ill", A),
        ("By the way, I am ill", "By the way, I am ill"),
        ("By the way, I am ill\n2", "By the way, I am ill"),
        ("Next: 2\nBy the way, I am ill", "By the way, I am ill"),
    ],
)
def test_small_talk_is_the_answer_only_where_nothing_else_is(text, kept):
    assert read(text).answer.commitment_objective == kept


@pytest.mark.parametrize(
    ("text", "answer", "has_filler"),
    [
        (f"CO: {A}\nNext: tbd", Answer(A), True),
        ("CO: tbd\nNext: 2", Answer(None, SECOND), True),
        ("tbd\n2", Answer(None, SECOND), True),
        (f"{A}\ntbd", Answer(A), True),
        (f"-\n{A}", Answer(A), False),
        (f"CO: {A}\nNext:", Answer(A), False),
        (f"CO: {A}\nNext: 2", Answer(A, SECOND), False),
        ("CO: ?\nNext:", Answer(), True),
    ],
)
def test_fillers_are_no_answer(text, answer, has_filler):
    found = read(text)
    assert (found.answer, found.has_filler) == (answer, has_filler)


@pytest.mark.parametrize(
    ("text", "is_guessed"),
    [
        (A, False),
        (f"{A}\n2", False),
        (f"C.O.: {A}\nNext: 2", False),
        (f"{A}\n9", True),
        (f"{A}\nunchanged", True),
        (f"C.O.: {A}\nNext: unchanged", True),
        (f"C.O.: {A}\nNext: 9", True),
        (f"C.O.: {A}\nNext: Ana", True),
        (f"C.O.: {A}\nNext: ana weber", True),
        (f"C.O.: {A}\nNext: Joe", False),
        (f"{A}\n2\n3", True),
        (f"{A}\n2\nneeds analysis", False),
        ("Decision: 4", True),
        (f"commitment objective {A} next milestone three", False),
        (f"CO: {A}\nBy the way, I am ill", False),
        (f"{A}\nJoe Park", True),
        (f"{A}\nand pays more", False),
        (f"{A}.\nThen Dana pays the first bill", True),
        (f"C.O.: {A}\n- and pays more", False),
        (f"C.O.: {A}\n- Dana pays", True),
        (f"C.O.: {A}\n\nand pays more", False),
        (f"C.O.: {A}\n\nDana pays the first bill", True),
    ],
)
def test_a_guess_is_called_one(text, is_guessed):
    assert read(text).guessed is is_guessed


@pytest.mark.parametrize(
    ("line", "is_kept"), [("Joe Park of legal", False), ("Joe Park of the legal", True)]
)
def test_a_second_line_of_a_name_s_length_is_no_part_of_the_answer(line, is_kept):
    found = read(f"{A}\n{line}").answer.commitment_objective
    assert found == (f"{A} {line}" if is_kept else A)


@pytest.mark.parametrize(
    ("line", "milestone"),
    [
        ("Legal review", "Legal review"),
        ("l" * 60, "l" * 60),
        ("l" * 61, None),
        ("One two three four five six seven eight", "One two three four five six seven eight"),
        ("One two three four five six seven eight nine", None),
        ("and pays more", None),
        ("2", "2"),
        ("- Legal review", "Legal review"),
    ],
)
def test_without_a_list_a_short_second_line_is_the_milestone(line, milestone):
    found = read(f"{A}\n{line}", ())
    assert (found.answer.next_milestone, found.listed) == (milestone, False)
    assert found.guessed is (line not in ("2", "and pays more"))


@pytest.mark.parametrize(
    ("text", "milestone"),
    [
        (f"Next: x\n{A}\nLegal review", "x"),
        (f"CO: {A}\nLegal review", None),
        (f"{A}\nLegal review\nSecurity review", "Legal review"),
        (f"| {A} | Legal | a demo |", "Legal"),
        (f"{A} -> Legal review", "Legal review"),
        (f"Next: 9\n{A}", "9"),
        ("change next to 9", "9"),
    ],
)
def test_without_a_list_other_lines_are_not(text, milestone):
    assert read(text, ()).answer.next_milestone == milestone


def test_whether_a_milestone_is_listed_and_which_language_a_label_gives_away():
    found = read(f"Zusage: {A}\nNext: 2")
    assert (found.listed, found.language) == (True, "de")
    assert read(f"{A}\nNext: legal").listed is False
    assert read(A).language is None


def test_a_bare_number_at_the_end_counts_where_it_may():
    found = read(f"{A} 3", loose=True)
    assert (found.answer, found.guessed) == (Answer(A, THIRD), True)


def test_a_field_is_no_longer_than_what_is_kept():
    found = read(f"CO: {'x' * 600}\nFallback: {'y' * 600}").answer
    assert (len(found.commitment_objective), len(found.fallback)) == (LONGEST_FIELD, LONGEST_FIELD)


@pytest.mark.parametrize(
    ("length", "is_private"), [(LONGEST_WISH, True), (LONGEST_WISH + 1, False)]
)
def test_only_a_short_line_says_who_shall_not_read_it(length, is_private):
    line = "private" + "!" * (length - 7)
    assert read(f"{A}\n{line}").answer.private is is_private
