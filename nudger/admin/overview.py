"""Where everything stands, for people and scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from nudger.admin.controls import switches
from nudger.admin.health import find_concerns, sign_in_faults
from nudger.runtime.context import Context
from nudger.store import counts, meetings, push

COUNTED = timedelta(days=30)
"""How far back is counted: a glance costs the same after a year."""


def overview(ctx: Context) -> dict[str, Any]:
    """Counts by state of what lies ahead and of 30 days back, the last scan, the next due moment
    (ISO, UTC), what fails, what admins have switched off, and what somebody should look at."""
    found, since = find_concerns(ctx), ctx.clock() - COUNTED
    with ctx.database.read() as tx:
        last_scan, next_due = counts.last_scan(tx), counts.next_due(tx)
        failures = counts.failures(tx)
        return {
            "counted_since": since.isoformat(),
            "meetings": meetings.state_counts(tx, since),
            "mails": counts.mails_by_state(tx, since),
            "notes": counts.notes_by_state(tx, since),
            "replies": counts.replies_by_state(tx, since),
            "last_scan": last_scan and last_scan.isoformat(),
            "next_due": next_due and next_due.isoformat(),
            "failures": failures,
            "sign_in": sign_in_faults(failures),
            "push": push_state(ctx, tx),
            "controls": switches(tx),
            "concerns": [{"code": one.code, "words": one.words} for one in found],
            "exit_code": found[0].exit_code if found else 0,
        }


def push_state(ctx: Context, tx: Connection) -> dict[str, dict[str, Any]]:
    """Of how many calendars and mailboxes providers are to tell, and of how many they do; empty
    where they are to tell of none."""
    found = push.count(tx, ctx.clock())
    return {
        what: {
            "watched": one.watched,
            "open": one.open,
            "silent": one.silent,
            "missed": one.missed,
            "last_heard": one.last_heard_at and one.last_heard_at.isoformat(),
        }
        for what, one in found.items()
        if one.watched
    }
