"""An admin's switches hold what they say, in every worker, and nothing is lost meanwhile."""

from __future__ import annotations

import pytest

from nudger.admin import dry_run
from nudger.admin.controls import end_lockdown, lock_down, pause_sending, resume_sending
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason, StepName
from nudger.domain.source import Source
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.outgoing.responses import CommandResponse, respond_to_command
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.providers.base import Unavailable
from nudger.store import audit, outbox, people
from nudger.store.people import NewRep

ANA, BEN = "ana@ourco.example", "ben@ourco.example"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def planned(office):
    """A meeting of Ana's whose question is due."""
    office.meet()
    scan(office.ctx)
    office.later(hours=1)
    return office


@pytest.fixture
def asked(planned):
    assert ask(planned.ctx) == 1
    planned.reply("Dana agrees to a pilot\n2")
    planned.later(minutes=2)
    return planned


def now(office):
    return office.ctx.clock()


def pause(office, rep=None):
    return pause_sending(office.ctx.database, rep, now(office))


def resume(office, rep=None):
    return resume_sending(office.ctx.database, rep, now(office))


def lock(office):
    return lock_down(office.ctx.database, now(office))


def unlock(office, *, keep_tokens=False):
    return end_lockdown(office.ctx.database, now(office), keep_tokens=keep_tokens)


def read_and_write(ctx):
    return listen(ctx), understand(ctx), write(ctx), ask(ctx)


def respond(office, times):
    """Have so many mails to Ana wait that answer something of hers."""
    with office.ctx.database.begin() as tx:
        ana = people.find_rep(tx, ANA)
        for number in range(times):
            response = CommandResponse("help", "Well.", Source.of_reply(number))
            respond_to_command(office.ctx, tx, (), ana, response)


def steps(office):
    with office.ctx.database.read() as tx:
        trail = [one.step for one in audit.after(tx, 0)]
    return [(one.reason, one.rep_id) for one in trail if one.step is StepName.CONTROL]


def test_a_pause_holds_every_mail_in_every_worker(planned):
    assert pause(planned)
    assert ask(planned.ctx) == ask(planned.another_worker()) == 0
    assert planned.inbox(ANA) == []
    assert resume(planned)
    assert ask(planned.ctx) == 1
    assert steps(planned) == [(Reason.SENDING_PAUSED, None), (Reason.SENDING_RESUMED, None)]


def test_a_pause_leaves_reading_and_writing_on(asked):
    pause(asked)
    assert read_and_write(asked.ctx) == (1, 1, 1, 0)
    assert "Dana agrees to a pilot" in asked.description("call1")
    assert len(asked.inbox(ANA)) == 1
    resume(asked)
    assert ask(asked.ctx) == 1


def test_a_pause_of_one_rep_is_theirs_alone(planned, kept_by):
    with planned.ctx.database.begin() as tx:
        ben = people.add_rep(tx, NewRep(BEN, Provider(kept_by)), now(planned))
        ana = people.find_rep(tx, ANA)
        for rep in (ana, ben):
            new = outbox.NewMail(
                MailKind.COMMAND, f"command:{rep.id}", rep.id, now(planned), "help"
            )
            outbox.put(tx, new)
    pause(planned, BEN)
    held = {row["rep"]: row["would"] for row in dry_run.ask(planned.ctx)}
    assert held == {ANA: "send", BEN: "wait: sending_paused"}
    with planned.ctx.database.begin() as tx:
        taken = outbox.claim_mails(tx, planned.ctx.claimant(), 9)
    assert {mail.rep_id for _, mail in taken} == {ana.id}
    resume(planned, BEN)
    assert steps(planned) == [(Reason.SENDING_PAUSED, ben.id), (Reason.SENDING_RESUMED, ben.id)]


def test_a_pause_of_a_rep_does_not_hold_their_managers_mail(planned):
    pause(planned, ANA)
    with planned.ctx.database.begin() as tx:
        ana = people.find_rep(tx, ANA)
        new = outbox.NewMail(
            MailKind.MANAGER_WEEKLY, "weekly:mia", ana.id, now(planned), "weekly",
            recipient="mia@ourco.example",
        )  # fmt: skip
        outbox.put(tx, new)
        taken = outbox.claim_mails(tx, planned.ctx.claimant(), 9)
    assert [mail.once for _, mail in taken] == ["weekly:mia"]


def test_a_pause_in_the_middle_of_a_batch_holds_the_rest(planned):
    respond(planned, 2)
    gather, seen = ask.__globals__["_gather"], []

    def pause_after_the_first(ctx, lease, due):
        if seen:
            pause(planned)
        seen.append(due.mail.once)
        return gather(ctx, lease, due)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ask.__globals__, "_gather", pause_after_the_first)
        ask(planned.ctx)
    resume(planned)
    with planned.ctx.database.read() as tx:
        waiting = outbox.due_mails(tx, now(planned))
    assert len(seen) == 3
    assert len(waiting) == 2
    assert {(mail.attempts, mail.state) for mail in waiting} == {(0, "due")}


def test_switching_twice_is_recorded_once(planned):
    assert [pause(planned), pause(planned)] == [True, False]
    assert [lock(planned), lock(planned)] == [True, False]
    assert [resume(planned), resume(planned)] == [True, False]
    unlock(planned)
    assert unlock(planned) is None
    assert [reason for reason, _ in steps(planned)] == [
        "sending_paused", "locked_down", "sending_resumed", "lockdown_ended"
    ]  # fmt: skip


def test_a_lockdown_keeps_replies_and_obeys_none(asked):
    lock(asked)
    assert read_and_write(asked.ctx) == (1, 0, 0, 0)
    assert read_and_write(asked.another_worker()) == (0, 0, 0, 0)
    assert "Dana agrees" not in asked.description("call1")
    assert scan(asked.ctx).failures == {}


def test_a_lockdown_holds_notes_that_are_due(asked):
    listen(asked.ctx)
    understand(asked.ctx)
    lock(asked)
    assert write(asked.ctx) == 0
    assert "Dana agrees" not in asked.description("call1")
    unlock(asked)
    assert write(asked.ctx) == 1


def test_a_lockdown_between_reading_a_reply_and_obeying_it_holds_it(asked):
    listen(asked.ctx)
    judge = understand.__globals__["_judge_sender"]

    def lock_while_judging(*given):
        lock(asked)
        return judge(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(understand.__globals__, "_judge_sender", lock_while_judging)
        assert understand(asked.ctx) == 0
    unlock(asked, keep_tokens=True)
    assert understand(asked.ctx) == 1


def test_tokens_from_before_a_lockdown_count_no_more_and_the_rep_is_told(asked):
    lock(asked)
    listen(asked.ctx)
    ended = unlock(asked)
    assert (ended.voided, ended.replies) == (1, 1)
    assert understand(asked.ctx) == 0
    ask(asked.ctx)
    assert "Dana agrees" not in asked.description("call1")
    told = asked.inbox(ANA)[-1]
    assert b"just reply to this mail" in told.raw.replace(b"=\r\n", b"")
    asked.reply("Dana agrees to a pilot\n2")
    asked.later(minutes=2)
    assert read_and_write(asked.ctx)[:3] == (1, 1, 1)
    assert "Dana agrees" in asked.description("call1")


def test_tokens_that_are_kept_count_after_the_lockdown(asked):
    lock(asked)
    listen(asked.ctx)
    ended = unlock(asked, keep_tokens=True)
    assert (ended.voided, ended.replies) == (0, 1)
    assert understand(asked.ctx) == 1


def test_tokens_once_void_stay_so_after_another_lockdown(asked):
    for keep_tokens in (False, True):
        lock(asked)
        listen(asked.ctx)
        unlock(asked, keep_tokens=keep_tokens)
    assert understand(asked.ctx) == 0


def test_a_mail_that_is_drafted_after_a_lockdown_has_a_token_that_counts(planned):
    lock(planned)
    unlock(planned)
    assert ask(planned.ctx) == 1
    planned.reply("Dana agrees to a pilot\n2")
    planned.later(minutes=2)
    listen(planned.ctx)
    assert understand(planned.ctx) == 1


def test_a_sick_provider_is_left_alone_and_no_question_is_lost_by_it(planned):
    respond(planned, 12)
    box = type(planned.ctx.accounts.mailbox("nudger@ourco.example")._guarded)
    calls = []

    def be_busy(_self, _asked):
        calls.append(1)
        raise Unavailable("busy")

    with pytest.MonkeyPatch.context() as patch:
        for method in ("create_draft", "find_draft"):
            patch.setattr(box, method, be_busy)
        assert ask(planned.ctx) == 0
        assert len(calls) == 3
        planned.later(minutes=5)
        assert ask(planned.ctx) == 0
        assert len(calls) == 4
    with planned.ctx.database.read() as tx:
        waiting = outbox.waiting(tx, tuple(MailKind))
    assert sum(mail.attempts for mail in waiting) == 4
    planned.later(minutes=5)
    assert ask(planned.ctx) == 13
