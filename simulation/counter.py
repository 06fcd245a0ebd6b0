"""Counts from the sandbox alone: the mails that lie in inboxes, the notes in calendars, the calls
that were made. Nudger's own tables are not looked at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.header import decode_header, make_header
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from nudger.sandbox.entries import StoredMessage
from nudger.sandbox.people_pages import plain_text
from simulation.company import MANAGER, Call, Company, SimulatedRep

ASKING = ("question", "reminder", "follow_up")
SHOWN = re.compile(
    r"(Call \d{5}(?: weekly)?)\s*((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+, \d\d:\d\d)"
)
STARTS, ENDS = time(9, 0), time(17, 30)
TIME_TO_ANSWER = timedelta(minutes=30)
TIME_TO_NOTICE = timedelta(hours=2)
TIME_TO_ASK = timedelta(minutes=5)
MOMENTS_TO_ASK = 2
INSIDE = ("ourco.example",)


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail of Nudger's own accord, as it lies in an inbox. `kind` is one of `ASKING`, or weekly
    for the numbers of a rep's week; `calls` are the keys of the calls that it asks about."""

    kind: str
    rep: str
    at: datetime
    calls: tuple[str, ...]


@dataclass
class Counts:
    """`night` are mails outside working hours, `crowded` those within an hour of another. `untold`
    are the reps whose numbers a manager read before the rep knew."""

    figures: dict[str, int] = field(default_factory=dict)
    crowded: int = 0
    untold: int = 0
    faults: list[str] = field(default_factory=list)


def kind_of(message: StoredMessage) -> str | None:
    subject = str(make_header(decode_header(message.headers.get("subject", ""))))
    if subject.startswith(("Your customer calls", "Who gets the numbers")):
        return "weekly"
    if "did they agree?" in subject:
        return "follow_up"
    if "what will they agree to?" not in subject or subject.startswith("Re:"):
        return None
    is_reminder = subject.startswith("Reminder") or "no Commitment Objective yet" in plain_text(
        message
    )
    return "reminder" if is_reminder else "question"


def calls_in(company: Company, rep: SimulatedRep, message: StoredMessage) -> list[str]:
    """The keys of the calls that a mail shows, in its order."""
    zone = ZoneInfo(rep.zone)
    shown = (company.shown_as(*one, zone) for one in SHOWN.findall(plain_text(message)))
    return list(dict.fromkeys(call.key for call in shown if call is not None))


def count(
    company: Company, up: list[datetime], answered: dict[str, datetime], unfit: Sequence[str]
) -> Counts:
    """`up` are the moments at which the worker ran, `answered` when a rep answered for a call,
    `unfit` what no guest must read in a meeting."""
    counts = Counts()
    seen = list(_our_mails(company))
    by_call = defaultdict(list)
    for mail in seen:
        for key in mail.calls or [_week_of(company, mail)]:
            by_call[mail.kind, key].append(mail)
    doubled = [key for key, mails in by_call.items() if len(mails) > 1]
    night = [mail for mail in seen if not _works(company, mail.rep, mail.at)]
    stale = [mail for mail in seen if _is_stale(company, mail, answered)]
    counts.crowded = sum(1 for _ in _crowded(seen))
    untold = list(_untold(company))
    counts.untold = len(untold)
    asked = {key for kind, key in by_call if kind == "question"}
    over = [call for call in company.calls.values() if call.takes_place and call.entry.end < up[-1]]
    not_asked = [call for call in over if call.key not in asked]
    missed = [call for call in not_asked if _had_time(company, call, up)]
    exposed = list(_exposed(company, unfit))
    written = _written(company)
    made_up = written - answered.keys()
    counts.faults = [
        *(f"exposed {text}" for text in exposed), *(f"made up {key}" for key in made_up),
        *(f"doubled {key}" for key in doubled), *(f"night {mail}" for mail in night),
        *(f"stale {mail}" for mail in stale), *(f"missed {call}" for call in missed),
        *(f"untold {name}" for name in untold),
    ]  # fmt: skip
    counts.figures = {
        "meetings": len(over),
        "asked": len(asked),
        "reminded": len({key for kind, key in by_call if kind == "reminder"}),
        "answered": len(answered),
        "written": len(written),
        "made_up": len(made_up),
        "doubled": len(doubled),
        "stale": len(stale),
        "night": len(night),
        "missed": len(missed),
        "expired": len(not_asked) - len(missed),
        "unfit_read_by_guests": len(exposed),
        "guest_mails": len(company.world.ledger.mails_outside(INSIDE)),
        "api_calls": sum(company.world.ledger.calls.values()),
    }
    return counts


def _exposed(company: Company, unfit: Sequence[str]) -> Iterator[str]:
    """What guests read in their own copies of meetings and should not."""
    for person in company.world.people:
        if person.endswith(INSIDE):
            continue
        for entry in company.world.calendars.of(person).values():
            yield from (f"{person}: {text}" for text in unfit if text in entry.description)


def _our_mails(company: Company) -> Iterator[Seen]:
    for rep in company.reps:
        for message in _received(company, rep.email):
            kind = kind_of(message)
            if kind is not None:
                keys = calls_in(company, rep, message) if kind in ASKING else ()
                yield Seen(kind, rep.email, message.received_at, tuple(keys))


def _received(company: Company, person: str) -> Iterable[StoredMessage]:
    messages = company.world.mailboxes.of(person).values()
    return (one for one in messages if not one.labels & {"SENT", "DRAFT"})


def _week_of(company: Company, mail: Seen) -> str:
    """A rep and a week, of which there is one mail at most."""
    year, week, _ = mail.at.astimezone(ZoneInfo(_rep(company, mail.rep).zone)).isocalendar()
    return f"{mail.rep} {year}-W{week}"


def _untold(company: Company) -> Iterator[str]:
    """The reps in a mail to the manager who had got no mail before that names the manager."""
    told = {
        rep.name: min(
            (m.received_at for m in _received(company, rep.email) if MANAGER in plain_text(m)),
            default=None,
        )
        for rep in company.reps
    }
    for message in _received(company, MANAGER):
        for name in re.findall(r"^Rep \d+", plain_text(message), re.MULTILINE):
            at = told[name]
            if at is None or at >= message.received_at:
                yield name


def _works(company: Company, email: str, at: datetime) -> bool:
    rep = _rep(company, email)
    local = at.astimezone(ZoneInfo(rep.zone))
    free = holidays.country_holidays(rep.country, years=local.year)
    is_working_day = local.weekday() < 5 and local.date() not in free
    return is_working_day and STARTS <= local.time() <= ENDS


def _rep(company: Company, email: str) -> SimulatedRep:
    return next(one for one in company.reps if one.email == email)


def _is_stale(company: Company, mail: Seen, answered: dict[str, datetime]) -> bool:
    """Whether the mail asked about a call that had begun, was off for an hour already, or was
    answered."""
    for key in mail.calls:
        call = company.calls[key]
        was_off = call.ended_at is not None and call.ended_at + TIME_TO_NOTICE < mail.at
        if mail.kind == "follow_up":
            if was_off or mail.at < call.entry.end <= mail.at + timedelta(days=1):
                return True
            continue
        known = call.since is not None and call.since + TIME_TO_NOTICE < mail.at
        begun = known and mail.at >= call.entry.start
        done = mail.kind == "reminder" and key in answered and answered[key] < mail.at
        if was_off or begun or done:
            return True
    return False


def _crowded(seen: list[Seen]) -> Iterator[Seen]:
    by_rep = defaultdict(list)
    for mail in seen:
        by_rep[mail.rep].append(mail)
    for mails in by_rep.values():
        mails.sort(key=lambda mail: mail.at)
        for before, mail in pairwise(mails):
            if mail.at - before.at < timedelta(hours=1):
                yield mail


def _had_time(company: Company, call: Call, up: list[datetime]) -> bool:
    """Whether the worker ran while its rep worked, at moments when it could have asked: two, since
    at one it may have asked about something else."""
    if call.since is None:
        return False
    rep = call.reps[0]
    begin = max(call.since + TIME_TO_ASK, _day_before(company, rep, call.entry.start))
    end = call.entry.start - TIME_TO_ANSWER
    usable = [at for at in up if begin <= at <= end and _works(company, rep, at)]
    return len(usable) >= MOMENTS_TO_ASK


def _day_before(company: Company, rep: str, start: datetime) -> datetime:
    """Nine in the morning of the rep's working day before."""
    zone = ZoneInfo(_rep(company, rep).zone)
    at = datetime.combine(start.astimezone(zone).date(), STARTS, zone) - timedelta(days=1)
    while not _works(company, rep, at):
        at -= timedelta(days=1)
    return at


def _written(company: Company) -> set[str]:
    """The calls whose note stands in the meeting or in a private event beside it."""
    found = set()
    for rep in company.reps:
        for entry in company.world.calendars.of(rep.email).values():
            if "C.O.:" in entry.description:
                call = company.find(entry.title.removeprefix("C.O. for: "), entry.start)
                found.update([call.key] if call else [])
    return found
