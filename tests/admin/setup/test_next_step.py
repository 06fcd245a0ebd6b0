"""What to do after `nudger init`: a table of what was found and answered."""

from __future__ import annotations

import pytest

from nudger.admin.setup.answers import OWN
from nudger.admin.setup.next_step import next_step

ANA, MAILBOX = "ana@ourco.example", "nudger@ourco.example"


@pytest.mark.parametrize(
    ("answers", "command", "then"),
    [
        ({"rep": ANA, "mailbox": MAILBOX}, f"nudger test-mail {ANA}", "nudger announce"),
        ({"mailbox": MAILBOX}, "nudger scan --dry-run", "nudger announce, nudger run"),
        ({}, "nudger scan --dry-run", "nudger announce, nudger run"),
    ],
)
def test_reps_hear_of_it_before_they_are_asked(answers, command, then):
    step = next_step([], answers)
    assert (step.command, then in step.why) == (command, True)


def test_who_asks_only_themself_need_not_be_told():
    step = next_step([], {"rep": ANA, "mailbox": OWN})
    assert step.command == "nudger scan --dry-run"
    assert "announce" not in step.why
