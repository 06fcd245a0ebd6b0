"""When a circuit opens, when one call goes through, and when it closes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.circuit import LONGEST_BREAK, Circuit

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SOUND = Circuit(opens_after=3)


def at(seconds):
    return NOW + timedelta(seconds=seconds)


def after(*happened):
    """The circuit after calls that failed at these seconds, or succeeded (`None`)."""
    circuit = SOUND
    for one in happened:
        circuit = circuit.succeeded() if one is None else circuit.failed(at(one))
    return circuit


CASES = [
    ("nothing happened", (), 0, None),
    ("two failures are no row", (0, 0), 0, None),
    ("three are", (0, 0, 0), 0, 30),
    ("it is open until the break ends", (0, 0, 0), 29, 30),
    ("then one may try", (0, 0, 0), 30, None),
    ("a success in between begins anew", (0, 0, None, 0, 0), 0, None),
    ("a probe that fails makes it longer", (0, 0, 0, 30), 30, 90),
    ("and longer", (0, 0, 0, 30, 90), 90, 210),
    ("a probe that succeeds closes it", (0, 0, 0, 30, None), 30, None),
    ("and the next break is short again", (0, 0, 0, 30, None, 40, 40, 40), 40, 70),
]


@pytest.mark.parametrize(
    ("happened", "now", "until"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_until_when_it_is_open(happened, now, until):
    expected = None if until is None else at(until)
    assert after(*happened).closed_from(at(now)) == expected


def test_a_probe_has_the_others_wait_and_is_not_the_last():
    probing = after(0, 0, 0).admitting(at(31))
    assert probing.closed_from(at(31)) == at(91)
    assert probing.closed_from(at(91)) is None
    assert SOUND.admitting(NOW) == SOUND


def test_a_break_grows_to_five_minutes_and_no_further():
    circuit = SOUND
    lengths = []
    for _ in range(20):
        circuit = circuit.failed(NOW)
        lengths.append(circuit.closed_from(NOW))
    assert lengths[:2] == [None, None]
    assert [(until - NOW).total_seconds() for until in lengths[2:7]] == [30, 60, 120, 240, 300]
    assert {(until - NOW).total_seconds() for until in lengths[7:]} == {300}


@given(st.lists(st.integers(0, 100_000), min_size=3, max_size=40))
def test_no_break_is_longer_than_the_longest(moments):
    circuit = after(*sorted(moments))
    last = at(max(moments))
    assert circuit.closed_from(last) is not None
    assert circuit.closed_from(last + LONGEST_BREAK) is None


@pytest.mark.parametrize(
    ("failures", "asked", "until"),
    [
        (1, None, None),
        (1, 7, 7),
        (3, 7, 30),
        (3, 600, 600),
    ],
)
def test_who_asks_to_be_left_alone_is(failures, asked, until):
    circuit = SOUND
    for _ in range(failures - 1):
        circuit = circuit.failed(NOW)
    circuit = circuit.failed(NOW, None if asked is None else timedelta(seconds=asked))
    assert circuit.closed_from(NOW) == (None if until is None else at(until))
    assert circuit.succeeded().closed_from(NOW) is None


def test_a_shorter_wish_does_not_end_a_longer_one():
    circuit = SOUND.failed(NOW, timedelta(seconds=90)).failed(at(1), timedelta(seconds=5))
    assert circuit.closed_from(at(10)) == at(90)
