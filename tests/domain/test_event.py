"""Who takes part in an event."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.domain.event import (
    Attendee,
    Event,
    EventStatus,
    OccurrenceKey,
    Provider,
    Response,
    attends,
)

BEN, DANA = "ben@ourco.example", "dana@acme.example"


def event(organizer=DANA, attendees=(), status=EventStatus.CONFIRMED):
    start = datetime(2026, 11, 30, 14, tzinfo=UTC)
    return Event(
        OccurrenceKey(Provider.GOOGLE, "e"), "e", BEN, "e@x", "1", "t", start, start, "UTC",
        Attendee(organizer), tuple(attendees), status,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "shown", "takes_part"),
    [
        ("accepted", event(attendees=[Attendee(BEN, response=Response.ACCEPTED)]), True),
        ("perhaps", event(attendees=[Attendee(BEN, response=Response.TENTATIVE)]), True),
        ("declined", event(attendees=[Attendee(BEN, response=Response.DECLINED)]), False),
        ("no answer yet", event(attendees=[Attendee(BEN)]), False),
        ("organizes it", event(organizer=BEN), True),
        ("organizes and declined", event(BEN, [Attendee(BEN, response=Response.DECLINED)]), False),
        ("only forwarded to", event(), False),
        ("by another address", event(attendees=[Attendee("b@ourco.example", response=Response.ACCEPTED)]), True),
        ("cancelled", event(BEN, status=EventStatus.CANCELLED), False),
    ],
)  # fmt: skip
def test_who_attends(case, shown, takes_part):
    assert attends(shown, (BEN, "b@ourco.example")) is takes_part
