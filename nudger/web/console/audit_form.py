"""What the audit page is asked for, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from nudger.store import people
from nudger.store.audit import Wanted
from nudger.web.console.moments import Moments

SHORTEST_HEAD, LONGEST_FIELD, LONGEST_ID = 8, 254, 18
NO_REP = "Nobody with this address is a rep."
NO_NUMBER = "The id of a meeting is a number, as on its page."
NO_DAY = "A day is expected, as in 2026-11-24."
SHORT_HEAD = f"At least the first {SHORTEST_HEAD} characters of a head are expected."
NOBODY = -1
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for; `problems` by field, where something could not be followed."""

    wanted: Wanted
    problems: Mapping[str, str]


class FilterForm(BaseModel):
    """What the filter holds, as it was typed, and the place in the trail."""

    FIELDS: ClassVar[tuple[str, ...]] = ("rep", "meeting", "request", "since", "until")

    rep: str = ""
    meeting: str = ""
    request: str = ""
    since: str = ""
    until: str = ""
    before: int | None = Field(default=None, ge=0, lt=2**62)
    after: int | None = Field(default=None, ge=0, lt=2**62)

    @property
    def typed(self) -> dict[str, str]:
        """The fields in which something stands."""
        values = {name: str(getattr(self, name)).strip()[:LONGEST_FIELD] for name in self.FIELDS}
        return {name: value for name, value in values.items() if value}

    def chosen(self, tx: Connection, moments: Moments) -> Chosen:
        """Days are whole days in the zone, the last one included."""
        typed, problems = self.typed, dict[str, str]()
        rep_id = meeting_id = None
        if "rep" in typed:
            rep = people.find_rep(tx, typed["rep"].lower())
            rep_id = NOBODY if rep is None else rep.id
            problems |= {} if rep else {"rep": NO_REP}
        if "meeting" in typed:
            is_number = typed["meeting"].isascii() and typed["meeting"].isdigit()
            is_id = is_number and len(typed["meeting"]) <= LONGEST_ID
            meeting_id = int(typed["meeting"]) if is_id else NOBODY
            problems |= {} if is_id else {"meeting": NO_NUMBER}
        since, until = (moments.midnight(typed.get(name, "")) for name in ("since", "until"))
        problems |= {
            name: NO_DAY
            for name, found in (("since", since), ("until", until))
            if found is None and name in typed
        }
        wanted = Wanted(
            since=since or EVER,
            rep_id=rep_id,
            meeting_id=meeting_id,
            request=typed.get("request"),
            until=until and until + timedelta(days=1),
        )
        return Chosen(wanted, problems)


class HeadForm(BaseModel):
    """A head that was noted elsewhere, or its beginning."""

    head: str = ""
