"""Two workers that put the same mail at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.store import outbox, people, tables
from nudger.store.database import Database
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def weekly(database):
    with database.begin() as tx:
        ana = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
    return NewMail(MailKind.WEEKLY, "weekly:1:2026-W48", ana.id, NOW, "weekly")


def test_the_later_puts_nothing_and_fails_at_nothing(database, database_url, weekly):
    another, found = Database(database_url), []

    def put_too():
        with another.begin() as tx:
            found.append(outbox.put(tx, weekly))
            found.append(outbox.put(tx, weekly))

    with database.begin() as tx:
        first = outbox.put(tx, weekly)
        rival = threading.Thread(target=put_too)
        rival.start()
        rival.join(timeout=0.3)
        assert rival.is_alive(), "it waits for what becomes of the first"
    rival.join()
    another.close()
    assert first is not None
    assert found == [None, None]
    with database.read() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(tables.mail)) == 1
