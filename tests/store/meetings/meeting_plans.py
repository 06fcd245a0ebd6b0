"""Meetings as a calendar is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nudger.store.meetings import MeetingDetails, MeetingPlan

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def plan(rep_id, key):
    return MeetingPlan(
        key, rep_id, "accepted", "customer", NOW, NOW + timedelta(hours=1), "UTC", ("acme.com",),
        MeetingDetails("Call", ()), "as people see it",
    )  # fmt: skip
