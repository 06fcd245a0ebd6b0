"""Mails are put once, each about its own meetings."""

from __future__ import annotations

import threading
from dataclasses import replace

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.store import inbox, outbox, people
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from tests.store.mails import LATER, NOW


def test_two_workers_who_put_the_same_at_once_put_it_once(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
    new = NewMail(MailKind.WEEKLY, "weekly:1", rep.id, NOW, "weekly")
    start, ids = threading.Barrier(8), []

    def work():
        start.wait()
        for number in range(20):
            with database.begin() as tx:
                ids.append(outbox.put(tx, replace(new, once=f"weekly:{number}")))
                inbox.ensure_mailbox(tx, f"box{number}@ourco.com", "google", NOW)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 160
    assert sum(one is not None for one in ids) == 20


def test_the_same_is_put_once_and_stays_about_what_it_was_about(database, three):
    with database.begin() as tx:
        again = NewMail(MailKind.QUESTION, f"q:{three[0]}", 1, LATER, "y", (three[1],))
        assert outbox.put(tx, again) is None
        (mail,) = outbox.about_meeting(tx, three[0])
    assert (mail.due_at, mail.reason) == (NOW, "x")


def test_several_are_put_at_once_each_about_its_own(database, three):
    with database.begin() as tx:
        rep_id = outbox.about_meeting(tx, three[0])[0].rep_id
        new = [
            NewMail(MailKind.REMINDER, "r:two", rep_id, NOW, "x", (three[1], three[0])),
            NewMail(MailKind.WEEKLY, "r:none", rep_id, NOW, "x"),
            NewMail(MailKind.REMINDER, "r:one", rep_id, LATER, "x", (three[2],)),
        ]
        ids = outbox.put_new(tx, new)
        assert [outbox.get_mail(tx, one).once for one in ids] == ["r:two", "r:none", "r:one"]
        about = [outbox.meeting_ids(tx, one) for one in ids]
        assert about == [[three[1], three[0]], [], [three[2]]]
        assert outbox.put_new(tx, []) == []
