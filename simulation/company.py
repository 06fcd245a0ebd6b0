"""Who works there, and what happens in their calendars while the weeks go by. Chance is seeded, so
that a quarter can be played again."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.world import World

NUDGER, OUTLOOK_NUDGER = "nudger@ourco.example", "nudger-outlook@ourco.example"
ZONES = (("Europe/Berlin", "DE"), ("America/New_York", "US"), ("Asia/Kolkata", "IN"))
CUSTOMERS = 60
CALLS_A_WEEK = 4
LINES = "Agenda\nhttps://meet.google.com/abc-defg-hij"


@dataclass(frozen=True, slots=True)
class SimulatedRep:
    email: str
    name: str
    provider: str
    zone: str
    country: str


@dataclass
class Call:
    """What really happened to a meeting. `since` is when it became a customer meeting at its
    present time; `ended_at` when it stopped being one."""

    title: str
    entry: Entry
    reps: tuple[str, ...]
    since: datetime | None
    ended_at: datetime | None = None

    @property
    def takes_place(self) -> bool:
        return self.since is not None and self.ended_at is None


@dataclass
class Company:
    world: World
    first_day: date
    weeks: int
    size: int
    chance: random.Random
    reps: list[SimulatedRep] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    _booked: list[tuple[datetime, Entry, tuple[str, ...], bool]] = field(default_factory=list)
    _changes: list[tuple[datetime, str, str]] = field(default_factory=list)

    def found(self) -> None:
        """Put the people into the world and draw what will be booked when."""
        for number in range(self.size):
            zone, country = ZONES[number % len(ZONES)]
            provider = "google" if number % 2 else "microsoft"
            rep = SimulatedRep(
                f"rep{number:03d}@ourco.example", f"Rep {number}", provider, zone, country
            )
            self.reps.append(rep)
            self.world.add_person(rep.email, rep.name, zone=zone, provider=provider)
        for mailbox, provider in ((NUDGER, "google"), (OUTLOOK_NUDGER, "microsoft")):
            self.world.add_person(mailbox, "Nudger", zone=ZONES[0][0], provider=provider)
        number = 0
        for rep in self.reps:
            for week in range(self.weeks):
                for _ in range(CALLS_A_WEEK):
                    self._draw(rep, week, number)
                    number += 1
            if self.chance.random() < 0.4:
                self._draw_series(rep, number)
                number += 1
        self._booked.sort(key=lambda one: one[0])
        self._changes.sort()

    def happen(self, now: datetime) -> None:
        """Let everything happen that was drawn for up to now."""
        while self._booked and self._booked[0][0] <= now:
            _, entry, reps, customer = self._booked.pop(0)
            self._book(entry, reps, now, customer=customer)
        while self._changes and self._changes[0][0] <= now:
            _, title, kind = self._changes.pop(0)
            call = self.calls.get(title)
            if call is not None and call.entry.start > now and call.entry.status != "cancelled":
                self._change(call, kind, now)

    def _draw(self, rep: SimulatedRep, week: int, number: int) -> None:
        chance = self.chance
        start = self._start(rep, week)
        customer = chance.random() < 0.75
        reps = [rep]
        if chance.random() < 0.15:
            other = chance.choice(self.reps)
            reps += [other] if other.provider == rep.provider and other is not rep else []
        entry = self._entry(rep, reps, number, start, customer=customer)
        notice = chance.choice((timedelta(hours=3), timedelta(days=1), timedelta(days=4),
                                timedelta(days=9), timedelta(days=12)))  # fmt: skip
        booked_at = start - notice
        self._booked.append((booked_at, entry, tuple(one.email for one in reps), customer))
        kind = chance.choices(
            ("", "move", "cancel", "guest_leaves", "guest_joins"), (75, 10, 7, 4, 4)
        )[0]
        if kind:
            at = booked_at + (start - booked_at) * chance.random()
            self._changes.append((at, entry.title, kind))

    def _draw_series(self, rep: SimulatedRep, number: int) -> None:
        first = self._start(rep, 0)
        entry = self._entry(rep, [rep], number, first, customer=True)
        booked_at = first - timedelta(days=2)
        for week in range(self.weeks):
            local = entry.start.astimezone(ZoneInfo(rep.zone)) + timedelta(weeks=week)
            one = self._entry(rep, [rep], number, local, customer=True)
            one.title = f"{entry.title} week {week:02d}"
            one.series_id, one.uid = entry.id, entry.uid
            one.original_start = one.start
            one.id = f"{entry.id}_{one.start.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"
            if rep.provider == "microsoft":
                one.uid = f"{entry.uid}{week:02d}"
                one.sequence = 1  # an exception: a plain date would have the series' own title
            self._booked.append((booked_at, one, (rep.email,), True))
            if self.chance.random() < 0.15:
                at = one.start - timedelta(hours=self.chance.randint(2, 90))
                self._changes.append((at, one.title, self.chance.choice(("move", "cancel"))))

    def _start(self, rep: SimulatedRep, week: int) -> datetime:
        day = self.first_day + timedelta(days=7 * week + self.chance.randint(0, 4))
        at = time(self.chance.randint(9, 17), self.chance.choice((0, 30)))
        return datetime.combine(day, at, ZoneInfo(rep.zone))

    def _entry(
        self, rep: SimulatedRep, reps: list[SimulatedRep], number: int, start: datetime, *,
        customer: bool,
    ) -> Entry:  # fmt: skip
        guests = [Guest(one.email, one.name, "accepted") for one in reps]
        guests += [_buyer(number)] if customer else [Guest("lea@ourco.example", "Lea", "accepted")]
        suffix = "" if rep.provider == "microsoft" else "@google.com"
        return Entry(
            id=f"call{number:05d}", owner=rep.email, uid=f"call{number}{suffix}",
            organizer=rep.email, title=f"Call {number:05d}", start=start,
            end=start + timedelta(minutes=30), zone=rep.zone, description=LINES, guests=guests,
        )  # fmt: skip

    def _book(self, entry: Entry, reps: tuple[str, ...], now: datetime, *, customer: bool) -> None:
        with self.world.lock:
            self.world.calendars.add(entry)
        self.calls[entry.title] = Call(entry.title, entry, reps, now if customer else None)

    def _change(self, call: Call, kind: str, now: datetime) -> None:
        entry, fields = call.entry, {}
        if kind == "move":
            zone = ZoneInfo(entry.zone)
            start = entry.start.astimezone(zone) + timedelta(days=self.chance.randint(1, 3))
            while start.weekday() > 4:
                start += timedelta(days=1)
            fields = {"start": start, "end": start + timedelta(minutes=30)}
            call.since = now if call.since is not None else None
        elif kind == "cancel":
            fields, call.ended_at = {"status": "cancelled"}, now
        elif kind == "guest_leaves":
            kept = [one for one in entry.guests if one.email.endswith("@ourco.example")]
            fields, call.ended_at = {"guests": kept}, now if call.since else None
        elif call.since is None:
            fields, call.since = {"guests": [*entry.guests, _buyer(99)]}, now
        if fields:
            with self.world.lock:
                self.world.calendars.change(entry, entry.organizer, False, **fields)


def _buyer(number: int) -> Guest:
    return Guest(f"buyer@customer{number % CUSTOMERS:02d}.example", "Bo Buyer", "accepted")
