"""What does not open stops nothing but itself, and is set aside after three tries."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from nudger.admin.explain import explain_event
from nudger.admin.overview import overview
from nudger.domain.mails import MailState
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.people_pages import plain_text
from nudger.store import outbox, tables
from tests.office import ANA

LATER = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


def run_once(ctx):
    scan(ctx)
    ask(ctx)
    listen(ctx)
    understand(ctx)
    write(ctx)
    ask(ctx)


def break_seal(office, column, where):
    """Spoil a sealed value, as a bad disk or a wrong key would."""
    with office.ctx.database.begin() as tx:
        spoilt = sa.update(column.table).where(where).values({column.name: b"\x01" + b"x" * 40})
        assert tx.execute(spoilt).rowcount


def run_for_an_hour(office):
    for _ in range(8):
        run_once(office.ctx)
        office.later(minutes=8)


def rows(office, *columns):
    with office.ctx.database.read() as tx:
        return [
            tuple(row) for row in tx.execute(sa.select(*columns).order_by(columns[0].table.c.id))
        ]


@pytest.fixture
def asked(office):
    office.meet()
    run_once(office.ctx)
    return office


def test_a_broken_reply_leaves_the_good_one_to_be_read(asked):
    asked.reply("Broken", mail=0)
    asked.later(minutes=2)
    listen(asked.ctx)
    break_seal(asked, tables.inbound.c.raw, tables.inbound.c.id == 1)
    asked.reply("Dana agrees to a pilot", mail=0)
    run_for_an_hour(asked)
    assert "Dana agrees to a pilot" in asked.description("call1")
    columns = tables.inbound.c
    (broken, good) = rows(asked, columns.state, columns.reason)
    assert (broken, good) == (("unreadable", "failed_thrice"), ("done", "answered"))
    (failure,) = overview(asked.ctx)["failures"]
    assert failure["what"] == "reply 1"
    assert "SealBroken" in failure["error"]


def test_a_reply_that_ends_the_process_is_set_aside_and_its_neighbours_are_read(asked):
    for text in ("Poison", "Dana agrees to a pilot"):
        asked.reply(text, mail=0)
    asked.later(minutes=2)
    listen(asked.ctx)

    class Dies:
        def __init__(self, reader):
            self.reader = reader

        def parse(self, raw):
            if b"Poison" in raw:
                raise SystemExit
            return self.reader.parse(raw)

        def __getattr__(self, name):
            return getattr(self.reader, name)

    ctx = dataclasses.replace(asked.ctx, reader=Dies(asked.ctx.reader))
    deaths = 0
    for _ in range(8):
        try:
            understand(ctx)
        except SystemExit:
            deaths += 1
        asked.later(minutes=6)
    assert deaths == 3
    columns = tables.inbound.c
    assert rows(asked, columns.state) == [("unreadable",), ("done",)]
    run_once(asked.ctx)
    assert "Dana agrees to a pilot" in asked.description("call1")


def test_a_broken_answer_fails_its_own_note_alone_and_another_answer_mends_it(asked):
    asked.reply("Dana agrees to a pilot", mail=0)
    asked.later(minutes=2)
    listen(asked.ctx)
    understand(asked.ctx)
    break_seal(asked, tables.answer.c.content, tables.answer.c.meeting_id == 1)
    asked.meet("call2", title="Another", start=LATER)
    run_for_an_hour(asked)
    columns = tables.note.c
    with asked.ctx.database.read() as tx:
        assert tx.execute(sa.select(columns.state, columns.reason)).all() == [
            ("failed", "failed_thrice")
        ]
    asked.reply("Dana agrees to two pilots", mail=0)
    asked.later(minutes=2)
    run_once(asked.ctx)
    assert "two pilots" in asked.description("call1")


def test_broken_details_of_one_meeting_leave_the_calendar_to_be_read(office):
    office.meet("call1", start=LATER)
    scan(office.ctx)
    break_seal(office, tables.meeting.c.details, tables.meeting.c.id == 1)
    office.meet("call2", title="Another", start=LATER)
    office.later(minutes=2)
    report = scan(office.ctx)
    assert (report.failures, report.planned) == ({}, 1)
    (seen,) = explain_event(office.ctx, "call1")
    assert seen["meeting"]["title"] == "(its title cannot be read)"


def state_of(office, once):
    with office.ctx.database.read() as tx:
        return outbox.state_of(tx, once)


def test_a_question_about_it_is_set_aside(office):
    office.meet()
    scan(office.ctx)
    break_seal(office, tables.meeting.c.details, tables.meeting.c.id == 1)
    run_for_an_hour(office)
    assert office.inbox(ANA) == []
    assert state_of(office, "question:1") is MailState.FAILED
    with office.ctx.database.read() as tx:
        assert office.ctx.meetings.get(tx, 1).state == "expired"


def test_a_question_about_several_goes_without_it(office):
    office.meet()
    office.meet("call2", title="Another")
    scan(office.ctx)
    break_seal(office, tables.meeting.c.details, tables.meeting.c.id == 1)
    run_once(office.ctx)
    (question,) = office.inbox(ANA)
    assert "Another" in question.headers["subject"]


def test_a_broken_confirmation_keeps_no_other_waiting(office):
    office.meet("call1")
    office.meet("call2", title="Another")
    run_once(office.ctx)
    office.reply("1: Dana agrees to a pilot\n2: Dana agrees to a review")
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    write(office.ctx)
    break_seal(office, tables.mail.c.content, tables.mail.c.once == "confirmation:1:1")
    run_for_an_hour(office)
    assert "a review" in plain_text(office.inbox(ANA)[1])
    assert state_of(office, "confirmation:1:1") is MailState.FAILED
    assert [one["what"] for one in overview(office.ctx)["failures"]]
