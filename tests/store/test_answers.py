"""Answers revision by revision, and the one note that carries the latest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.commitment import Answer
from nudger.domain.event import Provider
from nudger.mail.message import IncomingMail
from nudger.store import answers, people, tables
from nudger.store.answers import Answers, NotePlace, NoteState, Placement, want_note
from nudger.store.inbox import Inbox
from nudger.store.leases import Claimant, change, release
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.people import NewRep
from nudger.store.vault import Vault, new_key, read_key

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
FIRST, SECOND = Answer("Dana agrees to a pilot"), Answer("Dana signs", "Decision", private=True)


@pytest.fixture
def vault():
    return Vault(read_key(new_key()))


@pytest.fixture
def calls(database, vault):
    """Two meetings of one rep, by their ids."""
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        plans = [
            MeetingPlan(
                f"google:{n}", rep.id, "organizer", "outside", NOW, NOW, "UTC", (),
                MeetingDetails("t", ()),
            )
            for n in range(2)
        ]  # fmt: skip
        return list(Meetings(vault).add_many(tx, plans, NOW).values())


def answer(tx, vault, meeting_id, given, at=NOW):
    rep = people.list_reps(tx)[0]
    return Answers(vault).add(tx, meeting_id, rep.id, given, None, at)


def test_each_revision_is_known_by_the_reply_that_it_came_in(database, vault, calls):
    with database.begin() as tx:
        rep = people.list_reps(tx)[0]
        box = Inbox(vault)
        for name in ("first", "second"):
            box.store(tx, rep.email, IncomingMail(name, "t", name.encode(), NOW), NOW)
        first, second = (one.id for _, one in box.claim(tx, Claimant("w", NOW), 9))
        kept = Answers(vault)
        for meeting_id, inbound_id in (
            (calls[0], first), (calls[0], second), (calls[0], None), (calls[1], second),
        ):  # fmt: skip
            kept.add(tx, meeting_id, rep.id, FIRST, inbound_id, NOW)
        sources = [answers.source_of(tx, calls[0], revision) for revision in (1, 2, 3, 4)]
        assert sources == [first, second, None, None]
        assert answers.source_of(tx, calls[1], 1) == second


def test_the_latest_revision_counts_and_the_others_are_kept(database, vault, calls):
    with database.begin() as tx:
        assert Answers(vault).latest(tx, calls[0]) is None
        assert answer(tx, vault, calls[0], FIRST) == 1
        assert answer(tx, vault, calls[0], SECOND, LATER) == 2
        assert answer(tx, vault, calls[1], FIRST) == 1
        assert Answers(vault).latest_of(tx, calls) == {calls[0]: (2, SECOND), calls[1]: (1, FIRST)}
        kept = [(1, NOW, FIRST), (2, LATER, SECOND)]
        assert Answers(vault).revisions(tx, calls[0]) == kept


def test_a_remark_does_not_go_to_who_has_the_meeting_next(database, vault, calls):
    with database.begin() as tx:
        ana = people.list_reps(tx)[0]
        ben = people.add_rep(tx, NewRep("ben@ourco.com", Provider.GOOGLE), NOW)
        kept, beside = Answers(vault), replace(FIRST, remark="She haggles.")
        for rep, given in ((ana, beside), (ben, beside), (ben, replace(SECOND, remark="I doubt."))):
            kept.add(tx, calls[0], rep.id, given, None, NOW)
        kept.add(tx, calls[0], ben.id, beside, None, NOW)
        kept.add(tx, calls[1], ben.id, beside, None, NOW)
        remarks = [one.remark for _, _, one in kept.revisions(tx, calls[0])]
        assert remarks == ["She haggles.", None, "I doubt.", None]
        assert kept.latest(tx, calls[1]) == (1, beside)


def test_a_later_answer_is_due_at_once_where_the_note_failed_before(database, calls):
    with database.begin() as tx:
        want_note(tx, calls[0], 1, Placement(NotePlace.MEETING), NOW)
        [(lease, _)] = answers.claim_notes(tx, Claimant("a", NOW), 5)
        release(tx, lease, state=NoteState.FAILED.value, attempts=3)
        assert answers.due_notes(tx, LATER) == []
        want_note(tx, calls[0], 2, Placement(NotePlace.PRIVATE), LATER)
        [note] = answers.due_notes(tx, LATER)
        assert (note.revision, note.place, note.attempts) == (2, NotePlace.PRIVATE, 0)
        assert len(answers.all_notes(tx)) == 1, "a meeting has one note"


def test_where_a_note_stands_is_still_known_when_another_revision_is_wanted(database, calls):
    with database.begin() as tx:
        want_note(tx, calls[0], 1, Placement(NotePlace.PRIVATE), NOW)
        [(lease, _)] = answers.claim_notes(tx, Claimant("a", NOW), 5)
        change(tx, lease, companion_id="c1", written_revision=1)
        release(tx, lease, state=NoteState.WRITTEN.value)
        want_note(tx, calls[0], 2, Placement(NotePlace.PRIVATE), LATER)
        note = answers.find_note(tx, calls[0])
        assert (note.companion_id, note.written_revision, note.revision) == ("c1", 1, 2)


def test_an_answer_moved_to_another_meeting_is_none(database, vault, calls):
    with database.begin() as tx:
        for meeting_id in calls:
            answer(tx, vault, meeting_id, FIRST)
        columns = tables.answer.c
        first = sa.select(columns.content).where(columns.meeting_id == calls[0]).scalar_subquery()
        second = sa.update(tables.answer).where(columns.meeting_id == calls[1])
        tx.execute(second.values(content=first))
        assert Answers(vault).latest_of(tx, calls) == {calls[0]: (1, FIRST)}
        assert Answers(vault).revisions(tx, calls[1]) == []
