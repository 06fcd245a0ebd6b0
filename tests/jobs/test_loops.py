"""Whatever answers our mails by itself is answered a few times at most, and nothing of it stays."""

from __future__ import annotations

import itertools

import pytest

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.people_pages import plain_text, reply_to
from nudger.store import audit, meetings, tables
from tests.office import ANA, NUDGER

BEFORE = "Agenda\nhttps://meet.google.com/abc-defg-hij"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def at_once():
    """As many as in an installation of ours."""
    return 32


def run_once(ctx):
    scan(ctx)
    ask(ctx)
    listen(ctx)
    understand(ctx)
    write(ctx)
    ask(ctx)


def answer_everything(office, texts, rounds, seconds=3):
    """A program without any header of one: each new mail of ours is answered after so long."""
    seen = set()
    for _ in range(rounds):
        run_once(office.ctx)
        new = [one for one in office.inbox(ANA) if one.id not in seen]
        office.later(seconds=seconds)
        for mail in new:
            seen.add(mail.id)
            with office.world.lock:
                reply_to(office.world, ANA, mail, next(texts))
        office.later(seconds=90)


def ends(office):
    with office.ctx.database.read() as tx:
        columns = tables.inbound.c
        rows = tx.execute(tables.inbound.select().with_only_columns(columns.state, columns.reason))
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("text", ["I am travelling until Monday.", "???", "zzz"])
def test_a_program_that_says_one_thing_is_answered_once(office, text):
    office.meet()
    answer_everything(office, itertools.repeat(text), 40)
    assert len(office.inbox(ANA)) <= 3, "the question, one answer and perhaps the reminder"
    assert text not in office.description("call1")
    assert "C.O." not in office.description("call1")


def test_what_a_program_said_before_is_taken_back_and_never_taken_again(office):
    office.meet()
    answer_everything(office, itertools.repeat("The board signs it on Monday."), 4)
    assert ends(office) == [("done", "answered"), ("quarantined", "machine")]
    assert office.description("call1") == BEFORE or office.is_outlook
    with office.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"asked": 1}, "nobody has answered yet"
    office.meet("call2", title="Another")
    answer_everything(office, itertools.repeat("The board signs it on Monday."), 40, seconds=300)
    assert "The board" not in office.description("call2")
    assert set(ends(office)[1:]) == {("quarantined", "machine")}


def test_a_program_that_says_ever_other_things_is_answered_a_few_times(office):
    office.meet()
    texts = (f"I am travelling. Your ticket is {n}." for n in itertools.count())
    answer_everything(office, texts, 40)
    assert len(office.inbox(ANA)) <= 10


def test_unclear_replies_are_answered_three_times_within_the_hour(office):
    office.meet("call1")
    office.meet("call2", title="Another")
    run_once(office.ctx)
    for number in range(60):
        office.reply(f"hm {number} well I do not know", mail=0)
        office.later(seconds=40)
        run_once(office.ctx)
    assert len(office.inbox(ANA)) == 4
    with office.ctx.database.read() as tx:
        silent = [one.step for one in audit.after(tx, 0) if one.step.reason == "told_enough"]
    assert {(one.step, one.meeting_id) for one in silent} == {("command", 1), ("command", 2)}
    assert len(silent) == 2 * (60 - 3)


def test_several_answers_corrections_and_commands_within_the_hour_are_each_confirmed(office):
    office.meet()
    run_once(office.ctx)
    said = ("Dana agrees to a pilot", "Next: Decision", "Fallback: a call", "private", "undo")
    for number, text in enumerate(said, start=2):
        office.reply(text, mail=0)
        office.later(minutes=5)
        run_once(office.ctx)
        assert len(office.inbox(ANA)) >= number
    office.reply("Dana agrees to two pilots", mail=0)
    office.later(minutes=5)
    run_once(office.ctx)
    assert "two pilots" in plain_text(office.inbox(ANA)[-1])


def test_the_same_words_again_save_nothing_and_confirm_nothing(office):
    office.meet()
    run_once(office.ctx)
    for text in ("Dana agrees to a pilot", "Dana agrees to a pilot", "  dana agrees to a pilot"):
        office.reply(text, mail=0)
        office.later(minutes=3)
        run_once(office.ctx)
    with office.ctx.database.read() as tx:
        assert len(office.ctx.answers.revisions(tx, 1)) == 2, "the capital is another answer"
    assert "dana agrees to a pilot" in office.description("call1")


def test_an_answer_beyond_the_limit_is_saved_all_the_same(office):
    office.meet()
    run_once(office.ctx)
    for number in range(15):
        office.reply(f"Dana agrees to pilot {number}", mail=0)
        office.later(minutes=3)
        run_once(office.ctx)
    assert "Dana agrees to pilot 14" in office.description("call1")
    assert len(office.inbox(ANA)) == 1 + 8


def test_no_guard_rests_on_a_header_that_exchange_drops(office):
    office.meet()
    run_once(office.ctx)
    (question,) = office.inbox(ANA)
    assert ("auto-submitted" in question.headers) is not office.is_outlook
    assert office.world.receives(NUDGER) == []
