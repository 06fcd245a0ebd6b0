"""What fails again and again is left alone, and nothing else is."""

from __future__ import annotations

import inspect
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.event import Provider
from nudger.domain.reasons import Reason
from nudger.providers.base import Calendar, Mailbox, NotFound, SortedMailbox, Unavailable
from nudger.runtime.holds import Held
from nudger.runtime.provider_guard import Circuits, Guarded, LeftAlone, Line
from nudger.store import controls
from nudger.store.database import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'test.db'}")
    made.upgrade()
    yield made
    made.close()


@dataclass
class FakeBox:
    """A mailbox that does as it is told, and counts."""

    goes: object = "sent"
    calls: int = 0
    description_limit: int = 7

    def send_draft(self, draft_id):
        self.calls += 1
        if isinstance(self.goes, Exception):
            raise self.goes
        return self.goes

    def arrivals(self, cursor):
        for page in range(3):
            if page == 1 and isinstance(self.goes, Exception):
                raise self.goes
            yield page


@dataclass
class Scene:
    database: Database
    now: datetime = NOW
    boxes: dict[tuple[Provider, str], FakeBox] = field(default_factory=dict)

    def __post_init__(self):
        self.circuits = Circuits(lambda: self.now)

    def box(self, person="ana", provider=Provider.GOOGLE):
        return self.boxes.setdefault((provider, person), FakeBox())

    def send(self, person="ana", provider=Provider.GOOGLE):
        """What comes of sending: the answer, or the kind of error."""
        line = Line(provider, person)
        try:
            self.circuits.require_closed(line)
            return Guarded(
                self.box(person, provider), line, self.circuits, self.database
            ).send_draft("d")
        except Exception as error:
            return type(error)

    def fail(self, times, person="ana", provider=Provider.GOOGLE):
        self.box(person, provider).goes = Unavailable("busy")
        return [self.send(person, provider) for _ in range(times)]


@pytest.fixture
def scene(database):
    return Scene(database)


class Everything:
    """Whatever it is asked, it answers."""

    def __getattr__(self, name):
        return lambda *_values: "answered"


READ = {
    "calendar_hours", "changes", "full", "get", "peek", "write_notifies_guests", "arrivals",
    "arrivals_since", "fetch", "find_draft", "find_sent", "whereabouts",
}  # fmt: skip
TAKES_BACK = {"discard_draft"}
"""A draft of ours that would be left over: nothing of anybody's is touched."""


@pytest.mark.parametrize("contract", [Calendar, Mailbox, SortedMailbox])
def test_during_a_lockdown_nothing_is_changed_at_a_provider(scene, contract):
    with scene.database.begin() as tx:
        controls.lock(tx, NOW)
    at = Guarded(Everything(), Line(Provider.GOOGLE, "ana"), scene.circuits, scene.database)
    methods = {name for name, _ in inspect.getmembers(contract, inspect.isfunction)}
    done = set()
    for name in sorted(one for one in methods if not one.startswith("_")):
        try:
            done |= {name} if getattr(at, name)() == "answered" else set()
        except Held as held:
            assert held.reason is Reason.LOCKED_DOWN
    assert done <= READ | TAKES_BACK


def test_after_three_failures_a_person_is_left_alone_and_nobody_else(scene):
    assert scene.fail(5) == [Unavailable] * 3 + [LeftAlone] * 2
    assert scene.box().calls == 3
    assert scene.send("ben") == "sent"
    assert scene.send("ana", Provider.MICROSOFT) == "sent"


def test_who_asks_for_a_pause_gets_it_from_every_call_and_nobody_else_does(scene):
    scene.box().goes = Unavailable("busy", timedelta(seconds=7))
    assert [scene.send(), scene.send()] == [Unavailable, LeftAlone]
    assert scene.send("ben") == "sent"
    scene.now += timedelta(seconds=7)
    scene.box().goes = "sent"
    assert [scene.send(), scene.send()] == ["sent", "sent"]


def test_a_sick_provider_is_left_alone_and_the_other_is_not(scene):
    for person in ("ana", "ben", "cleo", "dan", "eva"):
        scene.fail(1, person)
    assert scene.send("fay") is LeftAlone
    assert scene.box("fay").calls == 0
    assert scene.send("fay", Provider.MICROSOFT) == "sent"


def test_when_the_break_is_over_one_call_goes_through_and_decides(scene):
    scene.fail(3)
    scene.now += timedelta(seconds=30)
    assert scene.fail(2) == [Unavailable, LeftAlone]
    scene.now += timedelta(seconds=60)
    scene.box().goes = "sent"
    assert [scene.send(), scene.send()] == ["sent", "sent"]


def test_who_comes_during_a_probe_waits(scene):
    scene.fail(3)
    scene.now += timedelta(seconds=30)
    scene.circuits.begin_call(Line(Provider.GOOGLE, "ana"))
    assert scene.send() is LeftAlone


def test_a_provider_that_says_no_is_well(scene):
    scene.fail(2)
    scene.box().goes = NotFound("no such draft")
    assert scene.send() is NotFound
    assert scene.fail(2) == [Unavailable] * 2


def test_a_fault_of_ours_is_nobodys_sickness(scene):
    scene.box().goes = ValueError("ours")
    assert [scene.send() for _ in range(6)] == [ValueError] * 6


def test_pages_are_watched_one_by_one(scene):
    guarded = Guarded(scene.box(), Line(Provider.GOOGLE, "ana"), scene.circuits, scene.database)
    assert list(guarded.arrivals(None)) == [0, 1, 2]
    scene.box().goes = Unavailable("busy")
    for _ in range(3):
        with pytest.raises(Unavailable):
            list(guarded.arrivals(None))
    assert next(guarded.arrivals(None)) == 0  # the first pages were answers, in between


def test_what_is_no_call_is_passed_through(scene):
    guarded = Guarded(scene.box(), Line(Provider.GOOGLE, "ana"), scene.circuits, scene.database)
    assert guarded.description_limit == 7


def test_nothing_with_an_effect_is_called_while_all_is_locked_down(scene):
    with scene.database.begin() as tx:
        controls.lock(tx, NOW)
    assert scene.send() is Held
    assert scene.box().calls == 0
    with scene.database.begin() as tx:
        controls.unlock(tx)
        controls.pause(tx, None, NOW)
    assert scene.send() is Held
    guarded = Guarded(scene.box(), Line(Provider.GOOGLE, "ana"), scene.circuits, scene.database)
    assert list(guarded.arrivals(None)) == [0, 1, 2]
    with pytest.raises(Held) as held:
        guarded.send_draft("d")
    assert held.value.reason is Reason.SENDING_PAUSED


def test_many_threads_at_once_do_not_flood(scene):
    scene.box().goes = Unavailable("busy")
    scene.fail(3)
    scene.now += timedelta(seconds=30)
    threads = [threading.Thread(target=scene.send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scene.box().calls == 4
