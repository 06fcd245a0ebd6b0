"""The labelled clauses that the judge of replies' clauses learns from."""

from __future__ import annotations

import gzip
from collections import Counter

from nudger.domain.clauses import CLAUSE_KINDS, ClauseKind
from training.clauses import fifth_of, held_out_clauses, training_clauses, words_learned
from training.sentences import Labelled

LEARNED = training_clauses()


def test_there_are_enough_of_each_kind_in_each_language():
    counted = Counter((one.kind, one.language) for one in LEARNED)
    languages = {one.language for one in LEARNED}
    assert languages == {"de", "en", "es", "fr", "it", "nl", "pt"}
    least = {kind: min(counted[kind, one] for one in languages) for kind in CLAUSE_KINDS}
    assert min(least.values()) >= 15
    assert least[ClauseKind.ASIDE] >= 400


def test_nobody_is_learned_from_and_held_out():
    learned = {one.text.casefold() for one in LEARNED}
    assert [one.text for one in held_out_clauses() if one.text.casefold() in learned] == []


def test_each_fifth_has_its_share():
    shares = Counter(map(fifth_of, LEARNED))
    assert len(shares) == 5
    assert min(shares.values()) > len(LEARNED) / 6


def test_words_of_one_clause_are_not_learned():
    clauses = [
        Labelled(text, ClauseKind.PLAN, "en", "", "a")
        for text in ("Dana signs", "dana signs, signs", "Tom pays")
    ]
    assert gzip.decompress(words_learned(clauses)).decode().split() == ["dana", "signs"]
