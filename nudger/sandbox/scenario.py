"""Ready worlds: a week of a small sales team for people, and a fleet of calendars for measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any
from zoneinfo import ZoneInfo

from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.world import World

ZONE = "Europe/Berlin"
SATURDAY = 5
ANA, BEN, LEA = "ana@ourco.example", "ben@ourco.example", "lea@ourco.example"
NUDGER = "nudger@ourco.example"
ROOM = "c_188room@resource.calendar.google.com"
INSIDE = ("ourco.example", "resource.calendar.google.com", "sistercorp.example")

PEOPLE = (
    (ANA, "Ana Weber"), (BEN, "Ben Okafor"), (LEA, "Lea Martin"), (NUDGER, "Nudger"),
    ("dana@acme.example", "Dana Reyes"), ("joe@acme.example", "Joe Park"),
    ("mia@globex.example", "Mia Rossi"), ("sam@initech.example", "Sam Field"),
    ("kim@umbrella.example", "Kim Sato"),
)  # fmt: skip

JOIN_LINES = (
    "──────────\n"
    "Join with Google Meet: https://meet.google.com/abc-defg-hij\n"
    "Or dial: +49 30 300195060 PIN: 123 456 789#"
)
HTML_AGENDA = (
    "<b>Agenda</b><ul><li>Where the pilot stands</li><li>Roll-out plan</li></ul>"
    '<br><a href="https://meet.google.com/xyz-abcd-efg">Join the call</a>'
)


@dataclass(frozen=True)
class Plan:
    """One event of the week. `day` counts from Monday as 0; `guests` are addresses."""

    id: str
    title: str
    day: int
    at: str
    minutes: int = 45
    guests: Sequence[str] = ()
    owner: str = ANA
    more: dict[str, Any] = field(default_factory=dict)


WEEK = (
    Plan("acme-review", "ACME: pilot review", 1, "14:00", guests=(ANA, "dana@acme.example",
         "joe@acme.example", ROOM), more={"description": HTML_AGENDA, "location": "Room Berlin"}),
    Plan("globex-first", "First call with Globex", 2, "10:00", 30, (ANA, "mia@globex.example"),
         more={"description": JOIN_LINES}),
    Plan("initech-demo", "Initech: demo for operations", 2, "15:30", 60,
         (ANA, BEN, "sam@initech.example"), more={"description": "Bring the demo tenant."}),
    Plan("umbrella-invites", "Umbrella supplier day: Nudger slot", 3, "11:00", 60,
         (ANA, "kim@umbrella.example"), "kim@umbrella.example",
         {"description": "Supplier day, your slot. Doors open at 10:30."}),
    Plan("freemail", "Coffee with Pat (consultant)", 3, "16:00", 30,
         (ANA, "pat.jones@gmail.com")),
    Plan("standup", "Sales stand-up", 0, "09:15", 15, (ANA, BEN, LEA)),
    Plan("one-on-one", "1:1 Ana / Lea", 2, "13:00", 30, (ANA, LEA)),
    Plan("sister", "Sister company: price list", 1, "16:30", 30, (ANA, "kai@sistercorp.example")),
    Plan("interview", "Interview: account executive", 3, "14:00", 45,
         (ANA, LEA, "applicant@hooli.example")),
    Plan("declined", "ACME: user group", 3, "17:00", 60, (ANA, "dana@acme.example"),
         "dana@acme.example", {"declined_by": ANA}),
    Plan("private", "Doctor", 1, "08:00", 30, (ANA, "praxis@clinic.example"),
         more={"visibility": "private"}),
    Plan("trade-fair", "Trade fair, ACME has a stand", 3, "00:00", 24 * 60, (ANA,),
         more={"all_day": True}),
    Plan("focus", "Focus: quarterly plan", 2, "08:00", 90, more={"kind": "focusTime"}),
    Plan("out-of-office", "Out of office", 4, "13:00", 240, more={"kind": "outOfOffice"}),
    Plan("cancelled", "Globex: cancelled follow-up", 3, "09:00", 30,
         (ANA, "mia@globex.example"), more={"status": "cancelled"}),
    Plan("ben-globex", "Globex: security questions", 3, "10:00", 30,
         (BEN, "mia@globex.example"), BEN, {"description": "Mia sends the questionnaire before."}),
)  # fmt: skip

SERIES = Plan(
    "acme-weekly", "ACME weekly", 1, "11:00", 30, (ANA, "joe@acme.example"),
    more={"description": "Standing call. Notes: https://docs.example/acme-weekly"},
)  # fmt: skip


TEAMS_BLOCK = (
    '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
    "<body><div>{}</div><br>\r\n"
    '<div style="width:100%"><span style="white-space:nowrap; color:#5F5F5F; opacity:.36">'
    "________________________________________________________________________________</span></div>"
    '\r\n<div class="me-email-text" style="color:#252424"><div><a class="me-email-headline" '
    'href="https://teams.microsoft.com/l/meetup-join/19%3ameeting_NzY%40thread.v2/0?context=%7b%7d">'
    "Join the meeting now</a></div><div>Meeting ID: 312 456 789 01<br>Passcode: qW9xYz</div></div>"
    "\r\n</body></html>"
)
OUTLOOK_PEOPLE = {
    "google": frozenset[str](),
    "microsoft": frozenset({ANA, BEN, LEA, NUDGER, "dana@acme.example"}),
    "both": frozenset({BEN, LEA}),
}


def week(monday: datetime, world: World | None = None, provider: str = "google") -> World:
    """A week of a small team from this Monday (its date counts) in Berlin's time.

    `provider` says where the team is: "google", "microsoft", or "both", one rep on each.
    """
    made = world or World()
    _add_people(made, provider)
    for plan in WEEK:
        made.calendars.add(_at_its_provider(_entry(plan, monday), made))
    series = _at_its_provider(_entry(SERIES, monday), made)
    made.calendars.add_series(series, dates=4, every=timedelta(days=7))
    return made


FROM_TODAY = (
    Plan("pilot-review", "ACME: pilot review", 1, "08:00", guests=(ANA, "dana@acme.example",
         "joe@acme.example", ROOM), more={"description": HTML_AGENDA, "location": "Room Berlin"}),
    Plan("stand-up", "Sales stand-up", 1, "09:15", 15, (ANA, BEN, LEA)),
    Plan("pricing", "1:1 Ana / Lea", 1, "13:00", 30, (ANA, LEA)),
    Plan("dentist", "Doctor", 1, "17:00", 30, (ANA, "praxis@clinic.example"),
         more={"visibility": "private"}),
    Plan("first-call", "First call with Globex", 6, "10:00", 30, (ANA, "mia@globex.example"),
         more={"description": JOIN_LINES}),
)  # fmt: skip
"""`day` counts working days from today. The first call is at most eighty hours away, whenever today
is: as early as Nudger can be set to ask."""


def from_today(provider: str, now: datetime | None = None) -> World:
    """The days that follow on `now`, by default the real one, with the team at this provider: a
    customer call on the next working day, another a week later."""
    made = World()
    _add_people(made, provider)
    made.has_own_time = False
    today = now or made.now()
    for plan in FROM_TODAY:
        ahead = replace(plan, day=_days_until(today, plan.day))
        made.calendars.add(_at_its_provider(_entry(ahead, today), made))
    return made


def _days_until(today: datetime, working_days: int) -> int:
    local = today.astimezone(ZoneInfo(ZONE))
    ahead = count(1)
    working = (n for n in ahead if (local + timedelta(days=n)).weekday() < SATURDAY)
    return next(islice(working, working_days - 1, None))


def _add_people(world: World, provider: str) -> None:
    for email, name in PEOPLE:
        kept_by = "microsoft" if email in OUTLOOK_PEOPLE[provider] else "google"
        world.add_person(email, name, zone=ZONE, provider=kept_by)


def _at_its_provider(entry: Entry, world: World) -> Entry:
    """The event as its organizer's program would have made it."""
    organizer = world.people.get(entry.organizer)
    if organizer is not None and organizer.provider == "microsoft":
        entry.uid = entry.uid.removesuffix("@google.com")
        entry.description = TEAMS_BLOCK.format(entry.description.replace("\n", "<br>"))
    return entry


def _entry(plan: Plan, monday: datetime) -> Entry:
    hours, minutes = map(int, plan.at.split(":"))
    day = monday.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=plan.day)
    start = datetime(day.year, day.month, day.day, hours, minutes, tzinfo=ZoneInfo(ZONE))
    more = dict(plan.more)
    declined = more.pop("declined_by", None)
    names = dict(PEOPLE)
    guests = [
        Guest(
            email,
            names.get(email, ""),
            "declined" if email == declined else "accepted",
            resource=email == ROOM,
        )
        for email in plan.guests
    ]
    return Entry(
        id=plan.id.replace("-", ""),
        owner=plan.owner,
        uid=f"{plan.id}@google.com",
        organizer=plan.owner,
        title=plan.title,
        start=start,
        end=start + timedelta(minutes=plan.minutes),
        zone=ZONE,
        guests=guests,
        **more,
    )


def fleet(now: datetime, calendars: int, events: int, provider: str = "google") -> World:
    """Many reps with as many events each, spread over two weeks; a third are customer meetings."""
    made = World()
    made.add_person(NUDGER, "Nudger", zone=ZONE, provider=provider)
    for number in range(calendars):
        rep = f"rep{number:04d}@ourco.example"
        made.add_person(rep, f"Rep {number}", zone=ZONE, provider=provider)
        for index in range(events):
            made.calendars.add(_fleet_entry(rep, number, index, now))
    return made


def _fleet_entry(rep: str, number: int, index: int, now: datetime) -> Entry:
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(
        days=1 + index % 13, hours=index % 8, minutes=30 * (index % 2)
    )
    customer = index % 3 == 0
    other = f"buyer{index}@customer{number % 40}.example" if customer else "lea@ourco.example"
    return Entry(
        id=f"e{number:04d}x{index:04d}",
        owner=rep,
        uid=f"e{number}-{index}@google.com",
        organizer=rep,
        title=f"Call {index}" if customer else f"Internal {index}",
        start=start,
        end=start + timedelta(minutes=30),
        zone=ZONE,
        description="Agenda\nhttps://meet.google.com/abc-defg-hij",
        guests=[Guest(rep, "", "accepted"), Guest(other, "", "accepted")],
    )
