"""What reps write around a command, and what is none: kinds that a third author showed, in seven
languages."""

from __future__ import annotations

import pytest

from nudger.domain.starter_milestones import starter_milestones
from nudger.mail.message import Asked, AskedMeeting, CommandName, Disposition
from nudger.mail.reply import read_text
from nudger.mail.reply_text import text_words
from tests.mail.test_words import TWO

ONE = Asked(
    starter_milestones(), (AskedMeeting(1, "ACME review", ("acme.example",)),), rep_name="Tom Birch"
)


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("at the airport, ping me at 5", "at 5"),
        ("boarding now, ask tomorrow morning", "tomorrow morning"),
        ("with a customer, remind me at 3", "at 3"),
        ("can u ping me at 5", "at 5"),
        ("remind me tmrw at 9 pls", "tmrw at 9"),
        ("sitze im Auto, frag mich in einer Stunde", "in einer stunde"),
        ("beim Kunden, später bitte", None),
        ("chez un client, rappelle-moi à 15h", "à 15h"),
        ("conduciendo, más tarde", None),
        ("dirigindo, me pergunta daqui uma hora", "daqui uma hora"),
        ("dal cliente, ricordamelo alle 16", "alle 16"),
        ("zit in de auto, vraag het over een uur nog eens", "over een uur"),
        ("remind me in 2 hours, still in the car", "in 2 hours"),
        ("later, boarding now", None),
        ("frag mich in einer Stunde, sitze im Auto", "in einer stunde"),
        ("rappelle-moi à 15h, chez un client", "à 15h"),
        ("ricordamelo alle 16, dal cliente", "alle 16"),
    ],
)
def test_where_somebody_is_goes_with_later(text, argument):
    command = read_text(text, ONE).command
    assert command.name is CommandName.LATER
    assert command.argument == argument


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("I'm on holiday until Monday, pause", "monday"),
        ("out until 3 March, please pause these", "3 march"),
        ("ich bin bis Montag im Urlaub, bitte Pause machen", "montag"),
        ("je suis en vacances jusqu'à lundi, faites une pause", "lundi"),
        ("estoy de vacaciones hasta el lunes, haz una pausa", "lunes"),
        ("Estou de férias até 15 de janeiro, faz uma pausa", "15 de janeiro"),
        ("sono in ferie fino a lunedì, fai una pausa", "lunedì"),
        ("ik ben tot maandag vrij, pauze", "maandag"),
    ],
)
def test_a_pause_lasts_until_what_stands_before_it(text, argument):
    command = read_text(text, ONE).command
    assert command.name is CommandName.PAUSE
    assert command.argument == argument


@pytest.mark.parametrize(
    "text",
    ["the meeting fell through", "they bailed on me", "this got moved to next week",
     "wurde verschoben", "la réunion tombe à l'eau", "c'est reporté", "se canceló la reunión",
     "já não há reunião", "è saltata la riunione", "is verzet", "esta la saltamos, gracias",
     "deze slaan we over", "questa la saltiamo", "postponed by the customer",
     "Termin vom Kunden abgesagt", "réunion annulée par le client", "reunión cancelada por el cliente",
     "riunione annullata dal cliente", "afspraak door de klant verzet", "reunião adiada pelo cliente"],
)  # fmt: skip
def test_a_call_that_is_off_is_skipped(text):
    assert read_text(text, ONE).command.name is CommandName.SKIP


@pytest.mark.parametrize(
    "text",
    ["hmm not sure what you want from me here", "I don't understand the question", "see CRM",
     "it's all in Salesforce", "verstehe die Frage nicht", "steht im CRM", "voir CRM",
     "je ne comprends pas la question", "no entiendo la pregunta", "está en el CRM",
     "não percebo a pergunta", "está no CRM", "non capisco la domanda", "vedi CRM",
     "snap de vraag niet", "zie CRM"],
)  # fmt: skip
def test_who_does_not_follow_or_points_elsewhere_gets_a_helpful_line(text):
    assert read_text(text, ONE).disposition is Disposition.UNCLEAR


@pytest.mark.parametrize(
    "text",
    ["see if there's a compelling event before fiscal year end", "Book a call with me and the CFO",
     "Termin vereinbaren mit Herrn Kern für den Piloten", "plan een gesprek in met de directie",
     "prendre rendez-vous avec le DAF avant Noël", "Visit us on Friday with the CFO",
     "reservar una cita aquí con el director", "agende uma reunião comigo e o diretor"],
)  # fmt: skip
def test_an_only_line_is_no_promotion_below_a_signature(text):
    assert text_words(text, (), ("Tom Birch",)) == text


def test_a_promotion_below_an_answer_is_left_out():
    text = "Dana signs\n\nBook a meeting with me: https://cal.example/tom"
    reply = read_text(text, ONE)
    assert reply.answers[1].commitment_objective == "Dana signs"


@pytest.mark.parametrize("name", ["Tom Birch", "Bea Lang", "Ana Weber"])
def test_a_letter_alone_is_a_call_rather_than_an_initial(name):
    asked = Asked(TWO.milestones, TWO.meetings, rep_name=name)
    reply = read_text("A\nDana signs the order\n\nB\nMia names one owner", asked)
    assert reply.answers[1].commitment_objective == "Dana signs the order"
    assert reply.answers[2].commitment_objective == "Mia names one owner"


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("tu peux me rappeler demain à 9h", "later", "demain à 9h"),
        ("me lo puedes recordar mañana", "later", "mañana"),
        ("Montag nochmal fragen bitte", "later", "montag"),
        ("in 20 min please", "later", "in 20 min"),
        ("after lunch pls", "later", "after lunch"),
        ("tu peux passer celle-ci", "skip", None),
        ("can u pls skip this", "skip", None),
        ("saltarla per favore", "skip", None),
        ("no call today", "skip", None),
        ("ist kein Kunde sondern Lieferant", "not_customer", None),
        ("geen klant maar leverancier", "not_customer", None),
        ("not a customer but our auditor", "not_customer", None),
        ("thats an internal sync", "not_customer", None),
    ],
)
def test_a_command_as_a_polite_or_short_request(text, name, argument):
    command = read_text(text, ONE).command
    assert (command.name, command.argument) == (name, argument)


@pytest.mark.parametrize(
    "text",
    ["in 20 min Dana signs the order", "after lunch Dana signs", "in two weeks they name an owner",
     "no call before Dana signs the order", "kein Kunde sondern Frau Brandt unterschreibt den Auftrag heute"],
)  # fmt: skip
def test_what_begins_like_a_short_command_is_an_answer(text):
    assert read_text(text, ONE).answers[1].commitment_objective == text


@pytest.mark.parametrize(
    "text",
    ["please go ahead and publish", "you can publish that now", "put it in the invite",
     "ruhig veröffentlichen", "allez-y, publiez", "puedes publicarlo", "pubblicalo pure",
     "publiceer maar", "podes publicar"],
)  # fmt: skip
def test_publish_however_it_is_asked(text):
    assert read_text(text, ONE).command.name is CommandName.PUBLISH


@pytest.mark.parametrize("line", ["not mine, kim@ourco.com", "nicht meiner, kim@ourco.com"])
def test_whom_to_ask_is_no_signature_for_its_address(line):
    reply = read_text(f"A - Dana signs\nB - {line}", TWO)
    assert reply.answers[1].commitment_objective == "Dana signs"
    assert (reply.commands[2].name, reply.commands[2].argument) == ("hand_over", "kim@ourco.com")


def test_an_initial_with_contacts_below_it_is_a_signature():
    assert text_words("Dana signs\n\nT\n+44 113 496 0000", (), ("Tom Birch",)) == "Dana signs"


@pytest.mark.parametrize(
    "text", ["le altre saltale", "las demás sáltalas", "as outras salta-as", "les autres passe-les"]
)
def test_the_rest_is_skipped_with_a_pronoun(text):
    assert read_text(f"A: Dana signs\n{text}", TWO).commands[2].name is CommandName.SKIP


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("A: Dana signs as Globex did\nB: Mia signs", {1}),
        ("A: Dana signs\nB: Mia signs", set()),
        ("Acme: Dana signs\nGlobex: Mia signs", set()),
    ],
)
def test_an_answer_that_names_another_customer_is_held_back(text, doubtful):
    assert read_text(text, TWO).doubtful == doubtful


@pytest.mark.parametrize(
    "text",
    [
        "Il titolare ci dà l'ok scritto sul layout. Dopo viene l'offerta.",
        "Il cliente firma il contratto entro venerdì. Domani alle 9.",
        "La directora firma el pedido esta semana. Mañana a las 9",
        "Der Kunde unterschreibt am Freitag, morgen um 9",
    ],
)
def test_an_answer_that_begins_as_reasons_do_is_no_reason_for_a_command(text):
    reply = read_text(text, ONE)
    assert (reply.disposition, reply.command) == (Disposition.ANSWER, None)


@pytest.mark.parametrize(
    "text", ["later the offer", "dopo l'offerta", "después la oferta", "plus tard l'offre"]
)
def test_small_words_alone_tell_no_time(text):
    command = read_text(text, ONE).command
    assert command is None or command.argument is None
