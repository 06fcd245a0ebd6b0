"""What is left of the mails to a removed rep: the hashes of their tokens, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.store import outbox, people, retired_tokens, tables
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from nudger.store.retention import EXPIRIES, Limits

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SINCE = NOW - timedelta(days=60)


@pytest.fixture
def rep_id(database):
    """Ana, with a mail sent lately, one sent long ago, one not sent, and one to her manager."""
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
        for token, sent_at, recipient in (
            ("lately", NOW - timedelta(days=3), None), ("long ago", SINCE - timedelta(days=1), None),
            ("unsent", None, None), ("manager", NOW - timedelta(days=3), "mia@x.co"),
        ):  # fmt: skip
            new = NewMail(MailKind.QUESTION, token, rep.id, NOW, "x", recipient=recipient)
            mail = tables.mail.c.id == outbox.put(tx, new)
            values = {"token_hash": token, "sent_at": sent_at}
            tx.execute(update(tables.mail).where(mail).values(values))
    return rep.id


def test_what_was_sent_lately_to_the_rep_is_kept_and_once(database, rep_id):
    with database.begin() as tx:
        for _ in range(2):
            retired_tokens.retire(tx, [rep_id], SINCE, NOW)
        people.remove_rep(tx, "ana@x.co")
        assert list(tx.execute(select(tables.retired_token)).all()) == [("lately", NOW)]
        assert retired_tokens.is_retired(tx, "lately")
        assert not retired_tokens.is_retired(tx, "manager")


def test_they_go_after_their_time(database, rep_id):
    (expiry,) = (one for one in EXPIRIES if one.name == "retired_tokens")
    with database.begin() as tx:
        retired_tokens.retire(tx, [rep_id], SINCE, NOW)
        for before, left in ((NOW, 1), (NOW + timedelta(seconds=1), 0)):
            limits = Limits(NOW, NOW, NOW, NOW, before, sign_ins=NOW, sessions=NOW)
            expiry.remove_batch(tx, limits, expiry.find_batch(tx, limits))
            assert len(tx.execute(select(tables.retired_token)).all()) == left
