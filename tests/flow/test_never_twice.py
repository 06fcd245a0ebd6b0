"""Whatever happens to a call, in whatever zone: never asked twice, never at night, never after the
start."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nudger.domain.event import Provider
from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.people_pages import reply_to
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store.people import NewRep
from simulation.counter import kind_of
from tests.databases import sqlite_copy
from tests.office import ANA, DANA, NUDGER, Office, open_office, run_once

BEFORE_A_CHANGE_OF_CLOCKS = st.sampled_from([date(2026, 3, 26), date(2026, 10, 22)])
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("later"), st.integers(1, 60)),
        st.tuples(st.just("move"), st.integers(-40, 90)),
        st.tuples(st.just("made_again"), st.integers(-48, 48)),
        st.tuples(
            st.sampled_from(
                ["cancel", "restore", "guest_leaves", "guest_comes", "token_expires", "answer",
                 "skip", "renamed", "clock_back"]
            ),
            st.just(0),
        ),
    ),
    max_size=14,
)  # fmt: skip


class Call:
    """One call and everything that can happen to it."""

    def __init__(self, office: Office, zone: str, start: datetime) -> None:
        self.office, self.world, self.zone = office, office.world, ZoneInfo(zone)
        self.titles = {"ACME: pilot"}
        self._number = 0
        self.entry = self._add("ACME: pilot", start)
        self.seen: list[tuple[str, datetime]] = []

    def _add(self, title: str, start: datetime) -> Entry:
        self._number += 1
        suffix = "" if self.office.is_outlook else "@google.com"
        entry = Entry(
            f"call{self._number}", ANA, f"call{self._number}{suffix}", ANA, title, start,
            start + timedelta(minutes=30), zone=str(self.zone),
            guests=[Guest(ANA, "", "accepted"), Guest(DANA, "", "accepted")],
        )  # fmt: skip
        return self.world.calendars.add(entry)

    def change(self, **fields: object) -> None:
        self.world.calendars.change(self.entry, ANA, False, **fields)

    def happen(self, what: str, by: int) -> None:
        start = self.entry.start
        if what == "later":
            self.world.set_now(self.world.now() + timedelta(hours=by))
        elif what == "clock_back":
            self.world.set_now(self.world.now() - timedelta(minutes=90))
        elif what == "move":
            at = start + timedelta(hours=by)
            self.change(start=at, end=at + timedelta(minutes=30))
        elif what == "made_again":
            self.change(status="cancelled")
            self.entry = self._add(self.entry.title, start + timedelta(hours=by))
        elif what in ("cancel", "restore"):
            self.change(status="cancelled" if what == "cancel" else "confirmed")
        elif what in ("guest_leaves", "guest_comes"):
            others = [Guest(DANA, "", "accepted")] if what == "guest_comes" else []
            self.change(guests=[Guest(ANA, "", "accepted"), *others])
        elif what == "renamed":
            self.change(title=f"{self.entry.title}!")
        elif what == "token_expires":
            self.world.calendars.expire_tokens(ANA)
        else:
            self._reply("Dana agrees to a pilot" if what == "answer" else "skip")

    def _reply(self, text: str) -> None:
        asked = [one for one in self.office.inbox(ANA) if kind_of(one) == "question"]
        if asked:
            reply_to(self.world, ANA, asked[-1], text)

    def work(self) -> None:
        run_once(self.office.ctx)
        mails = [one for one in self.office.inbox(ANA) if kind_of(one) in ("question", "reminder")]
        for mail in mails[len(self.seen) :]:
            self.seen.append((kind_of(mail), mail.received_at))
            local = mail.received_at.astimezone(self.zone)
            assert mail.received_at < self.entry.start, "after the start"
            assert self.entry.status == "confirmed", "about a call that is off"
            assert len(self.entry.guests) == 2, "about a call without a guest"
            assert local.weekday() < 5, "on a Sunday"
            assert time(9) <= local.time() <= time(17, 30), "at night"
        kinds = [kind for kind, _ in self.seen]
        assert kinds.count("question") <= 1, "asked twice"
        assert kinds.count("reminder") <= 1, "reminded twice"


@contextmanager
def a_call(folder, template, kept_by, zone, day, hour, at_once):
    world = World()
    for email in (ANA, NUDGER, DANA):
        provider = "google" if email == DANA else kept_by
        world.add_person(email, email, zone=zone, provider=provider)
    world.set_now(datetime.combine(day, time(10), ZoneInfo(zone)).astimezone(UTC))
    with SandboxServer(world) as server:
        database = sqlite_copy(template, folder)
        rep = NewRep(ANA, Provider(kept_by), time_zone=zone)
        with open_office(folder, server, database, rep, at_once=at_once) as office:
            start = datetime.combine(day + timedelta(days=4), time(hour), ZoneInfo(zone))
            yield Call(office, zone, start)


@pytest.mark.parametrize("kept_by", ["google", "microsoft"])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    zone=ZONES,
    day=BEFORE_A_CHANGE_OF_CLOCKS,
    hour=st.integers(7, 20),
    at_once=st.sampled_from([1, 32]),
    steps=STEPS,
)
def test_one_question_at_most(
    tmp_path_factory, up_to_date_sqlite, kept_by, zone, day, hour, at_once, steps
):
    folder = tmp_path_factory.mktemp("call")
    with a_call(folder, up_to_date_sqlite, kept_by, zone, day, hour, at_once) as call:
        call.work()
        for what, by in steps:
            call.happen(what, by)
            call.work()
