"""A late reply about a meeting that was called off is held, and the rep is told once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.people_pages import plain_text
from nudger.store import tables
from tests.office import ANA


def run_once(ctx):
    scan(ctx)
    ask(ctx)
    listen(ctx)
    understand(ctx)
    write(ctx)
    ask(ctx)


def say(office, text):
    office.reply(text, mail=0)
    office.later(minutes=2)
    run_once(office.ctx)


def states(office):
    with office.ctx.database.read() as tx:
        columns = tables.meeting.c
        return list(tx.scalars(select(columns.state).order_by(columns.start_at, columns.id)))


def last_end(office):
    with office.ctx.database.read() as tx:
        columns = tables.inbound.c
        return tx.execute(select(columns.state, columns.reason).order_by(columns.id.desc())).first()


@pytest.fixture
def called_off(office):
    entry = office.meet()
    run_once(office.ctx)
    office.world.calendars.cancel(entry, ANA)
    office.later(minutes=2)
    run_once(office.ctx)
    assert states(office) == ["withdrawn"]
    return office


@pytest.mark.parametrize("text", ["Dana agrees to a pilot", "private", "not a customer meeting"])
def test_it_is_held_and_told_once(called_off, text):
    for more in ("", "!"):
        say(called_off, text + more)
        assert states(called_off) == ["withdrawn"]
    mails = called_off.inbox(ANA)
    assert len(mails) == 2
    assert "no longer in your calendar" in plain_text(mails[-1])
    assert tuple(last_end(called_off)) == ("quarantined", "event_gone")


def test_undo_revives_nothing(called_off):
    say(called_off, "skip")
    say(called_off, "undo")
    assert states(called_off) == ["withdrawn"]


def test_a_command_for_all_calls_is_obeyed(called_off):
    say(called_off, "stop")
    assert tuple(last_end(called_off)) == ("done", "stop")


def test_nothing_is_asked_after_it(called_off):
    say(called_off, "Dana agrees to a pilot")
    for _ in range(30):
        called_off.later(hours=3)
        run_once(called_off.ctx)
    assert len(called_off.inbox(ANA)) == 2


def test_an_answer_after_skip_is_taken(office):
    office.meet()
    run_once(office.ctx)
    say(office, "skip")
    say(office, "Dana agrees to a pilot")
    assert states(office) == ["written"]


def test_of_several_calls_only_the_one_that_was_called_off_is_held(office):
    entry = office.meet()
    office.meet("call2", title="Another")
    run_once(office.ctx)
    office.world.calendars.cancel(entry, ANA)
    office.later(minutes=2)
    run_once(office.ctx)
    say(office, "1: Dana agrees to a pilot\n2: Dana agrees to a review")
    assert states(office) == ["withdrawn", "written"]
    texts = [plain_text(one) for one in office.inbox(ANA)[1:]]
    assert sum("no longer in your calendar" in text for text in texts) == 1
    assert any("a review" in text for text in texts)
