"""What was posted in the chat says what became of it: answered elsewhere, skipped, called off."""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.commitment import MeetingState
from nudger.domain.controls import Activity
from nudger.domain.lifecycle import ANSWERED, WRITTEN, takes_answers
from nudger.domain.mails import QUESTIONS, MailKind
from nudger.domain.turns import Course
from nudger.jobs.outgoing.by_chat import message_to
from nudger.jobs.outgoing.facts import gather_facts, with_lookalikes
from nudger.jobs.outgoing.send_time import Outgoing, outgoing
from nudger.mail.chat.message import Settled
from nudger.providers.chat import ChatRefused
from nudger.runtime.attempt import Work
from nudger.runtime.context import Context
from nudger.runtime.holds import is_held
from nudger.runtime.policies import load_domain_rules
from nudger.runtime.work_off import each_claimed
from nudger.store import chat, inbox, outbox
from nudger.store.answers import source_of
from nudger.store.chat import ChatPost
from nudger.store.leases import Lease, release
from nudger.store.meetings import Meeting


def settle(ctx: Context) -> int:
    """Edit every post about which there is something new; returns how many were edited."""
    if ctx.chat is None:
        return 0
    return sum(each_claimed(ctx, _claim, _settle))


def _claim(ctx: Context, room: int) -> list[tuple[Work, ChatPost]]:
    with ctx.database.begin() as tx:
        if is_held(tx, Activity.SEND):
            return []
        claimed = chat.claim_posts(tx, ctx.claimant(), room)
    return [(_work(lease, post), post) for lease, post in claimed]


def _work(lease: Lease, post: ChatPost) -> Work:
    course = Course(("settle", post.channel_id))
    return Work(lease, f"post {post.mail_id}", post.attempts, course=course)


def _settle(ctx: Context, lease: Lease, post: ChatPost) -> bool:
    with ctx.database.read() as tx:
        out = outgoing(ctx, tx, outbox.get_mail(tx, post.mail_id))
        settled = {
            number: found
            for number, one in enumerate(out.meetings, start=1)
            if (found := _what_became(ctx, tx, out, one)) is not None
        }
        rules = load_domain_rules(tx, ctx.settings, out.rep.team)
        facts = with_lookalikes(rules, gather_facts(ctx, tx, out.rep, out.meetings))
    shown = " ".join(f"{number}:{what}" for number, what in settled.items())[:300]
    is_new = shown != post.shown and out.mail.kind in QUESTIONS and bool(facts)
    if is_new and post.ts is not None and ctx.chat is not None:
        try:
            ctx.chat.update(post.channel_id, post.ts, message_to(ctx, out, facts, settled))
        except ChatRefused:
            """Nobody sees it any more, so that it misleads nobody."""
    with ctx.database.begin() as tx:
        release(tx, lease, due_at=None, shown=shown)
    return is_new


def _what_became(ctx: Context, tx: Connection, out: Outgoing, meeting: Meeting) -> Settled | None:
    """`None` where the question is open."""
    if not takes_answers(meeting.state, meeting.reason):
        return Settled.CALLED_OFF
    if meeting.rep_id != out.rep.id:
        return Settled.PASSED_ON
    if out.mail.kind is MailKind.FOLLOW_UP:
        given = ctx.outcomes.find_many(tx, {meeting.id})
        return _by_what(ctx, tx, out, meeting) if given else None
    if meeting.state is MeetingState.WITHDRAWN:
        return Settled.SKIPPED
    if meeting.state not in (ANSWERED, WRITTEN):
        return None
    return _by_what(ctx, tx, out, meeting)


def _by_what(ctx: Context, tx: Connection, out: Outgoing, meeting: Meeting) -> Settled:
    """By what the last word came: a reply, the chat, or anything else."""
    if out.mail.kind is MailKind.FOLLOW_UP:
        here = chat.answered_here_at(tx, [out.mail.id])
        by_mail = inbox.answered_at(tx, out.mail.id)
        if by_mail is not None and (here is None or by_mail > here):
            return Settled.BY_MAIL
        return Settled.ELSEWHERE if here is None else Settled.HERE
    latest = ctx.answers.latest(tx, meeting.id)
    if latest is not None and source_of(tx, meeting.id, latest[0]) is not None:
        return Settled.BY_MAIL
    posts = [one.mail_id for one in chat.questions_about(tx, out.rep.id, [meeting.id])]
    here = chat.answered_here_at(tx, posts)
    return Settled.ELSEWHERE if here is None else Settled.HERE
