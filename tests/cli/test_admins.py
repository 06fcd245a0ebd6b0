"""`nudger admins`: who has a role, and the code that lets the first one in."""

from __future__ import annotations

import re

import pytest

from nudger.domain.reasons import Reason
from nudger.store import audit

KIM = "kim@ourco.example"


def test_nobody_has_a_role_at_first(nudger):
    assert nudger.json("admins", "list") == []
    assert "nudger admins code" in nudger("admins", "list").output


def test_roles_are_given_changed_and_taken(nudger):
    assert nudger.json("admins", "add", KIM, "--role", "auditor")["changed"]
    assert not nudger.json("admins", "add", KIM, "--role", "auditor")["changed"]
    assert nudger.json("admins", "add", KIM)["changed"]
    (one,) = nudger.json("admins", "list")
    assert (one["email"], one["role"], one["bound_at"]) == (KIM, "admin", None)
    assert "not yet" in nudger("admins", "list").output
    assert nudger.json("admins", "remove", KIM) == {"removed": KIM}
    assert nudger.json("admins", "list") == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["remove", KIM], 1, "has no role"),
        (["code", KIM], 1, "has no role"),
        (["add", "kim"], 2, "not a mail address"),
        (["remove", "kim"], 2, "not a mail address"),
        (["code", "kim"], 2, "not a mail address"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(nudger, arguments, code, says):
    result = nudger("admins", *arguments)
    assert (result.exit_code, len(result.stderr.splitlines())) == (code, 1)
    assert says in result.stderr


def test_a_code_says_where_it_counts_and_for_how_long(nudger):
    told = nudger("admins", "code")
    assert re.match(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}\n", told.stdout)
    assert "once, for 10 minutes" in told.stdout
    assert "public_url" in told.stdout
    assert nudger.json("admins", "code")["url"].endswith("/console/sign-in")


def test_the_trail_says_who_got_what(nudger_in_office, office):
    nudger_in_office("admins", "add", KIM)
    nudger_in_office("admins", "code", KIM)
    nudger_in_office("admins", "remove", KIM)
    with office.ctx.database.read() as tx:
        steps = [one.step for one in audit.after(tx, 0)]
    found = [(one.reason, one.detail) for one in steps if one.step == "access"]
    assert found == [
        (reason, {"whose": 1})
        for reason in (Reason.ADMIN_ADDED, Reason.ADMIN_CODE_MADE, Reason.ADMIN_REMOVED)
    ]
