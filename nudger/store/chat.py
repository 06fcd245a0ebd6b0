"""Who is asked in a chat, which of our mails were posted there, and what was said back.

Having a row in `chat_person` is having chosen the chat. A post's row is written before it is
posted, so that after a crash the chat can be asked what became of it; `ts` is the chat's id for it.
A word is stored, sealed, before the chat is told that we have it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from nudger.domain.mails import QUESTIONS
from nudger.store import tables
from nudger.store.insert_if_absent import add_if_absent
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.vault import Vault
from nudger.store.written_out import is_one_of


@dataclass(frozen=True, slots=True)
class ChatPerson:
    """A rep who chose the chat, and who they are there, once that was looked up. `refused_why` says
    why they cannot be reached, since `refused_at`."""

    rep_id: int
    team_id: str | None = None
    user_id: str | None = None
    channel_id: str | None = None
    refused_at: datetime | None = None
    refused_why: str | None = None


@dataclass(frozen=True, slots=True)
class ChatPost:
    """A mail of ours as it was posted, or is about to be while `ts` is `None`. `shown` tells what
    it says of its calls by now."""

    mail_id: int
    channel_id: str
    key: str
    begun_at: datetime
    thread_ts: str | None = None
    ts: str | None = None
    shown: str = ""
    attempts: int = 0


class WordKind(StrEnum):
    """A message, a click on a button, or what a form was filled in with."""

    MESSAGE = "message"
    CLICK = "click"
    FORM = "form"


class WordState(StrEnum):
    STORED = "stored"
    DONE = "done"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewWord:
    """`key` is the chat's own id of the event; `content` is JSON."""

    key: str
    rep_id: int
    mail_id: int | None
    kind: WordKind
    content: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChatWord:
    id: int
    key: str
    rep_id: int
    mail_id: int | None
    kind: WordKind
    attempts: int
    sealed: bytes = field(repr=False)


def choose(tx: Connection, rep_id: int, now: datetime) -> None:
    """The rep wants to be asked in the chat; who chose it before is looked up anew."""
    leave(tx, rep_id)
    tx.execute(insert(tables.chat_person).values(rep_id=rep_id, chosen_at=now))


def leave(tx: Connection, rep_id: int) -> bool:
    """The rep wants mails again; false where they got them anyway."""
    mine = tables.chat_person.c.rep_id == rep_id
    return tx.execute(delete(tables.chat_person).where(mine)).rowcount > 0


def find_person(tx: Connection, rep_id: int) -> ChatPerson | None:
    mine = tables.chat_person.c.rep_id == rep_id
    row = tx.execute(select(tables.chat_person).where(mine)).one_or_none()
    return None if row is None else _person(row)


def list_people(tx: Connection) -> dict[int, ChatPerson]:
    """All who chose the chat, by rep."""
    return {row.rep_id: _person(row) for row in tx.execute(select(tables.chat_person))}


def known_as(tx: Connection, team_id: str, user_id: str) -> ChatPerson | None:
    """The rep who is bound to this user of this team."""
    columns = tables.chat_person.c
    theirs = (columns.team_id == team_id) & (columns.user_id == user_id)
    row = tx.execute(select(tables.chat_person).where(theirs)).one_or_none()
    return None if row is None else _person(row)


def bind(tx: Connection, rep_id: int, team_id: str, user_id: str, channel_id: str) -> None:
    values = {"team_id": team_id, "user_id": user_id, "channel_id": channel_id}
    _change_person(tx, rep_id, **values, refused_at=None, refused_why=None)


def set_refused(tx: Connection, rep_id: int, why: str | None, now: datetime) -> None:
    """The chat does not take what we post to them, or, without a reason, does again."""
    at = None if why is None else now
    _change_person(tx, rep_id, refused_at=at, refused_why=why and why[:500])


def _change_person(tx: Connection, rep_id: int, **values: Any) -> None:
    mine = tables.chat_person.c.rep_id == rep_id
    tx.execute(update(tables.chat_person).where(mine).values(**values))


def begin_post(tx: Connection, post: ChatPost) -> None:
    """Say what we are about to post, where, and by which key it is known again."""
    row = {
        "mail_id": post.mail_id, "channel_id": post.channel_id, "thread_ts": post.thread_ts,
        "post_key": post.key, "begun_at": post.begun_at,
    }  # fmt: skip
    tx.execute(insert(tables.chat_post).values(row))


def forget_post(tx: Connection, mail_id: int) -> None:
    """It was not posted and will not be."""
    tx.execute(delete(tables.chat_post).where(tables.chat_post.c.mail_id == mail_id))


def set_posted(tx: Connection, mail_id: int, ts: str, now: datetime) -> None:
    """It is there. It is looked at once more: what became of its calls while it was posted could
    not be told to it."""
    mine = tables.chat_post.c.mail_id == mail_id
    tx.execute(update(tables.chat_post).where(mine).values(ts=ts, due_at=now))


def find_post(tx: Connection, mail_id: int) -> ChatPost | None:
    found = select(tables.chat_post).where(tables.chat_post.c.mail_id == mail_id)
    row = tx.execute(found).one_or_none()
    return None if row is None else _post(row)


def post_at(tx: Connection, channel_id: str, ts: str) -> ChatPost | None:
    """What we posted that the chat knows by this id."""
    columns = tables.chat_post.c
    here = (columns.channel_id == channel_id) & (columns.ts == ts)
    row = tx.execute(select(tables.chat_post).where(here)).one_or_none()
    return None if row is None else _post(row)


def questions_about(tx: Connection, rep_id: int, meeting_ids: Collection[int]) -> list[ChatPost]:
    """The questions to this rep about any of the meetings that were posted, the latest last."""
    mail, links = tables.mail.c, tables.mail_meeting.c
    about = select(links.mail_id).where(links.meeting_id.in_(meeting_ids))
    asks = mail.kind.in_([kind.value for kind in QUESTIONS]) & (mail.rep_id == rep_id)
    found = (
        select(tables.chat_post)
        .join(tables.mail, mail.id == tables.chat_post.c.mail_id)
        .where(asks, mail.id.in_(about), tables.chat_post.c.ts.is_not(None))
        .order_by(tables.chat_post.c.begun_at, mail.id)
    )
    return [_post(row) for row in tx.execute(found)]


def latest_in(tx: Connection, channel_id: str, limit: int) -> list[ChatPost]:
    """What was posted last outside of threads, the latest first."""
    columns = tables.chat_post.c
    here = (columns.channel_id == channel_id) & columns.ts.is_not(None)
    found = select(tables.chat_post).where(here, columns.thread_ts.is_(None))
    rows = tx.execute(found.order_by(columns.begun_at.desc(), columns.mail_id.desc()).limit(limit))
    return [_post(row) for row in rows]


def look_again(tx: Connection, meeting_ids: Collection[int], now: datetime) -> None:
    """Something became of these meetings: what was posted about them is to say so."""
    columns, links = tables.chat_post.c, tables.mail_meeting.c
    about = select(links.mail_id).where(links.meeting_id.in_(meeting_ids))
    posted = columns.mail_id.in_(about) & columns.ts.is_not(None) & columns.thread_ts.is_(None)
    tx.execute(update(tables.chat_post).where(posted).values(due_at=now))


def claim_posts(tx: Connection, claimant: Claimant, limit: int) -> list[tuple[Lease, ChatPost]]:
    """Those that are to be looked at again."""
    due = tables.chat_post.c.due_at.is_not(None) & claimant.is_due(tables.chat_post)
    claimed = claim(tx, tables.chat_post, due, claimant, limit)
    return [(lease, _post(row)) for lease, row in claimed]


def store_word(tx: Connection, vault: Vault, new: NewWord, now: datetime) -> bool:
    """Keep what was said; false when it is known already."""
    row = {
        "event_key": new.key, "rep_id": new.rep_id, "mail_id": new.mail_id,
        "kind": new.kind.value, "content": vault.seal_json(new.content, _owner(new.key)),
        "state": WordState.STORED.value, "received_at": now, "due_at": now,
    }  # fmt: skip
    return add_if_absent(tx, tables.chat_word, row)


def claim_words(tx: Connection, claimant: Claimant, limit: int) -> list[tuple[Lease, ChatWord]]:
    is_stored = is_one_of(tables.chat_word.c.state, [WordState.STORED])
    due = is_stored & claimant.is_due(tables.chat_word)
    claimed = claim(tx, tables.chat_word, due, claimant, limit)
    return [(lease, _word(row)) for lease, row in claimed]


def opened_word(vault: Vault, word: ChatWord) -> dict[str, Any]:
    """Raises `SealBroken`."""
    content: dict[str, Any] = vault.open_json(word.sealed, _owner(word.key))
    return content


def answered_here_at(tx: Connection, mail_ids: Collection[int]) -> datetime | None:
    """When the latest word came that was said under one of these posts and was an answer."""
    columns = tables.chat_word.c
    answers = columns.mail_id.in_(mail_ids) & (columns.disposition == "answer")
    latest: datetime | None = tx.scalar(select(func.max(columns.received_at)).where(answers))
    return latest


def _owner(key: str) -> str:
    return f"chat_word.content:{key}"


def _person(row: Row[Any]) -> ChatPerson:
    return ChatPerson(
        row.rep_id, row.team_id, row.user_id, row.channel_id, row.refused_at, row.refused_why
    )


def _post(row: Row[Any]) -> ChatPost:
    return ChatPost(
        row.mail_id, row.channel_id, row.post_key, row.begun_at, row.thread_ts, row.ts,
        row.shown, row.attempts,
    )  # fmt: skip


def _word(row: Row[Any]) -> ChatWord:
    return ChatWord(
        row.id, row.event_key, row.rep_id, row.mail_id, WordKind(row.kind), row.attempts,
        row.content,
    )  # fmt: skip
