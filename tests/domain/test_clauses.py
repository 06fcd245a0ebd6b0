"""The judge of clauses: what it is made of, and that it does what was measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.clauses import (
    CLAUSE_KINDS,
    ClauseKind,
    clause_model,
    is_in_known_words,
    is_plan,
    likelihood,
)
from tests.growth import TWICE_LINEAR, growth
from training.clauses import held_out_clauses

HELD_OUT = held_out_clauses()


def share(kind: ClauseKind, is_it) -> float:
    chosen = [one.text for one in HELD_OUT if one.kind is kind]
    return sum(map(is_it, chosen)) / len(chosen)


def talk(text):
    likely = dict(zip(CLAUSE_KINDS, likelihood(text), strict=True))
    return 1 - likely[ClauseKind.PLAN] - likely[ClauseKind.REMARK] >= 0.9


@given(st.text(max_size=200))
def test_whatever_is_written_is_judged(text):
    assert sum(likelihood(text)) == pytest.approx(1)


def test_clauses_of_an_author_from_whom_nothing_was_learned():
    """A floor below what docs/coach-model.md says, so that a worse model does not slip in."""
    assert len(HELD_OUT) > 900
    assert share(ClauseKind.ASIDE, talk) > 0.65
    assert share(ClauseKind.REMARK, talk) < 0.05
    assert share(ClauseKind.ASIDE, is_plan) < 0.1
    assert share(ClauseKind.REMARK, is_plan) < 0.3


def test_it_is_small_enough_to_ship():
    assert len(clause_model().packed()) < 5_000_000


@pytest.mark.parametrize(
    "text",
    [
        "Dana podpisze umowę do piątku",
        "Дана подпишет договор до пятницы",
        "田中さんが金曜日までに契約書に署名する",
        "Ahmet bey cuma günü sözleşmeyi imzalar",
        "Joe Park",
        "zzz xxxxxxx",
    ],
)
def test_what_it_has_not_learned_is_told(text):
    assert not is_in_known_words(text)


@pytest.mark.parametrize(
    "text", ["Dana signs the pilot by Friday", "danke für die Erinnerung", "bonne question ça"]
)
def test_what_it_has_learned(text):
    assert is_in_known_words(text)


def test_it_grows_with_the_text():
    assert growth(is_in_known_words, lambda size: "Dana signs, " * (size // 12)) < TWICE_LINEAR
