"""Graph's calendar as the sandbox answers it: calendarView/delta and events, with refusals.

Sources: Graph v1.0 event: delta, get, update, delete; delta query overview.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from nudger.sandbox.calendars import new_entry_id
from nudger.sandbox.entries import Entry
from nudger.sandbox.microsoft.answers import (
    GraphAnswer,
    GraphCall,
    GraphRefusal,
    bad_request,
    expanded,
    immutable_id,
    item_not_found,
    opened_state,
    own_id,
    sealed_state,
)
from nudger.sandbox.microsoft.events import (
    bare,
    body_of,
    event_type,
    fields_of,
    master,
    whole,
)
from nudger.sandbox.world import World

NOT_IN_A_DELTA = ("$select", "$filter", "$expand", "$orderby", "$search")
_BY_PROPERTY = re.compile(
    r"singleValueExtendedProperties/Any\(ep: ?ep/id eq '([^']+)' and ep/value eq '([^']*)'\)"
)


class GraphCalendar:
    """Each method takes a `GraphCall` and returns a `GraphAnswer`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calendars = world.calendars
        self._created: dict[tuple[str, str], str] = {}

    def delta(self, call: GraphCall) -> GraphAnswer:
        state = self._state(call)
        chosen = list(self._changed(call.owner, state))
        size = self._calendars.page_size or call.page_size(10)
        first = int(state["offset"])
        if self._calendars.empty_pages and not state["started"]:
            size = 0
        page: dict[str, Any] = {"value": chosen[first : first + size]}
        link = f"{call.root}/users/{call.owner}/calendarView/delta"
        if first + size < len(chosen) or size == 0:
            token = sealed_state({**state, "offset": first + size, "started": True})
            page["@odata.nextLink"] = f"{link}?$skiptoken={token}"
        elif self._calendars.gives_tokens:
            kept = {**state, "at": state["until"], "offset": 0, "started": True, "until": None}
            page["@odata.deltaLink"] = f"{link}?$deltatoken={sealed_state(kept)}"
        return GraphAnswer(page)

    def default(self, call: GraphCall) -> GraphAnswer:
        """The default calendar itself: its owner is who has the mailbox."""
        name = self._world.people[call.owner].name
        owner = {"name": name, "address": call.owner}
        return GraphAnswer({"id": f"calendar of {call.owner}", "name": "Calendar", "owner": owner})

    def get(self, call: GraphCall) -> GraphAnswer:
        wanted = own_id(call.owner, call.path["id"])
        entry = self._calendars.find(call.owner, wanted)
        if entry is None:
            series = [one for one in self._of(call.owner) if one.series_id == wanted]
            if not series:
                raise item_not_found()
            return GraphAnswer(_selected(call, master(series[0]), series[0]))
        if entry.status == "cancelled" and entry.is_organizers:
            raise item_not_found()
        return GraphAnswer(_selected(call, whole(entry), entry))

    def find(self, call: GraphCall) -> GraphAnswer:
        condition = call.query.get("$filter")
        if self._calendars.search_is_careless:
            condition = None
        found = [one for one in self._of(call.owner) if _matches(one, condition)]
        top = found[: call.page_size(10)]
        shown = [
            {**_selected(call, whole(one), one), **expanded(call, one.private_properties)}
            for one in top
        ]
        return GraphAnswer({"value": shown})

    def update(self, call: GraphCall) -> GraphAnswer:
        entry = self._entry(call)
        wanted = call.headers.get("if-match")
        if wanted and wanted not in ("*", f'W/"{entry.changed}"'):
            raise GraphRefusal(
                412, "ErrorIrresolvableConflict", "The send or update operation failed."
            )
        if entry.locked:
            raise GraphRefusal(403, "ErrorAccessDenied", "Access is denied.")
        by = call.owner if entry.is_organizers else f"guest:{call.owner}"
        self._calendars.change(entry, by, entry.is_organizers, **fields_of(call.body))
        return GraphAnswer({**whole(entry), "body": body_of(entry)})

    def create(self, call: GraphCall) -> GraphAnswer:
        fields = fields_of(call.body)
        if "start" not in fields or "end" not in fields:
            raise bad_request("Start and end are required.", "ErrorInvalidRequest")
        transaction = (call.owner, str(call.body.get("transactionId", "")))
        known = self._calendars.find(call.owner, self._created.get(transaction, ""))
        if known is not None and known.status != "cancelled":
            return GraphAnswer({**whole(known), "body": body_of(known)}, 201)
        if known is not None:
            raise GraphRefusal(409, "ErrorDuplicateTransactionId", "It was created before.")
        entry = Entry(
            id=new_entry_id(), owner=call.owner, uid=new_entry_id(), organizer=call.owner,
            title=fields.pop("title", ""), start=fields.pop("start"), end=fields.pop("end"),
            private_properties=_properties(call.body), **fields,
        )  # fmt: skip
        self._calendars.add(entry)
        self._created[transaction] = entry.id
        return GraphAnswer({**whole(entry), "body": body_of(entry)}, 201)

    def delete(self, call: GraphCall) -> GraphAnswer:
        entry = self._entry(call)
        if entry.status == "cancelled":
            raise item_not_found()
        self._calendars.cancel(entry, call.owner, notify=entry.is_organizers)
        return GraphAnswer(status=204)

    def _of(self, owner: str) -> Iterator[Entry]:
        return (one for one in self._calendars.of(owner).values() if one.status != "cancelled")

    def _entry(self, call: GraphCall) -> Entry:
        entry = self._calendars.find(call.owner, own_id(call.owner, call.path["id"]))
        if entry is None:
            raise item_not_found()
        return entry

    def _state(self, call: GraphCall) -> dict[str, Any]:
        refused = [name for name in NOT_IN_A_DELTA if name in call.query]
        if refused:
            raise bad_request(f"The query option {refused[0]} is not supported here.")
        token = call.query.get("$deltatoken") or call.query.get("$skiptoken")
        if token:
            state = opened_state(token)
            if state["at"] < self._calendars.expired_before.get(call.owner, 0):
                raise GraphRefusal(410, "SyncStateNotFound", "The sync state is not found.")
            return {**state, "until": state["until"] or self._calendars.clock}
        try:
            start, end = call.query["startDateTime"], call.query["endDateTime"]
            _moment(start), _moment(end)
        except (LookupError, ValueError) as error:
            raise bad_request("startDateTime and endDateTime are needed.") from error
        clock = self._calendars.clock
        return {"at": 0, "until": clock, "start": start, "end": end, "offset": 0, "started": False}

    def _changed(self, owner: str, state: dict[str, Any]) -> Iterator[dict[str, Any]]:
        begin, end = _moment(state["start"]), _moment(state["end"])
        first_round = state["at"] == 0
        masters: dict[str, Entry] = {}
        for entry in self._calendars.of(owner).values():
            if not state["at"] < entry.changed <= state["until"]:
                continue
            inside = entry.end > begin and entry.start < end
            if entry.status == "cancelled" or not inside:
                if not first_round:
                    yield {"id": immutable_id(owner, entry.id), "@removed": {"reason": "deleted"}}
                continue
            if entry.series_id:
                masters.setdefault(entry.series_id, entry)
            yield _in_a_delta(entry)
        if first_round:
            yield from map(master, masters.values())


def _in_a_delta(entry: Entry) -> dict[str, Any]:
    """Untouched dates come bare; changed ones whole, but for where the series had put them."""
    if event_type(entry) == "occurrence":
        return bare(entry)
    shown = whole(entry)
    shown.pop("originalStart", None)
    return shown


def _selected(call: GraphCall, shown: dict[str, Any], entry: Entry) -> dict[str, Any]:
    full = {**shown, "body": body_of(entry), "bodyPreview": entry.description[:255]}
    names = [name for name in call.query.get("$select", "").split(",") if name]
    unknown = [name for name in names if name not in full and name != "originalStart"]
    if unknown:
        raise bad_request(
            f"Could not find a property named '{unknown[0]}'.", "RequestBroker--Parse"
        )
    if not names:
        return full
    return {name: full[name] for name in (*names, "@odata.etag", "id") if name in full}


def _properties(body: dict[str, Any]) -> dict[str, str]:
    listed = body.get("singleValueExtendedProperties", ())
    return {str(one["id"]): str(one["value"]) for one in listed}


def _matches(entry: Entry, condition: str | None) -> bool:
    if condition is None:
        return True
    match = _BY_PROPERTY.fullmatch(condition)
    if match is None:
        raise bad_request("The filter is not supported.", "ErrorInvalidUrlQueryFilter")
    return entry.private_properties.get(match[1]) == match[2]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
