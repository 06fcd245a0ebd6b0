"""Which calls there are, and when each changed last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from nudger.domain.commitment import Answer, Outcome
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.store import calls, outbox, people, tables
from nudger.store.answers import Answers, NotePlace, Placement, want_note
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.outbox import NewMail
from nudger.store.outcomes import GivenOutcome, Outcomes
from nudger.store.people import NewRep
from nudger.store.vault import Vault

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VAULT = Vault(b"k" * 32)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


@pytest.fixture
def tx(database):
    with database.begin() as opened:
        yield opened


@pytest.fixture
def planned(tx):
    """Two of Ana's meetings, by their ids: the one in two hours, then the one in one."""
    rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
    plans = [
        MeetingPlan(key, rep.id, "organizer", "outside", at(hours), at(hours + 1), "UTC",
                    ("acme.com",), MeetingDetails("T", ()))
        for key, hours in (("later", 2), ("sooner", 1))
    ]  # fmt: skip
    added = Meetings(VAULT).add_many(tx, plans, NOW)
    return rep.id, added["later"], added["sooner"]


def test_calls_between_two_moments_in_their_order(tx, planned):
    rep_id, later, sooner = planned
    assert calls.between(tx, NOW, at(9)) == [sooner, later]
    assert calls.between(tx, at(1), at(2)) == [sooner]
    assert calls.between(tx, at(1.1), at(2.1), rep_id) == [later]
    assert calls.between(tx, NOW, at(9), rep_id + 1) == []


def test_the_latest_of_all_changes_counts(tx, planned):
    rep_id, later, sooner = planned
    assert calls.changed_since(tx, at(-1)) == {later: NOW, sooner: NOW}
    assert calls.changed_since(tx, NOW) == {}
    revision = Answers(VAULT).add(tx, sooner, rep_id, Answer("Dana agrees"), None, at(3))
    assert calls.changed_since(tx, NOW) == {sooner: at(3)}
    Outcomes(VAULT).put(tx, sooner, rep_id, GivenOutcome(Outcome.YES, "", at(5)))
    want_note(tx, sooner, revision, Placement(NotePlace.PRIVATE), at(3))
    assert calls.changed_since(tx, NOW) == {sooner: at(5)}
    tx.execute(update(tables.note).values(written_at=at(6)))
    tx.execute(update(tables.meeting).where(tables.meeting.c.id == later).values(updated_at=at(4)))
    assert calls.changed_since(tx, NOW) == {sooner: at(6), later: at(4)}
    assert calls.changed_since(tx, at(4)) == {sooner: at(6)}
    assert calls.times_of(tx, [sooner])[sooner].changed_at == at(6)


def test_the_times_of_a_call(tx, planned):
    rep_id, later, sooner = planned
    for once, sent_at, state in (("1", at(2), "sent"), ("2", at(1), "sent"), ("3", None, "due")):
        new = NewMail(MailKind.QUESTION, once, rep_id, NOW, "x", (sooner,))
        mail_id = outbox.put(tx, new)
        sent = update(tables.mail).where(tables.mail.c.id == mail_id)
        tx.execute(sent.values(sent_at=sent_at, state=state))
    for hours in (3, 4):
        Answers(VAULT).add(tx, sooner, rep_id, Answer("x"), None, at(hours))
    note = {
        "meeting_id": sooner, "revision": 2, "place": "meeting", "state": "written", "reason": "x",
        "due_at": NOW, "written_at": at(3.5),
    }  # fmt: skip
    tx.execute(insert(tables.note).values(note))
    times = calls.times_of(tx, [later, sooner])
    assert times[sooner] == calls.Times(at(4), at(1), at(4), "meeting", at(3.5))
    assert times[later] == calls.Times(NOW)
    assert calls.times_of(tx, []) == {}
