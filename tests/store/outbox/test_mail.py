"""To whom a mail goes."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from nudger.domain.mails import MailKind, MailState
from nudger.store import outbox, people, sent_log, tables
from nudger.store.outbox import Mail
from tests.store.mails import NOW


def test_what_goes_to_somebody_else_is_no_mail_to_the_rep(database, two_reps):
    ana, mia = two_reps
    with database.begin() as tx:
        sent = {"state": MailState.SENT.value, "sent_at": NOW}
        to_mia = tables.mail.c.once == "m"
        tx.execute(sa.update(tables.mail).where(to_mia).values(**sent))
        assert sent_log.last_sent(tx, ana, NOW, NOW).latest is None
        assert sent_log.last_sent(tx, mia, NOW, NOW).reported_at == NOW
        assert (sent_log.next_asking_at(tx, ana), sent_log.next_asking_at(tx, mia)) == (None, NOW)


def test_a_mail_to_somebody_else_outlives_the_rep(database, two_reps):
    _, mia = two_reps
    with database.begin() as tx:
        people.remove_rep(tx, "ana@x.co")
        assert {one.once: one.rep_id for one in outbox.waiting(tx, tuple(MailKind))} == {
            "m": mia.id,
            "q": mia.id,
        }
        people.remove_rep(tx, "mia@x.co")
        assert outbox.waiting(tx, tuple(MailKind)) == []


def test_who_reads_a_mail_is_the_rep_unless_it_goes_to_somebody_else():
    mail = Mail(1, MailKind.WEEKLY, "w", 7, MailState.DUE, "weekly", NOW, 0)
    assert mail.reader_id == 7
    assert replace(mail, recipient="mia@x.co").reader_id is None
