"""The customer calls, a page at a time; of each, why it was asked about or not, every step since,
and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from nudger.admin.answering import MOST_ID
from nudger.admin.call_list import WHY, CallPage, call_page
from nudger.admin.explain import explain_hit, in_rows
from nudger.admin.find_events import Hit, find_by_id_or_time, find_meeting, reps_of
from nudger.admin.waits import told
from nudger.domain.commitment import MeetingState
from nudger.domain.reasons import Reason, reason_of
from nudger.jobs.telling.call import Call
from nudger.mail.display import display_text
from nudger.store.calls import Key
from nudger.web.console.desk import Desk
from nudger.web.console.meetings_form import CallsForm, Chosen, NoPlace, written
from nudger.web.console.section import Section
from nudger.web.site import READ

LONGEST_TITLE, MOST_HITS, LONGEST_EVENT = 120, 50, 1024
NOT_SEEN = (
    "No scan has seen such an event. Say when it begins, as in “tue 14:00”, or its id as it stands "
    "in the calendar."
)
STATES = {
    MeetingState.PLANNED: ("", "to be asked"),
    MeetingState.ASKED: ("", "asked"),
    MeetingState.ANSWERED: ("good", "answered"),
    MeetingState.WRITTEN: ("good", "in the calendar"),
    MeetingState.WITHDRAWN: ("", "not asked about"),
    MeetingState.EXPIRED: ("bad", "never answered"),
}


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages = _Meetings(desk)
    router.add_api_route("", pages.listed, methods=READ)
    router.add_api_route("/find", pages.find, methods=READ)
    router.add_api_route("/{meeting_id:int}", pages.one, methods=READ)


MEETINGS = Section("meetings", "Meetings", _add_routes)


@dataclass(frozen=True)
class _Meetings:
    """The handlers of these routes."""

    desk: Desk

    def listed(self, request: Request, form: Annotated[CallsForm, Query()]) -> Response:
        chosen = self._chosen(form)
        found = call_page(self.desk.ctx, chosen.wanted, chosen.spot)
        typed = form.typed
        values = {
            "calls": [self._call(call) for call in found.calls],
            "typed": {name: typed.get(name, "") for name in form.FIELDS},
            "states": [(state.value, says) for state, (_, says) in STATES.items()],
            "reasons": _reasons(typed.get("reason", "")),
            **self._places(found, typed),
        }
        status = 422 if chosen.problems else 200
        return self.desk.show(request, "meetings/list.html.j2", values, chosen.problems, status)

    def find(self, request: Request, event: str = "") -> Response:
        """The events that are meant by an id or by when they begin, those not asked about too."""
        text = event.strip()[:LONGEST_EVENT]
        hits = find_by_id_or_time(self.desk.ctx, text) if text else []
        if len(hits) == 1:
            return self._explained(request, hits[0], text)
        values = {
            "event": text,
            "hits": list(self._hits(hits[:MOST_HITS])),
            "more": max(0, len(hits) - MOST_HITS),
        }
        problems = {} if hits or not text else {"event": NOT_SEEN}
        return self.desk.show(request, "meetings/hits.html.j2", values, problems)

    def one(self, request: Request, meeting_id: int) -> Response:
        hit = find_meeting(self.desk.ctx, meeting_id) if meeting_id <= MOST_ID else None
        if hit is None:
            raise HTTPException(404)
        return self._explained(request, hit, "")

    def _explained(self, request: Request, hit: Hit, text: str) -> Response:
        copies = explain_hit(self.desk.ctx, hit)
        meeting = copies[0]["meeting"] if copies else None
        values = {
            "event": text,
            "copies": [self._copy(one) for one in copies],
            "meeting": None if meeting is None else self._meeting(meeting),
            "start": self.desk.moments.say(hit.start),
        }
        return self.desk.show(request, "meetings/one.html.j2", values)

    def _chosen(self, form: CallsForm) -> Chosen:
        ctx = self.desk.ctx
        try:
            with ctx.database.read() as tx:
                return form.chosen(tx, self.desk.moments, ctx.clock())
        except NoPlace as error:
            raise HTTPException(422) from error

    def _places(self, found: CallPage, typed: dict[str, str]) -> dict[str, str | None]:
        here = MEETINGS.path

        def leads(word: str, key: Key | None) -> str | None:
            return None if key is None else f"{here}?{urlencode({**typed, word: written(key)})}"

        return {
            "earlier": leads("before", found.earlier),
            "later": leads("after", found.later),
            "first": f"{here}?{urlencode(typed)}" if typed else here,
        }

    def _call(self, call: Call) -> dict[str, Any]:
        kind, stands = STATES[MeetingState(call.state)]
        return {
            "id": call.call,
            "start": self._say(call.start),
            "title": display_text(call.title, LONGEST_TITLE),
            "customers": call.customers,
            "rep": call.rep,
            "kind": kind,
            "stands": stands,
            "why": call.words,
            "objective": display_text(call.commitment_objective or ""),
            "is_private": call.kept_private,
            "milestone": display_text(call.next_milestone or ""),
            "outcome": reason_of(call.outcome).words if call.outcome else "",
        }

    def _hits(self, hits: list[Hit]) -> Iterator[dict[str, Any]]:
        with self.desk.ctx.database.read() as tx:
            for hit in hits:
                meeting = hit.meeting
                reason = meeting.reason if meeting else hit.seen[0][1].reason
                yield {
                    "name": hit.name,
                    "start": self.desk.moments.say(hit.start),
                    "title": meeting and display_text(meeting.shown_title),
                    "why": reason_of(reason).words,
                    "calendars": reps_of(tx, hit),
                }

    def _copy(self, copy: Mapping[str, Any]) -> dict[str, Any]:
        is_asked = copy["verdict"] == "ask"
        return {
            "calendar": copy["calendar"] or "in no calendar",
            "event_id": copy["event_id"],
            "kind": "good" if is_asked else "",
            "verdict": "asked about" if is_asked else "not asked about",
            "words": copy["words"],
            "reason": copy["reason"],
        }

    def _meeting(self, meeting: Mapping[str, Any]) -> dict[str, Any]:
        kind, stands = STATES[MeetingState(meeting["state"])]
        return {
            **meeting,
            "title": display_text(meeting["title"], LONGEST_TITLE),
            "kind": kind,
            "stands": stands,
            "rows": [
                {"at": self._say(one.first), "step": one.step, "words": one.words,
                 "times": one.times, "last": self._say(one.last)}
                for one in in_rows(meeting["steps"])
            ],
            "waits": [display_text(told(one, self._say(one["at"]))) for one in meeting["waits"]],
            "days": list(dict.fromkeys(meeting["days"] or ())),
        }  # fmt: skip

    def _say(self, moment: str | None) -> str:
        return "" if moment is None else self.desk.moments.say(datetime.fromisoformat(moment))


def _reasons(chosen: str) -> list[tuple[str, str]]:
    asked_for = reason_of(chosen)
    more = () if asked_for in (*WHY, Reason.UNKNOWN) else (asked_for,)
    return [(one.value, one.words) for one in (*WHY, *more)]
