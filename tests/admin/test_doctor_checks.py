"""Groups of checks that wait for one another."""

from __future__ import annotations

from nudger.admin.doctor_checks import Check, Group, examine


def group(what, *needs, ok=True):
    return Group(what, lambda _subject: iter([Check(what, ok=ok, says="")]), needs)


def test_every_group_is_shown_and_the_first_fault_is_named():
    groups = (
        group("a", ok=False), group("b"), group("c", "a", "b"), group("d", "c"), group("e", "b"),
    )  # fmt: skip
    made = list(examine(groups, None))
    assert [(one.what, one.fails) for one in made] == [
        ("a", True), ("b", False), ("c", False), ("d", False), ("e", False),
    ]  # fmt: skip
    assert {one.what: one.says for one in made if not one.tried} == {
        "c": "not tried, because a fails",
        "d": "not tried, because a fails",
    }
    assert [one.what for one in made if one.ok] == ["b", "e"]
