"""What is posted keeps within Slack's limits, whatever a calendar says, in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudger.domain.commitment import Answer, Milestone
from nudger.domain.mails import MailKind
from nudger.mail.chat.form import answer_in, form_of
from nudger.mail.chat.message import Settled, question, told
from nudger.mail.chat.words import LONGEST, plain_of
from nudger.mail.compose import Audience
from nudger.mail.kind import Content, Letter
from nudger.mail.sample_people import calls_on
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import languages_of
from nudger.sandbox.slack.block_rules import check_message, check_view

START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
CALLS = calls_on(START, Audience.GUESTS)
MILESTONES = tuple(Milestone(f"Step {n} " + "x" * 90) for n in range(30))
KINDS = (MailKind.QUESTION, MailKind.REMINDER, MailKind.FOLLOW_UP)
ANYTHING = st.text(max_size=400) | st.sampled_from(["", "<!channel>", "&" * 5000, "\u202e\x00"])


def letter(*calls, milestones=MILESTONES):
    return Letter(Content(), calls, milestones, CALLS[0].shown.zone)


@pytest.mark.parametrize("language", languages_of(None))
@pytest.mark.parametrize("kind", KINDS)
def test_a_question_in_every_language(language, kind):
    templates = templates_for(None, language)
    for settled in ({}, {1: Settled.BY_MAIL}, dict.fromkeys((1, 2, 3), Settled.CALLED_OFF)):
        check_message(list(question(kind, letter(*CALLS), templates, settled).blocks))
    check_view(form_of(templates.words, CALLS[0], MILESTONES, "1:1"))
    check_view(form_of(templates.words, CALLS[0], (), "1:1"))


@settings(max_examples=60)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_a_question_about_anything(title, milestone, said):
    call = CALLS[0]
    planned = Answer(commitment_objective=said, next_milestone=milestone, fallback=said)
    odd = replace(call, shown=replace(call.shown, title=title), planned=planned)
    templates, steps = templates_for(None, "en"), (Milestone(milestone), Milestone("Decision"))
    message = question(MailKind.QUESTION, letter(odd, milestones=steps), templates, {})
    check_message(list(message.blocks))
    assert not set(message.text) & set("<>")
    check_view(form_of(templates.words, odd, steps, "1:1"))
    check_message(list(told(said).blocks))


def test_a_digest_of_more_calls_than_a_message_holds_is_cut():
    message = question(MailKind.QUESTION, letter(*(CALLS * 20)), templates_for(None, "en"), {})
    check_message(list(message.blocks))


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("Dana &amp; co agree", "Dana & co agree"),
        ("x &lt; 3 &gt; 1", "x < 3 > 1"),
        ("&amp;lt;", "&lt;"),
        ("ask <mailto:ben@ourco.com|ben@ourco.com>", "ask ben@ourco.com"),
        ("see <https://acme.com/a|acme.com/a>", "see acme.com/a"),
        ("see <https://acme.com>", "see https://acme.com"),
        ("<mailto:a@b.com>", "a@b.com"),
        ("a < b and | c > d", "a < b and | c > d"),
        ("", ""),
    ],
)
def test_what_slack_wraps_is_unwrapped(sent, meant):
    assert plain_of(sent) == meant


@given(st.text())
def test_any_words_are_read(text):
    assert len(plain_of(text * 20)) <= LONGEST


VALUES = {
    "commitment": {"commitment": {"value": " Dana signs\nby Friday "}},
    "milestone": {"milestone": {"selected_option": {"value": "1"}}},
    "fallback": {"fallback": {"value": None}},
    "place": {"place": {"selected_option": {"value": "private"}}},
}


def test_what_was_filled_in():
    steps = (Milestone("First call"), Milestone("Decision"))
    assert answer_in(VALUES, steps) == Answer(
        "Dana signs by Friday", "Decision", None, private=True
    )


@pytest.mark.parametrize(
    "odd", [{}, {"milestone": {"milestone": {"selected_option": {"value": "7"}}}},
            {"milestone": {"milestone": {"selected_option": None}}}, {"commitment": None}],
)  # fmt: skip
def test_what_is_none_of_the_list_is_not_chosen(odd):
    assert answer_in(odd, (Milestone("First call"),)) == Answer()
