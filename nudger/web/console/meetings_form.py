"""What the list of meetings is asked for, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel
from sqlalchemy import Connection

from nudger.admin.call_list import CallFilter
from nudger.domain.commitment import MeetingState
from nudger.domain.reasons import Reason, reason_of
from nudger.store import people
from nudger.store.calls import Key, Spot
from nudger.web.console.moments import Moments

LONGEST_FIELD, LONGEST_PLACE, LONGEST_ID = 254, 64, 9
NO_REP = "Nobody with this address is a rep."
NO_DAY = "A day is expected, as in 2026-11-24."
NOBODY = -1


class NoPlace(ValueError):
    """What should be a place in the list is none."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for; `problems` by field, where something could not be followed."""

    wanted: CallFilter
    spot: Spot
    problems: Mapping[str, str]


class CallsForm(BaseModel):
    """What the filter holds, as it was typed, and the place in the list."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        "rep", "customer", "state", "reason", "since", "until", "objective",
    )  # fmt: skip

    rep: str = ""
    customer: str = ""
    state: str = ""
    reason: str = ""
    since: str = ""
    until: str = ""
    objective: str = ""
    before: str = ""
    after: str = ""

    @property
    def typed(self) -> dict[str, str]:
        """The fields in which something stands."""
        values = {name: str(getattr(self, name)).strip()[:LONGEST_FIELD] for name in self.FIELDS}
        return {name: value for name, value in values.items() if value}

    def chosen(self, tx: Connection, moments: Moments, now: datetime) -> Chosen:
        """Without a place and a first day the list begins today. Raises `NoPlace`."""
        typed, problems = self.typed, dict[str, str]()
        rep_id = None
        if "rep" in typed:
            rep = people.find_rep(tx, typed["rep"].lower())
            rep_id = NOBODY if rep is None else rep.id
            problems |= {} if rep else {"rep": NO_REP}
        since, until = (moments.midnight(typed.get(name, "")) for name in ("since", "until"))
        problems |= {
            name: NO_DAY
            for name, found in (("since", since), ("until", until))
            if found is None and name in typed
        }
        known = typed.get("reason", "")
        wanted = CallFilter(
            since=since,
            until=until and until + timedelta(days=1),
            rep_id=rep_id,
            customer=typed.get("customer"),
            state=_state(typed.get("state", "")),
            reason=None if reason_of(known) is Reason.UNKNOWN else known,
            without_objective="objective" in typed,
        )
        begins = since or moments.day_of(now)
        return Chosen(wanted, self._spot(begins), problems)

    def _spot(self, begins: datetime) -> Spot:
        if self.before:
            return Spot(before=_key(self.before))
        return Spot(after=_key(self.after) if self.after else Key(begins, NOBODY))


def written(key: Key) -> str:
    """A place in the list, for an address."""
    return f"{key.start.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{key.id}"


def _key(text: str) -> Key:
    moment, _, number = text[:LONGEST_PLACE].partition("-")
    is_id = number.isascii() and number.isdigit() and len(number) <= LONGEST_ID
    try:
        at = datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError as error:
        raise NoPlace(text) from error
    if not is_id:
        raise NoPlace(text)
    return Key(at, int(number))


def _state(text: str) -> MeetingState | None:
    return next((one for one in MeetingState if one.value == text), None)
