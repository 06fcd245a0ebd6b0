from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from nudger.providers.base import AccessDenied, NotFound, ProviderError, with_cursor
from nudger.providers.microsoft.delta import DeltaRound

REP = "rep@ourco.example"
UID = "040000008200E00074C5B7101A82E00800000000B08A7C4A39A8D901000000000000000010000000AB"


def times(day: int) -> dict[str, Any]:
    return {
        "start": {"dateTime": f"2026-03-{day:02}T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": f"2026-03-{day:02}T10:00:00.0000000", "timeZone": "UTC"},
    }


def whole(event_id: str, day: int = 2, **changes: Any) -> dict[str, Any]:
    return {
        "id": event_id,
        "type": "singleInstance",
        "subject": f"Subject of {event_id}",
        "organizer": {"emailAddress": {"address": REP}},
        "isCancelled": False,
        "iCalUId": UID,
        **times(day),
    } | changes


def master(event_id: str, **changes: Any) -> dict[str, Any]:
    return whole(event_id, type="seriesMaster", **changes)


def bare(event_id: str, series: str, day: int = 9) -> dict[str, Any]:
    return {"id": event_id, "type": "occurrence", "seriesMasterId": series, **times(day)}


def exception(event_id: str, series: str, **changes: Any) -> dict[str, Any]:
    return whole(event_id, 12, type="exception", seriesMasterId=series, **changes)


def gone(event_id: str) -> dict[str, Any]:
    return {"id": event_id, "@removed": {"reason": "deleted"}}


class Fetches:
    """Answers fetches from what it was given and remembers what was asked for."""

    def __init__(self, *known: dict[str, Any], error: ProviderError | None = None) -> None:
        self.known = {item["id"]: item for item in known}
        self.error = error
        self.asked: list[list[str]] = []

    def __call__(self, ids: Sequence[str]) -> list[dict[str, Any] | ProviderError]:
        self.asked.append(list(ids))
        missing = self.error or NotFound("gone")
        return [self.known.get(event_id, missing) for event_id in ids]


def run(fetch: Fetches, *pages: Sequence[dict[str, Any]]) -> list[tuple[list[str], list[str]]]:
    """What each page gave: "id title" of its events, and removed ids."""
    last = len(pages) - 1
    raw = [
        {"value": list(items), "@odata.deltaLink" if n == last else "@odata.nextLink": f"link {n}"}
        for n, items in enumerate(pages)
    ]
    found = list(DeltaRound(REP, fetch).pages(raw))
    assert [page.cursor for page in found] == [None] * last + [f"link {last}"]
    return [
        ([f"{event.event_id} {event.title}" for event in page.events], list(page.removed))
        for page in found
    ]


def test_single_events_and_removals_come_with_their_page() -> None:
    fetch = Fetches()
    assert run(fetch, [whole("A")], [], [whole("B"), gone("C")]) == [
        (["A Subject of A"], []),
        ([], []),
        (["B Subject of B"], ["C"]),
    ]
    assert fetch.asked == []


def test_bare_dates_wait_for_a_master_on_a_later_page() -> None:
    fetch = Fetches()
    assert run(fetch, [bare("D1", "M"), bare("D2", "M", 16)], [master("M")]) == [
        ([], []),
        (["D1 Subject of M", "D2 Subject of M"], []),
    ]
    assert fetch.asked == []


def test_a_master_alone_is_no_event() -> None:
    assert run(Fetches(), [master("M")]) == [([], [])]


def test_missing_masters_are_fetched_once_for_all_their_dates() -> None:
    fetch = Fetches(master("M"), master("N"))
    dates = [bare("D1", "M"), bare("D2", "M", 16), bare("E1", "N")]
    ((events, _),) = run(fetch, dates)
    assert events == ["D1 Subject of M", "D2 Subject of M", "E1 Subject of N"]
    assert fetch.asked == [["M", "N"]]


def test_a_changed_date_is_asked_where_it_was_at_first() -> None:
    fetch = Fetches({"id": "X", "originalStart": "2026-03-09T09:00:00Z"})
    page = {"value": [master("M"), exception("X", "M")], "@odata.deltaLink": "end"}
    (found,) = DeltaRound(REP, fetch).pages([page])
    assert fetch.asked == [["X"]]
    (event,) = found.events
    assert event.title == "Subject of X"
    assert event.start.day == 12
    assert event.key.original_start is not None
    assert event.key.original_start.day == 9


def test_a_changed_date_has_the_key_and_uid_that_it_had_before() -> None:
    own_uid = UID[:32] + "07EA0309" + UID[40:]
    fetch = Fetches({"id": "X", "originalStart": "2026-03-09T09:00:00Z"})
    before = next(
        DeltaRound(REP, fetch).pages(
            [{"value": [master("M"), bare("X", "M")], "@odata.deltaLink": "end"}]
        )
    ).events[0]
    changed = exception("X", "M", iCalUId=own_uid)
    after = next(
        DeltaRound(REP, fetch).pages([{"value": [master("M"), changed], "@odata.deltaLink": "end"}])
    ).events[0]
    assert after.start != before.start
    assert (after.key, after.ical_uid) == (before.key, before.ical_uid)


def test_a_foreign_uid_still_tells_dates_apart_and_outlives_a_change() -> None:
    foreign = master("M", iCalUId="abc@google.example")
    fetch = Fetches({"id": "X", "originalStart": "2026-03-09T09:00:00Z"}, foreign)
    pages = [{"value": [foreign, bare("X", "M"), bare("Y", "M", 16)], "@odata.deltaLink": "end"}]
    first, second = next(DeltaRound(REP, fetch).pages(pages)).events
    assert first.ical_uid != second.ical_uid
    changed = exception("X", "M", iCalUId="abc@google.example")
    pages = [{"value": [changed], "@odata.deltaLink": "end"}]
    assert next(DeltaRound(REP, fetch).pages(pages)).events[0].ical_uid == first.ical_uid


def test_a_whole_date_needs_no_master() -> None:
    fetch = Fetches()
    date = whole("D", 9, type="occurrence", seriesMasterId="M")
    assert run(fetch, [date]) == [(["D Subject of D"], [])]
    assert fetch.asked == []


@pytest.mark.parametrize("known", [[], [master("N")]])
def test_dates_of_a_series_that_vanished_are_dropped(known: list[dict[str, Any]]) -> None:
    fetch = Fetches(*known)
    ((events, _),) = run(fetch, [whole("A"), bare("D", "M")])
    assert events == ["A Subject of A"]


def test_a_series_may_vanish_while_its_changed_date_is_fetched() -> None:
    changed = exception("d", "s", originalStart=None)
    fetch = Fetches(exception("d", "s", originalStart="2026-03-09T09:00:00Z"))
    assert run(fetch, [changed, whole("a")]) == [(["a Subject of a"], [])]


@pytest.mark.parametrize(
    "broken", ["x", None, {"id": 5}, {"@removed": {}}, whole("b", seriesMasterId=["s"])]
)
def test_what_is_no_event_is_left_out(broken: Any) -> None:
    assert run(Fetches(), [broken, whole("a")]) == [(["a Subject of a"], [])]


@pytest.mark.parametrize("uid", [{}, 5, None])
def test_a_uid_that_is_no_text_is_none(uid: Any) -> None:
    shown = run(Fetches(master("s")), [exception("d", "s", iCalUId=uid, originalStart="x")])
    assert shown == [([], [])]


def test_a_failed_fetch_ends_the_round_before_its_cursor() -> None:
    fetch = Fetches(error=AccessDenied("no"))
    with pytest.raises(AccessDenied):
        run(fetch, [bare("D", "M")])


def test_what_comes_twice_counts_as_it_came_last() -> None:
    pages = [
        [whole("A"), gone("B"), whole("A", subject="newer"), gone("A"), whole("B")],
        [bare("D", "M"), gone("D"), master("M"), gone("E"), bare("E", "M")],
    ]
    assert run(Fetches(), *pages) == [
        (["B Subject of B"], ["A"]),
        (["E Subject of M"], ["D"]),
    ]


def test_an_unreadable_event_is_left_out_and_told_of(caplog: pytest.LogCaptureFixture) -> None:
    assert run(Fetches(), [whole("A", start=None), whole("B")]) == [(["B Subject of B"], [])]
    assert "left out" in caplog.text
    assert "Subject of A" not in caplog.text


def test_a_round_must_end_with_a_link() -> None:
    with pytest.raises(ProviderError, match="ended without"):
        list(with_cursor(DeltaRound(REP, Fetches()).pages([{"value": []}])))
