"""The console's numbers, counted by the database: spans of time, answer times, the latest calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from nudger.domain.commitment import Outcome
from nudger.domain.event import Provider
from nudger.store import console_figures, people, tables
from nudger.store.connections import Connected, list_connections
from nudger.store.console_figures import Recent, Span
from nudger.store.people import NewRep

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def tx(database):
    with database.begin() as opened:
        yield opened


@pytest.fixture
def rep(tx):
    return people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), MONDAY)


def call(tx, rep, start, *, asked=True, answered_after=None, outcome=None, reminded=False):
    """A call; asked about a day before it, answered so long after the question."""
    number = len(tx.execute(tables.meeting.select()).all()) + 1
    tx.execute(
        insert(tables.meeting).values(
            id=number, meeting_key=f"k{number}", rep_id=rep.id, rep_reason="organizer",
            fingerprint="f", state="asked", reason="customer", start_at=start, end_at=start + HOUR,
            time_zone="UTC", customers=["acme.com"], details=b"x", planned_at=start,
            updated_at=start,
        )
    )  # fmt: skip
    sent = [("question", "sent" if asked else "due"), *([("reminder", "sent")] if reminded else [])]
    for kind, state in sent:
        mail = tx.execute(
            insert(tables.mail).values(
                kind=kind, once=f"{kind}:{number}", rep_id=rep.id, state=state, reason="customer",
                due_at=start - DAY, sent_at=start - DAY if state == "sent" else None,
            )
        ).inserted_primary_key[0]  # fmt: skip
        tx.execute(insert(tables.mail_meeting).values(mail_id=mail, number=1, meeting_id=number))
    for revision, later in enumerate((timedelta(), 30 * DAY)):
        if answered_after is not None:
            tx.execute(
                insert(tables.answer).values(
                    meeting_id=number, revision=revision + 1, rep_id=rep.id, content=b"x",
                    given_at=start - DAY + answered_after + later,
                )
            )  # fmt: skip
    if outcome is not None:
        tx.execute(
            insert(tables.outcome).values(
                meeting_id=number,
                rep_id=rep.id,
                outcome=outcome.value,
                content=b"x",
                given_at=start,
            )
        )
    return number


def test_a_span_counts_the_calls_that_were_asked_about(tx, rep):
    week = 7 * DAY
    call(tx, rep, MONDAY, answered_after=HOUR, outcome=Outcome.YES, reminded=True)
    call(tx, rep, MONDAY + DAY, answered_after=DAY + HOUR, outcome=Outcome.PARTLY)
    call(tx, rep, MONDAY + 2 * DAY, outcome=Outcome.NO)
    call(tx, rep, MONDAY + 3 * DAY, asked=False)
    call(tx, rep, MONDAY + week, answered_after=HOUR)
    call(tx, rep, MONDAY - week - DAY, answered_after=HOUR)
    bounds = [MONDAY - week, MONDAY, MONDAY + week, MONDAY + 2 * week]
    before, this, after = console_figures.count_spans(tx, bounds)
    assert (before, before.coverage) == (Span(), None)
    assert (this, this.coverage) == (Span(3, 1, agreed=1, partly=1, not_agreed=1), 33)
    assert (after, after.coverage) == (Span(1, 1), 100)


@pytest.mark.parametrize(
    ("minutes", "place"),
    [
        (1, 0),
        (14, 0),
        (16, 1),
        (59, 1),
        (61, 2),
        (239, 2),
        (241, 3),
        (1439, 3),
        (1441, 4),
        (None, 5),
    ],
)
def test_answers_are_counted_by_how_soon_they_came(tx, rep, minutes, place):
    after = None if minutes is None else timedelta(minutes=minutes)
    call(tx, rep, MONDAY, answered_after=after)
    call(tx, rep, MONDAY + 8 * DAY, answered_after=HOUR)
    counted = console_figures.count_answer_times(tx, MONDAY, MONDAY + 7 * DAY)
    assert counted == [int(at == place) for at in range(6)]


def test_the_latest_calls_come_first_and_no_more_than_asked_for(tx, rep):
    call(tx, rep, MONDAY, answered_after=HOUR, outcome=Outcome.YES)
    late = call(tx, rep, MONDAY + DAY, answered_after=2 * DAY)
    open_ = call(tx, rep, MONDAY + 2 * DAY)
    found = console_figures.recently_asked(tx, MONDAY, MONDAY + 7 * DAY, 2)
    assert found == [Recent(open_, False, None), Recent(late, False, None)]
    assert len(console_figures.recently_asked(tx, MONDAY, MONDAY + 7 * DAY, 9)) == 3


@pytest.mark.parametrize("kept", [True, False, None])
def test_the_coachs_word_on_the_latest_answer_counts(tx, rep, kept):
    number = call(tx, rep, MONDAY, answered_after=HOUR)
    for revision, word in ((1, not kept), (2, kept)):
        this = tables.answer.c.revision == revision
        tx.execute(update(tables.answer).where(this).values(is_commitment=word))
    found = console_figures.recently_asked(tx, MONDAY, MONDAY + DAY, 9)
    assert found == [Recent(number, True, None, is_commitment=kept)]


def test_a_connection_is_told_with_what_fails(tx, rep):
    tx.execute(update(tables.calendar).values(last_error="refused"))
    tx.execute(
        insert(tables.mailbox).values(
            address="n@x.co", provider="google", due_at=MONDAY, listened_at=MONDAY
        )
    )
    assert list_connections(tx) == [
        Connected("Calendars at Google", 1, None, 1, 0, "refused"),
        Connected("Mailbox n@x.co", 1, MONDAY),
    ]
