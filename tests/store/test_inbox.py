"""Mails are kept once, sealed, until they are dealt with and old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.mail.message import IncomingMail
from nudger.store import inbox, outbox, people, tables
from nudger.store.inbox import InboundState, Inbox
from nudger.store.leases import Claimant, release
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from nudger.store.vault import SealBroken, Vault, new_key, read_key

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OURS, OTHER = "nudger@ourco.com", "nudger@elsewhere.com"
RAW = b"From: ana@ourco.com\r\n\r\nDana agrees to a pilot"


@pytest.fixture
def kept():
    return Inbox(Vault(read_key(new_key())))


def mail(message_id="m1", raw=RAW, received_at=NOW):
    return IncomingMail(message_id, "thread", raw, received_at)


def claim(kept, tx, owner="a", now=NOW):
    return kept.claim(tx, Claimant(owner, now), 20)


def test_a_mail_delivered_again_is_the_same_row(database, kept):
    with database.begin() as tx:
        assert kept.store(tx, OURS, mail(), NOW)
        assert not kept.store(tx, OURS, mail(), NOW + timedelta(minutes=1))
        assert kept.store(tx, OTHER, mail(), NOW), "another mailbox has its own ids"
        stored = [one for _, one in claim(kept, tx)]
    assert [(one.mailbox, one.raw) for one in stored] == [(OURS, RAW), (OTHER, RAW)]


def test_a_mail_is_dealt_with_once(database, kept):
    with database.begin() as tx:
        kept.store(tx, OURS, mail(), NOW)
        [(lease, _)] = claim(kept, tx)
        assert claim(kept, tx, "b") == []
        release(tx, lease, state=InboundState.DONE.value)
        assert claim(kept, tx, "b", NOW + timedelta(days=1)) == []


def test_a_source_moved_to_another_mail_does_not_open(database, kept):
    with database.begin() as tx:
        kept.store(tx, OURS, mail("m1"), NOW)
        kept.store(tx, OURS, mail("m2", b"other"), NOW)
        columns = tables.inbound.c
        first = sa.select(columns.raw).where(columns.provider_message_id == "m1").scalar_subquery()
        moved = sa.update(tables.inbound).where(columns.provider_message_id == "m2")
        tx.execute(moved.values(raw=first))
        (_, good), (_, moved_there) = claim(kept, tx)
    assert good.raw == RAW, "one that does not open keeps no other from being read"
    with pytest.raises(SealBroken):
        _ = moved_there.raw


def test_a_copy_is_known_by_its_bytes_and_by_what_it_answers(database, kept):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        for once in ("q1", "q2"):
            outbox.put(tx, NewMail(MailKind.QUESTION, once, rep.id, NOW, "day_before"))
        q1, q2 = (one.id for one in outbox.waiting(tx, (MailKind.QUESTION,)))
        for number, raw in enumerate((RAW, RAW, b"another")):
            kept.store(tx, OURS, mail(f"m{number}", raw), NOW + timedelta(seconds=number))
        claimed = claim(kept, tx, now=NOW + timedelta(minutes=1))
        first, copy, another = (stored.id for _, stored in claimed)
        release(tx, claimed[0][0], state=InboundState.DONE.value, mail_id=q1)
        assert inbox.seen_before(tx, q1, copy)
        assert not inbox.seen_before(tx, q2, copy), "the same words may answer another question"
        assert not inbox.seen_before(tx, q1, another)
        assert not inbox.seen_before(tx, q1, first)


@pytest.mark.parametrize(
    ("reply", "is_heard"),
    [
        ({}, True),
        ({"answers": "of another rep"}, False),
        ({"answers": "to somebody else about the rep"}, False),
        ({"words": None}, False),
        ({"received_at": NOW}, False),
    ],
)
def test_whether_the_rep_was_heard_since(database, kept, reply, is_heard):
    """By what they wrote themselves and what was believed to be theirs."""
    came = {"answers": "mine", "words": "x", "received_at": NOW + timedelta(hours=1), **reply}
    with database.begin() as tx:
        ana, ben = (
            people.add_rep(tx, NewRep(f"{one}@ourco.com", Provider.GOOGLE), NOW).id
            for one in ("ana", "ben")
        )
        ids = {
            once: outbox.put(tx, NewMail(MailKind.COLLEAGUE, once, rep_id, NOW, "x", **to))
            for once, rep_id, to in (
                ("mine", ana, {}), ("of another rep", ben, {}),
                ("to somebody else about the rep", ana, {"recipient": "mia@ourco.com"}),
            )
        }  # fmt: skip
        kept.store(tx, OURS, mail(received_at=came["received_at"]), NOW)
        [(lease, stored)] = claim(kept, tx)
        release(tx, lease, mail_id=ids[came["answers"]])
        if came["words"]:
            inbox.keep_words(tx, stored.id, ids[came["answers"]], came["words"])
        assert inbox.is_heard_since(tx, ana, NOW) is is_heard


@pytest.mark.parametrize(
    ("earlier", "is_known"),
    [
        ({}, True),
        ({"answers": "of the same"}, True),
        ({"answers": "of another rep"}, False),
        ({"answers": "to somebody else about the rep"}, False),
        ({"words": "others"}, False),
        ({"received_at": NOW - timedelta(hours=2)}, False),
    ],
)
def test_what_the_same_person_said_before_in_the_same_words(database, kept, earlier, is_known):
    said = {"answers": "mine", "words": "the same", "received_at": NOW, **earlier}
    with database.begin() as tx:
        ana, ben = (
            people.add_rep(tx, NewRep(f"{one}@ourco.com", Provider.GOOGLE), NOW).id
            for one in ("ana", "ben")
        )
        to_a_manager = {"recipient": "mia@ourco.com"}
        ids = {
            once: outbox.put(tx, NewMail(MailKind.COLLEAGUE, once, rep_id, NOW, "x", **to))
            for once, rep_id, to in (
                ("mine", ana, {}), ("of the same", ana, {}), ("of another rep", ben, {}),
                ("to somebody else about the rep", ana, to_a_manager),
            )
        }  # fmt: skip
        kept.store(tx, OURS, mail("before", received_at=said["received_at"]), NOW)
        kept.store(tx, OURS, mail("now", b"another"), NOW)
        before, now = (stored.id for _, stored in claim(kept, tx))
        inbox.keep_words(tx, before, ids[said["answers"]], said["words"])
        inbox.keep_words(tx, now, ids["mine"], "the same")
        found = inbox.said_before(tx, now, NOW - timedelta(hours=1))
    assert set(found) == ({before} if is_known else set())


def test_a_mailbox_is_listened_to_from_where_it_was_left(database):
    with database.begin() as tx:
        for _ in range(2):
            inbox.ensure_mailbox(tx, OURS, "google", NOW)
        [claimed] = inbox.claim_mailboxes(tx, Claimant("a", NOW), 5, NOW)
        assert (claimed.address, claimed.cursor, claimed.listened_at) == (OURS, None, None)
        release(tx, claimed.lease, cursor="17", listened_at=NOW, due_at=NOW + timedelta(minutes=1))
        inbox.ensure_mailbox(tx, OURS, "google", NOW)
        assert inbox.claim_mailboxes(tx, Claimant("b", NOW), 5, NOW) == []
        [again] = inbox.claim_mailboxes(
            tx, Claimant("b", NOW + timedelta(minutes=1)), 5, NOW + timedelta(minutes=1)
        )
        assert (again.cursor, again.listened_at) == ("17", NOW)
        assert inbox.mailbox_addresses(tx) == {OURS}
