"""Whether what a rep sent is answered by mail: pure functions of what we answered before.

Whatever arrives, and whoever or whatever sends it, a person and a meeting get so many answers of
ours in an hour and in a day; a program that answers mails by itself is told from a person by what
it says. No header is relied on: servers drop them. Source: docs/internals.md#loops.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
REMEMBERED = timedelta(days=30)
"""How long the words of a program are known again."""

QUICK = timedelta(seconds=30)
"""Nobody reads our mail and says the same once more within this time."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many mails at most in any hour, and in any day."""

    hour: int
    day: int


NOTICES = Limit(hour=1, day=3)
"""That a reply was not believed, or that there was nothing to answer."""

NOT_UNDERSTOOD = Limit(hour=3, day=6)
NOT_READ = frozenset(
    {Reason.NOT_UNDERSTOOD, Reason.FILLER, Reason.ASKED_BACK, Reason.UNPLACED, Reason.WHICH_MEETING}
)
PER_PERSON = Limit(hour=20, day=60)
PER_MEETING = Limit(hour=8, day=16)
"""Several answers, corrections and commands within an hour are each confirmed; a loop is not."""


@dataclass(frozen=True, slots=True)
class Response:
    """A mail that answers a person, about these meetings. Of one that `waits` nobody has begun to
    send it: confirmations that wait become one mail. `says_again` is true where the reply that it
    answers says what one before said."""

    kind: MailKind
    reason: str
    at: datetime
    meetings: frozenset[int] = frozenset()
    waits: bool = False
    says_again: bool = False


def refusal(new: Response, before: Sequence[Response]) -> Reason | None:
    """Why the person is not told, or `None`; `before` is what they got since a day ago."""
    if new.says_again and new.reason != Reason.UNDO:
        return Reason.SAID_AGAIN
    same_meeting = [one for one in before if not one.meetings.isdisjoint(new.meetings)]
    ruled = [(PER_PERSON, before), (PER_MEETING, same_meeting)]
    if new.kind is MailKind.QUARANTINED:
        ruled.append((NOTICES, [one for one in before if one.kind is new.kind]))
    if new.reason in NOT_READ:
        ruled.append((NOT_UNDERSTOOD, [one for one in before if one.reason in NOT_READ]))
    exceeds = any(_exceeds(limit, counted, new) for limit, counted in ruled)
    return Reason.TOLD_ENOUGH if exceeds else None


def _exceeds(limit: Limit, before: Sequence[Response], new: Response) -> bool:
    in_an_hour = _mails([one for one in before if one.at > new.at - HOUR], new)
    in_a_day = _mails([one for one in before if one.at > new.at - DAY], new)
    return in_an_hour > limit.hour or in_a_day > limit.day


def _mails(before: Iterable[Response], new: Response) -> int:
    """How many mails these are together with the new one."""
    joined = [one.kind is MailKind.CONFIRMATION and one.waits for one in (*before, new)]
    return joined.count(False) + any(joined)


@dataclass(frozen=True, slots=True)
class Saying:
    """A reply: to which mail, about which meetings, when it came, and how long after that mail."""

    mail_id: int
    meetings: frozenset[int]
    at: datetime
    delay: timedelta | None = None
    by_a_machine: bool = False


def is_machine(said: Saying, before: Iterable[Saying]) -> bool:
    """Whether a program says it; `before` are the person's replies in the very same words.

    A program answers each mail of ours in the same words at once: also the one that came of what it
    said about the meeting before. What it says is its own from then on, however late.
    """
    return any(one.by_a_machine or _answers_what_came_of(said, one) for one in before)


def _answers_what_came_of(said: Saying, earlier: Saying) -> bool:
    is_quick = said.delay is not None and said.delay <= QUICK
    return is_quick and said.mail_id != earlier.mail_id and _same_topic(said, earlier)


def is_said_again(said: Saying, before: Iterable[Saying]) -> bool:
    """Whether the person said the very same within the hour, about the same."""
    return any(one.at > said.at - HOUR and _same_topic(said, one) for one in before)


def _same_topic(said: Saying, earlier: Saying) -> bool:
    return said.meetings == earlier.meetings or not said.meetings.isdisjoint(earlier.meetings)
