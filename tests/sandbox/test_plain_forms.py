"""Plain texts that providers make of our pages: a reply that quotes one leaves nothing of it."""

from __future__ import annotations

import pytest

from nudger.mail.reply_text import Writer, reply_text
from nudger.sandbox.plain_forms import plain_of_page
from tests.mail.samples import MAILS, own_lines, page

SAMPLES = sorted(file.stem for file in (MAILS / "samples").glob("*.html"))
ANSWER = "Dana signs by Friday\n2"


@pytest.mark.parametrize("provider", ["google", "microsoft"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_no_line_that_a_provider_made_is_left_of_a_reply(sample, provider):
    made = plain_of_page(page(sample), provider)
    marked = "\n".join(f"> {line}" for line in made.split("\n"))
    ana = Writer(("Ana Weber",), own_lines(sample))
    assert reply_text(made, None, ana) == reply_text(marked, None, ana) == ""
    for quoted in (made, marked):
        assert reply_text(f"{quoted}\n\n{ANSWER}", None, ana) == ANSWER
        assert reply_text(f"{ANSWER}\n\n{quoted}", None, ana) == ANSWER


def test_each_provider_writes_in_its_own_manner():
    shown = (
        "<title>x</title><b>Call</b> with a@b.co<table><tr><td>1</td><td>First</td></tr></table>"
    )
    assert plain_of_page(shown, "google").split() == ["*Call*", "with", "a@b.co", "1", "First"]
    made = plain_of_page(shown, "microsoft")
    assert made.startswith("Call with a@b.co<mailto:a@b.co>\n")
    assert made.endswith("1  \tFirst")
