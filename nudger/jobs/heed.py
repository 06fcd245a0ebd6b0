"""What reps said in the chat: read as a reply is, and acted upon as one.

Everything that one word causes is committed together with its own end state, so that an answer is
neither lost nor taken twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from nudger.domain.controls import Activity
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.domain.source import Source
from nudger.domain.turns import Course
from nudger.jobs.commands.dispatch import REP_HANDLERS, execute_for_rep
from nudger.jobs.commands.model import RepCommand
from nudger.jobs.incoming.acting import act_on, tell_gone, why_closed
from nudger.jobs.incoming.chat_replies import NothingSaid, reply_of
from nudger.jobs.incoming.kept_answers import WholeAnswer, keep_whole
from nudger.jobs.incoming.received import End, takes_answer
from nudger.jobs.outgoing.facts import gather_facts
from nudger.jobs.outgoing.render import asked_of, templates_of
from nudger.jobs.outgoing.responses import CommandResponse, respond_to_command
from nudger.jobs.outgoing.send_time import outgoing
from nudger.mail.chat.words import plain_of
from nudger.mail.commands import read_command_alone
from nudger.mail.message import Asked, Disposition, Reply
from nudger.mail.phrases import WRITE_INTO_THREAD
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.giving_up import Tries, unless_hopeless
from nudger.runtime.holds import is_held, refuse_if_held
from nudger.runtime.work_off import each_claimed
from nudger.store import audit, chat, outbox, people
from nudger.store.chat import ChatWord, WordKind, WordState
from nudger.store.inbox import InboundState
from nudger.store.leases import Lease, LeaseLost, release
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class InThread:
    """A word bound to what was posted: our mail, whom it asked, and its meetings in order."""

    word: ChatWord
    mail: Mail
    rep: Rep
    meetings: tuple[Meeting, ...]
    asked: Asked

    @property
    def source(self) -> Source:
        return Source.of_chat(self.word.id)


def heed(ctx: Context) -> int:
    """Deal with every stored word; returns how many were answers."""
    if not ctx.settings.slack.is_configured:
        return 0
    ends = each_claimed(ctx, _claim, _deal_with)
    return sum(end.disposition is Disposition.ANSWER for end in ends)


def _claim(ctx: Context, room: int) -> list[tuple[Work, ChatWord]]:
    with ctx.database.begin() as tx:
        if is_held(tx, Activity.OBEY_REPLIES):
            return []
        claimed = chat.claim_words(tx, ctx.claimant(), room)
    return [(_work(lease, word), word) for lease, word in claimed]


def _work(lease: Lease, word: ChatWord) -> Work:
    """What one rep said is dealt with in its order."""
    course = Course(("heed", word.rep_id))
    return Work(lease, f"chat word {word.id}", word.attempts, word.rep_id, course)


def _deal_with(ctx: Context, lease: Lease, word: ChatWord) -> End:
    return unless_hopeless(
        Tries(lease, word.attempts, lasts=_is_of_the_word),
        lambda: _read_and_act(ctx, lease, word),
        lambda error: _set_aside(ctx, lease, word, error),
    )


def _is_of_the_word(error: Exception) -> bool:
    return not isinstance(error, (SQLAlchemyError, LeaseLost))


def _set_aside(ctx: Context, lease: Lease, word: ChatWord, error: str) -> End:
    end = End(InboundState.UNREADABLE, Reason.FAILED_THRICE)
    with ctx.database.begin() as tx:
        release(tx, lease, state=WordState.FAILED.value, reason=end.reason, last_error=error)
        step = audit.Step(StepName.UNDERSTAND, Reason.FAILED_THRICE, rep_id=word.rep_id)
        audit.record(tx, step, ctx.clock())
    return end


def _read_and_act(ctx: Context, lease: Lease, word: ChatWord) -> End:
    content = chat.opened_word(ctx.vault, word)
    heard = _bound(ctx, word)
    reply = None
    if heard is not None:
        try:
            reply = reply_of(word.kind, content, heard.asked)
        except NothingSaid:
            reply = Reply(Disposition.EMPTY, "empty", "")
    with ctx.database.begin() as tx:
        refuse_if_held(tx, Activity.OBEY_REPLIES)
        if heard is None or reply is None:
            end = _outside_of_threads(ctx, tx, word, str(content.get("text", "")))
        else:
            end = _act(ctx, tx, heard, reply)
        _end(ctx, tx, lease, word, heard, end)
    return end


def _bound(ctx: Context, word: ChatWord) -> InThread | None:
    if word.mail_id is None:
        return None
    with ctx.database.read() as tx:
        out = outgoing(ctx, tx, outbox.get_mail(tx, word.mail_id))
        if not out.meetings:
            return None
        asked = asked_of(ctx, out.mail, out.rep, gather_facts(ctx, tx, out.rep, out.meetings))
    return InThread(word, out.mail, out.rep, out.meetings, asked)


def _act(ctx: Context, tx: Connection, heard: InThread, reply: Reply) -> End:
    closed = why_closed(ctx, tx, heard, reply)
    if closed is not None:
        return closed
    if heard.word.kind is not WordKind.FORM or not reply.answers:
        return act_on(ctx, tx, heard, reply)
    return _keep_form(ctx, tx, heard, reply)


def _keep_form(ctx: Context, tx: Connection, heard: InThread, reply: Reply) -> End:
    """A form holds all of an answer, and takes the place of the one before."""
    tell_gone(ctx, tx, heard, reply)
    said = [(heard.meetings[number - 1], answer) for number, answer in reply.answers.items()]
    taken = [(meeting, answer) for meeting, answer in said if takes_answer(meeting)]
    for meeting, answer in taken:
        keep_whole(ctx, tx, WholeAnswer(heard.rep, meeting, answer, heard.source))
    if not taken:
        return End(InboundState.QUARANTINED, Reason.EVENT_GONE, reply.disposition)
    return End(InboundState.DONE, Reason.ANSWERED, reply.disposition)


def _outside_of_threads(ctx: Context, tx: Connection, word: ChatWord, text: str) -> End:
    """A command about all of the rep's calls, or words of which nobody knows what they are about:
    the rep is told where these belong."""
    rep, source = people.get_rep(tx, word.rep_id), Source.of_chat(word.id)
    say = templates_of(ctx, rep).words.say
    found = read_command_alone(plain_of(text).strip())
    if found is not None and found[0].name in REP_HANDLERS:
        command = RepCommand(rep, found[0].argument, source, say)
        reason = execute_for_rep(ctx, tx, found[0].name, command)
        return End(InboundState.DONE, reason, Disposition.COMMAND)
    response = CommandResponse(Reason.WHICH_MEETING, say(WRITE_INTO_THREAD), source)
    respond_to_command(ctx, tx, (), rep, response)
    return End(InboundState.QUARANTINED, Reason.WHICH_MEETING, Disposition.UNCLEAR)


def _end(
    ctx: Context, tx: Connection, lease: Lease, word: ChatWord, heard: InThread | None, end: End
) -> None:
    state = WordState.DONE if end.state is InboundState.DONE else WordState.DROPPED
    values = {"state": state.value, "reason": end.reason, "disposition": end.disposition}
    release(tx, lease, **values)
    about = heard.meetings[0].id if heard is not None else None
    step = audit.Step(StepName.UNDERSTAND, reason_of(end.reason), about, word.rep_id)
    audit.record(tx, step, ctx.clock())
