"""Series in a calendar, and what comes of them day by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nudger.store import meetings
from nudger.worker import incoming, outgoing
from simulation.counter import kind_of

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"
FIRST = datetime(2026, 11, 24, 13, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def series(
    office, series_id="weekly", first=FIRST, dates=4, title="ACME weekly", every=WEEK, guest=DANA
):
    made = []
    for number in range(dates):
        start = first + number * every
        made.append(
            office.meet(
                f"{series_id}_{start:%Y%m%dT%H%M%SZ}",
                start=start,
                series_id=series_id,
                original_start=start,
                uid=f"{series_id}{number if office.is_outlook else ''}@google.com",
                title=title,
                guests=[ANA, guest],
                sequence=1 if office.is_outlook else 0,
            )
        )
    return made


def cancel(office, entries):
    with office.world.lock:
        for entry in entries:
            office.world.calendars.cancel(entry, ANA)


def work(office, **by):
    office.later(**by)
    outgoing(office.ctx)
    incoming(office.ctx)


def asked_about(office, person=ANA):
    return [one for one in office.inbox(person) if kind_of(one) == "question"]


def planned(office):
    with office.ctx.database.read() as tx:
        return meetings.state_counts(tx).get("planned", 0)


def all_meetings(office):
    with office.ctx.database.read() as tx:
        return sum(meetings.state_counts(tx).values())


def answer(office, text="Dana agrees to a pilot by Friday\n2"):
    office.reply(text)
    work(office, minutes=3)
