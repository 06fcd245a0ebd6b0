"""An answer is a plan where its words were given before the call began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.commitment import Answer
from nudger.domain.plans import is_plan

START = datetime(2026, 11, 24, 13, tzinfo=UTC)
BEFORE, AFTER = START - timedelta(hours=1), START + timedelta(hours=1)
ONE, OTHER = Answer("Dana agrees"), Answer("Joe agrees")
PRIVATE = Answer("Dana agrees", private=True)


@pytest.mark.parametrize(
    ("given", "plan"),
    [
        ([], False),
        ([(BEFORE, ONE)], True),
        ([(START, ONE)], False),
        ([(AFTER, ONE)], False),
        ([(BEFORE, ONE), (AFTER, OTHER)], False),
        ([(BEFORE, ONE), (AFTER, PRIVATE)], True),
        ([(BEFORE, PRIVATE), (AFTER, ONE)], True),
        ([(BEFORE, ONE), (BEFORE, OTHER), (AFTER, OTHER)], True),
        ([(BEFORE, ONE), (AFTER, OTHER), (AFTER, ONE)], False),
    ],
)
def test_whether_it_is_a_plan(given, plan):
    assert is_plan(given, START) is plan
