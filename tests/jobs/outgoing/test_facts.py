"""What a mail needs to know is gathered at once, and rendering reads nothing more."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from nudger.domain.commitment import Answer, MeetingState, Outcome
from nudger.domain.mails import MailKind
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.outgoing.facts import MeetingFacts, gather_facts
from nudger.jobs.outgoing.render import compose, envelope_of
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.store import outbox, people, sent_log
from nudger.store.outcomes import GivenOutcome

ANA = "ana@ourco.example"
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MANY = 12


@contextmanager
def statements(office):
    """The statements that run meanwhile, beginnings of transactions left out."""
    seen = []

    def note(_conn, _cursor, statement, *_more):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engine = office.ctx.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def meet_many(office, count=MANY):
    for number in range(count):
        start = NINE + timedelta(minutes=30 * number)
        guests = [ANA, f"dana@customer{number}.example"]
        office.meet(f"call{number}", start=start, guests=guests)
    scan(office.ctx)


def test_a_digest_costs_no_more_statements_than_its_steps(office):
    meet_many(office)
    with statements(office) as seen:
        assert ask(office.ctx) == 1
    assert len(office.inbox(ANA)) == 1
    assert len(seen) <= 32


@pytest.mark.parametrize("count", [2, MANY])
def test_understanding_a_reply_costs_the_same_however_many_calls_it_was_about(office, count):
    meet_many(office, count)
    ask(office.ctx)
    office.reply("1: Dana agrees to a pilot")
    office.later(minutes=2)
    listen(office.ctx)
    with statements(office) as seen:
        assert understand(office.ctx) == 1
    assert len(seen) <= 28, "two of them look whether an admin holds us"


def test_rendering_reads_nothing(office):
    meet_many(office)
    ask(office.ctx)
    ctx = office.ctx
    with ctx.database.read() as tx:
        mail = sent_log.sent_mails(tx, MailKind.QUESTION)[0]
        rep = people.get_rep(tx, mail.rep_id)
        meetings = ctx.meetings.in_order(tx, outbox.meeting_ids(tx, mail.id))
        facts = gather_facts(ctx, tx, rep, meetings)
    with statements(office) as seen:
        message = compose(ctx, mail, rep, facts, envelope_of(ctx, rep, "0" * 32, "<q@x>"))
    assert message["Subject"].startswith("12 calls")
    assert seen == []


def test_each_call_comes_with_the_one_before_it_with_the_same_customer(office):
    ctx = office.ctx
    for name, guest, days in (
        ("acme1", "dana@acme.example", 0), ("globex1", "gil@globex.example", 0),
        ("acme2", "dana@acme.example", 1), ("globex2", "gil@globex.example", 2),
        ("acme3", "dana@acme.example", 3), ("new", "x@initech.example", 3),
    ):  # fmt: skip
        office.meet(name, start=NINE + timedelta(days=days), guests=[ANA, guest], title=name)
    scan(ctx)
    with ctx.database.begin() as tx:
        rep = people.list_reps(tx)[0]
        ahead = ctx.meetings.ahead(tx, rep.id, NINE, NINE + timedelta(days=9))
        known = {meeting.details.title: meeting for meeting in ahead}
        for title in ("acme1", "globex1", "acme2"):
            meeting = known[title].id
            ctx.answers.add(tx, meeting, rep.id, Answer("an earlier word"), None, NINE)
            ctx.answers.add(tx, meeting, rep.id, Answer(title, remark="beside"), None, NINE)
            ctx.meetings.set_states(tx, [meeting], MeetingState.ANSWERED, "answered", NINE)
        ctx.outcomes.put(tx, known["acme2"].id, rep.id, GivenOutcome(Outcome.YES, "", NINE))
        asked = [known[title] for title in ("acme1", "acme2", "globex2", "acme3", "new")]
        facts = gather_facts(ctx, tx, rep, asked)
    assert facts == (
        MeetingFacts(asked[0], Answer("acme1", remark="beside")),
        MeetingFacts(asked[1], Answer("acme2", remark="beside"), Answer("acme1")),
        MeetingFacts(asked[2], None, Answer("globex1")),
        MeetingFacts(asked[3], None, Answer("acme2"), Outcome.YES),
        MeetingFacts(asked[4]),
    )


def test_our_own_lines_are_known_again_whatever_the_meeting_is_called_by_then(office):
    entry = office.meet()
    scan(office.ctx)
    ask(office.ctx)
    office.world.calendars.change(entry, ANA, False, title="Renamed")
    office.later(minutes=2)
    scan(office.ctx)
    quote = "ACME: pilot review\nTuesday 24 November, 14:00–14:45 (CET)\nWith dana@acme.example"
    office.reply(f"Dana agrees to a pilot\n\n{quote}")
    office.later(minutes=2)
    listen(office.ctx)
    assert understand(office.ctx) == 1
    with office.ctx.database.read() as tx:
        rep = people.list_reps(tx)[0]
        [meeting] = office.ctx.meetings.ahead(tx, rep.id, NINE, NINE + timedelta(days=9))
        assert meeting.details.title == "Renamed"
        assert office.ctx.answers.latest(tx, meeting.id) == (1, Answer("Dana agrees to a pilot"))
