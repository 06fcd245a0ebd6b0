"""Mails that came back."""

from __future__ import annotations

import pytest

from nudger.domain.mails import MailKind
from nudger.store import outbox
from nudger.store.outbox import NewMail
from tests.store.mails import LATER, NOW, bring_to


@pytest.mark.parametrize(
    ("came_back", "count", "began"),
    [
        ({"w": NOW, "second": LATER}, 2, NOW),
        ({"w": NOW, "second": LATER}, 1, LATER),
        ({"w": NOW, "second": LATER}, 0, None),
        ({"w": NOW}, 2, None),
        ({"w": NOW, "m": LATER}, 2, None),
        ({"w": NOW, "q": LATER}, 2, None),
    ],
)
def test_since_when_a_reps_own_mails_come_back(database, two_reps, came_back, count, began):
    """Not those to somebody else about the rep, nor to another rep."""
    ana, _ = two_reps
    with database.begin() as tx:
        outbox.put(tx, NewMail(MailKind.QUESTION, "second", ana.id, NOW, "day_before"))
        for once, at in came_back.items():
            bring_to(tx, once, bounced_at=at)
        assert outbox.bouncing_since(tx, ana.id, count) == began
