"""Lets the weeks pass: things happen in calendars, the worker's jobs run, reps answer mail."""

from __future__ import annotations

import random
import tempfile
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from nudger.config import load_settings
from nudger.demo.installation import Installation, install, introduce
from nudger.domain.event import Provider
from nudger.domain.history import Grouping, by_week, tallies, tally
from nudger.jobs.outgoing.past_meetings import past_meetings
from nudger.mail.report_page import report_page
from nudger.runtime.context import Context
from nudger.runtime.startup import open_context
from nudger.sandbox.people_pages import reply_to
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store import people
from nudger.store.people import NewRep
from nudger.worker import hourly, incoming, outgoing
from simulation.company import NUDGER, OUTLOOK_NUDGER, Company, SimulatedRep
from simulation.counter import ASKING, Counts, calls_in, count, kind_of

TABLES = """
[scan]
every_seconds = 600
[meetings]
watch = "everybody"
[[milestones]]
name = "First call"
[[milestones]]
name = "Proposal meeting"
[[milestones]]
name = "Decision"
"""
INSTALLATION = Installation(
    {"google": NUDGER, "microsoft": OUTLOOK_NUDGER}, tables=TABLES, at_once=1
)
BY_DAY, BY_NIGHT = timedelta(minutes=60), timedelta(hours=4)
FIRST_DAY = date(2026, 9, 28)
ACTS = ("sign off the pilot on Friday", "bring the CFO to a review next week", "send the contract")
NO_COMMITMENTS = (
    "get a feeling for their budget",
    "I send the proposal after the call",
    "they seem quite interested",
    "haha, world domination and a coffee with Bo",
    "build some trust with the new buyer",
)
"""What reps write as well: all that a guest must not read before the rep has looked again."""
ASIDES = ("👍", "Thanks!", "tbd", "what do you mean by C.O.?")
REFUSALS = ("skip", "Thanks, skip this one please", "its not a customer meeting")
SIGNATURE = "Best regards\n%s\nAccount Executive | OurCo GmbH\n+49 30 1234567 · www.ourco.example"
"""Below a reply of a rep, whose name stands in it; none of it is an answer."""
UNFIT_FOR_GUESTS = (*NO_COMMITMENTS, *ASIDES, "Account Executive", "www.ourco.example")


@dataclass
class Played:
    counts: Counts
    seconds: float


@dataclass
class Inboxes:
    """Reps who read their mail at every step and answer most of it, well or badly."""

    company: Company
    chance: random.Random
    answered: dict[str, datetime] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    def answer(self, now: datetime) -> None:
        world = self.company.world
        for rep in self.company.reps:
            with world.lock:
                for message in list(world.mailboxes.of(rep.email).values()):
                    if message.id in self._read or message.labels & {"SENT", "DRAFT"}:
                        continue
                    self._read.add(message.id)
                    kind = kind_of(message)
                    if kind in ASKING and self.chance.random() < 0.7:
                        calls = calls_in(self.company, rep, message)
                        words = self._reply(kind, calls, now)
                        if self.chance.random() < 0.3:
                            words += f"\n\n{SIGNATURE % rep.name}"
                        reply_to(world, rep.email, message, words)

    def _reply(self, kind: str, calls: list[str], now: datetime) -> str:
        """One line for the call; of several each behind its letter, or only some of them."""
        if kind != "follow_up" and self.chance.random() < 0.04:
            return self.chance.choice(ASIDES)
        if len(calls) == 1:
            return self._line(kind, calls[0], now)
        spoken_of = [call for call in calls if self.chance.random() < 0.85] or calls[:1]
        return "\n".join(
            f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[calls.index(call)]}: {self._line(kind, call, now)}"
            for call in spoken_of
        )

    def _line(self, kind: str, call: str, now: datetime) -> str:
        if kind == "follow_up":
            return self.chance.choice(("yes", "partly", "no"))
        if self.chance.random() < 0.06:
            return self.chance.choice(REFUSALS)
        self.answered.setdefault(call, now)
        if self.chance.random() < 0.2:
            return self.chance.choice(NO_COMMITMENTS)
        return f"Bo agrees to {self.chance.choice(ACTS)}\n{self.chance.randint(1, 3)}"


def play(
    reps: int, weeks: int, seed: int, tell: Callable[[str], None], page: Path | None = None
) -> Played:
    """Play the weeks; `tell` gets a line of progress for each, `page` the report of it all."""
    began = clock.monotonic()
    with tempfile.TemporaryDirectory(prefix="nudger-simulation-") as name:
        world = World()
        company = Company(world, FIRST_DAY, weeks, reps, random.Random(seed))
        company.found()
        first = datetime.combine(FIRST_DAY - timedelta(days=1), time(12), UTC)
        world.set_now(first)
        with SandboxServer(world) as server:
            server.microsoft.identity.permissions += ("MailboxSettings.Read",)
            settings = load_settings(install(Path(name), server.url, INSTALLATION))
            with open_context(settings, world.now) as ctx:
                introduce(ctx, map(_known, company.reps))
                counts = _let_pass(ctx, company, first, weeks, tell)
                if page is not None:
                    page.write_text(_report(ctx, first), encoding="utf-8")
    return Played(counts, round(clock.monotonic() - began, 1))


def _report(ctx: Context, first: datetime) -> str:
    now = ctx.clock()
    meetings = past_meetings(ctx, first, now)
    lines, total = tallies(meetings, Grouping.REP), tally("all", meetings)
    with ctx.database.read() as tx:
        names = people.names(tx)
    return report_page(first, now, Grouping.REP, lines, total, by_week(meetings), names)


def _let_pass(
    ctx: Context, company: Company, first: datetime, weeks: int, tell: Callable[[str], None]
) -> Counts:
    chance = random.Random(company.chance.random())
    inboxes = Inboxes(company, chance)
    up: list[datetime] = []
    off = _downtimes(first, weeks, chance)
    week = -1
    for now in _steps(first, first + timedelta(weeks=weeks), _set_back(first, weeks, chance)):
        company.world.set_now(now)
        company.happen(now)
        if any(begin <= now < end for begin, end in off):
            continue
        hourly(ctx)
        outgoing(ctx)
        inboxes.answer(now)
        incoming(ctx)
        up.append(now)
        if (now - first).days // 7 > week:
            week = (now - first).days // 7
            tell(f"week {week + 1} of {weeks}: {len(company.calls)} meetings so far")
    return count(company, up, inboxes.answered, UNFIT_FOR_GUESTS)


def _set_back(
    first: datetime, weeks: int, chance: random.Random
) -> list[tuple[datetime, timedelta]]:
    """When everybody's clock is set back, and by how much: once every third week."""
    by = (timedelta(minutes=20), timedelta(hours=3), timedelta(hours=24))
    return [
        (first + timedelta(weeks=week, hours=chance.randint(30, 110)), chance.choice(by))
        for week in range(1, weeks, 3)
    ]


def _steps(
    begin: datetime, end: datetime, set_back: list[tuple[datetime, timedelta]]
) -> Iterator[datetime]:
    """Moments of work: close together while somebody works, wide apart at night and on Sundays."""
    now = begin
    while now < end:
        yield now
        if set_back and set_back[0][0] <= now:
            now -= set_back.pop(0)[1]
            continue
        works = now.weekday() < 5 and 3 <= now.hour < 23
        now += BY_DAY if works else BY_NIGHT


def _downtimes(
    first: datetime, weeks: int, chance: random.Random
) -> list[tuple[datetime, datetime]]:
    """An outage of some hours in most weeks, and one of three days."""
    found = []
    for week in range(weeks):
        begin = first + timedelta(weeks=week, hours=chance.randint(24, 120))
        found.append((begin, begin + timedelta(hours=chance.randint(1, 9))))
    if weeks > 2:
        begin = first + timedelta(weeks=weeks // 2, days=2)
        found.append((begin, begin + timedelta(days=3)))
    return found


def _known(rep: SimulatedRep) -> NewRep:
    provider = Provider(rep.provider)
    return NewRep(rep.email, provider, rep.name, country=rep.country, manager=rep.manager)
