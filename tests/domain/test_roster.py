"""What a group means for the reps."""

from __future__ import annotations

import pytest

from nudger.domain.roster import Known, LeftOut, Member, Person, Roster, compare

MAILBOX = "nudger@ourco.com"
ANA = Known("ana@ourco.com", "Ana")
WEBER = Known("ana@ourco.com", "Ana W.", ("a.weber@ourco.com",))
BEN = Known("ben@ourco.com", "Ben O.")


def of(members, *reps):
    return compare(members, reps, lambda one: one.endswith("@ourco.com"), frozenset({MAILBOX}))


@pytest.mark.parametrize(
    ("case", "members", "reps", "roster"),
    [
        ("a new one", [Member("cleo@ourco.com", "Cléo D.", ("c@ourco.com", "c@gmail.com"))], (),
         Roster(added=(Person("cleo@ourco.com", "Cléo D.", ("c@ourco.com",)),))),
        ("without a name", [Member("cleo.dubois@ourco.com")], (),
         Roster(added=(Person("cleo.dubois@ourco.com", "Cleo Dubois", ()),))),
        ("the same", [Member("ben@ourco.com", "Benjamin")], (BEN,), Roster(same=("ben@ourco.com",))),
        ("a name that nobody entered", [Member("ana@ourco.com", "Ana Weber")], (ANA,),
         Roster(changed=(Person("ana@ourco.com", "Ana Weber", ()),))),
        ("another alias; the admin's own stays", [Member("ana@ourco.com", "X", ("aw@ourco.com",))], (WEBER,),
         Roster(changed=(Person("ana@ourco.com", "Ana W.", ("a.weber@ourco.com", "aw@ourco.com")),))),
        ("a new primary address", [Member("ana.new@ourco.com", "", ("ana@ourco.com",))], (ANA,),
         Roster(changed=(Person("ana@ourco.com", "Ana", ("ana.new@ourco.com",)),))),
        ("another rep's alias", [Member("ben@ourco.com", "", ("a.weber@ourco.com",))], (WEBER, BEN),
         Roster(same=("ben@ourco.com",), gone=("ana@ourco.com",))),
        ("left", [Member("ana@ourco.com", "")], (ANA, BEN),
         Roster(same=("ana@ourco.com",), gone=("ben@ourco.com",))),
        ("at the other provider", [], (Known("ben@ourco.com", "Ben", is_here=False),), Roster()),
        ("suspended", [Member("ben@ourco.com", is_active=False)], (BEN,),
         Roster(gone=("ben@ourco.com",), left_out=(("ben@ourco.com", LeftOut.INACTIVE),))),
        ("outside", [Member("dana@acme.com")], (), Roster(left_out=(("dana@acme.com", LeftOut.OUTSIDE),))),
        ("no address", [Member("", "Room 1")], (), Roster(left_out=(("Room 1", LeftOut.NO_ADDRESS),))),
        ("our mailbox", [Member(MAILBOX)], (), Roster(left_out=((MAILBOX, LeftOut.MAILBOX),))),
    ],
)  # fmt: skip
def test_what_a_group_means(case, members, reps, roster):
    assert of(members, *reps) == roster
