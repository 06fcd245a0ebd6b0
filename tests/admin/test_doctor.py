"""What the doctor says of domains."""

from __future__ import annotations

import pytest

from nudger.admin.doctor import diagnose
from nudger.admin.doctor_local import check_running
from nudger.admin.health import find_concerns
from nudger.domain.health import Concern
from nudger.store import people
from tests.office import ANA, run_once


def says(office, what):
    checks = []
    for check in diagnose(office.file):
        if check.what == "templates":
            break
        checks.append(check)
    return [(one.ok, one.says) for one in checks if one.what == what]


@pytest.fixture
def without_ours(office):
    with office.ctx.database.begin() as tx:
        for entry in people.list_domains(tx):
            people.remove_domain(tx, entry)
    return office


def test_the_domain_of_ours_is_found(office):
    assert says(office, "domains") == [(True, "ours are listed")]
    assert says(office, f"domain of {ANA}") == []


def test_without_a_domain_of_ours_the_reps_count(without_ours):
    implied = (True, "none is listed as ours: the reps' count, ourco.example")
    assert says(without_ours, "domains") == [implied]
    assert says(without_ours, f"domain of {ANA}") == []


def test_without_reps_none_is_ours(without_ours):
    with without_ours.ctx.database.begin() as tx:
        for rep in people.list_reps(tx):
            people.remove_rep(tx, rep.email)
    ((ok, text),) = says(without_ours, "domains")
    assert not ok
    assert "nudger domains add ours" in text


def test_a_rep_at_a_domain_that_is_not_ours_is_found(without_ours):
    with without_ours.ctx.database.begin() as tx:
        people.set_domains(tx, ["elsewhere.example"], "ours", without_ours.ctx.clock())
    ((ok, text),) = says(without_ours, f"domain of {ANA}")
    assert not ok
    assert "nudger domains add ours ourco.example" in text


def test_a_broken_template_is_named_and_stops_nothing(office):
    (office.folder / "own" / "en").mkdir(parents=True)
    (office.folder / "own" / "en" / "question.txt.j2").write_text("a\n{{ nosuch }}")
    office.configure('templates = "own"\n')
    (found,) = [one for one in check_running(office.ctx) if one.what == "templates"]
    assert (found.ok, found.warns) == (True, True)
    assert "question.txt.j2, line 2: 'nosuch' is undefined" in found.says
    office.meet()
    run_once(office.ctx)
    assert len(office.inbox(ANA)) == 1
    assert find_concerns(office.ctx) == (Concern.TEMPLATE_BROKEN,)
    (office.folder / "own" / "en" / "question.txt.j2").unlink()
    assert find_concerns(office.ctx) == ()
