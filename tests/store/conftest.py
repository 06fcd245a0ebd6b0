"""What is stored is stored on both databases."""

from __future__ import annotations

import pytest

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.store import outbox, people
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from nudger.store.vault import load_vault, new_key
from tests.databases import BOTH
from tests.store.mails import NOW


@pytest.fixture(params=BOTH)
def kept_in(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def three(database, tmp_path):
    """Three questions due to one rep, each about one meeting; returns the meetings' ids."""
    meetings = Meetings(load_vault(new_key(), tmp_path / "none"))
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE, "Ana"), NOW)
        plans = [
            MeetingPlan(
                f"google:{n}",
                rep.id,
                "organizer",
                "outside",
                NOW,
                NOW,
                "UTC",
                (),
                MeetingDetails("t", ()),
            )
            for n in range(3)
        ]
        ids = list(meetings.add_many(tx, plans, NOW).values())
        for meeting_id in ids:
            mail = NewMail(MailKind.QUESTION, f"q:{meeting_id}", rep.id, NOW, "x", (meeting_id,))
            outbox.put(tx, mail)
    return ids


@pytest.fixture
def two_reps(database):
    """Ana and Mia; Mia also gets a mail about Ana."""
    with database.begin() as tx:
        ana, mia = (
            people.add_rep(tx, NewRep(f"{name}@x.co", Provider.GOOGLE), NOW)
            for name in ("ana", "mia")
        )
        for new in (
            NewMail(MailKind.WEEKLY, "w", ana.id, NOW, "weekly"),
            NewMail(MailKind.MANAGER_WEEKLY, "m", ana.id, NOW, "weekly", recipient="mia@x.co"),
            NewMail(MailKind.QUESTION, "q", mia.id, NOW, "day_before"),
        ):
            outbox.put(tx, new)
    return ana, mia
