"""The shipped tagger at whole texts: what it may leave out, and what it may not."""

from __future__ import annotations

import pytest

from nudger.domain.commitment import Milestone
from nudger.mail.by_rules import read_by_rules
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.readers import read_words
from nudger.mail.segments.tagger import parts_of, segment_model, tagged
from nudger.mail.segments.tags import Tag

ONE = Asked(
    (Milestone("Discovery"), Milestone("Demo"), Milestone("Pilot")),
    (AskedMeeting(1, "ACME: pilot review", ("acme.example",)),),
)
TWO = Asked(
    ONE.milestones,
    (
        AskedMeeting(1, "Pilot", ("acme.example",), guests=("Dana Reyes <dana@acme.example>",)),
        AskedMeeting(2, "Roof", ("globex.example",), guests=("Tom Hall <tom@globex.example>",)),
    ),
)


def test_the_model_knows_every_tag() -> None:
    assert set(segment_model().tags) == set(Tag)


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("I'd say Dana hands over the invoices. I doubt she has them.", "Dana hands over the invoices"),
        ("ok so um the goal is that they run it in Tucson for two weeks thanks bye",
         "they run it in Tucson for two weeks"),
        ("Ich würde sagen, die zwei Meister probieren den Greifer aus. Der Alte meckert wieder.",
         "die zwei Meister probieren den Greifer aus"),
        ("Yo diría que la jefa de compras visita nuestra planta. Un abrazo, Toño",
         "la jefa de compras visita nuestra planta"),
    ],
)  # fmt: skip
def test_what_leads_to_an_answer_or_follows_it_is_left_out(text: str, objective: str) -> None:
    answer = read_words(text, ONE).answers[1]
    assert (answer.commitment_objective or "").rstrip(".") == objective


def test_two_calls_in_one_breath() -> None:
    text = (
        "so for the first call they put the jam by the till and for the second Tom pays the deposit"
    )
    read = read_words(text, TWO).answers
    assert [read[at].commitment_objective for at in (1, 2)] == [
        "they put the jam by the till",
        "Tom pays the deposit",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dana signs the pilot agreement by Friday. Please stop mailing me about them.",
        "Dana signs the pilot agreement by Friday. Can you keep that from her?",
    ],
)
def test_what_may_be_a_word_to_us_or_about_readers_keeps_the_answer_from_guests(text: str) -> None:
    assert read_words(text, ONE).doubtful == {1}


def test_nothing_is_read_where_a_clear_commitment_would_be_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "Hi Dana signs the pilot agreement by Friday"
    talk = segment_model().tags.index("talk")
    monkeypatch.setattr(type(segment_model()), "best_path", lambda _, rows: [talk] * len(rows))
    assert tagged(text, ONE, read_by_rules(text, ONE)).readings == {}


def test_no_text_has_no_parts() -> None:
    assert parts_of("", ONE, read_by_rules("", ONE)) == []
