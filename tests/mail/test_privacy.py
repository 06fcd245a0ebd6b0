"""The wish that guests do not read an answer, wherever in it and however it is put."""

from __future__ import annotations

import pytest

from nudger.domain.starter_milestones import starter_milestones
from nudger.mail.message import Asked, AskedMeeting, CommandName, Disposition
from nudger.mail.privacy import Wish, read_wish
from nudger.mail.reply import read_text
from tests.growth import TWICE_LINEAR, growth
from tests.mail.test_words import TWO

A = "Gus approves the overtime"
ONE = Asked(starter_milestones(), (AskedMeeting(1, "ACME review", ("acme.example",)),))
WISHES = {
    "en": ("private", "keep this private", "between us", "for my eyes only", "not for the invite"),
    "de": (
        "privat",
        "bitte vertraulich",
        "nur für mich",
        "nicht für den Kunden",
        "unter uns",
        "nicht dem Kunden zeigen",
    ),
    "fr": (
        "privé",
        "confidentiel",
        "à garder pour moi",
        "pas pour le client",
        "entre nous",
        "à ne pas afficher dans l'invitation",
    ),
    "es": (
        "privado",
        "confidencial",
        "solo para mí",
        "que no lo vea el cliente",
        "entre nosotros",
        "no poner en la invitación",
    ),
    "pt": (
        "privado",
        "confidencial",
        "só para mim",
        "não mostrar ao cliente",
        "entre nós",
        "não colocar no convite",
    ),
    "it": (
        "privato",
        "riservato",
        "solo per me",
        "non per il cliente",
        "resti tra noi",
        "da non mostrare al cliente",
    ),
    "nl": (
        "privé",
        "vertrouwelijk",
        "alleen voor mij",
        "niet voor de klant",
        "onder ons",
        "niet aan de klant laten zien",
    ),
}
SHAPES = (
    "({wish}) {A}", "[{wish}] {A}", "*{wish}* {A}", "{wish}: {A}", "{wish} - {A}", "{wish}! {A}",
    "{A} ({wish})", "{A} [{wish}]", "{A}, {wish}", "{A} - {wish}", "{A}. {wish}.",
    "{A}\n{wish}", "{A}\n- {wish}", "{A}\n\nPS: {wish}", "{wish}\n\n{A}", "C.O. ({wish}): {A}", "C.O.: {A} ({wish})",
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("wish", [one for wishes in WISHES.values() for one in wishes])
def test_a_wish_is_heard_and_no_part_of_the_answer(shape, wish):
    reply = read_text(shape.format(wish=wish, A=A), ONE)
    answer = reply.answers[1]
    assert answer.private
    assert answer.commitment_objective.rstrip(".") == A


@pytest.mark.parametrize(
    "text",
    [
        f"just for me {A}", f"juste pour moi {A}", f"nur für mich {A}", f"for me alone: {A}",
        f"don't let them see this but {A}", f"between us but {A}", f"entre nous mais {A}",
        f"{A}, only for me pls not in the invite", f"{A}, nur für mich nicht in den Termin",
        f"keep it private and {A}", f"solo para mí que {A}", f"onder ons maar {A}",
    ],
)  # fmt: skip
def test_a_wish_that_no_mark_parts_from_the_answer_is_no_part_of_it(text):
    answer = read_text(text, ONE).answers[1]
    assert (answer.private, answer.commitment_objective) == (True, A)


@pytest.mark.parametrize(
    "wish",
    [
        "please don't let the recipients of this message see it",
        "do not share the terms of this mail with the customer",
    ],
)
def test_a_wish_about_the_mail_itself_is_no_small_print(wish):
    answer = read_text(f"{A}\n\n{wish}", ONE).answers[1]
    assert (answer.private, answer.commitment_objective) == (True, A)


@pytest.mark.parametrize(
    "text", ["They know that they need an owner by May", "is it only me or is the line down again"]
)
def test_who_sees_or_knows_something_is_no_wish(text):
    answer = read_text(text, ONE).answers[1]
    assert (answer.private, answer.commitment_objective) == (False, text)


def test_two_words_that_may_be_a_part_of_the_sentence_are_a_doubt():
    reply = read_text("only internal approval is given by Dana on Friday", ONE)
    assert not reply.answers[1].private
    assert reply.doubtful == {1}


@pytest.mark.parametrize(
    "text",
    [
        "all private. A: Dana signs. B: Mia joins",
        "A, just for me: Dana signs. B, private: Mia joins",
    ],
)
def test_a_wish_in_a_reply_about_several_calls(text):
    assert [one.private for one in read_text(text, TWO).answers.values()] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        f"🔒 {A}", f"{A} 🔒", f"{A}\n🔒", f"{A} keep it private please", f"Private C.O.: {A}",
        f"CO: {A}\nNext: 2\n(private)", f"internal only: {A}", f"{A}. Don't show this to them.",
        f"{A} bitte privat halten", f"private\nI think {A}", f"confidencial: o {A}",
    ],
)  # fmt: skip
def test_it_is_heard_without_marks_around_it(text):
    answer = read_text(text, ONE).answers[1]
    assert answer.private
    assert A in answer.commitment_objective


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("Private cloud it is: Dana signs", Wish("Private cloud it is: Dana signs", False, True)),
        (f"{A}, says their private bank", Wish(f"{A}, says their private bank", False, True)),
        (f"{A} (secret santa excluded)", Wish(f"{A} (secret santa excluded)", False, True)),
    ],
)
def test_a_word_for_privacy_where_a_wish_would_stand_is_a_doubt(line, wish):
    assert read_wish(line) == wish
    reply = read_text(line, ONE)
    assert reply.doubtful == {1}
    assert reply.answers[1].commitment_objective == line


@pytest.mark.parametrize(
    "line",
    [
        "Private equity team of Acme signs the order",
        "Dana signs the NDA between us and Acme",
        "Dana agrees to a private demo for the board on Friday",
        "Dana confirms the privacy policy, today",
        "The client reads it",
    ],
)
def test_a_sentence_about_something_private_is_an_answer(line):
    assert read_wish(line) == Wish(line)


@pytest.mark.parametrize(
    "text",
    ["private", "private please, I don't want them to see it", "privat, weil der Kunde es liest",
     "private because she reads the invite", "só para mim, obrigada"],
)  # fmt: skip
def test_a_wish_with_its_reason_is_a_command(text):
    reply = read_text(text, ONE)
    assert reply.disposition is Disposition.COMMAND
    assert reply.command.name is CommandName.PRIVATE


@pytest.mark.parametrize("unit", ["private ", "(private", "private, ", "*a", "[", "a: ", "- "])
def test_time_grows_with_the_length(unit):
    assert growth(read_wish, lambda n: unit * n) <= TWICE_LINEAR
