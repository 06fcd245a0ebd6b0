"""What is other in one text than in another."""

from __future__ import annotations

import pytest

from nudger.admin.text_changes import MOST_LINES, changes


def told(before, after):
    return [f"{one.what.value} {one.before or ''}|{one.after or ''} {one.text}"
            for one in changes(before, after)]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\nb\n", "a\nb\n", []),
        ("a\nb\n", "a\nc\n", ["same 1|1 a", "gone 2| b", "new |2 c"]),
        ("", "a\n", ["new |1 a"]),
        ("a\n", "", ["gone 1| a"]),
        (
            "1\n2\n3\n4\n5\n6\n7\n",
            "1\n2\n3\n4\nx\n5\n6\n7\n",
            ["skipped | 2", "same 3|3 3", "same 4|4 4", "new |5 x", "same 5|6 5", "same 6|7 6",
             "skipped | 1"],
        ),
    ],
)  # fmt: skip
def test_each_line_is_told_by_what_became_of_it(before, after, lines):
    assert told(before, after) == lines


def test_what_would_take_long_is_not_compared():
    assert changes("a\n" * (MOST_LINES + 1), "") is None
