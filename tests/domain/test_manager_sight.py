"""What a manager may read: by what the rep was told, and by what they chose."""

from __future__ import annotations

import pytest

from nudger.domain.commitment import Answer
from nudger.domain.manager_sight import Sharing, Sight, as_manager_reads, is_kept, sight_of

MIA, OLE = "mia@ourco.example", "ole@ourco.example"


@pytest.mark.parametrize(
    ("case", "sharing", "sees"),
    [
        ("has no manager", Sharing(None, MIA, MIA), Sight.NOTHING),
        ("was not told", Sharing(MIA), Sight.NOTHING),
        ("was told of another", Sharing(MIA, OLE), Sight.NOTHING),
        ("was told", Sharing(MIA, MIA), Sight.NAME),
        ("let another read", Sharing(MIA, MIA, OLE), Sight.NAME),
        ("lets them read", Sharing(MIA, MIA, MIA), Sight.CALLS),
        ("lets them read before any mail", Sharing(MIA, None, MIA), Sight.CALLS),
        ("has another manager now", Sharing(OLE, MIA, MIA), Sight.NOTHING),
        ("wants to be forgotten", Sharing(MIA, MIA, MIA, True), Sight.NOTHING),
    ],
)
def test_what_a_manager_sees_of_a_rep_who(case, sharing, sees):
    assert sight_of(sharing, (MIA,)) is sees, case
    assert sight_of(sharing, ()) is Sight.NOTHING


def test_a_manager_is_known_by_any_of_their_addresses():
    assert sight_of(Sharing(MIA, MIA, MIA), (OLE, MIA)) is Sight.CALLS


SAID = Answer("Dana agrees to a pilot", "Decision", "A call")


@pytest.mark.parametrize(
    ("answer", "reads", "keeps"),
    [
        (None, False, False),
        (Answer(), False, False),
        (Answer(private=True), False, False),
        (SAID, True, False),
        (Answer("Dana agrees to a pilot", private=True), False, True),
    ],
)
def test_what_is_kept_to_oneself_is_read_by_nobody_else(answer, reads, keeps):
    assert (as_manager_reads(answer) == answer) is (reads or answer is None)
    assert as_manager_reads(answer) in (answer, None)
    assert is_kept(answer) is keeps
