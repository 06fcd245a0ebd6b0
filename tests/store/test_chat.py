"""What was posted in the chat, and what of it is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.store import chat, outbox, people, tables
from nudger.store.chat import ChatPost
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from nudger.store.vault import Vault

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE, ELSEWHERE = "D1", "D2"
POSTS = {
    "older": {"begun_at": NOW},
    "newer": {"begun_at": NOW + timedelta(hours=1)},
    "in a thread": {"begun_at": NOW + timedelta(hours=2), "thread_ts": "ts older"},
    "elsewhere": {"begun_at": NOW + timedelta(hours=3), "channel_id": ELSEWHERE},
    "about to be": {"begun_at": NOW + timedelta(hours=4)},
}


@pytest.fixture
def tx(database):
    with database.begin() as opened:
        yield opened


@pytest.fixture
def posted(tx):
    """Questions about one call, as posted; returns their names by their mails, and the call."""
    rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
    details = MeetingDetails("T", ())
    plan = MeetingPlan("k", rep.id, "organizer", "x", NOW, NOW, "UTC", ("acme.com",), details)
    (meeting_id,) = Meetings(Vault(b"k" * 32)).add_many(tx, [plan], NOW).values()
    names = {}
    for name, values in POSTS.items():
        new = NewMail(MailKind.QUESTION, name, rep.id, NOW, "x", (meeting_id,))
        mail_id = outbox.put(tx, new)
        chat.begin_post(tx, ChatPost(mail_id, **{"channel_id": HERE, "key": name, **values}))
        if name != "about to be":
            chat.set_posted(tx, mail_id, f"ts {name}", NOW)
        names[mail_id] = name
    return names, meeting_id


@pytest.mark.parametrize(("limit", "found"), [(9, ["newer", "older"]), (1, ["newer"])])
def test_the_latest_outside_of_threads(tx, posted, limit, found):
    names, _ = posted
    assert [names[one.mail_id] for one in chat.latest_in(tx, HERE, limit)] == found


def test_what_stands_by_itself_is_looked_at_again_when_something_becomes_of_its_call(tx, posted):
    """What stands in a thread told something once, and what is not posted yet says it then."""
    names, meeting_id = posted
    columns = tables.chat_post.c
    tx.execute(sa.update(tables.chat_post).values(due_at=None))
    chat.look_again(tx, [meeting_id + 1], NOW)
    due = sa.select(columns.mail_id).where(columns.due_at.is_not(None))
    assert list(tx.scalars(due)) == []
    chat.look_again(tx, [meeting_id], NOW)
    assert {names[one] for one in tx.scalars(due)} == {"older", "newer", "elsewhere"}
