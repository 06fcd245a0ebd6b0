"""How fast events are judged, beside parsing them: one core, no database, no network."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from nudger.domain.assignee import choose_rep
from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.eligibility import Policy, judge
from nudger.domain.event import Event
from nudger.domain.meeting_copies import meeting_key
from nudger.providers.google.parse import parse_event

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REP = "ana@ourco.example"


def measure(events: int = 20_000) -> dict[str, float]:
    """Events a second, for judging (with choosing whom to ask) and for parsing."""
    items = [_item(number) for number in range(events)]
    parsed, parse_seconds = _timed(lambda: [_event(item) for item in items])
    policy = Policy(DomainRules(entries={"ourco.example": DomainKind.OURS}))
    reps = {REP: _Rep()}

    def judge_all() -> list[Event]:
        asked = [event for event in parsed if judge(event, REP, policy, NOW).asks]
        for event in asked:
            choose_rep(event, reps)
            meeting_key(event)
        return asked

    _, judge_seconds = _timed(judge_all)
    return {
        "judged_per_second": round(events / judge_seconds),
        "parsed_per_second": round(events / parse_seconds),
    }


class _Rep:
    position = 1


def _timed(work: Callable[[], list[Event]]) -> tuple[list[Event], float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def _event(item: dict[str, object]) -> Event:
    return parse_event(item, REP, "Europe/Berlin")


def _item(number: int) -> dict[str, object]:
    start = NOW + timedelta(days=1, minutes=number % 9000)
    guest = f"buyer{number}@customer{number % 400}.example" if number % 3 else "lea@ourco.example"
    return {
        "id": f"e{number}",
        "iCalUID": f"e{number}@google.com",
        "etag": f'"{number}"',
        "status": "confirmed",
        "summary": f"Customer {number % 400}: pilot review and next steps (round {number % 3})",
        "start": {"dateTime": start.isoformat(), "timeZone": "Europe/Berlin"},
        "end": {"dateTime": (start + timedelta(hours=1)).isoformat()},
        "organizer": {"email": REP, "self": True},
        "attendees": [
            {"email": REP, "self": True, "responseStatus": "accepted"},
            {"email": guest, "responseStatus": "needsAction"},
            {"email": "c_188@resource.calendar.google.com", "resource": True},
        ],
    }
