"""Which small faults are made, and that what is listed is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.equivalents import EQUIVALENTS
from tests.mutation.modules import MODULES
from tests.mutation.mutants import mutants

ROOT = Path(__file__).parents[2]
SOURCE = '''
"""What it is."""
LIMIT = 3

def choose(a: int, b: bool = False) -> str | None:
    """Says which."""
    log.info("chosen")
    if a > LIMIT and not b:
        raise ValueError("too many")
    note(a)
    return "x" if a + 1 in (2,) else None
'''


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("constant", "3", "4"),
        ("boolean", "False", "True"),
        ("and/or", "a > LIMIT and (not b)", "a > LIMIT or not b"),
        ("comparison", "a > LIMIT", "a >= LIMIT"),
        ("not", "not b", "b"),
        ("call", "note(a)", "pass"),
        ("arithmetic", "a + 1", "a - 1"),
        ("comparison", "a + 1 in (2,)", "a + 1 not in (2,)"),
        ("string", "'x'", "'xX'"),
    ],
)
def test_one_thing_is_changed(kind, before, after):
    found = [one for one in mutants(SOURCE) if (one.kind, one.before) == (kind, before)]
    assert [one.after for one in found] == [after]
    assert found[0].source != SOURCE
    compile(found[0].source, "x", "exec")


def test_what_is_only_said_is_left_alone():
    before = " ".join(one.before for one in mutants(SOURCE) if one.kind == "string")
    assert before == "'x'"
    assert all("info" not in one.before for one in mutants(SOURCE) if one.kind == "call")


def test_every_fault_differs_from_the_others():
    sources = [one.source for one in mutants(SOURCE)]
    assert len(sources) == len(set(sources))
    assert sum(one.kind in ("condition", "return") for one in mutants(SOURCE)) == 3


@pytest.mark.parametrize("module", MODULES)
def test_modules_and_their_tests_are_there(module):
    assert (ROOT / module).exists()
    assert all((ROOT / test).exists() for test in MODULES[module])


@pytest.mark.parametrize("module", EQUIVALENTS)
def test_what_is_called_equivalent_is_a_fault_that_is_made(module):
    made = {(one.within, one.before, one.after) for one in mutants((ROOT / module).read_text())}
    assert EQUIVALENTS[module].keys() <= made
