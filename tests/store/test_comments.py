"""Comments of managers are taken back when the rep's calls are theirs alone again, and nothing else
is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import UNSENT, MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.store import outbox, people, tables
from nudger.store.comments import withdraw_comments
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", MailKind)
def test_only_the_reps_own_comments_that_are_unsent_are_taken_back(database, kind):
    with database.begin() as tx:
        ana, ben = (
            people.add_rep(tx, NewRep(f"{one}@x.co", Provider.GOOGLE), NOW).id
            for one in ("ana", "ben")
        )
        outbox.put(tx, NewMail(kind, "bens", ben, NOW, "x"))
        for state in MailState:
            outbox.put(tx, NewMail(kind, state.value, ana, NOW, "x"))
            this = tables.mail.c.once == state.value
            tx.execute(sa.update(tables.mail).where(this).values(state=state.value))
        withdraw_comments(tx, ana, Reason.NOT_SHARED)
        found = {one.once: (one.state, one.reason) for one in outbox.of_kind(tx, kind)}
    taken = UNSENT if kind is MailKind.COMMENT else ()
    gone = (MailState.WITHDRAWN, Reason.NOT_SHARED)
    kept = {state.value: gone if state in taken else (state, "x") for state in MailState}
    assert found == {"bens": (MailState.DUE, "x")} | kept
