"""The lines of our own mails, in both forms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.domain.commitment import Milestone
from nudger.mail.compose import Audience
from nudger.mail.kind import Scene
from nudger.mail.kinds import KINDS
from nudger.mail.own_lines import OwnLines, own_lines_of
from nudger.mail.reply_text import folded, text_words
from nudger.mail.sample_people import calls_on, envelope_on
from nudger.mail.template_cache import templates_for

START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
MILESTONES = (Milestone("First call"), Milestone("All decision makers met"))
ANSWERS = ("Yes", "no", "partly", "First call", "All decision makers met", "1", "skip")
ASKS = "please reply above this line"
NAMES = [(kind, name) for kind in KINDS.values() for name in kind.samples]


def message(kind, name):
    templates = templates_for(None, "en")
    scene = Scene(calls_on(START, Audience.GUESTS), MILESTONES, templates.words)
    return kind.render(kind.samples[name](scene), templates, envelope_on(START))


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_both_forms_are_kept_in_their_order(kind, name):
    lines = own_lines_of(message(kind, name))
    opens = [one[0] == ASKS for one in (lines.plain[1:], lines.page)]
    assert opens in ([True, True], [False, False])
    assert "" not in (*lines.plain, *lines.page)
    assert lines.all == lines.plain + lines.page


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_no_line_of_ours_is_what_a_rep_may_answer(kind, name):
    assert not {*own_lines_of(message(kind, name)).all} & {folded(answer) for answer in ANSWERS}


def test_a_quote_of_the_page_alone_is_taken_out():
    lines = OwnLines(page=("agreed partly no 2 1 0", "your customer calls 16 22 nov"))
    reply = "Thanks\n\nYour customer calls, 16–22 Nov\nAgreed · partly · no: \t2 · 1 · 0"
    assert text_words(reply, lines.all) == "Thanks"
