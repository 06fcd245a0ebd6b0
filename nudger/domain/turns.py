"""Whose turn it is among pieces of work that wait, where many go on at once.

- Pieces of one line are done one after the other in their order, such as one rep's mails: of two
  that went at once each would find that none went out within the hour.
- A mailbox takes so many calls at a time. Graph refuses the fifth (throttling limits, Outlook
  service); Google names no number for Gmail and refuses "too many concurrent requests for user".
- A provider takes so many calls a minute. Google gives a project 10,000 for its Calendar API: 32
  at once, of a fifth of a second each, stay below.
- What hangs makes no calls. It keeps its place in its mailbox and in its line, and takes none from
  the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from nudger.domain.event import Provider

MAILBOX_PLACES: Mapping[Provider, int] = {Provider.GOOGLE: 8, Provider.MICROSOFT: 4}
PROVIDER_PLACES: Mapping[Provider, int] = {Provider.GOOGLE: 32, Provider.MICROSOFT: 64}


@dataclass(frozen=True, slots=True)
class Course:
    """Where a piece of work goes along: its line, and whose mailbox or calendar it calls at which
    provider, if it calls any."""

    line: Hashable
    provider: Provider | None = None
    mailbox: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A piece of work in hand; one that `hangs` has been for long."""

    course: Course
    hangs: bool = False


def next_to_begin(waiting: Iterable[Course], begun: Collection[Begun], places: int) -> int | None:
    """Which of those that wait, in their order, may begin beside what has; `None` where none may.
    `places` is for how many there is room in all."""
    moving = [one.course for one in begun if not one.hangs]
    if len(moving) >= places:
        return None
    of_providers = Counter(course.provider for course in moving)
    of_mailboxes = Counter((one.course.provider, one.course.mailbox) for one in begun)
    lines = {one.course.line for one in begun}
    for number, course in enumerate(waiting):
        if course.line in lines:
            continue
        lines.add(course.line)
        in_mailbox = of_mailboxes[course.provider, course.mailbox]
        if _has_place(course, of_providers[course.provider], in_mailbox):
            return number
    return None


def stands_still(course: Course, begun: Collection[Begun]) -> bool:
    """Whether what waits to go this way waits for something that hangs."""
    hanging = [one.course for one in begun if one.hangs]
    if any(one.line == course.line for one in hanging):
        return True
    same = (course.provider, course.mailbox)
    before = sum((one.provider, one.mailbox) == same for one in hanging)
    return not _has_place(course, 0, before)


def _has_place(course: Course, at_provider: int, in_mailbox: int) -> bool:
    if course.provider is None:
        return True
    is_full = course.mailbox is not None and in_mailbox >= MAILBOX_PLACES[course.provider]
    return not is_full and at_provider < PROVIDER_PLACES[course.provider]
