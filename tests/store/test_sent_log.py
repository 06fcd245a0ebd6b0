"""What was sent: the threads in which we wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import GATHERED_LATE, QUESTIONS, MailKind
from nudger.domain.responding import HOUR, Response
from nudger.store import outbox, people, sent_log, tables
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def send(tx, rep, once, thread_id, message_id):
    mail_id = outbox.put(tx, NewMail(MailKind.QUESTION, once, rep.id, NOW, "x"))
    sent = sa.update(tables.mail).where(tables.mail.c.id == mail_id)
    tx.execute(sent.values(thread_id=thread_id, provider_message_id=message_id))


def test_what_we_sent_is_told_for_the_threads_that_are_asked_about(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        send(tx, rep, "q:1", "thread1", "message1")
        send(tx, rep, "q:2", "thread1", "message2")
        send(tx, rep, "q:3", "thread2", "message3")
        send(tx, rep, "q:4", None, None)
        found = sent_log.sent_in(tx, ["thread1", "unknown", ""])
        assert found == {"thread1": {"message1", "message2"}}
        assert sent_log.sent_in(tx, []) == {}


@pytest.mark.parametrize("kind", MailKind)
def test_what_asks_is_told_from_what_tells_and_what_answers_is_neither(database, kind):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        outbox.put(tx, NewMail(kind, "it", rep.id, NOW, "x"))
        tx.execute(sa.update(tables.mail).values(sent_at=NOW))
        last = sent_log.last_sent(tx, rep, NOW, NOW)
    asked, told = (NOW if kind in kinds else None for kinds in (QUESTIONS, GATHERED_LATE))
    assert (last.asked_at, last.reported_at) == (asked, told)


def test_what_a_person_was_answered_since_a_moment(database):
    with database.begin() as tx:
        ana, mia = (people.add_rep(tx, NewRep(f"{n}@x.co", Provider.GOOGLE), NOW) for n in "am")
        for once, kind, at, recipient in (
            ("c:1", MailKind.COMMAND, NOW, None),
            ("q:1", MailKind.QUARANTINED, NOW, "m@x.co"),
            ("c:0", MailKind.COMMAND, NOW - timedelta(hours=2), None),
            ("a:1", MailKind.QUESTION, NOW, None),
        ):
            outbox.put(tx, NewMail(kind, once, ana.id, at, "help", recipient=recipient))
        told = sent_log.responses_since(tx, ana, NOW - HOUR)
        assert told == [Response(MailKind.COMMAND, "help", NOW, waits=True)]
        assert [one.kind for one in sent_log.responses_since(tx, mia, NOW)] == ["quarantined"]
        assert len(sent_log.responses_since(tx, ana, NOW - 2 * HOUR)) == 2
        tx.execute(sa.update(tables.mail).values(state="merged"))
        assert sent_log.responses_since(tx, ana, NOW - HOUR) == []
