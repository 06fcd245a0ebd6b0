"""`nudger api-tokens`: made once, listed by name, revoked."""

from __future__ import annotations

import re


def test_a_token_is_printed_once_and_listed_by_its_name(nudger):
    made = nudger("api-tokens", "add", "warehouse", "--scope", "calls", "--days", "30")
    assert made.exit_code == 0
    token = made.stdout.splitlines()[0]
    assert re.fullmatch(r"nudger_api_[a-z2-7]{32}", token)
    assert "[web] api = true" in made.output
    listed = nudger("api-tokens", "list")
    assert "warehouse" in listed.output
    assert token not in listed.output
    (one,) = nudger.json("api-tokens", "list")
    assert (one["scopes"], one["counts"], one["used_at"]) == (["calls"], True, None)


def test_one_is_revoked(nudger):
    assert nudger.json("api-tokens", "add", "x", "--scope", "calls", "--scope", "reps")["token"]
    assert "counts no more" in nudger("api-tokens", "revoke", "x").output
    assert nudger.json("api-tokens", "list")[0]["counts"] is False
    assert "revoked" in nudger("api-tokens", "list").output
    assert nudger("api-tokens", "revoke", "x").exit_code == 1


def test_what_cannot_be_is_said_in_one_line(nudger):
    assert nudger("api-tokens", "add", "x").exit_code == 2
    assert nudger("api-tokens", "add", "x", "--scope", "all").exit_code == 2
    assert nudger("api-tokens", "add", "x", "--scope", "calls", "--days", "0").exit_code == 2
    nudger("api-tokens", "add", "x", "--scope", "calls")
    again = nudger("api-tokens", "add", "x", "--scope", "calls")
    assert (again.exit_code, "another name" in again.output) == (1, True)
    assert "There is no token" in nudger("api-tokens", "revoke", "y").output
