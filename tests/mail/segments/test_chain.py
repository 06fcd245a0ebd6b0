"""The likeliest sequence of tags, held against trying every one."""

from __future__ import annotations

import math
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.mail.segments.chain import HUNDREDTHS, ChainModel

TAGS = ("a", "b", "c")
WEIGHTS = st.integers(-300, 300)
MODELS = st.builds(
    lambda states, moves: ChainModel(
        TAGS,
        {
            name: tuple(part for at, weight in enumerate(row) for part in (at, weight))
            for name, row in states.items()
        },
        tuple(tuple(weight / HUNDREDTHS for weight in row) for row in moves),
    ),
    st.dictionaries(st.sampled_from("xyz"), st.tuples(WEIGHTS, WEIGHTS, WEIGHTS)),
    st.tuples(*[st.tuples(WEIGHTS, WEIGHTS, WEIGHTS)] * 3),
)
FEATURES = st.lists(st.lists(st.sampled_from("xyz-"), max_size=3), min_size=1, max_size=4)


def score(model: ChainModel, features: list[list[str]], path: tuple[int, ...]) -> float:
    rows = model.scores(features)
    moved = sum(model.moves[a][b] for a, b in pairwise(path))
    return moved + sum(row[tag] for row, tag in zip(rows, path, strict=True))


@given(MODELS, FEATURES)
def test_no_other_sequence_is_likelier(model: ChainModel, features: list[list[str]]) -> None:
    path = tuple(map(TAGS.index, model.likeliest(features)[0]))
    best = max(score(model, features, each) for each in product(range(3), repeat=len(features)))
    assert score(model, features, path) == pytest.approx(best)


@given(MODELS, FEATURES)
def test_a_tag_is_as_likely_as_all_sequences_that_have_it(
    model: ChainModel, features: list[list[str]]
) -> None:
    tags, sure = model.likeliest(features)
    every = list(product(range(3), repeat=len(features)))
    powers = {each: math.exp(score(model, features, each)) for each in every}
    for at, tag in enumerate(tags):
        with_it = sum(power for each, power in powers.items() if TAGS[each[at]] == tag)
        assert sure[at] == pytest.approx(with_it / sum(powers.values()))


@given(MODELS)
def test_a_file_gives_the_same_model(model: ChainModel) -> None:
    assert ChainModel.unpacked(model.packed()) == model
    assert ChainModel.unpacked(model.packed()).packed() == model.packed()


def test_of_no_tokens_nothing_is_said() -> None:
    assert ChainModel(TAGS, {}, ((0.0,) * 3,) * 3).likeliest([]) == ([], [])
