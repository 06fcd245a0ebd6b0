"""How a rep speaks of themself, so that the coach knows who acts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nudger.domain.event import Attendee
from nudger.jobs.outgoing.placement import own_names


@pytest.mark.parametrize(
    ("rep", "guests", "names"),
    [
        ("Ana Weber", ["Gil Ott"], ("Ana Weber", "Ana")),
        ("Ana Weber", [], ("Ana Weber", "Ana")),
        ("Ana Weber", ["Ana Silva"], ("Ana Weber",)),
        ("Ana Weber", ["Gil Ott", "ANA SILVA"], ("Ana Weber",)),
        ("Cher", ["Gil Ott"], ("Cher", "Cher")),
        ("  ", ["Gil Ott"], ("  ",)),
        ("", ["Gil Ott"], ("",)),
    ],
)
def test_a_first_name_is_the_reps_own_unless_a_guest_has_it_too(rep, guests, names):
    """ "Ana signs" is the customer's act where the customer's Ana comes."""
    invited = tuple(Attendee(f"{n}@acme.example", name) for n, name in enumerate(guests))
    meeting = SimpleNamespace(details=SimpleNamespace(guests=invited))
    assert own_names(SimpleNamespace(name=rep), meeting) == names
