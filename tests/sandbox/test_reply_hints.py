"""An empty reply box suggests what fits the mail that is open."""

from __future__ import annotations

import pytest

from nudger.sandbox.reply_hints import reply_hint

MILESTONES = "\n  1  First call\n  2  Needs analysis\n  3  Decision\n"
SEVERAL = "A. ACME weekly\n   Tuesday\n\nB. ACME: pilot review\n   Tuesday\n"


@pytest.mark.parametrize(
    ("mail", "hint"),
    [
        ("For example: Dana agrees to call the CFO.\n", "Dana agrees to call the CFO."),
        (f"For example: Dana calls.\n{MILESTONES}", "Dana calls.\n3"),
        ("How would one see it? For example: “Dana says yes.”\n", "Dana says yes."),
        (f"{SEVERAL}\n  A: Joe agrees.\n  B: ...\n{MILESTONES}", "A: Joe agrees.\n3\nB: later 2h"),
        (f"{SEVERAL}\nA: Joe agrees.\nB: …\n3\u00a0 Decision\n", "A: Joe agrees.\n3\nB: later 2h"),
        ("Did they agree? Reply yes, partly or no.\n", "yes"),
        (f"Did they agree?\n\n{SEVERAL}", "A: yes\nB: partly, the date is open"),
        ("To change it, just reply. “undo” takes it back.", "undo"),
        ("Lunch on Friday?", "Write a reply"),
        ("", "Write a reply"),
    ],
)
def test_the_mails_own_words_say_what_fits(mail, hint):
    assert reply_hint(mail) == hint
