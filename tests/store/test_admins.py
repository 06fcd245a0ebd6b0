"""Roles: an address invites once, an account is known by issuer and subject, a code counts once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.roles import Role
from nudger.store import admin_sessions, admins, sessions
from nudger.store.admin_sessions import AdminSession, UsedCode
from nudger.store.admins import Account

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KIM = "kim@ourco.example"
AT_GOOGLE = Account("https://accounts.google.com", "1234")


@pytest.fixture
def tx(database):
    with database.begin() as opened:
        yield opened


@pytest.fixture
def kim(tx):
    admins.add_admin(tx, KIM, Role.AUDITOR, NOW)
    return admins.find_admin(tx, KIM)


def test_an_address_is_invited_once(tx, kim):
    assert admins.add_admin(tx, KIM, Role.ADMIN, NOW) is False
    assert admins.list_admins(tx) == [kim]
    assert [admins.change_role(tx, KIM, role) for role in (Role.AUDITOR, Role.ADMIN)] == [
        False,
        True,
    ]
    assert admins.get_admin(tx, kim.id).role is Role.ADMIN


def test_the_first_account_is_who_it_is_for_good(tx, kim):
    assert admins.find_account(tx, AT_GOOGLE) is None
    assert admins.bind(tx, KIM, AT_GOOGLE, NOW)
    assert admins.find_account(tx, AT_GOOGLE).id == kim.id
    assert not admins.bind(tx, KIM, Account("https://accounts.google.com", "5678"), NOW)
    assert not admins.bind(tx, "nobody@ourco.example", AT_GOOGLE, NOW)
    other_issuer = Account("https://login.microsoftonline.com/x/v2.0", "1234")
    assert admins.find_account(tx, other_issuer) is None


def test_a_code_counts_once_and_for_a_while(tx, kim):
    admin_sessions.put_code(tx, "a", kim.id, NOW)
    assert admin_sessions.use_code(tx, "b", NOW - timedelta(minutes=1)) is None
    assert admin_sessions.use_code(tx, "a", NOW) is None
    young = NOW - timedelta(minutes=1)
    assert admin_sessions.use_code(tx, "a", young) == UsedCode(kim.id)
    assert admin_sessions.use_code(tx, "a", young) is None


def test_a_new_code_replaces_the_last_of_the_same_person(tx, kim):
    young = NOW - timedelta(minutes=1)
    for code_hash, whose in (("a", None), ("b", kim.id), ("c", None)):
        admin_sessions.put_code(tx, code_hash, whose, NOW)
    found = [admin_sessions.use_code(tx, one, young) for one in "abc"]
    assert found == [None, UsedCode(kim.id), UsedCode(None)]


def test_who_is_removed_is_signed_out_and_has_no_way_in(tx, kim):
    admin_sessions.begin(tx, AdminSession("id", kim.id, NOW, NOW))
    admin_sessions.put_code(tx, "a", kim.id, NOW)
    assert admins.remove_admin(tx, KIM)
    assert not admins.remove_admin(tx, KIM)
    assert admin_sessions.find(tx, "id") is None
    assert admin_sessions.use_code(tx, "a", NOW - timedelta(minutes=1)) is None


def test_a_lockdown_ends_the_consoles_sessions(tx, kim):
    admin_sessions.begin(tx, AdminSession("id", kim.id, NOW, NOW))
    admin_sessions.begin(tx, AdminSession("other", None, NOW, NOW))
    admin_sessions.put_code(tx, "a", None, NOW)
    sessions.end_all(tx)
    assert admin_sessions.find(tx, "id") is admin_sessions.find(tx, "other") is None
    assert admin_sessions.use_code(tx, "a", NOW - timedelta(minutes=1)) is None
