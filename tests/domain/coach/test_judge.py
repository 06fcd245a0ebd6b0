"""The shipped model: what it is made of, and that it does what was measured."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.coach.features import BUCKETS
from nudger.domain.coach.judge import Model, model
from nudger.domain.coach.kinds import KINDS, Kind
from training.sentences import held_out_sentences, training_sentences


def small(weights=0) -> Model:
    cells = memoryview(bytes([weights]) * BUCKETS).cast("b")
    rows = tuple(tuple(float(at == kind) for at in range(6)) for kind in range(5))
    return Model((cells,) * 5, (0.5,) * 5, rows, (0.9,) * 5)


def test_a_model_is_packed_and_unpacked_as_it_was():
    again = Model.unpacked(small(3).packed(), 5)
    assert again.margins("Dana signs") == small(3).margins("Dana signs")
    assert again.packed() == small(3).packed()


def test_weights_for_other_features_are_refused():
    with pytest.raises(ValueError, match="run make coach"):
        Model.unpacked(gzip.compress(b'{"scales": []}\n' + b"\0" * BUCKETS), 5)


def test_it_is_small_enough_to_ship():
    assert len(model().packed()) < 5_000_000


@given(st.text(max_size=200))
def test_whatever_is_written_is_judged(text):
    judged = model().judge(text)
    assert judged.kind in KINDS
    assert sum(judged.probabilities) == pytest.approx(1)
    assert judged.probability == max(judged.probabilities)


def share(sentences, is_right) -> float:
    return sum(map(is_right, sentences)) / len(sentences)


def test_sentences_of_authors_from_whom_nothing_was_learned():
    """A floor below what docs/coach-model.md says, so that a worse model does not slip in."""
    sentences = held_out_sentences()
    judged = {one.text: model().judge(one.text).kind for one in sentences}
    assert len(sentences) > 1000
    assert share(sentences, lambda one: judged[one.text] is one.kind) > 0.85
    same_side = share(
        sentences,
        lambda one: (judged[one.text] is Kind.COMMITMENT) == (one.kind is Kind.COMMITMENT),
    )
    assert same_side > 0.91


def test_what_it_is_sure_of_may_be_published():
    """Of what is no commitment, one in fifty at most is let through, by authors never seen."""
    others = [one for one in held_out_sentences() if one.kind is not Kind.COMMITMENT]
    certain = model().certain_from[0]
    let_through = share(others, lambda one: model().judge(one.text).probabilities[0] >= certain)
    assert let_through <= 0.02


def test_the_weights_belong_to_these_sentences():
    """Weights that were trained on other sentences, or for other features, know these less well."""
    sentences = training_sentences()
    assert share(sentences, lambda one: model().judge(one.text).kind is one.kind) > 0.97
