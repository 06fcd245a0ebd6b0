"""The parameters of the API's lists: what they may be, and that no other is taken."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request

from nudger.domain.call_changes import START, Cursor, read_cursor
from nudger.web.api.problems import Refused

MOST_ENTRIES = 500
Limit = Annotated[
    int, Query(ge=1, le=MOST_ENTRIES, description="how many entries at most are answered")
]
BEFORE = "the `cursor` of the answer before; none: from the start"
AfterCalls = Annotated[str | None, Query(pattern="^[A-Za-z0-9_-]+$", description=BEFORE)]
AfterReps = Annotated[str | None, Query(pattern="^[0-9]{1,9}$", description=BEFORE)]


def refuse_unknown_parameters(request: Request) -> None:
    """A parameter that is misspelt would be answered as if it had not been sent."""
    route = request.scope["route"]
    known = {one.alias for one in route.dependant.query_params}
    if not known.issuperset(request.query_params):
        named = f"Its parameters are {', '.join(sorted(known))}." if known else "It takes none."
        raise Refused(422, f"There is no such parameter here. {named}")


def cursor_of(text: str | None) -> Cursor:
    """The cursor as it was given, or the start. Raises `Refused` for what is none of ours."""
    try:
        return START if text is None else read_cursor(text)
    except ValueError as error:
        says = "The cursor is none of this list: use one as you got it, or none."
        raise Refused(422, says) from error
