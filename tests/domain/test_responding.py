"""Whether what a rep sent is answered by mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.domain.responding import (
    REMEMBERED,
    Response,
    Saying,
    is_machine,
    is_said_again,
    refusal,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CONFIRMATION, COMMAND = MailKind.CONFIRMATION, MailKind.COMMAND


def told(kind=CONFIRMATION, ago=0.0, meetings=(1,), reason="answered", **more):
    at = NOW - timedelta(minutes=ago)
    return Response(kind, reason, at, frozenset(meetings), **more)


def unread(ago=0.0, meetings=(1,)):
    return told(COMMAND, ago, meetings, "not_understood")


def notice(ago=0.0, meetings=(1,)):
    return told(MailKind.QUARANTINED, ago, meetings, "sender_mismatch")


CASES = {
    "the first": (told(), [], None),
    "the eighth about a meeting within the hour": (told(), [told(ago=n) for n in range(7)], None),
    "the ninth": (told(), [told(ago=n) for n in range(8)], Reason.TOLD_ENOUGH),
    "the ninth, an hour after the first": (
        told(), [told(ago=60), *(told(ago=n) for n in range(7))], None,
    ),
    "the seventeenth of a day": (
        told(), [told(ago=70 * n) for n in range(1, 17)], Reason.TOLD_ENOUGH,
    ),
    "the sixteenth of a day": (told(), [told(ago=70 * n) for n in range(1, 16)], None),
    "about another meeting": (told(meetings=[2]), [told(ago=n) for n in range(8)], None),
    "about it and another": (
        told(meetings=[1, 2]), [told(ago=n) for n in range(8)], Reason.TOLD_ENOUGH,
    ),
    "the twentieth to a person": (
        told(meetings=[99]), [told(ago=n, meetings=[n]) for n in range(19)], None,
    ),
    "the twenty-first": (
        told(meetings=[99]), [told(ago=n, meetings=[n]) for n in range(20)], Reason.TOLD_ENOUGH,
    ),
    "the sixtieth to a person within a day": (
        told(meetings=[99]), [told(ago=23 * n, meetings=[n]) for n in range(1, 60)], None,
    ),
    "the sixty-first": (
        told(meetings=[99]), [told(ago=23 * n, meetings=[n]) for n in range(1, 61)],
        Reason.TOLD_ENOUGH,
    ),
    "what waits counts as one mail beside the others": (
        told(), [*(told(ago=n) for n in range(7)), told(waits=True)], Reason.TOLD_ENOUGH,
    ),
    "the third notice, a day after the first": (
        notice(), [notice(ago, [7]) for ago in (1440, 140, 70)], None,
    ),
    "about no meeting": (told(COMMAND, meetings=[]), [told(ago=n) for n in range(8)], None),
    "what waits becomes one mail": (
        told(meetings=[99]), [told(meetings=[n], waits=True) for n in range(40)], None,
    ),
    "a command goes alone": (
        told(COMMAND), [told(COMMAND, meetings=[1], waits=True) for _ in range(8)],
        Reason.TOLD_ENOUGH,
    ),
    "the third that we could not read": (unread(), [unread(1), unread(2)], None),
    "the fourth, whatever it is about": (
        unread(meetings=[9]), [unread(n) for n in (1, 2, 3)], Reason.TOLD_ENOUGH,
    ),
    "the seventh of a day": (
        unread(meetings=[9]), [unread(100 * n) for n in range(1, 7)], Reason.TOLD_ENOUGH,
    ),
    "a confirmation after those": (told(), [unread(n) for n in (1, 2, 3)], None),
    "a second notice within the hour": (notice(), [notice(59, [7])], Reason.TOLD_ENOUGH),
    "a second notice after it": (notice(), [notice(60, [7])], None),
    "the fourth notice of a day": (
        notice(), [notice(70 * n, [7]) for n in (1, 2, 3)], Reason.TOLD_ENOUGH,
    ),
    "said again": (told(COMMAND, says_again=True), [], Reason.SAID_AGAIN),
    "undone again": (told(COMMAND, reason="undo", says_again=True), [], None),
}  # fmt: skip


def test_the_words_of_a_program_are_known_again_for_a_month():
    assert timedelta(days=30) == REMEMBERED


@pytest.mark.parametrize("case", CASES)
def test_whether_a_person_is_told(case):
    new, before, expected = CASES[case]
    assert refusal(new, before) == expected


def saying(mail=2, meetings=(1,), ago=0.0, delay=5.0, by_a_machine=False):
    at = NOW - timedelta(minutes=ago)
    after = None if delay is None else timedelta(seconds=delay)
    return Saying(mail, frozenset(meetings), at, after, by_a_machine)


EARLIER = saying(mail=1, ago=1)
SAME_WORDS = {
    "never before": (saying(), [], False, False),
    "to the mail that came of it, at once": (saying(), [EARLIER], True, True),
    "after thirty seconds": (saying(delay=30), [EARLIER], True, True),
    "after thirty-one": (saying(delay=31), [EARLIER], False, True),
    "to a mail of which it is not known when it went": (
        saying(delay=None), [EARLIER], False, True,
    ),
    "to the same mail": (saying(mail=1), [EARLIER], False, True),
    "about another meeting": (saying(meetings=[2]), [EARLIER], False, False),
    "about one of several": (saying(meetings=[1, 2]), [EARLIER], True, True),
    "about all calls": (saying(meetings=[]), [saying(1, [], 1)], True, True),
    "days later, at once": (saying(), [saying(mail=1, ago=5000)], True, False),
    "an hour later, slowly": (saying(delay=99), [saying(mail=1, ago=60)], False, False),
    "known of a machine": (
        saying(meetings=[2], delay=9999), [saying(1, [1], 5000, 1, True)], True, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME_WORDS)
def test_whether_a_program_says_it(case):
    said, before, machine, again = SAME_WORDS[case]
    assert is_machine(said, before) is machine
    assert is_said_again(said, before) is again
