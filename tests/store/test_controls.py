"""Switches as they are stored, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import select, update

from nudger.domain.controls import NO_CONTROLS, Controls
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.store import controls, outbox, people, tables
from nudger.store.database import _alembic_config
from nudger.store.leases import Claimant
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MIA = "mia@ourco.com"


@pytest.fixture
def reps(database):
    with database.begin() as tx:
        return [
            people.add_rep(tx, NewRep(f"{name}@ourco.com", Provider.GOOGLE), NOW).id
            for name in ("ana", "ben")
        ]


@pytest.fixture
def mails(database, reps):
    """One mail to each rep, and one to a manager that is about the first of them."""
    ana, ben = reps
    with database.begin() as tx:
        for once, rep_id, to in (("ana", ana, None), ("ben", ben, None), ("mia", ana, MIA)):
            outbox.put(tx, NewMail(MailKind.COMMAND, once, rep_id, NOW, "help", recipient=to))


def sendable(database):
    with database.read() as tx:
        found = select(tables.mail.c.once).where(controls.may_be_sent(tables.mail))
        return set(tx.scalars(found))


def test_each_switch_holds_its_mails(database, reps, mails):
    ana, _ = reps
    assert sendable(database) == {"ana", "ben", "mia"}
    with database.begin() as tx:
        controls.pause(tx, ana, NOW)
    assert sendable(database) == {"ben", "mia"}
    with database.begin() as tx:
        controls.resume(tx, ana)
        controls.lock(tx, NOW)
    assert sendable(database) == set()
    with database.begin() as tx:
        controls.unlock(tx)
        controls.pause(tx, None, NOW)
        assert outbox.claim_mails(tx, Claimant("w", NOW), 9) == []


def test_a_switch_is_on_once_since_when_it_was_turned(database, reps):
    later = NOW + timedelta(hours=1)
    with database.begin() as tx:
        turned = [controls.pause(tx, reps[0], at) for at in (NOW, later)]
        turned += [controls.lock(tx, at) for at in (NOW, later)]
        found = controls.read_switches(tx)
    assert turned == [True, False, True, False]
    assert (found.locked_since, found.paused_since) == (NOW, None)
    assert found.reps_paused_since == {reps[0]: NOW}
    assert found.controls == Controls(is_locked=True, paused_reps=frozenset(reps[:1]))


def test_pages_that_are_gone_hold_nothing(database):
    later = NOW + timedelta(hours=1)
    with database.begin() as tx:
        noted = [controls.pages_went_down(tx, at) for at in (NOW, later)]
        found = controls.read_switches(tx)
        back = [controls.pages_came_back(tx) for _ in range(2)]
        assert controls.read_switches(tx).pages_down_since is None
    assert (noted, back) == ([True, False], [True, False])
    assert (found.pages_down_since, found.controls) == (NOW, NO_CONTROLS)


def test_two_admins_at_once_turn_it_once(database):
    turned = []

    def lock():
        with database.begin() as tx:
            turned.append(controls.lock(tx, NOW))

    threads = [threading.Thread(target=lock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turned) == [False, False, False, True]


def test_a_removed_rep_takes_their_pause_along(database, reps):
    with database.begin() as tx:
        controls.pause(tx, reps[0], NOW)
        people.remove_rep(tx, "ana@ourco.com")
        assert controls.read_controls(tx) == NO_CONTROLS


def test_tokens_are_voided_once_and_only_where_there_are_any(database, mails):
    with database.begin() as tx:
        issued = tables.mail.c.once == "ana"
        tx.execute(update(tables.mail).where(issued).values(token_hash="h"))
        assert [controls.void_tokens(tx), controls.void_tokens(tx)] == [1, 0]
        assert outbox.find_by_token(tx, "h").token_void
    with pytest.raises(RuntimeError, match="void"), database.engine.begin() as connection:
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
