"""`nudger meetings`, `nudger explain` by title and time, and `nudger export calls`."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from nudger.domain.availability import RepState
from nudger.domain.commitment import Outcome
from nudger.domain.reasons import Reason, StepName
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.telling.call import COLUMNS
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.store import audit, people, tables
from nudger.store.outcomes import GivenOutcome

ANA, BEN = "ana@ourco.example", "ben@ourco.example"
TITLE = "ACME: pilot review"


@pytest.fixture(autouse=True)
def sandbox_time(office, monkeypatch):
    monkeypatch.setattr("nudger.cli.startup.current_time", office.world.now)


@pytest.fixture
def nudger(nudger_in_office):
    return nudger_in_office


@pytest.fixture
def planned(office, nudger):
    """Two calls of Ana's tomorrow, and one on Thursday."""
    office.meet()
    office.meet("call2", title="=Globex kick-off", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
                guests=[ANA, "kim@globex.example"])  # fmt: skip
    office.meet("call3", title="ACME: contract", start=datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    scan(office.ctx)
    return nudger


def answer(office, text="Dana agrees to a pilot\n2", mail=0):
    ask(office.ctx)
    office.reply(text, mail=mail)
    office.later(minutes=2)
    listen(office.ctx)
    understand(office.ctx)
    write(office.ctx)


@pytest.fixture
def answered(office, planned):
    answer(office, "1. Dana agrees to a pilot\n2. private: Kim names a sponsor")
    return planned


def cancel(office, entry_id):
    with office.world.lock:
        office.world.calendars.cancel(office.world.calendars.find(ANA, entry_id), ANA)
    office.later(minutes=2)
    scan(office.ctx)


def titles(found):
    return [one["title"] for one in found]


class TestMeetings:
    def test_a_call_with_what_is_agreed(self, answered):
        first = answered.json("meetings")[0]
        assert {name: first[name] for name in ("title", "customers", "rep", "state", "reason")} == {
            "title": TITLE, "customers": ["acme.example"], "rep": ANA,
            "state": "written", "reason": "written",
        }  # fmt: skip
        assert first["commitment_objective"] == "Dana agrees to a pilot"
        assert (first["asked_at"], first["answered_at"]) == (
            "2026-11-23T08:05:00+00:00", "2026-11-23T08:07:00+00:00",
        )  # fmt: skip

    def test_what_a_rep_keeps_to_themself_is_not_shown(self, answered):
        shown = answered("meetings", "--json").stdout + answered("meetings").stdout
        assert "sponsor" not in shown
        assert "(the rep keeps it to themself)" in shown
        assert answered.json("meetings")[1]["kept_private"] is True

    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            ([], [TITLE, "=Globex kick-off", "ACME: contract"]),
            (["--customer", "acme.example"], [TITLE, "ACME: contract"]),
            (["--customer", "ACME.example"], [TITLE, "ACME: contract"]),
            (["--customer", "me.example"], []),
            (["--customer", "dana@acme.example"], [TITLE, "ACME: contract"]),
            (["--rep", ANA], [TITLE, "=Globex kick-off", "ACME: contract"]),
            (["--without-co"], ["ACME: contract"]),
            (["--without"], ["ACME: contract"]),
            (["--since", "2026-11-25"], ["ACME: contract"]),
            (["--until", "2026-11-24"], [TITLE, "=Globex kick-off"]),
            (["--until", "tomorrow"], [TITLE, "=Globex kick-off"]),
            (["--since", "today", "--until", "2d"], [TITLE, "=Globex kick-off"]),
            (["--until", "-1d"], []),
        ],
        ids=str,
    )
    def test_filters(self, answered, arguments, found):
        assert titles(answered.json("meetings", *arguments)) == found

    def test_a_call_that_is_called_off_lacks_nothing(self, office, planned):
        cancel(office, "call3")
        found = planned.json("meetings")
        assert [(one["title"], one["state"]) for one in found][-1] == (
            "ACME: contract", "withdrawn",
        )  # fmt: skip
        assert "ACME: contract" not in titles(planned.json("meetings", "--without-co"))

    @pytest.mark.parametrize(
        ("arguments", "code", "says"),
        [
            (["--json", "--csv"], 2, "Choose one of --json and --csv"),
            (["--since", "soon"], 2, "--since is 'soon'"),
            (["--until", "whenever"], 2, "--until is 'whenever'"),
            (["--since", "9999-12-31"], 2, "--since is"),
            (["--since", "2026-11-25", "--until", "2026-11-24"], 2, "is not before"),
            (["--rep", "x@y.example"], 1, "is not a rep"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, nudger, arguments, code, says):
        result = nudger("meetings", *arguments)
        assert result.exit_code == code
        assert says in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1

    def test_for_a_spreadsheet(self, answered):
        rows = list(csv.DictReader(io.StringIO(answered("meetings", "--csv").stdout)))
        assert titles(rows) == [TITLE, "'=Globex kick-off", "ACME: contract"]
        assert [row["kept_private"] for row in rows] == ["no", "yes", "no"]

    def test_nothing_there(self, nudger):
        assert "No customer call" in nudger("meetings").stdout
        assert nudger.json("meetings") == []

    def test_no_line_is_longer_than_a_narrow_terminal(self, answered, monkeypatch):
        monkeypatch.setenv("COLUMNS", "80")
        lines = answered("meetings").stdout.splitlines()
        assert max(map(len, lines)) <= 80
        assert "Tue 24 Nov 2026 14:00" in lines


class TestExplain:
    def test_by_words_of_the_title(self, planned):
        (seen,) = planned.json("explain", "pilot", "review")
        assert seen["meeting"]["title"] == TITLE

    @pytest.mark.parametrize(
        "text",
        ["2026-11-24 14:00", "2026-11-24T14:00", "2026-11-24T13:00Z", "tue 14:00",
         "tomorrow 14:00", "Tuesday 14:00", "24 Nov 14:00", "Tue 24 Nov 2026 14:00", "1", "call1",
         "PILOT"],
    )  # fmt: skip
    def test_by_time_number_id_or_title(self, planned, text):
        assert [one["event_id"] for one in planned.json("explain", text)] == ["call1"]

    def test_several_are_listed_with_what_to_type(self, planned):
        result = planned("explain", "acme")
        assert result.exit_code == 0
        assert "2 events fit" in result.stdout
        assert "nudger explain 1" in result.stdout
        assert "nudger explain 3" in result.stdout
        assert [one["event_id"] for one in planned.json("explain", "acme")] == ["call1", "call3"]

    def test_what_is_not_asked_about_is_found_by_its_time(self, office, nudger):
        office.meet("lunch", title="Lunch", guests=[ANA])
        scan(office.ctx)
        assert "no_customer" in nudger("explain", "tomorrow 14:00").stdout

    def test_nothing_fits(self, planned):
        result = planned("explain", "nonsense")
        assert (result.exit_code, len(result.stderr.strip().splitlines())) == (1, 1)
        assert "nudger meetings" in result.stderr
        assert planned("explain", "").exit_code == 1
        assert planned("explain", "\udcff").exit_code == 1

    def test_a_call_in_two_calendars_has_each_step_once(self, office, nudger):
        nudger("reps", "add", BEN)
        office.meet(guests=[ANA, BEN, "dana@acme.example"])
        scan(office.ctx)
        ask(office.ctx)
        shown = nudger("explain", "pilot").stdout
        (line,) = [line for line in shown.splitlines() if line.startswith("Mon 23 Nov 2026")]
        assert "question" in line
        assert (ANA in shown, BEN in shown) == (True, True)

    def test_a_call_that_no_calendar_holds_is_still_explained(self, office, planned):
        ask(office.ctx)
        cancel(office, "call1")
        (seen,) = planned.json("explain", "pilot")
        assert seen["meeting"]["state"] == "withdrawn"
        assert "withdrawn" in planned("explain", "pilot").stdout


def test_a_step_that_is_taken_again_and_again_is_one_line(office, planned, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    ask(office.ctx)
    with office.ctx.database.begin() as tx:
        for hours in range(3):
            step = audit.Step(StepName.WRITE, Reason.UNAVAILABLE, 1)
            audit.record(tx, step, office.world.now() + timedelta(hours=hours))
    lines = [line for line in planned("explain", "pilot").stdout.splitlines() if "write" in line]
    assert len(lines) == 1
    assert "(3 times, the last Mon 23 Nov 2026 11:05)" in lines[0]


class TestWhatWaits:
    def test_a_question_says_when_it_goes_out_and_why(self, planned):
        assert (
            "The question goes out Wed 25 Nov 2026 09:00 (Europe/Berlin), because: "
            "Asked on the morning of the working day before."
        ) in planned("explain", "contract").stdout

    def test_an_answer_is_awaited(self, office, planned):
        ask(office.ctx)
        waits = planned.json("explain", "pilot")[0]["meeting"]["waits"]
        assert [(one["kind"], one["at"]) for one in waits][-1] == (
            "reply", "2026-11-24T13:00:00+00:00",
        )  # fmt: skip

    def test_what_will_be_dropped_is_told_as_such(self, office, planned):
        with office.ctx.database.begin() as tx:
            people.set_state(tx, people.find_rep(tx, ANA).id, RepState.STOPPED)
        (wait,) = planned.json("explain", "contract")[0]["meeting"]["waits"]
        assert (wait["happens"], wait["words"]) == (False, "The rep stopped the questions.")
        shown = planned("explain", "contract").stdout
        assert "will be dropped Wed 25 Nov 2026 09:00 (Europe/Berlin), because:" in shown

    def test_a_pause_of_the_rep_s_own_puts_it_off(self, office, planned):
        until = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        with office.ctx.database.begin() as tx:
            people.set_state(tx, people.find_rep(tx, ANA).id, RepState.PAUSED, until=until)
        (wait,) = planned.json("explain", "contract")[0]["meeting"]["waits"]
        assert (wait["at"], wait["words"]) == (until.isoformat(), "The rep paused the questions.")

    def test_a_note_that_failed_is_tried_again(self, office, planned):
        ask(office.ctx)
        office.reply("1. Dana agrees to a pilot")
        office.later(minutes=2)
        listen(office.ctx)
        understand(office.ctx)
        assert "The note is written Mon 23 Nov" in planned("explain", "pilot").stdout
        with office.ctx.database.begin() as tx:
            tx.execute(update(tables.note).values(last_error="403 no"))
        assert "It failed and is tried again: 403 no" in planned("explain", "pilot").stdout
        planned("lockdown")
        assert "The note is held: An admin" in planned("explain", "pilot").stdout

    @pytest.mark.parametrize("command", [["pause"], ["pause", ANA], ["lockdown"]])
    def test_a_switch_holds_it(self, planned, command):
        planned(*command)
        (wait,) = planned.json("explain", "contract")[0]["meeting"]["waits"]
        assert (wait["at"], wait["words"].startswith("An admin")) == (None, True)
        assert "is held: An admin" in planned("explain", "contract").stdout


class TestExport:
    def export(self, nudger, *arguments):
        found = nudger.json("export", "calls", *arguments)
        return titles(found["calls"]), found["cursor"]

    def test_a_change_of_an_answer_or_an_outcome_appears_again(self, office, planned):
        everything, cursor = self.export(planned)
        assert sorted(everything) == ["=Globex kick-off", "ACME: contract", TITLE]
        answer(office, "1. Dana agrees to a pilot")
        office.later(minutes=10)
        found, cursor = self.export(planned, "--after", cursor)
        assert TITLE in found
        assert "ACME: contract" not in found
        assert self.export(planned, "--after", cursor) == ([], cursor)
        office.reply("1. Dana signs the pilot agreement", mail=0)
        office.later(minutes=2)
        listen(office.ctx)
        understand(office.ctx)
        found, cursor = self.export(planned, "--after", cursor)
        assert found == [TITLE]

    def test_an_outcome_appears_and_counts_as_a_change(self, office, answered):
        _, cursor = self.export(answered)
        with office.ctx.database.begin() as tx:
            given = GivenOutcome(Outcome.PARTLY, "one team", office.world.now())
            office.ctx.outcomes.put(tx, 1, people.find_rep(tx, ANA).id, given)
        (call,) = answered.json("export", "calls", "--after", cursor)["calls"]
        assert (call["title"], call["outcome"], call["outcome_words"], call["outcome_at"]) == (
            TITLE, "partly", "one team", call["changed_at"],
        )  # fmt: skip
        assert "partly one team" in answered("meetings").stdout

    def test_lines_and_columns_say_the_same(self, answered):
        lines = answered("export", "calls", "--jsonl").stdout.splitlines()
        rows = list(csv.DictReader(io.StringIO(answered("export", "calls", "--csv").stdout)))
        objects = [json.loads(line) for line in lines]
        assert [set(one) for one in objects] == [set(row) for row in rows]
        assert [str(one["call"]) for one in objects] == [row["call"] for row in rows]
        assert "'=Globex kick-off" in titles(rows)
        assert "=Globex kick-off" in titles(objects)

    def test_every_column_is_documented_in_its_order(self):
        page = (Path(__file__).parents[2] / "docs" / "export.md").read_text()
        rows = re.findall(r"^\| (`.*?`) \|", page.partition("## Columns")[2], re.MULTILINE)
        assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == list(COLUMNS)

    def test_the_cursor_is_apart_from_the_calls(self, planned):
        result = planned("export", "calls")
        assert result.stdout.startswith("call,changed_at,start")
        word, cursor = result.stderr.strip().rsplit(" ", 1)
        assert word.endswith("--after")
        again = planned("export", "calls", "--after", cursor)
        assert again.stdout.splitlines()[1:] == []
        assert cursor in again.stderr

    @pytest.mark.parametrize("cursor", ["x", "MSAy", "😀", "", "AAAA", "MSAyMDI2IA"])
    def test_what_is_no_cursor_is_refused(self, planned, cursor):
        result = planned("export", "calls", "--after", cursor)
        assert (result.exit_code, result.stdout) == (2, "")

    def test_a_person_is_exported_as_before(self, answered):
        assert json.loads(answered("export", "dana@acme.example").stdout)["meetings"]
        assert json.loads(answered("export", "person", "acme.example").stdout)["meetings"]
        assert answered("export", "nobody").exit_code == 1
