"""The page that shows every part of the design system, for whoever builds a page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from nudger.web.console.desk import Desk
from nudger.web.console.section import Section
from nudger.web.site import READ

_WEEKS = [("5 Oct", 40), ("12 Oct", 55), ("19 Oct", 52), ("26 Oct", 71), ("2 Nov", 78)]
_MILESTONES = [("Needs analysis", 21), ("Decision of the whole buying centre", 9), ("Pilot", 3)]
_STEPS = [("Asked", 48), ("Answered", 41), ("Commitment", 33), ("Agreed", 21)]


def _add_routes(router: APIRouter, desk: Desk) -> None:
    def parts(request: Request) -> Response:
        values = {
            "weeks": _WEEKS,
            "steps": _STEPS,
            "milestones": _MILESTONES,
            "options": [("a", "One"), ("b", "Another")],
        }
        problems = {"wrong": "Please type a number."}
        return desk.show(request, "parts.html.j2", values, problems)

    router.add_api_route("", parts, methods=READ)


PARTS = Section("parts", "Parts", _add_routes)
