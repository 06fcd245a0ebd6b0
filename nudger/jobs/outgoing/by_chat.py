"""Another way for what we send: posted in a chat, to reps who chose that.

As with a mail, what we are about to do is committed before it is done: where, and by which key the
post is known again. After a crash the chat is asked what became of it. What the chat does not take
goes by mail, and the trail says so.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from nudger.domain.mails import IN_CHAT, QUESTIONS, MailState
from nudger.domain.reasons import Reason, StepName
from nudger.jobs.outgoing.facts import MeetingFacts, gather_facts, with_lookalikes
from nudger.jobs.outgoing.render import compose, envelope_of, letter_to, templates_of
from nudger.jobs.outgoing.send_time import Outgoing
from nudger.mail.chat.message import ChatMessage, Settled, question, told
from nudger.providers.base import SentMail, Unavailable
from nudger.providers.chat import Chat, ChatRefused, NewPost
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules
from nudger.store import audit, chat
from nudger.store.chat import ChatPerson, ChatPost
from nudger.store.leases import Lease, change

log = logging.getLogger(__name__)

TRIED_AGAIN_AFTER = timedelta(hours=1)
"""For so long nothing is posted to somebody to whom the chat took nothing."""

MOST_TRIES = 3
"""So often a chat that does not answer is tried, some minutes in all, before a mail goes."""


def post_in_chat(ctx: Context, out: Outgoing, lease: Lease) -> SentMail | None:
    """Where it stands in the chat now; `None` where it does not, and a mail is to go."""
    known = None
    if ctx.chat is not None and out.mail.kind in IN_CHAT and out.mail.recipient is None:
        with ctx.database.read() as tx:
            known, person = chat.find_post(tx, out.mail.id), chat.find_person(tx, out.rep.id)
        if known is not None and known.ts is not None:
            return _sent(known)
        if person is not None and _may_be_posted(ctx, out, person):
            return _post_or_refuse(ctx, ctx.chat, _Posting(out, lease, person, known))
    return None


def _may_be_posted(ctx: Context, out: Outgoing, person: ChatPerson) -> bool:
    """Whether no mail of it was begun, and the chat did not refuse a moment ago."""
    is_mail = out.mail.state is MailState.DRAFTED or out.mail.rfc_message_id is not None
    refused = person.refused_at
    return not is_mail and (refused is None or ctx.clock() >= refused + TRIED_AGAIN_AFTER)


class _Posting:
    """What is to be posted, under which lease, to whom; `known` is an earlier try."""

    def __init__(
        self, out: Outgoing, lease: Lease, person: ChatPerson, known: ChatPost | None
    ) -> None:
        self.out, self.lease, self.person, self.known = out, lease, person, known


def _post_or_refuse(ctx: Context, there: Chat, posting: _Posting) -> SentMail | None:
    try:
        return _post(ctx, there, posting)
    except ChatRefused as refused:
        _go_by_mail(ctx, posting, str(refused))
    except Unavailable as error:
        if posting.out.mail.attempts < MOST_TRIES:
            raise
        _go_by_mail(ctx, posting, str(error))
    return None


def _post(ctx: Context, there: Chat, posting: _Posting) -> SentMail | None:
    out, known = posting.out, posting.known
    post = known or _new_post(ctx, posting, _channel(ctx, there, posting))
    if post is None:
        return None
    with ctx.database.read() as tx:
        rules = load_domain_rules(tx, ctx.settings, out.rep.team)
        facts = with_lookalikes(rules, gather_facts(ctx, tx, out.rep, out.meetings))
    new = NewPost(post.channel_id, post.key, message_to(ctx, out, facts, {}), post.thread_ts)
    if known is None:
        with ctx.database.begin() as tx:
            chat.begin_post(tx, post)
            change(tx, posting.lease, state=MailState.DRAFTING.value)
    ts = None if known is None else there.find_post(new, known.begun_at)
    if ts is None:
        ts = there.post(new)
    with ctx.database.begin() as tx:
        chat.set_posted(tx, out.mail.id, ts, ctx.clock())
        if posting.person.refused_at is not None:
            chat.set_refused(tx, out.rep.id, None, ctx.clock())
    return _sent(replace(post, ts=ts))


def _new_post(ctx: Context, posting: _Posting, channel_id: str) -> ChatPost | None:
    """`None` for what answers the rep and has no thread to stand in."""
    out, thread = posting.out, None
    if out.mail.kind not in QUESTIONS:
        with ctx.database.read() as tx:
            ids = [one.id for one in out.meetings]
            asked = chat.questions_about(tx, out.rep.id, ids)
        here = [one for one in asked if one.channel_id == channel_id]
        if not here and out.meetings:
            return None
        thread = here[-1].ts if here else None
    key = ctx.random_bytes(16).hex()
    return ChatPost(out.mail.id, channel_id, key, ctx.clock(), thread)


def _channel(ctx: Context, there: Chat, posting: _Posting) -> str:
    """The rep's channel with us; who they are is asked once, by their address."""
    person, rep = posting.person, posting.out.rep
    if person.channel_id is not None:
        return person.channel_id
    user = there.find_user(rep.email)
    with ctx.database.begin() as tx:
        other = chat.known_as(tx, user.team_id, user.user_id)
        if other is not None and other.rep_id != rep.id:
            raise ChatRefused("slack: another rep is this user already")
        chat.bind(tx, rep.id, user.team_id, user.user_id, user.channel_id)
    return user.channel_id


def message_to(
    ctx: Context, out: Outgoing, facts: tuple[MeetingFacts, ...], settled: Mapping[int, Settled]
) -> ChatMessage:
    """What a row of the outbox says in the chat."""
    templates = templates_of(ctx, out.rep)
    if out.mail.kind in QUESTIONS:
        letter = letter_to(ctx, out.mail, out.rep, facts)
        return question(out.mail.kind, letter, templates, settled)
    envelope = envelope_of(ctx, out.rep, "", "")
    mail = compose(ctx, out.mail, out.rep, facts, envelope)
    body = mail.get_body(("plain",))
    return told("" if body is None else str(body.get_content()))


def _go_by_mail(ctx: Context, posting: _Posting, why: str) -> None:
    out, now = posting.out, ctx.clock()
    log.warning("%s %s goes by mail: %s", out.mail.kind, out.mail.id, why)
    about: list[int | None] = [one.id for one in out.meetings]
    steps = [
        audit.Step(StepName.CHAT, Reason.CHAT_REFUSED, one, out.rep.id) for one in about or [None]
    ]
    with ctx.database.begin() as tx:
        chat.set_refused(tx, out.rep.id, why, now)
        chat.forget_post(tx, out.mail.id)
        audit.record_all(tx, steps, now)


def _sent(post: ChatPost) -> SentMail:
    place = f"chat:{post.channel_id}:{post.thread_ts or post.ts}"
    return SentMail(f"chat:{post.channel_id}:{post.ts}", place)
