"""The judge on sentences of an author who had looked at no rule and at no other sentence.

Nothing is learned from them. At first sight 97.6 % were told a commitment or none, 93.8 % their kind.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nudger.domain.coach.judge import model
from nudger.domain.coach.kinds import Kind

FILE = Path(__file__).parent.parent.parent / "corpus" / "sentences_third.jsonl"
SENTENCES = [
    (one["text"], Kind(one["kind"]), one["language"])
    for one in map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
]
LEAST_SAME_SIDE = 0.93
LEAST_SAME_KIND = 0.88


def _shares(language: str | None) -> tuple[float, float]:
    chosen = [one for one in SENTENCES if language in (None, one[2])]
    judged = [(kind, model().judge(text).kind) for text, kind, _ in chosen]
    same_side = [(a is Kind.COMMITMENT) is (b is Kind.COMMITMENT) for a, b in judged]
    return sum(same_side) / len(judged), sum(a is b for a, b in judged) / len(judged)


def test_it_tells_commitments_and_kinds():
    same_side, same_kind = _shares(None)
    assert same_side >= LEAST_SAME_SIDE
    assert same_kind >= LEAST_SAME_KIND


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt"])
def test_in_each_language(language):
    same_side, _ = _shares(language)
    assert same_side >= LEAST_SAME_SIDE


def test_what_is_no_commitment_is_not_published():
    published = [
        text
        for text, kind, _ in SENTENCES
        if kind is not Kind.COMMITMENT
        and (judged := model().judge(text)).kind is Kind.COMMITMENT
        and judged.probabilities[0] >= model().certain_from[0]
    ]
    assert published == []
