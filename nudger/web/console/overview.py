"""The first page: how this week goes, and what needs attention."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from nudger.admin.console_overview import Overview, overview_of
from nudger.admin.console_steps import Steps, steps_of
from nudger.admin.setup.progress import progress_of
from nudger.domain.health import ADVICE
from nudger.mail.display import display_text
from nudger.store.connections import Connected
from nudger.store.console_figures import Span
from nudger.web.console.desk import Desk
from nudger.web.console.moments import Moments
from nudger.web.console.section import Section
from nudger.web.site import READ


def _add_routes(router: APIRouter, desk: Desk) -> None:
    def overview(request: Request) -> Response:
        values = _values(overview_of(desk.ctx), desk.moments)
        missing = [one.question.title for one in progress_of(desk.ctx).missing]
        return desk.show(request, "overview.html.j2", {**values, "missing": missing})

    def steps(request: Request) -> Response:
        return desk.show(request, "steps.html.j2", _steps(steps_of(desk.ctx)))

    router.add_api_route("", overview, methods=READ)
    router.add_api_route("/steps", steps, methods=READ)


ANSWERED = ("in 15 min", "in 1 h", "in 4 h", "in 1 day", "later", "not at all")
LONGEST_NAME = 60
OVERVIEW = Section("", "Overview", _add_routes)


def _values(seen: Overview, moments: Moments) -> dict[str, Any]:
    return {
        "concerns": [
            {"words": one.words, "advice": ADVICE[one], "is_outage": one.is_outage}
            for one in seen.concerns
        ],
        "figures": _figures(seen.weeks[-1].counts, seen.weeks[-2].counts, seen.ahead),
        "coverage": [(moments.say_day(one.begins), one.counts.coverage) for one in seen.weeks],
        "answer_times": list(zip(ANSWERED, seen.answer_times, strict=True))
        if any(seen.answer_times)
        else [],
        "connections": [_connection(one, moments) for one in seen.connections],
    }


def _steps(found: Steps) -> dict[str, Any]:
    steps = [
        ("Asked", found.asked),
        ("Answered", found.answered),
        ("Commitment", found.committed),
        ("Agreed", found.agreed),
    ]
    return {
        "calls": found.asked,
        "steps": steps if found.asked else [],
        "milestones": [
            (display_text(name, LONGEST_NAME), count) for name, count in found.milestones.items()
        ],
    }


def _figures(this: Span, last: Span, ahead: Span) -> list[dict[str, str]]:
    """The numbers of this week: of what began, beside the last one's, and of what is ahead."""
    return [
        {
            "says": "Calls that began with an answer, so far this week",
            "value": percent(this.coverage),
            "detail": f"last week {percent(last.coverage)}",
        },
        {
            "says": "Answered for the rest of the week",
            "value": str(ahead.answered_in_time),
            "detail": f"of {ahead.asked} asked about",
        },
        {
            "says": "Agreed",
            "value": str(this.agreed),
            "detail": f"{this.partly} in part, {this.not_agreed} not",
        },
    ]


def _connection(one: Connected, moments: Moments) -> dict[str, str]:
    kind, stands = _stands(one)
    return {"name": one.name, "read": moments.say(one.read_at), "kind": kind, "stands": stands}


def _stands(one: Connected) -> tuple[str, str]:
    if one.failing:
        how_many = f"{one.failing} of {one.count}: " if one.count > 1 else ""
        return "bad", how_many + display_text(one.error or "", 200)
    if one.to_reconnect:
        return "warn", f"{one.to_reconnect} of {one.count} have to connect again"
    return "good", "working"


def percent(value: int | None) -> str:
    return "–" if value is None else f"{value}\u202f%"
