"""Whether a call went from one of our people to another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.hosts import Call, passed_on

START = datetime(2026, 11, 24, 13, tzinfo=UTC)


def call(name, *guests, late=0):
    return Call(name, START + timedelta(minutes=late), frozenset(guests))


@pytest.mark.parametrize(
    ("case", "gone", "new", "pairs"),
    [
        ("the same guest", [call("old", "dana")], [call("new", "dana")], {"new": "old"}),
        ("one guest in common", [call("old", "dana", "joe")], [call("new", "dana", "sam")],
         {"new": "old"}),
        ("somebody else", [call("old", "dana")], [call("new", "sam")], {}),
        ("another moment", [call("old", "dana")], [call("new", "dana", late=1)], {}),
        ("nobody is known", [call("old")], [call("new")], {}),
        ("more in common goes first", [call("a", "dana"), call("b", "dana", "joe")],
         [call("new", "dana", "joe")], {"new": "b"}),
        ("each once", [call("old", "dana")], [call("n1", "dana"), call("n2", "dana")],
         {"n1": "old"}),
        ("two calls", [call("a", "dana"), call("b", "sam")],
         [call("n1", "sam"), call("n2", "dana")], {"n1": "b", "n2": "a"}),
    ],
)  # fmt: skip
def test_what_was_passed_on(case, gone, new, pairs):
    assert passed_on(gone, new) == pairs
