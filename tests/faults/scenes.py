"""The scenes of a meeting's life. Each is played up to a point (`given`), then the worker works once,
to be killed or failed (`when`); after it has recovered, life goes on to the end (`then`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from tests.faults.neighbour import ANA, BEN, DANA, ZONE

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"
BETTER = "Dana, the CFO, signs the pilot order on Thursday\n2"
PILOT, LEGAL = "ACME: pilot review", "ACME: legal"
A_LITTLE = timedelta(minutes=2)
QUESTION, AFTER, WEEKLY = "what will they agree to?", "did they agree?", "Your customer calls"


class People(Protocol):
    """What people do in the sandbox; see `neighbour.Served`."""

    def meet(self, entry_id: str, title: str, start: datetime, guests: list[str]) -> None: ...

    def change(self, entry_id: str, fields: dict[str, Any]) -> None: ...

    def reply(self, person: str, subject: str, text: str) -> None: ...


@dataclass(frozen=True)
class Days:
    """A working day and the next one, by their dates."""

    first: date
    second: date

    def at(self, day: int, clock: str) -> datetime:
        """`day` 0 or 1; beyond, so many days after the second."""
        on = self.first if day == 0 else self.second + timedelta(days=day - 1)
        return datetime.combine(on, time.fromisoformat(clock), ZoneInfo(ZONE))


MONDAY = Days(date(2026, 11, 23), date(2026, 11, 24))
SPRING = Days(date(2026, 3, 27), date(2026, 3, 30))
AUTUMN = Days(date(2026, 10, 23), date(2026, 10, 26))


@dataclass
class Play:
    """Where a scene is played. `work` has the worker do all that is due."""

    people: People
    days: Days
    now: Callable[[], datetime]
    set_now: Callable[[datetime], None]
    work: Callable[[], None]

    def at(self, day: int, clock: str) -> None:
        """Go on to this time, or a little where it is past."""
        self.set_now(max(self.days.at(day, clock), self.now() + A_LITTLE))

    def work_at(self, day: int, *clocks: str) -> None:
        for clock in clocks:
            self.at(day, clock)
            self.work()

    def meet(
        self, entry_id: str, title: str, clock: str, guests: tuple[str, ...] = (ANA, DANA)
    ) -> None:
        self.people.meet(entry_id, title, self.days.at(1, clock), list(guests))

    def reply(self, text: str, to: str = QUESTION, person: str = ANA) -> None:
        self.people.reply(person, to, text)


Part = Callable[[Play], None]


@dataclass(frozen=True)
class Scene:
    """`notify` has Outlook write into the meeting although that mails its guests."""

    name: str
    given: Part
    when: Part
    then: Part
    notify: bool = False
    weekly: bool = False


def nothing(_play: Play) -> None:
    """Nothing happens."""


def planned(play: Play) -> None:
    play.at(0, "08:00")
    play.meet("call1", PILOT, "14:00")


def two_planned(play: Play) -> None:
    planned(play)
    play.meet("call2", LEGAL, "15:00")


def asked(play: Play) -> None:
    planned(play)
    play.work_at(0, "09:05")


def two_asked(play: Play) -> None:
    two_planned(play)
    play.work_at(0, "09:05")


def with_reply(before: Part, text: str, to: str = QUESTION, person: str = ANA) -> Part:
    def given(play: Play) -> None:
        before(play)
        play.reply(text, to, person)

    return given


def after(before: Part, day: int, *clocks: str) -> Part:
    """`before`, and then the worker works at these times."""

    def given(play: Play) -> None:
        before(play)
        play.work_at(day, *clocks)

    return given


def at(day: int, clock: str) -> Part:
    return lambda play: play.work_at(day, clock)


def both_are_guests(play: Play) -> None:
    play.at(0, "08:00")
    play.meet("call1", PILOT, "14:00", (ANA, BEN, DANA))
    play.work_at(0, "09:05")


def cancelled(before: Part) -> Part:
    def given(play: Play) -> None:
        before(play)
        play.people.change("call1", {"status": "cancelled"})

    return given


def moved(before: Part) -> Part:
    def given(play: Play) -> None:
        before(play)
        play.people.change("call1", {"start": play.days.at(1, "16:00")})

    return given


def answer_and_see(text: str) -> Part:
    def then(play: Play) -> None:
        play.at(0, "11:30")
        play.reply(text)
        play.work_at(0, "11:32", "11:34")

    return then


def remind_and_answer(play: Play) -> None:
    play.at(1, "12:40")
    play.reply(GOOD)
    play.work_at(1, "12:42", "12:44")


BOTH = "1: Dana, the CFO, agrees to a pilot by Friday\n1\n2: Dana sends the signed contract by Friday\n2"
answered = after(with_reply(asked, GOOD), 0, "10:00", "10:02")
kept_private = after(with_reply(asked, f"{GOOD}\nprivate"), 0, "10:00", "10:02")
followed_up = after(answered, 1, "15:00")
later_that_day = at(0, "12:30")
next_day = at(1, "11:05")

SCENES: tuple[Scene, ...] = (
    Scene("question", planned, at(0, "09:05"), answer_and_see(GOOD)),
    Scene("reminder", asked, at(1, "12:05"), remind_and_answer),
    Scene("digest", two_planned, at(0, "09:05"), answer_and_see(BOTH)),
    Scene("reply", with_reply(asked, GOOD), at(0, "10:00"), next_day),
    Scene("reply_into_meeting", with_reply(asked, GOOD), at(0, "10:00"), next_day, notify=True),
    Scene("digest_reply", with_reply(two_asked, BOTH), at(0, "10:00"), next_day),
    Scene("correction", with_reply(answered, BETTER), at(0, "10:30"), next_day),
    Scene("skip", with_reply(asked, "skip"), at(0, "10:00"), next_day),
    Scene("later", with_reply(asked, "later"), at(0, "10:00"), at(0, "13:00")),
    Scene("pause", with_reply(asked, "pause 1 week"), at(0, "10:00"), next_day),
    Scene("hand_over", with_reply(both_are_guests, f"not me, ask {BEN}"), at(0, "10:00"),
          lambda play: (play.at(0, "11:30"), play.reply(GOOD, person=BEN),
                        play.work_at(0, "11:32", "11:34"))[0]),
    Scene("companion", with_reply(asked, f"{GOOD}\nprivate"), at(0, "10:00"), next_day),
    Scene("undo", with_reply(answered, "undo", "saved"), at(0, "10:30"), later_that_day),
    Scene("withdrawal", cancelled(kept_private), at(0, "10:30"), next_day),
    Scene("move", moved(kept_private), at(0, "10:30"), at(1, "13:05")),
    Scene("follow_up", answered, at(1, "15:00"), at(1, "17:00")),
    Scene("outcome", with_reply(followed_up, "yes", AFTER), at(1, "15:30"), at(2, "09:30")),
    Scene("weekly", answered, at(7, "09:05"), at(7, "12:00"), weekly=True),
)  # fmt: skip
NAMES = tuple(scene.name for scene in SCENES)
