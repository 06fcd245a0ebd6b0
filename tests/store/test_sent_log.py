"""What was sent: the threads in which we wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
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
