"""That growth is measured of the code alone: what traces it for coverage stands aside meanwhile."""

from __future__ import annotations

import gc
import sys

import pytest

from tests.growth import TWICE_LINEAR, confirmed, growth, seconds, untraced


@pytest.fixture
def traced():
    """The names of the functions that were traced since."""
    names = []

    def trace(frame, event, _):
        names.append(frame.f_code.co_name)

    before = sys.gettrace()
    sys.settrace(trace)
    yield names
    sys.settrace(before)


def measured(_text):
    return sys.gettrace(), gc.isenabled()


def test_what_is_measured_is_not_traced_and_what_follows_is(traced):
    seconds(measured, "x", 3)
    confirmed(measured, lambda size: "x" * size, 2)
    growth(measured, lambda size: "x" * size)
    assert "measured" not in traced
    measured("x")
    assert "measured" in traced


def test_nothing_is_tidied_while_it_is_measured_and_all_is_as_it_was_after_an_error():
    tracer = sys.gettrace()
    with untraced():
        assert measured("x") == (None, False)
    with pytest.raises(ZeroDivisionError), untraced():
        _ = 1 / 0
    assert measured("x") == (tracer, True)


def square(text):
    return sum(1 for _ in text for _ in text)


def test_a_square_is_told_from_a_line():
    assert growth(square, lambda size: "x" * size) > TWICE_LINEAR
    assert growth(list, lambda size: "x" * size * 100) < TWICE_LINEAR
