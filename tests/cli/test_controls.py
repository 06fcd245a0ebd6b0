"""`nudger pause`, `resume`, `lockdown`, and what `nudger status` tells of them and of faults."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from nudger.domain.availability import RepState
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.store import people, tables

ANA = "ana@ourco.example"


@pytest.fixture
def watched(nudger_in_office, office):
    """All is well: the only calendar was just read."""
    change(office, tables.calendar, scanned_at=datetime.now(UTC))
    return nudger_in_office


def change(office, table, **values):
    with office.ctx.database.begin() as tx:
        tx.execute(update(table).values(values))


def status(nudger):
    result = nudger("status", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == found["exit_code"] == nudger("status").exit_code
    return result.exit_code, [one["code"] for one in found["concerns"]]


def test_all_is_well(watched):
    assert status(watched) == (0, [])


def test_a_pause_of_everybody_and_its_end(watched):
    assert "anybody" in watched("pause").stdout
    assert "already" in watched("pause").stdout
    assert status(watched) == (15, ["paused"])
    assert "sending is paused since" in watched("status").stdout
    assert watched.json("resume") == {"resumed": "everything", "changed": True, "still_paused": []}
    assert "was not paused" in watched("resume").stdout
    assert status(watched) == (0, [])


def test_a_pause_of_one_rep_is_ended_by_their_address(watched):
    assert watched.json("pause", ANA.upper())["changed"]
    assert f"{ANA} is paused since" in watched("status").stdout
    assert watched.json("resume") == {
        "resumed": "everything",
        "changed": False,
        "still_paused": [ANA],
    }
    assert watched.json("resume", ANA)["still_paused"] == []


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_who_is_no_rep_is_told(watched, command):
    result = watched(command, "nobody@ourco.example")
    assert result.exit_code == 1
    assert (
        result.stderr.strip() == "error: nobody@ourco.example is not a rep. See `nudger reps list`."
    )
    assert status(watched) == (0, [])


def test_a_lockdown_and_its_end(watched):
    assert "locked down." in watched("lockdown").stdout
    assert "already" in watched("lockdown").stdout
    assert status(watched) == (14, ["locked_down"])
    assert "everything is locked down since" in watched("status").stdout
    ended = watched.json("lockdown", "--end", "--keep-tokens")
    assert ended == {"locked": False, "changed": True, "voided": 0, "replies": 0}
    assert "Nothing was locked" in watched("lockdown", "--end").stdout
    assert status(watched) == (0, [])


def test_keeping_tokens_goes_with_the_end(watched):
    assert watched("lockdown", "--keep-tokens").exit_code == 2
    assert status(watched) == (0, [])


def test_a_rep_who_is_removed_takes_their_pause_along(watched):
    watched("pause", ANA)
    watched("reps", "remove", ANA)
    assert status(watched) == (0, [])


def test_no_scan_for_twenty_minutes(watched, office):
    change(office, tables.calendar, scanned_at=datetime.now(UTC) - timedelta(minutes=25))
    assert status(watched) == (11, ["no_scan"])


def test_a_refused_sign_in_goes_before_the_rest(watched, office):
    change(office, tables.calendar, last_error="sign-in refused by https://login (401): no")
    watched("pause")
    assert status(watched) == (10, ["sign_in_refused", "paused"])


def test_a_rep_who_must_connect_again(watched, office):
    with office.ctx.database.begin() as tx:
        people.set_state(tx, people.find_rep(tx, ANA).id, RepState.RECONNECT, "sign in again")
    assert status(watched) == (10, ["sign_in_refused"])


NOTES = [
    ("it waits", {"attempts": 0}, 0),
    ("it was refused", {"last_error": "403 forbidden"}, 12),
    ("a sign-in was", {"last_error": "sign-in refused by x (400): y"}, 10),
    ("it was refused, and stands now", {"last_error": "403 forbidden", "state": "written"}, 0),
]


@pytest.mark.parametrize(
    ("values", "code"), [case[1:] for case in NOTES], ids=[case[0] for case in NOTES]
)
def test_a_note_that_is_not_written(watched, office, values, code):
    office.meet()
    scan(office.ctx)
    office.later(hours=1)
    ask(office.ctx)
    office.reply("Dana agrees to a pilot\n2")
    office.later(minutes=2)
    listen(office.ctx)
    assert understand(office.ctx) == 1
    change(office, tables.note, **values)
    change(office, tables.calendar, scanned_at=datetime.now(UTC))
    assert status(watched)[0] == code


@pytest.mark.parametrize(("hours_ago", "code"), [(1, 13), (30, 0)])
def test_a_reply_set_aside_is_told_for_a_day(watched, office, hours_ago, code):
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    row = {
        "mailbox": "m", "provider_message_id": "1", "thread_id": "t", "sha256": "x",
        "received_at": at, "sent_by_owner": False, "state": "unreadable", "due_at": at,
    }  # fmt: skip
    with office.ctx.database.begin() as tx:
        tx.execute(insert(tables.inbound).values(row))
    assert status(watched)[0] == code


def test_a_mail_in_doubt_is_told(watched, office):
    row = {
        "kind": "command", "once": "c", "rep_id": 1, "state": "in_doubt", "reason": "in_doubt",
        "due_at": datetime.now(UTC),
    }  # fmt: skip
    with office.ctx.database.begin() as tx:
        tx.execute(insert(tables.mail).values(row))
    assert status(watched) == (13, ["set_aside"])


def test_the_help_tells_the_codes(nudger):
    shown = nudger("status", "--help").stdout
    assert all(str(code) in shown for code in range(10, 16))


def test_who_is_resumed_while_more_is_off_is_told_what(watched, office):
    watched("pause")
    watched("pause", ANA)
    watched("lockdown")
    with office.ctx.database.begin() as tx:
        people.set_state(tx, people.find_rep(tx, ANA).id, RepState.STOPPED)
    said = watched("resume", ANA).stdout
    assert "sent to again" not in said
    assert "Sending to everybody is still paused: `nudger resume`" in said
    assert "still locked down" in said
    assert "only their `start` undoes that" in said
    assert watched.json("resume", ANA)["still_paused"] == ["everything"]


def test_a_rep_is_known_by_another_address(watched):
    watched("reps", "add", ANA, "--alias", "a.weber@ourco.example")
    watched("pause", " A.Weber@ourco.example")
    assert watched.json("resume")["still_paused"] == [ANA]
