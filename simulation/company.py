"""Who works there, and what happens in their calendars while the weeks go by. Chance is seeded, so
that a quarter can be played again."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nudger.sandbox.entries import Entry, Guest, WorkingWeek
from nudger.sandbox.world import World

NUDGER, OUTLOOK_NUDGER = "nudger@ourco.example", "nudger-outlook@ourco.example"
MANAGER = "mia@ourco.example"
LED = 3  # every third rep has a manager
ZONES = (("Europe/Berlin", "DE"), ("America/New_York", "US"), ("Asia/Kolkata", "IN"))
CUSTOMERS = 60
CALLS_A_WEEK = 4
SERIES_CHANGES = ("split", "split_and_move", "move_series")
LINES = "Agenda\nhttps://meet.google.com/abc-defg-hij"


@dataclass(frozen=True, slots=True)
class SimulatedRep:
    email: str
    name: str
    provider: str
    zone: str
    country: str
    manager: str | None = None


@dataclass
class Call:
    """What really happened to a meeting. `key` is its own, while all dates of a series share a
    title; `starts` are all that it ever had. `since` is when it became a customer meeting at its
    present time, `ended_at` when it stopped being one."""

    key: str
    entry: Entry
    reps: tuple[str, ...]
    since: datetime | None
    ended_at: datetime | None = None
    starts: list[datetime] = field(default_factory=list)

    @property
    def takes_place(self) -> bool:
        return self.since is not None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class Booking:
    """A meeting that will be booked at a moment."""

    at: datetime
    key: str
    entry: Entry
    reps: tuple[str, ...]
    customer: bool


@dataclass
class Company:
    world: World
    first_day: date
    weeks: int
    size: int
    chance: random.Random
    reps: list[SimulatedRep] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    _booked: list[Booking] = field(default_factory=list)
    _changes: list[tuple[datetime, str, str]] = field(default_factory=list)
    _by_title: dict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))

    def found(self) -> None:
        """Put the people into the world and draw what will be booked when."""
        for number in range(self.size):
            zone, country = ZONES[number % len(ZONES)]
            provider = "google" if number % 2 else "microsoft"
            rep = SimulatedRep(
                f"rep{number:03d}@ourco.example", f"Rep {number}", provider, zone, country,
                manager=None if number % LED else MANAGER,
            )  # fmt: skip
            self.reps.append(rep)
            week = WorkingWeek("09:00:00.0000000", "17:30:00.0000000")
            self.world.add_person(rep.email, rep.name, zone=zone, provider=provider, week=week)
        for address, name, provider in (
            (NUDGER, "Nudger", "google"), (OUTLOOK_NUDGER, "Nudger", "microsoft"),
            (MANAGER, "Mia Brandt", "google"),
        ):  # fmt: skip
            self.world.add_person(address, name, zone=ZONES[0][0], provider=provider)
        for number in range(CUSTOMERS):
            buyer = _buyer(number)
            self.world.add_person(buyer.email, buyer.name, zone=ZONES[0][0], provider="google")
        number = 0
        for rep in self.reps:
            for week in range(self.weeks):
                for _ in range(CALLS_A_WEEK):
                    self._draw(rep, week, number)
                    number += 1
            if self.chance.random() < 0.4:
                self._draw_series(rep, number)
                number += 1
        self._booked.sort(key=lambda one: one.at)
        self._changes.sort()

    def happen(self, now: datetime) -> None:
        """Let everything happen that was drawn for up to now."""
        while self._booked and self._booked[0].at <= now:
            self._book(self._booked.pop(0), now)
        while self._changes and self._changes[0][0] <= now:
            _, key, kind = self._changes.pop(0)
            if kind in SERIES_CHANGES:
                self._change_series(key, kind, now)
                continue
            call = self.calls.get(key)
            if call is not None and call.entry.start > now and call.entry.status != "cancelled":
                self._change(call, kind, now)

    def find(self, title: str, start: datetime) -> Call | None:
        """The call of this title that starts then, or did before it was moved."""
        return next((call for call in self._by_title[title] if start in call.starts), None)

    def shown_as(self, title: str, when: str, zone: ZoneInfo) -> Call | None:
        """The call that a mail shows, at `when` as in "Tuesday 24 November, 14:00"."""
        return next(
            (
                call
                for call in self._by_title[title]
                if any(shown(start.astimezone(zone)) == when for start in call.starts)
            ),
            None,
        )

    def _draw(self, rep: SimulatedRep, week: int, number: int) -> None:
        chance = self.chance
        start = self._start(rep, week)
        customer = chance.random() < 0.75
        reps = self._with_a_colleague(rep)
        entry = self._entry(reps, number, start, customer=customer)
        if customer and chance.random() < 0.15:
            entry = replace(entry, owner=entry.guests[-1].email, organizer=entry.guests[-1].email)
            reps.sort(key=self.reps.index)
        notice = chance.choice((timedelta(hours=3), timedelta(days=1), timedelta(days=4),
                                timedelta(days=9), timedelta(days=12)))  # fmt: skip
        booked_at = start - notice
        people = tuple(one.email for one in reps)
        self._booked.append(Booking(booked_at, entry.title, entry, people, customer))
        kind = chance.choices(
            ("", "move", "cancel", "guest_leaves", "guest_joins"), (75, 10, 7, 4, 4)
        )[0]
        if kind:
            at = booked_at + (start - booked_at) * chance.random()
            self._changes.append((at, entry.title, kind))

    def _with_a_colleague(self, rep: SimulatedRep) -> list[SimulatedRep]:
        """The rep, now and then with somebody who may keep their calendar elsewhere."""
        other = self.chance.choice(self.reps)
        return [rep, other] if self.chance.random() < 0.15 and other is not rep else [rep]

    def _draw_series(self, rep: SimulatedRep, number: int) -> None:
        """A weekly call; some dates are moved or cancelled, and the whole of it may be edited."""
        chance = self.chance
        reps = self._with_a_colleague(rep)
        first = self._start(rep, 0)
        master = replace(self._entry(reps, number, first, customer=True))
        master.title = f"{master.title} weekly"
        booked_at = first - timedelta(days=2)
        for week in range(self.weeks):
            start = first + timedelta(weeks=week)
            one = _date_of(master, master.id, start, number=week)
            key = f"{master.title} {week:02d}"
            people = tuple(each.email for each in reps)
            self._booked.append(Booking(booked_at, key, one, people, customer=True))
            if chance.random() < 0.15:
                at = start - timedelta(hours=chance.randint(2, 90))
                self._changes.append((at, key, chance.choice(("move", "cancel"))))
        if chance.random() < 0.6:
            at = first + timedelta(days=chance.randint(5, 7 * self.weeks))
            self._changes.append((at, master.title, chance.choice(SERIES_CHANGES)))

    def _start(self, rep: SimulatedRep, week: int) -> datetime:
        day = self.first_day + timedelta(days=7 * week + self.chance.randint(0, 4))
        at = time(self.chance.randint(9, 17), self.chance.choice((0, 30)))
        return datetime.combine(day, at, ZoneInfo(rep.zone))

    def _entry(
        self, reps: Sequence[SimulatedRep], number: int, start: datetime, *, customer: bool
    ) -> Entry:
        rep = reps[0]
        guests = [Guest(one.email, one.name, "accepted") for one in reps]
        guests += [_buyer(number)] if customer else [Guest("lea@ourco.example", "Lea", "accepted")]
        suffix = "" if rep.provider == "microsoft" else "@google.com"
        return Entry(
            id=f"call{number:05d}", owner=rep.email, uid=f"call{number}{suffix}",
            organizer=rep.email, title=f"Call {number:05d}", start=start,
            end=start + timedelta(minutes=30), zone=rep.zone, description=LINES, guests=guests,
        )  # fmt: skip

    def _book(self, booking: Booking, now: datetime) -> None:
        entry = booking.entry
        with self.world.lock:
            self.world.calendars.add(entry)
        since = now if booking.customer else None
        call = Call(booking.key, entry, booking.reps, since, starts=[entry.start])
        self.calls[booking.key] = call
        self._by_title[entry.title].append(call)

    def _change_series(self, title: str, kind: str, now: datetime) -> None:
        """Edit all coming dates: they go, and others with new ids come in their place."""
        coming = [
            call
            for call in self._by_title[title]
            if call.takes_place and call.entry.start > now + timedelta(hours=12)
        ]
        series_id = f"{coming[0].entry.series_id}x" if coming and kind != "move_series" else None
        by = timedelta(hours=0 if kind == "split" else self.chance.choice((-1, 1, 24)))
        for number, call in enumerate(coming):
            old = call.entry
            with self.world.lock:
                self.world.calendars.cancel(old, old.organizer)
                new = _date_of(old, series_id or old.series_id or "", old.start + by, number=number)
                call.entry = self.world.calendars.add(new)
            call.starts.append(new.start)
            call.since = now if by else call.since

    def _change(self, call: Call, kind: str, now: datetime) -> None:
        entry, fields = call.entry, {}
        if kind == "move":
            zone = ZoneInfo(entry.zone)
            start = entry.start.astimezone(zone) + timedelta(days=self.chance.randint(1, 3))
            while start.weekday() > 4:
                start += timedelta(days=1)
            fields = {"start": start, "end": start + timedelta(minutes=30)}
            call.starts.append(start)
            call.since = now if call.since is not None else None
        elif kind == "cancel" or (kind == "guest_leaves" and not _is_inside(entry.organizer)):
            fields, call.ended_at = {"status": "cancelled"}, now
        elif kind == "guest_leaves":
            kept = [one for one in entry.guests if _is_inside(one.email)]
            fields, call.ended_at = {"guests": kept}, now if call.since else None
        elif call.since is None:
            fields, call.since = {"guests": [*entry.guests, _buyer(99)]}, now
        if fields:
            with self.world.lock:
                self.world.calendars.change(entry, entry.organizer, False, **fields)


def _date_of(master: Entry, series_id: str, start: datetime, *, number: int) -> Entry:
    """A date of the series. Outlook's dates have a UID each, Google's share one."""
    at_outlook = not master.uid.endswith("@google.com")
    base = series_id if at_outlook else f"{series_id}@google.com"
    return replace(
        master,
        id=f"{series_id}_{start.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        uid=f"{base}d{number:02d}{start:%m%d%H}" if at_outlook else base,
        series_id=series_id,
        original_start=start,
        start=start,
        end=start + timedelta(minutes=30),
        status="confirmed",
        description=LINES,
        guests=[replace(guest) for guest in master.guests],
        sequence=0,
    )


def shown(local: datetime) -> str:
    """A start as our mails show it."""
    return f"{local:%A} {local.day} {local:%B, %H:%M}"


def _is_inside(email: str) -> bool:
    return email.endswith("@ourco.example")


def _buyer(number: int) -> Guest:
    return Guest(f"buyer@customer{number % CUSTOMERS:02d}.example", "Bo Buyer", "accepted")
