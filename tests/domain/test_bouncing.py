"""When is a mail that came back counted, and when is the rep given up?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.bouncing import CameBack, judge_bounce

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OTHERS = CameBack(
    NOW - timedelta(hours=1), ["ana@ourco.com"], is_counted=False, in_a_row=2, is_proven=False,
    began_at=NOW - timedelta(days=2),
)  # fmt: skip
"""The third in a row, by the word of who may be anybody."""
ANA, ALIAS = "ana@ourco.com", "a.weber@ourco.com"
FIRST = CameBack(
    NOW - timedelta(hours=1), [ANA], is_counted=False, in_a_row=0, is_proven=True
)  # fmt: skip

CASES = [
    ("the first", FIRST, "bounced"),
    ("the second in a row", replace(FIRST, in_a_row=1), "unreachable"),
    ("one more, long after", replace(FIRST, in_a_row=5), "unreachable"),
    ("another address of the rep's", replace(FIRST, failed_for_good=[ALIAS]), "bounced"),
    ("the rep among others", replace(FIRST, failed_for_good=["x@y.com", ANA]), "bounced"),
    ("the same mail again", replace(FIRST, is_counted=True, in_a_row=1), "delivery_report"),
    ("the rep answered since", replace(FIRST, is_heard_since=True, in_a_row=1), "delivery_report"),
    ("nobody was given up", replace(FIRST, failed_for_good=[]), "delivery_report"),
    ("somebody else", replace(FIRST, failed_for_good=["ana@ourco.com.evil.com"]), "delivery_report"),
    ("a week later", replace(FIRST, sent_at=NOW - timedelta(days=7)), "bounced"),
    ("too late", replace(FIRST, sent_at=NOW - timedelta(days=7, seconds=1)), "delivery_report"),
    ("unproven, the first", replace(OTHERS, in_a_row=0, began_at=None), "bounced"),
    ("unproven, the second", replace(OTHERS, in_a_row=1), "bounced"),
    ("unproven, the third", OTHERS, "unreachable"),
    ("unproven, within two days", replace(OTHERS, began_at=NOW - timedelta(hours=47)), "bounced"),
    ("unproven, nobody knows since when", replace(OTHERS, began_at=None), "bounced"),
    ("unproven, the rep answered since", replace(OTHERS, is_heard_since=True), "delivery_report"),
    ("proven, after one that was not", replace(OTHERS, in_a_row=1, is_proven=True), "unreachable"),
    ("it never went out", replace(FIRST, sent_at=None), "delivery_report"),
]  # fmt: skip


@pytest.mark.parametrize(("mail", "reason"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_mail_that_came_back(mail, reason):
    assert judge_bounce(mail, (ANA, ALIAS), NOW) == reason
