"""Calls that a sentence names."""

from __future__ import annotations

import pytest

from nudger.mail.message import AskedMeeting
from nudger.mail.sentences_of_calls import after_about

TWO = (AskedMeeting(1, "Review", ("acme.example",)), AskedMeeting(2, "Demo", ("globex.example",)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("for the second one Dana signs", (2, "Dana signs")),
        ("on call 2 Dana signs", (2, "Dana signs")),
        ("for Acme Dana signs", (1, "Dana signs")),
        ("E second call with the ops lead", None),
        ("the second call goes well", None),
    ],
)
def test_what_leads_to_a_call(text, said):
    assert after_about(text, TWO) == said
