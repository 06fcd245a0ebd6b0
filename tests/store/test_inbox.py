"""Received mails as they are stored."""

from __future__ import annotations

from datetime import UTC, datetime

from nudger.mail.message import IncomingMail
from nudger.store.inbox import Inbox
from nudger.store.vault import Vault, new_key, read_key

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_mail_that_comes_again_is_told_to_be_known(database):
    inbox = Inbox(Vault(read_key(new_key())))
    mail = IncomingMail(
        message_id="1", thread_id="t", raw=b"x", received_at=NOW, sent_by_owner=False
    )
    with database.begin() as tx:
        assert [inbox.store(tx, "nudger@ourco.com", mail, NOW) for _ in range(2)] == [True, False]
