"""What commands say of a rep's zone and working hours, and where they are from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.jobs.scan import scan
from nudger.store import outbox, people

ANA = "ana@ourco.example"
CALL = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sandbox_time(office, monkeypatch):
    monkeypatch.setattr("nudger.cli.reps.current_time", office.world.now)


def calendar_line(nudger):
    (found,) = [one for one in nudger.json("doctor") if one["what"] == f"calendar {ANA}"]
    assert found["ok"]
    return found["says"]


def works(nudger):
    (rep,) = nudger.json("reps", "list")
    return rep["works"]


def test_the_list_shows_the_zone_that_counts_and_where_it_is_from(office, nudger_in_office):
    nudger = nudger_in_office
    assert works(nudger)["time_zone_from"] == "settings"
    office.world.people[ANA].zone = "Asia/Kolkata"
    scan(office.ctx)
    assert works(nudger) == {
        "time_zone": "Asia/Kolkata",
        "time_zone_from": "calendar",
        "starts": "09:00",
        "ends": "17:30",
        "hours_from": "settings",
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "days_from": "settings",
    }
    assert "Asia/Kolkata (calendar)" in nudger("reps", "list").stdout


def test_a_zone_that_the_admin_gives_a_rep_times_waiting_questions_anew(office, nudger_in_office):
    office.meet(start=CALL)
    scan(office.ctx)
    nudger_in_office("reps", "add", ANA, "--time-zone", "America/New_York")
    with office.ctx.database.read() as tx:
        rep = people.find_rep(tx, ANA)
        assert rep is not None
        (question,) = outbox.waiting_questions(tx, rep.id)
    assert question.due_at == datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert works(nudger_in_office)["time_zone_from"] == "rep"


def test_the_doctor_says_whose_hours_count(office, nudger_in_office):
    office.world.people[ANA].zone = "Asia/Kolkata"
    says = calendar_line(nudger_in_office)
    assert says.startswith("can be read; Asia/Kolkata (calendar), 09:00-17:30 (settings)")
    file = office.folder / "nudger.toml"
    file.write_text(file.read_text() + '[ask]\nhours_from = "settings"\n')
    assert "Europe/Berlin (settings)" in calendar_line(nudger_in_office)


def let_the_team_take_hours_from(office, nudger, team, everybody):
    """Put Ana into a team that takes its hours from one place, and everybody else from another."""
    file = office.folder / "nudger.toml"
    file.write_text(
        f'{file.read_text()}[ask]\nhours_from = "{everybody}"\n'
        f'[[teams]]\nname = "emea"\nask = {{ hours_from = "{team}" }}\n'
    )
    nudger("reps", "add", ANA, "--team", "emea")


def test_the_doctor_asks_the_calendar_where_the_team_wants_it(office, nudger_in_office):
    let_the_team_take_hours_from(office, nudger_in_office, "calendar", everybody="settings")
    office.world.people[ANA].zone = "Asia/Kolkata"
    assert "Asia/Kolkata (calendar)" in calendar_line(nudger_in_office)


class TestOnOutlook:
    @pytest.fixture
    def kept_by(self):
        return "microsoft"

    def test_the_doctor_names_the_permission_that_would_tell(self, office, nudger_in_office):
        says = calendar_line(nudger_in_office)
        assert says.endswith("with MailboxSettings.Read Outlook would tell them")
        assert "Europe/Berlin (settings), 09:00-17:30 (settings)" in says
        checks = {one["what"]: one["says"] for one in nudger_in_office.json("doctor")}
        assert checks["permission MailboxSettings.Read"].startswith("optional")

    def test_the_doctor_shows_what_outlook_tells(self, office, nudger_in_office):
        office.server.microsoft.identity.permissions += ("MailboxSettings.Read",)
        says = calendar_line(nudger_in_office)
        assert "Europe/Berlin (calendar), 08:00-17:00 (calendar)" in says
        assert "Outlook would" not in says

    def test_the_doctor_names_no_permission_that_the_team_has_no_use_for(
        self, office, nudger_in_office
    ):
        let_the_team_take_hours_from(office, nudger_in_office, "settings", everybody="calendar")
        assert "MailboxSettings.Read" not in calendar_line(nudger_in_office)
