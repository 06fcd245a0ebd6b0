"""The routes of the API. They only read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from nudger.admin.answering import MOST_ID
from nudger.admin.calls import changed_calls
from nudger.domain.api_scopes import Scope
from nudger.domain.availability import RepState
from nudger.jobs.telling.call import Call, read_calls
from nudger.store import people
from nudger.store.people import Rep
from nudger.web.api.guard import Guard
from nudger.web.api.problems import Problem, Refused
from nudger.web.api.query_parameters import (
    AfterCalls,
    AfterReps,
    Limit,
    cursor_of,
    refuse_unknown_parameters,
)
from nudger.web.site import Site

REFUSALS: Mapping[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": said}
    for status, said in (
        (401, "No token that counts"),
        (403, "The token lacks the scope"),
        (422, "A parameter is not understood"),
        (429, "Too many requests; Retry-After says how long to wait"),
        (503, "Locked down by an admin"),
    )
}
NOT_FOUND: Mapping[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "There is none"}
}


class Calls(BaseModel):
    """Calls that are new or changed, the oldest change first. Ask again with `cursor`: at once
    while there is `more`, then whenever you want to know what changed."""

    calls: list[Call]
    cursor: str
    more: bool


class RepEntry(BaseModel):
    """Somebody whose customer calls are watched."""

    rep: str = Field(description="the address, as in a call's `rep`")
    name: str
    team: str | None
    time_zone: str | None = Field(description="none: the settings' own")
    language: str | None = Field(description="none: the settings' own")
    state: RepState


class Reps(BaseModel):
    """Reps, in the order in which they were added."""

    reps: list[RepEntry]
    cursor: str | None = Field(description="for the next ones; none where these are the last")


def api_router(site: Site, guard: Guard) -> APIRouter:
    refuse_unknown = Depends(refuse_unknown_parameters)
    router = APIRouter(responses=dict(REFUSALS), dependencies=[refuse_unknown])
    for_calls, for_reps = Depends(guard.lets_in(Scope.CALLS)), Depends(guard.lets_in(Scope.REPS))

    @router.get("/calls", dependencies=[for_calls], operation_id="listCalls")
    def list_calls(cursor: AfterCalls = None, limit: Limit = 100) -> Calls:
        """Calls that are new or that changed since a cursor, as `nudger export calls` has them."""
        found = changed_calls(site.ctx, cursor_of(cursor), limit)
        return Calls(calls=found.calls, cursor=str(found.cursor), more=found.is_more)

    @router.get(
        "/calls/{call}",
        dependencies=[for_calls],
        operation_id="getCall",
        responses=dict(NOT_FOUND),
    )
    def get_call(call: Annotated[int, Path(ge=1, description="the call's number")]) -> Call:
        """One call."""
        with site.ctx.database.read() as tx:
            known = site.ctx.meetings.find_ids(tx, [call]) if call <= MOST_ID else {}
            found = list(read_calls(site.ctx, tx, list(known)))
        if not found:
            raise Refused(404, "No call has this number, or it is forgotten.")
        return found[0]

    @router.get("/reps", dependencies=[for_reps], operation_id="listReps")
    def list_reps(cursor: AfterReps = None, limit: Limit = 100) -> Reps:
        """Those who are asked."""
        last = 0 if cursor is None else int(cursor)
        with site.ctx.database.read() as tx:
            left = [rep for rep in people.list_reps(tx) if rep.position > last]
        page = left[:limit]
        following = str(page[-1].position) if len(left) > limit else None
        return Reps(reps=[_entry(rep) for rep in page], cursor=following)

    return router


def _entry(rep: Rep) -> RepEntry:
    return RepEntry(
        rep=rep.email,
        name=rep.name,
        team=rep.team,
        time_zone=rep.time_zone,
        language=rep.language,
        state=rep.state,
    )
