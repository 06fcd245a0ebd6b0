"""The short form of `make fuzz`: what was found once, and a few hundred inputs for each target."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz import campaign
from tests.fuzz.mutate import mutate_bytes, mutate_json
from tests.fuzz.target import Target, promise
from tests.fuzz.targets.all import TARGETS

SHORT = 250


def faults(target, data):
    """What is wrong with an input, but for its speed: see make fuzz."""
    found = campaign.read_once(target, data)[1]
    return [] if found is None or found.kind == "TooSlow" else [found]


@pytest.mark.parametrize("path", campaign.stored(), ids=lambda path: path.name)
def test_what_was_found_stays_mended(path):
    target = TARGETS[path.name.partition("-")[0]]
    assert not faults(target, path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_inputs_of_each_target(name):
    result = campaign.run(TARGETS[name], SHORT, 600, 7, keep=False)
    assert not [one for one in result.findings if one["kind"] != "TooSlow"]
    assert result.runs == SHORT
    assert result.outcomes > 1


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_read(name):
    target = TARGETS[name]
    assert not [fault for seed in target.seeds() for fault in faults(target, seed)]


def reads_no_x(data: bytes) -> int:
    promise(b"x" not in data, "no x")
    return len(data)


def test_a_fault_is_found_and_made_small(tmp_path, monkeypatch):
    monkeypatch.setattr(campaign, "FINDINGS", tmp_path)
    target = Target("letters", reads_no_x, lambda: [b"a long text of letters"], (b"xy",), 1, ".txt")
    result = campaign.run(target, 500, 600, 1, keep=True)
    assert [one["said"] for one in result.findings] == ["Broken: no x"]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"x"]


@pytest.mark.parametrize("mutate", [mutate_bytes, mutate_json])
def test_a_seed_makes_the_same_inputs_again(mutate):
    given, others = b'[{"id": "a", "list": [1, 2]}]', [b'{"other": [true]}']
    first, second = (
        [mutate(chance, given, others, (b"word",)) for _ in range(200)]
        for chance in (Random(1), Random(1))
    )
    assert first == second
    assert len(set(first)) > 100
