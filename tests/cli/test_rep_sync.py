"""`nudger reps sync`: the members of a Google or Entra group, over a socket."""

from __future__ import annotations

import json

import pytest

from nudger.admin.rep_choices import change_language, change_time_zone
from nudger.providers.google.directory import MEMBERS_SCOPE, USERS_SCOPE
from nudger.sandbox.google.oauth import ALL_SCOPES
from nudger.sandbox.microsoft.identity import PERMISSIONS
from nudger.store import people
from tests.office import ANA, BEN

IDA, CLEO = "ida@ourco.example", "cleo@ourco.example"
SALES, INNER = "sales@ourco.example", "sales-south@ourco.example"
BOTH = {"google": (MEMBERS_SCOPE, USERS_SCOPE), "microsoft": ("GroupMember.Read.All", "User.Read.All")}  # fmt: skip


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def grant(office):
    """Gives the organization's application these rights beside the usual ones."""

    def give(*rights):
        office.server.google.tokens.authorized_scopes = {*ALL_SCOPES, *rights}
        office.server.microsoft.identity.permissions = (*PERMISSIONS, *rights)

    return give


@pytest.fixture
def sync(office, nudger_in_office, grant, kept_by):
    """Ana is in the group, Cleo in one within it, Eve is suspended, Dana from outside; Ben is a
    rep of old."""
    with office.world.lock:
        office.world.add_person(IDA, "Ida Admin", provider=kept_by, is_admin=True)
        office.world.add_person(
            CLEO, "Cléo Dubois", provider=kept_by, aliases=("cd@ourco.example",)
        )
        office.world.add_person("eve@ourco.example", "Eve", provider=kept_by, suspended=True)
        office.world.add_group(SALES, ANA, INNER, "dana@acme.example", "eve@ourco.example")
        office.world.add_group(INNER, CLEO, ANA, SALES)
    office.file.write_text(
        office.file.read_text().replace("[google]\n", f'[google]\ndirectory_admin = "{IDA}"\n')
    )
    grant(*BOTH[kept_by])

    def run(*arguments):
        return nudger_in_office("reps", "sync", *arguments, "--provider", kept_by)

    return run


def emails(office):
    with office.ctx.database.read() as tx:
        return {one.email: one for one in people.list_reps(tx)}


def test_a_dry_run_says_all_and_changes_nothing(sync, office):
    before = emails(office)
    result = sync(SALES, "--dry-run")
    assert result.exit_code == 0, result.output
    assert CLEO in result.stdout
    assert "Nothing was changed." in result.stdout
    assert emails(office) == before


def test_members_of_nested_groups_become_reps_with_name_and_aliases(sync, office, kept_by):
    result = sync(SALES, "--yes", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert [one["email"] for one in said["added"]] == [CLEO]
    assert {one["why"] for one in said["left_out"]} == {"inactive", "outside"}
    cleo = emails(office)[CLEO]
    assert (cleo.name, cleo.aliases, cleo.provider.value) == (
        "Cléo Dubois", ("cd@ourco.example",), kept_by,
    )  # fmt: skip
    again = json.loads(sync(SALES, "--yes", "--json").stdout)
    assert (again["added"], again["changed"], again["done"]) == ([], [], False)


def test_what_a_rep_chose_on_their_page_stays(sync, office):
    with office.world.lock:
        office.world.people[ANA].name = "Ana Weber-Sol"
        office.world.people[ANA].aliases = ("aw@ourco.example",)
    with office.ctx.database.begin() as tx:
        change_language(office.ctx, tx, people.find_rep(tx, ANA), "de")
        change_time_zone(office.ctx, tx, people.find_rep(tx, ANA), "America/Lima")
    assert json.loads(sync(SALES, "--yes", "--json").stdout)["changed"] != []
    ana = emails(office)[ANA]
    assert (ana.language, ana.time_zone) == ("de", "America/Lima")
    assert "aw@ourco.example" in ana.aliases


def test_nobody_leaves_and_a_pause_is_asked_for(sync, office, nudger_in_office):
    nudger_in_office("reps", "add", BEN, "--provider", emails(office)[ANA].provider.value)
    said = json.loads(sync(SALES, "--yes", "--json").stdout)
    assert said["not_in_group"] == [BEN]
    assert said["paused"] == []
    paused = json.loads(sync(SALES, "--yes", "--json", "--pause-left").stdout)["paused"]
    assert paused == [BEN]
    assert BEN in emails(office)
    assert json.loads(sync(SALES, "--yes", "--json", "--pause-left").stdout)["paused"] == []


def test_a_script_says_yes(sync, office):
    result = sync(SALES)
    assert result.exit_code == 1
    assert "add --yes" in result.stderr
    assert CLEO not in emails(office)


def test_a_large_group_comes_in_pages(sync, office, monkeypatch):
    monkeypatch.setattr("nudger.providers.google.directory.PAGE_SIZE", 2)
    monkeypatch.setattr("nudger.providers.microsoft.directory.PAGE_SIZE", 2)
    said = json.loads(sync(SALES, "--dry-run", "--json").stdout)
    assert [one["email"] for one in said["added"]] == [CLEO]
    assert len(said["left_out"]) == 2


def test_a_missing_right_says_which(sync, grant, kept_by):
    grant()
    result = sync(SALES, "--dry-run")
    assert result.exit_code == 1
    assert BOTH[kept_by][0] in result.stderr
    assert "reps-from-a-group" in result.stderr.replace("\n", "")


def test_without_the_right_to_see_users_it_makes_do_or_says_so(sync, grant, kept_by):
    grant(BOTH[kept_by][0])
    result = sync(SALES, "--dry-run", "--json")
    if kept_by == "google":
        (cleo,) = json.loads(result.stdout)["added"]
        assert (cleo["name"], cleo["aliases"]) == ("Cleo", [])
    else:
        assert result.exit_code == 1
        assert "User.Read.All" in result.stderr


def test_without_own_domains_nobody_can_be_told_from_a_guest(sync, nudger_in_office):
    nudger_in_office("domains", "remove", "ourco.example", "--yes")
    result = sync(SALES, "--yes")
    assert result.exit_code == 1
    assert "nudger domains add ours" in result.stderr


def test_an_unknown_group_is_one_line(sync):
    result = sync("nobody@ourco.example", "--dry-run")
    assert result.exit_code == 1
    assert "nobody@ourco.example" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_empty_group_changes_nothing(sync, office):
    office.world.add_group("empty@ourco.example")
    result = sync("empty@ourco.example", "--yes", "--pause-left")
    assert result.exit_code == 1
    assert "nobody is in" in result.stderr


def test_a_group_that_would_pause_most_is_refused(sync, office):
    office.world.add_group("wrong@ourco.example", CLEO)
    result = sync("wrong@ourco.example", "--yes", "--pause-left")
    assert result.exit_code == 1
    assert "Is it the right group?" in result.stderr
    assert CLEO not in emails(office)


def test_the_doctor_looks_where_a_group_is_set(sync, office, nudger_in_office, grant, kept_by):
    assert not [one for one in nudger_in_office.json("doctor") if one["what"].startswith("group")]
    text = office.file.read_text()
    office.file.write_text(text.replace(f"[{kept_by}]\n", f'[{kept_by}]\nreps_group = "{SALES}"\n'))
    found = {one["what"]: one["ok"] for one in nudger_in_office.json("doctor")}
    assert found[f"group {SALES}"]
    grant()
    result = nudger_in_office("doctor", "--json")
    assert result.exit_code == 1
    (told,) = [one for one in json.loads(result.stdout) if one["what"] == f"group {SALES}"]
    assert not told["ok"]
    assert BOTH[kept_by][0] in told["says"]


def test_the_group_of_the_settings_is_meant_where_none_is_named(sync, office, kept_by):
    assert "which group?" in sync("--dry-run").stderr
    text = office.file.read_text()
    office.file.write_text(text.replace(f"[{kept_by}]\n", f'[{kept_by}]\nreps_group = "{SALES}"\n'))
    assert sync("--dry-run").exit_code == 0


def test_google_tells_it_to_an_admin_alone(sync, office, kept_by):
    if kept_by != "google":
        pytest.skip("Graph asks the application alone")
    with office.world.lock:
        office.world.people[IDA].is_admin = False
    result = sync(SALES, "--dry-run")
    assert result.exit_code == 1
    assert "privilege to read groups" in result.stderr.replace("\n", " ")
