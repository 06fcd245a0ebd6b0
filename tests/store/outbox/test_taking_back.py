"""What is not sent is taken back, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from nudger.domain.mails import UNSENT, MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.store import comments, mail_groups, outbox, tables
from nudger.store.leases import Claimant, LeaseLost, change
from nudger.store.outbox import NewMail
from tests.store.mails import NOW, bring_to, states


@pytest.fixture
def mixed(database, three):
    """Beside the three questions: a reminder and a follow-up about the first call, a confirmation
    and a digest about the first two."""
    with database.begin() as tx:
        rep_id = outbox.about_meeting(tx, three[0])[0].rep_id
        for kind, once, about in (
            (MailKind.REMINDER, "reminder", three[:1]),
            (MailKind.FOLLOW_UP, "follow_up", three[:1]),
            (MailKind.CONFIRMATION, "confirmation", three[:2]),
            (MailKind.REMINDER, "digest", three[:2]),
        ):
            outbox.put(tx, NewMail(kind, once, rep_id, NOW, "x", about))
    return three


UNTOUCHED = (MailState.DUE, "x", 0)
TAKEN = (MailState.WITHDRAWN, "gone", 1)


@pytest.mark.parametrize(
    ("kinds", "taken", "digest_keeps_both"),
    [
        (tuple(MailKind), {"q:first", "reminder", "follow_up"}, False),
        ((MailKind.QUESTION, MailKind.REMINDER), {"q:first", "reminder"}, False),
        ((MailKind.FOLLOW_UP,), {"follow_up"}, True),
        ((), set(), True),
    ],
)
def test_what_is_taken_back_of_a_meeting(database, mixed, kinds, taken, digest_keeps_both):
    with database.begin() as tx:
        assert outbox.withdraw(tx, mixed[0], "gone", kinds) == len(taken)
        found = {once.replace(f"q:{mixed[0]}", "q:first"): at for once, at in states(tx).items()}
        about = {
            mail.once: outbox.meeting_ids(tx, mail.id)
            for mail in outbox.about_meeting(tx, mixed[1])
        }
    assert found == {once: TAKEN if once in taken else UNTOUCHED for once in found}
    assert about["confirmation"] == mixed[:2]
    assert about["digest"] == (mixed[:2] if digest_keeps_both else [mixed[1]])


@pytest.mark.parametrize("state", MailState)
def test_only_what_is_unsent_is_taken_back(database, three, state):
    once = f"q:{three[0]}"
    with database.begin() as tx:
        bring_to(tx, once, state=state.value)
        count = outbox.withdraw(tx, three[0], "gone")
        found = states(tx)[once]
    assert (count, found) == ((1, TAKEN) if state in UNSENT else (0, (state, "x", 0)))


TAKING_AWAY = {
    "its meeting": lambda tx, one: outbox.withdraw(tx, one.meeting_id, "gone"),
    "itself": lambda tx, one: outbox.cancel(tx, one.once, "gone"),
    "into another": lambda tx, one: mail_groups.merge(tx, one.other_id, [one.id]),
    "a remark": lambda tx, one: comments.withdraw_comments(tx, one.rep_id, Reason.NOT_SHARED),
    "one of several, called off": lambda tx, one: outbox.withdraw(tx, one.meeting_id, "gone"),
    "one of several, moved": lambda tx, one: mail_groups.detach_meeting(tx, one.meeting_id),
}


@dataclass(frozen=True)
class Claimed:
    id: int
    once: str
    rep_id: int
    meeting_id: int
    other_id: int


@pytest.mark.parametrize("what", TAKING_AWAY)
def test_who_is_about_to_draft_what_was_taken_away_does_not(database, three, what):
    """What it was about when it was claimed is no more what it is about."""
    with database.begin() as tx:
        own, *others = (outbox.about_meeting(tx, one)[0] for one in three)
        if what.startswith("one of several"):
            mail_groups.merge(tx, own.id, [others[0].id])
        kind = MailKind.COMMENT.value if what == "a remark" else own.kind.value
        tx.execute(sa.update(tables.mail).where(tables.mail.c.id == own.id).values(kind=kind))
        [(lease, mail)] = outbox.claim_mails(tx, Claimant("w", NOW), 1, only=own.id)
        claimed = Claimed(own.id, mail.once, own.rep_id, three[0], others[-1].id)
    with database.begin() as tx:
        TAKING_AWAY[what](tx, claimed)
    with database.begin() as tx, pytest.raises(LeaseLost):
        change(tx, lease, state=MailState.DRAFTING.value)


@pytest.mark.parametrize("state", MailState)
def test_one_mail_is_cancelled_before_it_is_begun(database, three, state):
    with database.begin() as tx:
        bring_to(tx, f"q:{three[0]}", state=state.value)
        outbox.cancel(tx, f"q:{three[0]}", "gone")
        found = states(tx)
    first, others = found.pop(f"q:{three[0]}"), list(found.values())
    assert first == (TAKEN if state is MailState.DUE else (state, "x", 0))
    assert others == [UNTOUCHED, UNTOUCHED]
