"""How everything stands: what works, what waits, what fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from nudger.admin.console_health import Health, health_of
from nudger.admin.doctor_checks import Check
from nudger.domain.health import ADVICE, Concern
from nudger.mail.display import display_text
from nudger.store.counts import Queue
from nudger.web.console.desk import Desk
from nudger.web.console.moments import Moments
from nudger.web.console.section import Section
from nudger.web.site import READ

LONGEST_ERROR, MOST_FAILURES = 300, 100
QUEUES = {
    "calendar": "Calendars to read",
    "mailbox": "Mailboxes to read",
    "inbound": "Replies to understand",
    "note": "Answers to write",
    "mail": "Mails to send",
    "delivery": "Notices to deliver",
}
COUNTED = ("meetings", "mails", "notes", "replies")


def _add_routes(router: APIRouter, desk: Desk) -> None:
    def health(request: Request) -> Response:
        return desk.show(request, "health.html.j2", _values(health_of(desk.ctx), desk.moments))

    router.add_api_route("", health, methods=READ)


HEALTH = Section("health", "Health", _add_routes)


def _values(found: Health, moments: Moments) -> dict[str, Any]:
    status = found.status
    known = {one.code: one for one in Concern}
    return {
        "version": found.version,
        "concerns": [_concern(known[one["code"]]) for one in status["concerns"]],
        "checks": [check_row(one) for one in found.checks],
        "systems": [check_row(one) for one in found.systems],
        "failures": list(_failures(status["failures"]))[:MOST_FAILURES],
        "more_failures": max(0, len(status["failures"]) - MOST_FAILURES),
        "queues": [_queue(name, one, moments) for name, one in found.queues.items()],
        "rounds": [(name.title(), moments.say(at)) for name, at in found.rounds.items()],
        "last_scan": moments.say(_moment(status["last_scan"])),
        "next_due": moments.say(_moment(status["next_due"])) if status["next_due"] else "nothing",
        "counts": [
            *((name.title(), status[name]) for name in COUNTED),
            ("Reps", found.reps),
        ],
        "switched_off": list(_switched_off(status["controls"], moments)),
    }


def _concern(one: Concern) -> dict[str, Any]:
    return {"words": one.words, "advice": ADVICE[one], "is_outage": one.is_outage}


def check_row(one: Check) -> dict[str, str]:
    """A line of the doctor's, with its sign."""
    kind = "" if not one.tried else "bad" if one.fails else "warn" if one.warns else "good"
    return {"what": one.what, "kind": kind, "says": display_text(one.says, LONGEST_ERROR)}


def _failures(failures: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    for one in failures:
        yield display_text(one["what"], 120), display_text(one["error"], LONGEST_ERROR)


def _queue(name: str, queue: Queue, moments: Moments) -> dict[str, Any]:
    since = f"since {moments.say(queue.oldest)}" if queue.oldest else ""
    kind = "bad" if queue.failing else "good"
    return {
        "name": QUEUES.get(name, name),
        "due": queue.due,
        "since": since,
        "kind": kind,
        "stands": f"{queue.failing} failed and wait" if queue.failing else "none failed",
    }


def _switched_off(controls: Mapping[str, Any], moments: Moments) -> Iterator[str]:
    if controls["locked_since"]:
        since = moments.say(_moment(controls["locked_since"]))
        yield f"Everything is locked down since {since}."
    if controls["paused_since"]:
        since = moments.say(_moment(controls["paused_since"]))
        yield f"Sending to everybody is paused since {since}."
    for what, says in (
        ("reps_paused_since", "is paused"),
        ("reps_unreachable_since", "gets no mails: they came back"),
    ):
        for email, since in controls[what].items():
            yield f"{display_text(email, 254)} {says}, since {moments.say(_moment(since))}."


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
