"""Retention: what is kept long enough goes, in batches, and nothing that is still needed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.jobs.scan import scan
from nudger.jobs.tidy import count_expired, forget_expired, limits_of, tidy
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.store import admin_sessions, retention, sessions, tables
from nudger.store.audit_seals import AuditSeals
from tests.office import run_once

ANA = "ana@ourco.example"
NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
NOTHING = {
    "raw_mails": 0, "occurrences": 0, "meetings": 0, "mails": 0, "replies": 0, "series": 0,
    "chat_contents": 0, "chat_words": 0, "channel_days": 0, "retired_tokens": 0, "sign_ins": 0, "sessions": 0, "admin_codes": 0, "admin_sessions": 0,
    "audit": 0,
}  # fmt: skip


@pytest.fixture
def lived(office):
    """Ana answered about a call; the trail is sealed."""
    office.meet()
    for step in (scan, ask):
        step(office.ctx)
    office.reply("Dana agrees to a pilot")
    office.later(minutes=2)
    for step in (listen, understand, write, ask):
        step(office.ctx)
    with office.ctx.database.begin() as tx:
        AuditSeals(office.ctx.vault).seal(tx, office.ctx.clock())
    return office


def rows(office, *of):
    with office.ctx.database.read() as tx:
        return [tx.scalar(select(func.count()).select_from(table)) for table in of]


def kinds(office):
    with office.ctx.database.read() as tx:
        return Counter(tx.scalars(select(tables.mail.c.kind)))


KEPT = (
    tables.meeting, tables.answer, tables.mail, tables.inbound, tables.note, tables.occurrence,
)  # fmt: skip


def test_nothing_goes_before_its_time(lived):
    before = rows(lived, *KEPT)
    assert 0 not in before
    lived.later(days=6)
    tidy(lived.ctx)
    assert count_expired(lived.ctx) == NOTHING
    assert rows(lived, *KEPT) == before


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (8, {"raw_mails"}),
        (62, {"raw_mails", "occurrences"}),
        (402, {"raw_mails", "occurrences", "meetings", "mails", "replies", "audit"}),
    ],
)
def test_each_goes_after_its_time(lived, days, gone):
    lived.later(days=days)
    counts = forget_expired(lived.ctx)
    assert {name for name, count in counts.items() if count} | (gone & {"mails"}) == gone
    assert count_expired(lived.ctx) == NOTHING


def test_after_the_longest_time_nothing_of_a_meeting_is_left(lived):
    lived.later(days=402)
    tidy(lived.ctx)
    assert rows(lived, *KEPT, tables.audit, tables.mail_meeting) == [0] * 8
    with lived.ctx.database.read() as tx:
        found = AuditSeals(lived.ctx.vault).verify(tx)
    assert (found.broken, found.removed) == (None, 1)


def test_a_mail_about_no_call_goes_after_as_long_and_one_that_waits_stays(lived):
    plan_weekly(lived.ctx)
    lived.later(days=7)
    ask(lived.ctx)
    assert kinds(lived)["weekly"] == 1
    lived.later(days=402)
    plan_weekly(lived.ctx)
    assert kinds(lived)["weekly"] == 2
    assert forget_expired(lived.ctx)["mails"] == 1
    assert kinds(lived) == {"weekly": 1}


def test_the_settings_say_how_long(lived):
    lived.configure("keep_meeting_days = 90\nkeep_audit_days = 30\n")
    lived.later(days=92)
    counts = forget_expired(lived.ctx)
    assert counts["meetings"] == 1
    assert counts["audit"] > 0


def test_a_dry_run_counts_and_keeps(lived):
    before = rows(lived, *KEPT)
    lived.later(days=402)
    counts = count_expired(lived.ctx)
    assert counts["meetings"] == 1
    assert rows(lived, *KEPT) == before


def test_each_batch_is_a_transaction_of_its_own(lived, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)
    monkeypatch.setattr("nudger.jobs.tidy.BATCH", 1)
    lived.later(days=402)
    done = lived.statements(lambda: forget_expired(lived.ctx))
    begun = [one for one in done if one.startswith("BEGIN IMMEDIATE")]
    assert len(begun) > 5
    assert rows(lived, *KEPT) == [0] * 6


def test_what_is_looked_for_is_looked_for_without_holding_up_others(lived):
    lived.later(days=402)
    done = lived.statements(lambda: forget_expired(lived.ctx))
    begins = [n for n, one in enumerate(done) if one.startswith("BEGIN")]
    for expiry in retention.EXPIRIES:
        (looks, *_) = (
            n for n, one in enumerate(done)
            if one.startswith(f"SELECT {expiry.table.name}.") and "LIMIT" in one
        )  # fmt: skip
        assert done[max(n for n in begins if n < looks)] == "BEGIN"


def test_a_call_that_was_moved_since_it_was_found_is_kept(lived):
    (meetings,) = (one for one in retention.EXPIRIES if one.name == "meetings")
    lived.later(days=402)
    limits = limits_of(lived.ctx)
    with lived.ctx.database.begin() as tx:
        found = meetings.find_batch(tx, limits)
        lived.ctx.meetings.move(tx, found[0], lived.ctx.clock(), lived.ctx.clock(), NOW)
        meetings.remove_batch(tx, limits, found)
    assert rows(lived, tables.meeting) == [1]


def test_a_mail_about_two_meetings_stays_with_the_later_one(office):
    office.meet(start=datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    office.meet("call2", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    scan(office.ctx)
    ask(office.ctx)
    with office.ctx.database.begin() as tx:
        retention.remove_meetings(tx, [1])
        about = tx.scalars(select(tables.mail_meeting.c.meeting_id)).all()
    assert set(about) == {2}


def test_a_series_is_counted_from_its_latest_date_that_counts_before_old_dates_go(office):
    """Asked about every second date; what is 60 days old goes, the count goes on."""
    first = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    for number in range(14):
        start = first + timedelta(weeks=number)
        office.meet(f"weekly{number}", start=start, series_id="weekly", original_start=start)
    run_once(office.ctx)
    office.reply("every second")
    office.later(minutes=2)
    run_once(office.ctx)
    counted = tables.series.c.counted_from
    for days, weeks in ((59, 0), (11, 0), (8, 2), (14, 4)):
        for _ in range(days):
            office.later(days=1)
            run_once(office.ctx)
        tidy(office.ctx)
        with office.ctx.database.read() as tx:
            assert tx.scalars(select(counted)).all() == [first + timedelta(weeks=weeks)]
            oldest = tx.scalar(select(func.min(tables.occurrence.c.start_at)))
        assert oldest >= first + timedelta(weeks=weeks)
    written = office.statements(lambda: tidy(office.ctx))
    assert not [one for one in written if one.startswith("UPDATE series")], "nothing is new"


@pytest.fixture
def signed_in(office):
    """Somebody asks to sign in, Ana is signed in, so is an admin, and another has a code."""
    now = office.ctx.clock()
    with office.ctx.database.begin() as tx:
        sessions.add_sign_in(tx, sessions.SignIn("pending", "link", "code", 1, now))
        sessions.begin(tx, sessions.Session("rep", 1, now, now))
        admin_sessions.begin(tx, admin_sessions.AdminSession("admin", None, now, now))
        admin_sessions.put_code(tx, "code", None, now)
        row = {"token_hash": "token", "retired_at": now}
        tx.execute(insert(tables.retired_token).values(row))
    return office


@pytest.mark.parametrize(
    ("by", "gone"),
    [
        ({"minutes": 9}, set()),
        ({"minutes": 11}, {"sign_ins", "admin_codes"}),
        ({"hours": 11}, {"sign_ins", "admin_codes"}),
        ({"hours": 13}, {"sign_ins", "admin_codes", "sessions", "admin_sessions"}),
        ({"days": 59}, {"sign_ins", "admin_codes", "sessions", "admin_sessions"}),
        ({"days": 61}, {"sign_ins", "admin_codes", "sessions", "admin_sessions", "retired_tokens"}),
    ],
)
def test_who_signed_in_stays_so_for_as_long_as_that_lasts(signed_in, by, gone):
    signed_in.later(**by)
    counts = forget_expired(signed_in.ctx)
    assert {name for name, count in counts.items() if count} == gone
