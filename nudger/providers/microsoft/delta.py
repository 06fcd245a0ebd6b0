"""One round of calendarView/delta, made whole.

What we rely on (Graph, as its users report it; the reference says only "most properties"):
- An untouched date of a series comes as id, seriesMasterId, type, start and end alone. The series'
  master comes in the same round, on any page, when the round is a full one; after changes it may
  not come, and then it is fetched.
- A date that was changed (`exception`) comes whole, but without `originalStart`.
- When a series changes, each of its dates in the window is listed again.
- The master itself is no date: its start is that of the first one, maybe years ago.

Dates wait for their master until the last page at most; what is missing then is fetched, twenty in
a call. So a first page may be empty, and an unchanged calendar costs no call beyond the delta.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence

from nudger.domain.event import Event
from nudger.providers.base import ChangePage, NotFound, ProviderError
from nudger.providers.microsoft.parse import (
    Unreadable,
    has_dated_uid,
    id_of,
    is_bare,
    read_date,
    read_event,
)
from nudger.providers.microsoft.request import Json
from nudger.providers.storable_text import storable_text

log = logging.getLogger(__name__)

Fetch = Callable[[Sequence[str]], list[Json | ProviderError]]
"""Events by their ids, each one or why not."""


class DeltaRound:
    """Turns the raw pages of one round into `ChangePage`s of whole events for `owner`."""

    def __init__(self, owner: str, fetch: Fetch) -> None:
        self._owner = owner
        self._fetch = fetch
        self._masters: dict[str, Json] = {}
        self._waiting: dict[str, Json] = {}

    def pages(self, raw: Iterable[Json]) -> Iterator[ChangePage]:
        """Raises what `raw` and the fetching raise."""
        for page in raw:
            whole, removed = self._sort(page.get("value") or ())
            if "@odata.nextLink" not in page:
                self._fetch_missing()
            events = [*self._read(whole), *self._read_dates()]
            yield ChangePage(
                tuple(events), tuple(removed), storable_text(page.get("@odata.deltaLink")) or None
            )

    def _sort(self, items: Iterable[Json]) -> tuple[list[Json], list[str]]:
        """What can be read as it is, and the ids that are gone; keeps masters and waiting dates.

        Where one id comes twice, the later one counts.
        """
        whole: dict[str, Json] = {}
        removed: dict[str, None] = {}
        for event_id, item in self._identified(items):
            whole.pop(event_id, None)
            removed.pop(event_id, None)
            self._waiting.pop(event_id, None)
            if "@removed" in item:
                removed[event_id] = None
            elif item.get("type") == "seriesMaster":
                self._masters[event_id] = item
            elif _stands_alone(item):
                whole[event_id] = item
            else:
                self._waiting[event_id] = item
        return list(whole.values()), list(removed)

    def _identified(self, items: Iterable[Json]) -> Iterator[tuple[str, Json]]:
        for item in items:
            try:
                event_id = id_of(item)
                series = item.get("seriesMasterId")
                if series is not None and not isinstance(series, str):
                    raise Unreadable("a series whose id is no text")
            except Unreadable as problem:
                self._leave_out(problem)
            else:
                yield event_id, item

    def _fetch_missing(self) -> None:
        """Masters that did not come, and where the changed dates were at first."""
        masters = {item["seriesMasterId"] for item in self._waiting.values()} - self._masters.keys()
        unplaced = [event_id for event_id, item in self._waiting.items() if _is_unplaced(item)]
        wanted = [*sorted(masters), *unplaced]
        if not wanted:
            return
        for event_id, answer in zip(wanted, self._fetch(wanted), strict=True):
            if isinstance(answer, NotFound):
                self._forget(event_id)
            elif isinstance(answer, ProviderError):
                raise answer
            elif event_id in masters:
                self._masters[event_id] = answer
            elif event_id in self._waiting:  # its series may be what vanished
                found = {"originalStart": answer.get("originalStart") or ""}
                self._waiting[event_id] = self._waiting[event_id] | found

    def _forget(self, gone: str) -> None:
        """A date or a whole series vanished while we read: the next round will say so."""
        self._waiting = {
            event_id: item
            for event_id, item in self._waiting.items()
            if gone not in (event_id, item["seriesMasterId"])
        }

    def _read(self, items: Iterable[Json]) -> Iterator[Event]:
        for item in items:
            try:
                yield read_event(item, self._owner)
            except Unreadable as problem:
                self._leave_out(problem)

    def _read_dates(self) -> Iterator[Event]:
        """The waiting dates that can be made whole by now."""
        for event_id, item in list(self._waiting.items()):
            master = self._masters.get(item["seriesMasterId"])
            if master is None or _is_unplaced(item):
                continue
            del self._waiting[event_id]
            try:
                yield read_date(master, item, self._owner)
            except Unreadable as problem:
                self._leave_out(problem)

    def _leave_out(self, problem: Unreadable) -> None:
        log.warning("An event in the calendar of %s was left out: %s", self._owner, problem)


def _stands_alone(item: Json) -> bool:
    """Whether an event can be read without its series' master."""
    if not item.get("seriesMasterId"):
        return True
    return not is_bare(item) and not _is_unplaced(item) and has_dated_uid(item)


def _is_unplaced(item: Json) -> bool:
    return item.get("type") == "exception" and item.get("originalStart") is None
