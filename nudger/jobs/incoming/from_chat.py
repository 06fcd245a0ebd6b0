"""What comes in from the chat is stored before the chat is told that we have it, and nothing else.

A word is a rep's where the chat's own team and user ids are those that the rep was bound to, in
their own channel with us. Anybody else's, wherever it was said, is dropped unread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from nudger.domain.commitment import OPEN
from nudger.jobs.outgoing.facts import gather_facts
from nudger.jobs.outgoing.render import call_of, templates_of
from nudger.jobs.outgoing.send_time import Outgoing, outgoing
from nudger.mail.chat.form import form_of
from nudger.mail.chat.message import Act
from nudger.providers.base import ProviderError
from nudger.providers.chat import ChatEars, ChatEvent
from nudger.runtime.context import Context
from nudger.runtime.policies import milestones_of
from nudger.store import chat, outbox
from nudger.store.chat import ChatPerson, NewWord, WordKind

log = logging.getLogger(__name__)

RECONNECTS_AFTER_SECONDS = 20.0
MOST_LOOKED_AT = 5


@contextmanager
def chat_beside(ctx: Context) -> Iterator[None]:
    """Hear what is said in the chat while the block lasts, where there is one."""
    if ctx.chat is None:
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_hear, args=(ctx, done), name="chat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def _hear(ctx: Context, done: threading.Event) -> None:
    """A chat that is down, or knows our tokens no more, ends nothing else."""
    from nudger.providers.slack.socket import hearing  # noqa: PLC0415 - takes long to import

    slack = ctx.settings.slack
    while not done.is_set():
        try:
            with hearing(slack.bot_token or "", slack.app_token or "", slack.api_root, ears(ctx)):
                done.wait()
        except ProviderError as error:
            log.warning("%s", error)
        except Exception:  # whatever it is, it must not end the hearing
            log.exception("the chat's connection failed")
        done.wait(RECONNECTS_AFTER_SECONDS)


def ears(ctx: Context) -> ChatEars:
    return ChatEars(
        said=lambda event: keep_said(ctx, event),
        clicked=lambda event: keep_click(ctx, event),
        filled_in=lambda event, metadata: keep_form(ctx, event, metadata),
    )


def keep_said(ctx: Context, event: ChatEvent) -> None:
    """Store a message; outside of threads it is about the one question that is open."""
    with ctx.database.begin() as tx:
        person = _who(tx, event)
        if person is None:
            return
        if event.ts is not None:
            out = _about(ctx, tx, person, event.channel_id, event.ts)
        else:
            out = _the_open_one(ctx, tx, person)
        _store(ctx, tx, event, person, None if out is None else out.mail.id, WordKind.MESSAGE)


def keep_click(ctx: Context, event: ChatEvent) -> None:
    """Store a click, or show the form that it asks for."""
    act, _, number = str(event.content.get("act", "")).partition(":")
    with ctx.database.begin() as tx:
        person = _who(tx, event)
        found = person and _about(ctx, tx, person, event.channel_id, event.ts or "")
        if person is None or not found:
            return
        if act != Act.ANSWER:
            _store(ctx, tx, event, person, found.mail.id, WordKind.CLICK)
            return
    if number.isdecimal() and 1 <= int(number) <= len(found.meetings):
        _show_form(ctx, found, int(number), event.trigger)


def keep_form(ctx: Context, event: ChatEvent, metadata: str) -> None:
    """Store what was filled in; `metadata` is as we gave it with the form."""
    mail_id, _, number = metadata.partition(":")
    with ctx.database.begin() as tx:
        person = chat.known_as(tx, event.team_id, event.user_id)
        if person is None or not mail_id.isdecimal():
            _refused(event)
            return
        post = chat.find_post(tx, int(mail_id))
        if post is None or outbox.get_mail(tx, post.mail_id).rep_id != person.rep_id:
            _refused(event)
            return
        content = {**event.content, "number": number}
        word = NewWord(event.key, person.rep_id, post.mail_id, WordKind.FORM, content)
        chat.store_word(tx, ctx.vault, word, ctx.clock())


def _who(tx: Connection, event: ChatEvent) -> ChatPerson | None:
    """The rep who said it, in the channel that is theirs and ours alone."""
    person = chat.known_as(tx, event.team_id, event.user_id)
    if person is None or person.channel_id != event.channel_id:
        _refused(event)
        return None
    return person


def _refused(event: ChatEvent) -> None:
    facts = {"event": "chat_stranger", "key": event.key[:80]}
    log.info("the chat: dropped what is no rep's", extra={"facts": facts})


def _about(
    ctx: Context, tx: Connection, person: ChatPerson, channel_id: str, ts: str
) -> Outgoing | None:
    """What of ours this is about; `None` for what is none of theirs."""
    post = chat.post_at(tx, channel_id, ts)
    if post is None:
        return None
    out = outgoing(ctx, tx, outbox.get_mail(tx, post.mail_id))
    is_theirs = out.mail.rep_id == person.rep_id and not out.mail.token_void
    return out if is_theirs and out.meetings else None


def _the_open_one(ctx: Context, tx: Connection, person: ChatPerson) -> Outgoing | None:
    latest = chat.latest_in(tx, person.channel_id or "", MOST_LOOKED_AT)
    found = [_about(ctx, tx, person, post.channel_id, post.ts or "") for post in latest]
    is_open = [
        one for one in found if one is not None and any(m.state in OPEN for m in one.meetings)
    ]
    asked = {meeting.id for one in is_open for meeting in one.meetings}
    is_one = is_open and asked == {meeting.id for meeting in is_open[0].meetings}
    return is_open[0] if is_one else None


def _store(
    ctx: Context,
    tx: Connection,
    event: ChatEvent,
    person: ChatPerson,
    mail_id: int | None,
    kind: WordKind,
) -> None:
    word = NewWord(event.key, person.rep_id, mail_id, kind, event.content)
    chat.store_word(tx, ctx.vault, word, ctx.clock())


def _show_form(ctx: Context, out: Outgoing, number: int, trigger: str) -> None:
    """Nothing is lost where it cannot be shown: the button is still there."""
    with ctx.database.read() as tx:
        (facts,) = gather_facts(ctx, tx, out.rep, out.meetings[number - 1 : number])
    words = templates_of(ctx, out.rep).words
    milestones = tuple(milestones_of(ctx.settings, out.rep))
    metadata = f"{out.mail.id}:{number}"
    form = form_of(words, call_of(ctx, out.rep, facts), milestones, metadata)
    try:
        if ctx.chat is not None:
            ctx.chat.open_form(trigger, form)
    except ProviderError as error:
        log.warning("the form could not be shown: %s", error)
