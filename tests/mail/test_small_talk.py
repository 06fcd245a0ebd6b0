"""What an answer begins with that speaks to us and not of the customer: it is left out, and nothing
of the answer with it."""

from __future__ import annotations

import pytest

from nudger.domain.commitment import Answer
from nudger.mail.asides import is_filler, without_small_talk
from nudger.mail.corrections import without_time_said_first
from nudger.mail.reply import read_text
from tests.growth import TWICE_LINEAR, growth
from tests.mail.test_words import ONE, TWO


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hey, sorry was on a plane. Dana signs the plan", "Dana signs the plan"),
        ("Sorry for the delay, crazy week here. Dana signs the plan", "Dana signs the plan"),
        ("Good morning, still on the train. Dana signs the plan", "Dana signs the plan"),
        ("boarding now - Dana signs the plan", "Dana signs the plan"),
        ("Happy friday! Dana signs the plan", "Dana signs the plan"),
        ("in the taxi so excuse typos. dana signs", "dana signs"),
        ("Danke fürs Erinnern! Frau Brandt unterschreibt", "Frau Brandt unterschreibt"),
        ("hoffe, dir geht es gut. Frau Brandt unterschreibt", "Frau Brandt unterschreibt"),
        ("sorry stehe im Stau, Frau Brandt unterschreibt", "Frau Brandt unterschreibt"),
        ("merci pour le rappel, Karim valide le devis", "Karim valide le devis"),
        ("désolé, je suis dans le train. Karim valide le devis", "Karim valide le devis"),
        ("perdona la tardanza, vaya semana. Jorge firma el plan", "Jorge firma el plan"),
        ("scusate il ritardo, ero dal cliente. Ferri firma", "Ferri firma"),
        ("zit in de trein. Kees tekent vrijdag", "Kees tekent vrijdag"),
        ("estou no trânsito, a Inês confirma o plano", "a Inês confirma o plano"),
    ],
)
def test_small_talk_before_an_answer_is_left_out(text, left):
    assert without_small_talk(text) == left
    assert read_text(text, ONE).answers[1].commitment_objective == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dana signs by Friday. Will let you know how it goes", "Dana signs by Friday."),
        ("Dana signs by Friday, will keep you posted", "Dana signs by Friday"),
        ("Dana signs by Friday haha", "Dana signs by Friday haha"),
        ("haha, world domination for a beer", "haha, world domination for a beer"),
        ("Dana signs by Friday. Is that ok?", "Dana signs by Friday."),
        ("Dana signs by Friday. cheers, tom", "Dana signs by Friday."),
        ("Frau Brandt zeichnet am Montag. Melde mich danach", "Frau Brandt zeichnet am Montag."),
        ("Karim signe vendredi, je te tiens au courant", "Karim signe vendredi"),
        ("Jorge firma el lunes. Ya te cuento", "Jorge firma el lunes."),
        ("Ferri firma lunedì, ti faccio sapere", "Ferri firma lunedì"),
        ("Kees tekent maandag. Ik laat het je weten", "Kees tekent maandag."),
        ("A Inês assina na sexta. Dou notícias", "A Inês assina na sexta."),
        ("He lets us know by Friday who signs", "He lets us know by Friday who signs"),
        (
            "names of all deciders from Gus, on the phone",
            "names of all deciders from Gus, on the phone",
        ),
        ("Dana keeps us posted weekly", "Dana keeps us posted weekly"),
    ],
)
def test_small_talk_behind_an_answer_is_left_out_but_not_what_shows_a_joke(text, left):
    assert read_text(text, ONE).answers[1].commitment_objective == left


@pytest.mark.parametrize(
    "text",
    [
        "In May Dana signs. Then she pays",
        "At the meeting Dana signs, then we celebrate",
        "Sorry dana signs the pilot by friday. She also brings her boss",
        "We hope Dana signs. She pays",
        "Late delivery penalties are waived by Dana, in writing",
        "Am Montag unterschreibt Frau Brandt. Dann zahlt sie",
        "En mai Karim signe. Puis il paie",
        "Thanks for the reminder",
        "Sorry for the delay, my train was late",
    ],
)
def test_what_is_or_may_be_the_answer_stays(text):
    assert without_small_talk(text) == text


@pytest.mark.parametrize(
    ("text", "objective", "doubtful"),
    [
        ("Sorry for the delay. My train was late.\nDana signs the plan", "Dana signs the plan", False),
        ("Sorry for the delay, forgot it.\nDana signs the plan", "Dana signs the plan", True),
        (
            "Thanks for the reminder! Dana signs the plan.\nBen sends the plan, too",
            "Dana signs the plan. Ben sends the plan, too",
            True,
        ),
    ],
)  # fmt: skip
def test_what_follows_an_apology_beside_other_lines_is_never_a_certain_answer(
    text, objective, doubtful
):
    reply = read_text(text, ONE)
    assert reply.answers[1].commitment_objective == objective
    assert (1 in reply.doubtful) is doubtful


@pytest.mark.parametrize(
    "text",
    ["tbd will think about it later", "no idea if she likes it", "idk who decides there",
     "weiß noch nicht wer entscheidet", "keine ahnung was er will", "aucune idée de la suite",
     "je sais pas qui décide", "ni idea de quién decide", "non so chi decide",
     "geen idee wie beslist", "weet nog niet wie beslist", "não sei quem decide"],
)  # fmt: skip
def test_a_filler_goes_on_without_a_mark(text):
    assert is_filler(text)
    assert not read_text(text, ONE).answers


@pytest.mark.parametrize(
    "text",
    ["no idea who decides but Dana signs the plan", "weiß nicht wer aber Frau Brandt zeichnet",
     "Dana tells us she has no idea who decides and asks"],
)  # fmt: skip
def test_a_filler_before_an_answer_keeps_the_answer(text):
    assert not is_filler(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("wrong date. Dana signs on the 5th", "Dana signs on the 5th"),
        ("sorry wrong name: Peter signs", "Peter signs"),
        ("falsches Datum: Frau Brandt unterschreibt am 5. Mai", "Frau Brandt unterschreibt am 5. Mai"),
        ("pardon je me suis trompé : Karim signe", "Karim signe"),
        ("me equivoqué de fecha, Jorge firma", "Jorge firma"),
        ("mi sono sbagliato: Ferri firma", "Ferri firma"),
        ("verkeerde naam, Kees tekent", "Kees tekent"),
        ("enganei-me no nome. A Inês assina", "A Inês assina"),
    ],
)  # fmt: skip
def test_what_was_wrong_before_is_no_part_of_the_answer(text, answer):
    assert read_text(text, ONE).answers[1].commitment_objective == answer


@pytest.mark.parametrize(
    ("text", "objective", "milestone"),
    [
        ("number four, dana sends the numbers", "dana sends the numbers", "Proposal meeting"),
        ("Nummer vier: Frau Brandt zeichnet", "Frau Brandt zeichnet", "Proposal meeting"),
        ("Needs analysis. They send the list by May", "They send the list by May", "Needs analysis"),
        ("numéro 2 - Karim envoie la liste", "Karim envoie la liste", "Needs analysis"),
        ("Needs analysis, demo and training agreed", "Needs analysis, demo and training agreed", None),
        ("step one: Dana tests the plan", "step one: Dana tests the plan", None),
    ],
)  # fmt: skip
def test_a_milestone_may_lead_the_line(text, objective, milestone):
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective, answer.next_milestone) == (objective, milestone)


@pytest.mark.parametrize(
    ("text", "objective", "fallback"),
    [
        ("Plan A: Dana signs. Plan B: she names a date", "Dana signs", "she names a date"),
        ("Best case: Dana signs. Worst case: she names a date", "Dana signs", "she names a date"),
        ("Im besten Fall: Zusage. Im schlimmsten Fall: ein Termin", "Zusage", "ein Termin"),
        ("piano A: Ferri firma. piano B: una data", "Ferri firma", "una data"),
        ("Dana signs\nfallback verbal yes", "Dana signs", "verbal yes"),
    ],
)
def test_the_first_plan_is_the_objective(text, objective, fallback):
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective, answer.fallback) == (objective, fallback)


def test_a_hesitation_before_dictated_fields():
    text = "um so the commitment is that Dana signs and the next milestone is needs analysis"
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective, answer.next_milestone) == ("Dana signs", "Needs analysis")


@pytest.mark.parametrize("text", ["A Dana signs. B Mia joins", "A, Dana signs. B, Mia joins"])
def test_letters_part_one_line(text):
    answers = read_text(text, TWO).answers
    assert [one.commitment_objective for one in answers.values()] == ["Dana signs.", "Mia joins"]


def test_a_time_said_first_is_no_part_of_the_whole_answer_behind_it():
    assert read_text("oops, meant Monday. Dana signs on Monday", ONE).answers[1] == Answer(
        "Dana signs on Monday"
    )
    said = "the plan. Dana signs on Monday"
    assert without_time_said_first(said) == said


@pytest.mark.parametrize(
    "text", ["1. Dana signs 2. Mia joins on 2. May", "1. Dana signs, 2. Mia joins on 2. May"]
)
def test_numbers_count_the_calls_in_one_line(text):
    answers = read_text(text, TWO).answers
    said = [one.commitment_objective for one in answers.values()]
    assert said == ["Dana signs", "Mia joins on 2. May"]


def test_a_number_at_the_end_of_each_part_is_its_milestone():
    answers = read_text("a) Dana signs 4\nb) Mia joins 2", TWO).answers
    milestones = [one.next_milestone for one in answers.values()]
    assert milestones == ["Proposal meeting", "Needs analysis"]
    only_one = read_text("a) Dana signs for 4\nb) Mia joins", TWO).answers
    assert only_one[1].commitment_objective == "Dana signs for 4"


def test_slashes_part_calls():
    answers = read_text("A: Dana signs / B: Mia joins", TWO).answers
    assert [one.commitment_objective for one in answers.values()] == ["Dana signs", "Mia joins"]
    both = read_text("A / B: they sign", TWO).answers
    assert [one.commitment_objective for one in both.values()] == ["they sign", "they sign"]


def test_an_answer_that_speaks_of_a_guest_whose_call_has_none_is_held_back():
    assert read_text("A: dana signs 2 mia joins", TWO).doubtful == {1}
    assert read_text("A: Dana signs with Mia\nB: Mia joins", TWO).doubtful == frozenset()


def test_a_call_named_behind_a_command_is_not_its_reason():
    reply = read_text("B skip. A Dana signs", TWO)
    assert reply.answers[1].commitment_objective == "Dana signs"
    assert reply.commands[2].name == "skip"
    assert read_text("skip B. Dana signs the order", TWO).answers[1].commitment_objective


HOSTILE = {
    "apologies": lambda n: "sorry for " * (n // 10),
    "clauses": lambda n: "sorry for it, " * (n // 14),
    "places": lambda n: "in the car " * (n // 11),
    "fillers": lambda n: "tbd tbd " * (n // 8),
    "farewells": lambda n: "a. is that ok? " * (n // 15),
    "laughter": lambda n: "x haha " * (n // 7),
    "leads": lambda n: "number four, " * (n // 13),
    "wishes": lambda n: "just for me " * (n // 12),
    "counted": lambda n: "1. x 2. y " * (n // 10),
    "letters": lambda n: "A x. B y. " * (n // 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_takes_time_in_step_with_the_text(name):
    assert growth(lambda text: read_text(text, TWO), HOSTILE[name]) < TWICE_LINEAR
