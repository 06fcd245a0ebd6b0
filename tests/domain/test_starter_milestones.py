"""The lists that a new installation chooses from."""

from __future__ import annotations

from itertools import combinations

import pytest

from nudger.domain.starter_milestones import (
    LANGUAGES,
    MilestoneList,
    also_called,
    starter_milestones,
)


@pytest.mark.parametrize("which", MilestoneList)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_list_is_whole_in_each_language(which, language):
    steps = starter_milestones(language, which)
    assert len(steps) >= 4
    assert all(step.name and step.exit for step in steps)
    assert len({step.name for step in steps}) == len(steps)
    if language != "en":
        english = starter_milestones("en", which)
        assert all(a.exit != b.exit for a, b in zip(steps, english, strict=True))


@pytest.mark.parametrize("which", MilestoneList)
def test_no_name_is_that_of_two_steps_of_a_list(which):
    for one, other in combinations(starter_milestones("en", which), 2):
        assert set(map(str.casefold, also_called(one))).isdisjoint(
            map(str.casefold, also_called(other))
        )
