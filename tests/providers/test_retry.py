"""The one policy by which calls are tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nudger.providers.base import NotFound, Unavailable
from nudger.providers.retry import Patience, Retries, Tries


class Call:
    """Raises these errors one after the other, then returns "done"."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.made = 0

    def __call__(self):
        self.made += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.fixture
def slept():
    return []


def policy(slept, **patience):
    return Retries(Patience(**patience), slept.append, lambda: 0.5)


def busy(seconds=None, *, in_doubt=False):
    asked = None if seconds is None else timedelta(seconds=seconds)
    return Unavailable("busy", asked, in_doubt=in_doubt)


def test_what_passes_is_waited_out_longer_each_time(slept):
    call = Call(busy(), busy(), busy())
    assert policy(slept).until_answered(call) == "done"
    assert slept == [0.375, 0.75, 1.5]


def test_a_pause_is_never_shorter_than_was_asked_for(slept):
    assert policy(slept).until_answered(Call(busy(7), busy(0))) == "done"
    assert slept[0] >= 7
    assert slept[1] > 0


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (busy(in_doubt=True), "it may have been done"),
        (busy(120), "longer than a caller should hold what it claimed"),
        (NotFound("gone"), "waiting does not mend it"),
        (ValueError("a fault of ours"), "waiting does not mend it"),
    ],
)
def test_what_is_not_tried_again(slept, error, why):
    call = Call(error)
    with pytest.raises(type(error)):
        policy(slept).until_answered(call)
    assert (call.made, slept) == (1, []), why


def test_tries_end(slept):
    call = Call(*[busy(1)] * 9)
    with pytest.raises(Unavailable) as raised:
        policy(slept, tries=3).until_answered(call)
    assert call.made == 3
    assert raised.value.retry_after == timedelta(seconds=1)


def test_all_pauses_together_end(slept):
    call = Call(*[busy(12)] * 9)
    with pytest.raises(Unavailable):
        policy(slept).until_answered(call)
    assert call.made == 3
    assert sum(slept) <= 30


def test_what_was_asked_for_up_to_thirty_seconds_is_waited_for():
    thirty = timedelta(seconds=30)
    assert Patience().pause(1, thirty, 0.5) == 30 + 0.375 / 4
    assert Patience().pause(1, thirty + timedelta(seconds=1), 0.5) is None
    assert Patience(tries=99).pause(30, None, 0.5) == 30


def test_all_pauses_together_may_fill_the_longest_wait(slept):
    half = timedelta(seconds=8)
    tries = Tries(policy(slept, first_wait=half, longest_wait=timedelta(seconds=6), tries=9))
    assert tries.wait(None) is True
    assert tries.wait(None) is False
    assert slept == [6]


@pytest.mark.parametrize(
    ("failed", "asked", "least", "most"),
    [(1, None, 0.25, 0.5), (3, None, 1, 2), (1, 10, 10, 10.2), (1, 0, 0, 0.2)],
)
def test_pauses(failed, asked, least, most):
    after = None if asked is None else timedelta(seconds=asked)
    for chance in (0.0, 0.5, 0.999):
        pause = Patience().pause(failed, after, chance)
        assert pause is not None
        assert least <= pause <= most
    assert Patience(tries=failed).pause(failed, after, 0.5) is None
