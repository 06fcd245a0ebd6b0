"""What the judge sees of a sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.coach.features import BUCKETS, features
from tests.growth import TWICE_LINEAR, growth


def test_three_groups_each_number_once():
    for group in features("Dana signs, Dana signs, Dana signs"):
        assert len(group) == len(set(group))
    assert len(features("Dana signs")) == 3


def test_case_accents_and_typographic_marks_do_not_matter_to_the_words():
    assert features("l’été signé")[0] == features("L'ETE SIGNE")[0]


def test_numbers_are_all_alike():
    assert features("by the 14th of 3")[1] == features("by the 27th of 9")[1]


def test_a_name_that_was_never_seen_is_a_name():
    assert set(features("when Zorblax signs")[2]) & set(features("when Quindle signs")[2])


@given(st.text(max_size=700))
def test_whatever_is_written_has_features_within_bounds(text):
    groups = features(text)
    assert all(0 <= number < BUCKETS for group in groups for number in group)


def test_no_longer_than_is_read():
    assert features("a b " * 125) == features("a b " * 2000)


def test_the_time_grows_with_the_text():
    assert growth(features, lambda size: "word " * size) < TWICE_LINEAR
