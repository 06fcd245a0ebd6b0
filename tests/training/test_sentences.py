"""The labelled sentences that the coach learns from."""

from __future__ import annotations

from collections import Counter

import pytest

from training.sentences import held_out_sentences, training_sentences

ALL = [*training_sentences(), *held_out_sentences()]


def test_there_are_enough_in_each_language_from_enough_authors():
    languages = Counter(one.language for one in ALL)
    assert len(ALL) >= 4000
    assert languages["en"] / len(ALL) >= 0.4
    assert min(languages.values()) >= 300
    assert len({one.author for one in ALL}) >= 8
    assert len({one.industry for one in ALL}) >= 12


def test_no_sentence_stands_twice():
    texts = Counter(one.text.casefold() for one in ALL)
    assert [text for text, count in texts.items() if count > 1] == []


def test_nobody_is_learned_from_and_held_out():
    learned = {one.author for one in training_sentences()}
    assert learned.isdisjoint({one.author for one in held_out_sentences()})


@pytest.mark.parametrize("line", ["{}", "[]", '{"text": "x", "kind": "other"}', "not json"])
def test_a_bad_line_is_named(tmp_path, line):
    (tmp_path / "author-01.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="author-01.jsonl, line 1"):
        training_sentences(tmp_path)
