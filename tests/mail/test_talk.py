"""Talk beside an answer, and words to us that no list holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.clauses import ClauseKind
from nudger.mail.message import Asked, CommandName, Disposition
from nudger.mail.reply import read_text
from nudger.mail.talk import Said, meant_by, without_remarks, without_talk, without_wish
from tests.growth import TWICE_LINEAR, growth
from tests.mail.test_words import LIST, ONE, TWO

PLAN = "Dana signs the pilot agreement by Friday"
COACH = Path(__file__).parent.parent.parent / "data" / "coach"


@pytest.mark.parametrize(
    "aside",
    [
        "Good question :)",
        "Oops forgot about this one!",
        "Sorry, zat net in de auto.",
        "Bin gerade am Flughafen, daher kurz.",
        "That would make my quarter haha.",
        "Désolé pour le retard, j'étais en route.",
        "Perdona, que voy conduciendo.",
        "Scusa il ritardo, ero in riunione.",
        "Desculpa a demora, dia cheio.",
        "I love these little reminders, honestly.",
        "Gracias por avisar 👍",
    ],
)
def test_what_speaks_to_us_is_no_part_of_the_answer(aside):
    assert without_talk([f"{aside} {PLAN}"]) == [PLAN]
    assert without_talk([f"{PLAN}. {aside}"]) == [f"{PLAN}."]
    assert without_talk([PLAN, aside]) == [PLAN, ""]


@pytest.mark.parametrize(
    "lines",
    [
        [f"{PLAN}. Her boss does not know yet."],
        [f"{PLAN}. Floor price is 80k."],
        ["Thanks for the reminder, you are a star."],
        ["Dana thanks us for the reminder and pays invoice 12. She signs on Monday."],
        ["Dana podpisze umowę do piątku. Przepraszam za opóźnienie."],
    ],
)
def test_what_is_of_the_deal_or_all_that_is_said_stays(lines):
    assert without_talk(lines) == lines


def test_of_many_sentences_none_is_judged():
    lines = [PLAN, *["Sorry for the delay, crazy week."] * 60]
    assert without_talk(lines) == lines


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("Can't think about this right now, could you ask me again in two hours?",
         CommandName.LATER, "in two hours"),
        ("ping me once more on Monday would you", CommandName.LATER, "on monday"),
        ("por favor não me mandem mais estas mensagens, obrigado", CommandName.STOP, None),
    ],
)  # fmt: skip
def test_commands_in_words_that_no_list_holds(text, name, argument):
    reply = read_text(text, ONE)
    assert reply.disposition is Disposition.COMMAND
    assert (reply.command.name, reply.command.argument) == (name, argument)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Which meeting is this about? I have two with them tomorrow", ClauseKind.QUESTION),
        ("Como assim, o que o cliente vai fazer? Não percebi a pergunta", ClauseKind.QUESTION),
        ("you robots are getting rather good at this", ClauseKind.ASIDE),
    ],
)
def test_a_word_to_us_is_no_answer(text, kind):
    assert meant_by([text]).kind is kind
    assert read_text(text, ONE).disposition is Disposition.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        PLAN,
        "Pause the rollout until Dana has the budget",
        "they skip the pilot and go straight to contract",
        "Dana asks us to remind legal tomorrow",
        "She stops the old subscription by March",
        "Дана подпишет договор до пятницы",
        "Joe Park",
    ],
)
def test_what_is_no_word_to_us(text):
    assert meant_by([text]) is None


def test_a_word_to_us_with_a_milestone_beside_it_is_an_answer():
    reply = read_text("sorry, next should be the proposal meeting", Asked(LIST, ONE.meetings))
    assert reply.answers[1].next_milestone == "Proposal meeting"


@pytest.mark.parametrize(
    "wish",
    [
        "pls dont put this where the guests can see it",
        "bitte so, dass die Gäste das nicht lesen können",
        "que les invités ne voient pas ça svp",
    ],
)
def test_a_wish_for_privacy_in_words_of_one_s_own(wish):
    answer = read_text(f"{PLAN}\n{wish}", ONE).answers[1]
    assert (answer.commitment_objective, answer.private) == (PLAN, True)


@pytest.mark.parametrize(
    "text",
    [
        f"não coloca no convite: {PLAN}",
        f"nicht in die Einladung schreiben: {PLAN}",
        f"{PLAN}, keep it out of the invite",
        f"{PLAN}. Pas dans l'invitation svp.",
    ],
)
def test_such_a_wish_before_or_behind_the_answer(text):
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective.rstrip("."), answer.private) == (PLAN, True)


def test_a_command_beside_an_answer_is_not_lost():
    answer = read_text(f"{PLAN}. Please stop mailing me about them.", ONE).answers[1]
    assert "stop mailing me" in answer.commitment_objective


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (f"{PLAN}. She always haggles over the price.", "She always haggles over the price."),
        (f"{PLAN}. Our floor is 80k.", "Our floor is 80k."),
        (f"Nightmare of a woman. {PLAN}.", "Nightmare of a woman."),
        (f"CO: {PLAN}. Our floor is 80k.\nnext: 4", "Our floor is 80k."),
        (f"{PLAN} (our floor is 80k, careful)", "our floor is 80k, careful"),
        (f"{PLAN}. O pessoal da obra também entra?", "O pessoal da obra também entra?"),
        (f"{PLAN}. Sie ist leider ziemlich anstrengend.", "Sie ist leider ziemlich anstrengend."),
        (f"{PLAN}. Elle négocie toujours le prix à mort.", "Elle négocie toujours le prix à mort."),
    ],
)
def test_a_remark_beside_a_commitment_is_set_apart(text, remark):
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective.rstrip("."), answer.remark) == (PLAN, remark)


@pytest.mark.parametrize(
    "text",
    [
        f"{PLAN}. Tom sends us the floor plan on Monday.",  # both are the plan
        "She always haggles over the price. Our floor is 80k.",  # no commitment beside it
        "Mr. Dana signs the pilot agreement by Friday. M. Petit countersigns it.",
        f"{PLAN}. Before 4 pm.",
        f"{PLAN} (the CFO).",
        "Dana signs the pilot agreement by Friday?",
    ],
)
def test_what_may_be_part_of_the_plan_is_not(text):
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective, answer.remark) == (text, None)


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_gets_lost_between_an_answer_and_its_remark(before, behind):
    text = " ".join(f"{before}. {PLAN}. {behind}".split())
    said = without_remarks(text)
    left = sorted(f"{said.answer} {said.remark}".split())
    assert left == sorted(text.split()) or said == Said(text)


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        (f"Tom pays the deposit. Oh wait, forget that, it was last week. {PLAN}.", f"{PLAN}."),
        (f"Tom zahlt die Anzahlung. Nein, warte, vergiss das. {PLAN}.", f"{PLAN}."),
        (f"Tom paga la fianza. Perdona, olvídalo. {PLAN}.", f"{PLAN}."),
        (f"Tom pays the deposit\nscratch that, wrong one\n{PLAN}", PLAN),
        # Nothing stands in its place.
        (f"{PLAN}. Forget that I asked about the invoice.", f"{PLAN}."),
        ("Tom wont forget that. Dana signs the pilot plan.",
         "Tom wont forget that. Dana signs the pilot plan."),
    ],
)  # fmt: skip
def test_what_is_taken_back_in_the_same_breath(text, objective):
    assert read_text(text, ONE).answers[1].commitment_objective == objective


@pytest.mark.parametrize(
    "beside",
    ["Forget that she hates us.", "Strike that from the list.", "Vergiss das Angebot nicht.",
     "Oubliez pas le devis."],
)  # fmt: skip
def test_nothing_is_taken_back_by_words_that_go_on(beside):
    answer = read_text(f"{PLAN}. {beside} Tom reviews the offer by Monday.", ONE).answers[1]
    assert answer.commitment_objective.startswith(PLAN)


@pytest.mark.parametrize(
    ("text", "taken_back"),
    [
        (f"Tom pays the deposit. Oh wait, forget that. {PLAN}.",
         "Tom pays the deposit. Oh wait, forget that."),
        (f"Milestone: 4\nScrap that: {PLAN}", "Milestone: 4 Scrap that:"),
        (f"Tom pays. Scrap that. {PLAN}. Our floor is 80k.",
         "Tom pays. Scrap that. Our floor is 80k."),
    ],
)  # fmt: skip
def test_the_rep_is_told_what_was_taken_back(text, taken_back):
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective.rstrip("."), answer.remark) == (PLAN, taken_back)


@pytest.mark.parametrize(
    "wish",
    ["Private please.\nTom pays.", "Tom pays, keep that to yourself.", "Tom pays (private)."],
)
def test_a_wish_is_not_taken_back_with_the_words_beside_it(wish):
    answer = read_text(f"{wish} Oh wait, scrap that. {PLAN}.", ONE).answers[1]
    assert (answer.commitment_objective, answer.private) == (f"{PLAN}.", True)


@pytest.mark.parametrize(
    "beside",
    [
        "Can you keep that from her?", "Can you make sure that the guests can't see this?",
        "Who can read this?", "She doesn't know yet.", "Sieht sie das?",
        "Kannst du das bitte vor ihr verbergen?", "¿Puedes ocultarlo al cliente?",
        "Peux-tu le cacher au client ?", "Puoi nasconderlo al cliente?",
        "Kun je dit verbergen voor de klant?", "Pode esconder isto do cliente?",
    ],
)  # fmt: skip
def test_guests_wait_where_a_question_may_be_about_who_reads_it(beside):
    reply = read_text(f"{PLAN}. {beside}", ONE)
    assert reply.doubtful or reply.answers[1].private


@pytest.mark.parametrize("behind", ["\nOh wait, forget that.", ". Scrap that.", "\nDoch nicht."])
def test_guests_wait_where_an_answer_is_taken_back_and_nothing_stands_in_its_place(behind):
    assert read_text(f"{PLAN}{behind}", ONE).doubtful == {1}


@pytest.mark.parametrize(
    ("below", "waits"),
    [
        ("Can you hide these from the guests?", {1, 2}),
        ("Who reads this?", {1, 2}),
        ("Oh wait, forget that.", {1, 2}),
        ("Shall I bring Tom along?", set()),
    ],
)
def test_what_stands_below_several_answers_may_be_about_all_of_them(below, waits):
    text = f"A: {PLAN}\nB: Tom books the training by Monday\n{below}"
    assert read_text(text, TWO).doubtful == waits


@pytest.mark.parametrize("beside", ["Shall I bring Tom along?", "Our floor is 80k."])
def test_guests_do_not_wait_for_any_other_one(beside):
    reply = read_text(f"{PLAN}. {beside}", ONE)
    assert not reply.doubtful
    assert reply.answers[1].commitment_objective == f"{PLAN}."


@pytest.mark.parametrize(
    ("text", "objective", "milestone"),
    [
        ("okay so um Dana names two operators full stop next milestone is decision full stop",
         "Dana names two operators", "Decision"),
        ("alors euh Dana nous donne les plans du bâtiment point prochaine étape décision point",
         "Dana nous donne les plans du bâtiment", "Decision"),
        ("Dana names the sticking point", "Dana names the sticking point", None),
    ],
)  # fmt: skip
def test_full_stops_that_were_spoken(text, objective, milestone):
    answer = read_text(text, ONE).answers[1]
    assert (answer.commitment_objective.rstrip("."), answer.next_milestone) == (
        objective,
        milestone,
    )


@pytest.mark.parametrize(
    ("text", "objective", "fallback"),
    [
        (f"No clue if he may decide. {PLAN}", f"No clue if he may decide. {PLAN}", None),
        ("No clue if he may decide. Anders signs the pilot agreement by Friday",
         "No clue if he may decide. Anders signs the pilot agreement by Friday", None),
        (f"{PLAN} the 15. Se não, marca uma data.", f"{PLAN} the 15", "marca uma data."),
    ],
)  # fmt: skip
def test_no_part_of_an_answer_goes_with_the_talk(text, objective, fallback):
    answer = read_text(text, ONE).answers[1]
    said = f"{answer.commitment_objective} {answer.remark or ''}"
    assert sorted(said.split()) == sorted(objective.split())
    assert answer.fallback == fallback


@pytest.mark.parametrize(
    ("text", "milestones"),
    [
        ("A: Dana signs, proposal meeting\nB: Mia joins, decision\nSorry, A should be decision.",
         ["Decision", "Decision"]),
        ("A: Dana signs, proposal meeting\nB: Mia joins, decision\nScusa, per A ho sbagliato: decision",
         ["Decision", "Decision"]),
        ("A: Dana signs, proposal meeting\nB: Mia joins, decision\nSorry, late again.",
         ["Proposal meeting", "Decision"]),
    ],
)  # fmt: skip
def test_another_milestone_for_one_of_several_calls(text, milestones):
    answers = read_text(text, TWO).answers
    assert [answers[number].next_milestone for number in (1, 2)] == milestones
    assert [answers[n].commitment_objective for n in (1, 2)] == ["Dana signs", "Mia joins"]


def test_another_milestone_in_a_line_of_its_own():
    answer = read_text(f"{PLAN}, proposal meeting\n\nno wait, milestone is decision", ONE).answers[
        1
    ]
    assert (answer.commitment_objective, answer.next_milestone) == (PLAN, "Decision")


def test_a_courtesy_goes_with_the_wish_that_it_stood_by():
    answer = read_text(f"{PLAN}. Que esto no lo vea el cliente, por favor", ONE).answers[1]
    assert (answer.commitment_objective.rstrip("."), answer.private) == (PLAN, True)


def test_what_only_speaks_of_privacy_stays():
    line = "Dana signs the privacy annex for the guests by Friday"
    assert without_wish(line, is_expected=True) == line


def test_nobody_publishes_by_words_that_no_list_holds():
    """The model takes "not where guests see it" for the opposite at times."""
    reply = read_text("pls do put this somewhere the guests can see it", ONE)
    assert reply.command is None or reply.command.name is not CommandName.PUBLISH


@pytest.mark.parametrize(
    ("before", "unread"),
    [
        ("Sorry, was on the train.", {}),
        ("Which of them did you mean?", {0: "Which of them did you mean?"}),
        ("Floor price is 80k.", {0: "Floor price is 80k."}),
    ],
)
def test_talk_before_several_calls_is_not_told_as_unread(before, unread):
    reply = read_text(f"{before}\nA: Dana signs the plan\nB: Mia joins the demo", TWO)
    assert set(reply.answers) == {1, 2}
    assert reply.unread == unread


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("Let me think, he agrees to swap the two old copiers",
         "he agrees to swap the two old copiers"),
        ("Good question, I'd say she commits to a pilot with ten users.",
         "she commits to a pilot with ten users"),
    ],
)  # fmt: skip
def test_an_answer_behind_what_fills_a_gap_is_one(text, objective):
    assert read_text(text, ONE).answers[1].commitment_objective == objective


@pytest.mark.parametrize(
    "text", ["I swear I answered this yesterday already", "i guess thats my answer"]
)
def test_an_answer_is_not_taken_back_on_a_mere_likelihood(text):
    assert read_text(text, ONE).command is None


@given(st.text(max_size=200))
def test_whatever_is_written_is_told_apart(text):
    lines = text.split("\n")
    assert len(without_talk(lines)) == len(lines)
    meant_by(lines)


def test_sentences_of_many_authors_are_no_talk():
    """Of a tenth of all that the coach learned from, one in a hundred at most is a word to us."""
    said = [
        one["text"]
        for file in sorted(COACH.glob("author-*.jsonl"))
        for one in map(json.loads, file.read_text(encoding="utf-8").splitlines()[::10])
        if one["kind"] != "unclear"
    ]
    meant = [text for text in said if meant_by([text]) is not None]
    assert len(said) > 700
    assert len(meant) <= len(said) // 100, meant


def test_it_grows_with_the_text():
    assert (
        growth(lambda text: without_talk([text]), lambda size: "so. " * (size // 4)) < TWICE_LINEAR
    )
