"""What programs ask: health, readiness, numbers; by an address, without names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from nudger.sandbox.faults import Fault
from nudger.worker import Worker, hourly, incoming, outgoing
from tests.office import ANA, run_once
from tests.web.conftest import served

ADDRESSES = ["10.0.0.7:8025", "[fd00::7]:8025", "nudger:8025", "localhost:8025", "10.0.0.7"]
NAMES = [
    "nudger.evil.example",
    "10.0.0.7.evil.example",
    "evil.example:8025",
    "10.0.0.7@evil.example",
]


@pytest.fixture
def watched(office):
    with served(office, "metrics = true\n") as pages:
        yield pages


def numbers(watched, **headers):
    """Name and sorted labels -> value, of all that `/metrics` says."""
    answer = watched.client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    families = text_string_to_metric_families(answer.text)
    return {
        (one.name, *sorted(one.labels.values())): one.value
        for family in families
        for one in family.samples
    }


def test_a_process_that_lives_says_so(watched):
    answer = watched.client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["cache-control"] == "no-store"


def test_it_is_ready_once_its_rounds_go_well_and_not_after_they_stopped(watched, monkeypatch):
    def ready():
        answer = watched.client.get("/readyz")
        assert answer.json()["ready"] == (answer.status_code == 200)
        return answer.status_code, answer.json()["missing"]

    assert ready() == (200, []), "pages without a worker wait for none"
    worker = Worker(watched.office.ctx)
    assert ready() == (503, ["outgoing", "incoming"])
    worker._tick(outgoing)
    worker._tick(incoming)
    assert ready() == (200, [])
    watched.office.later(minutes=25)
    assert ready() == (503, ["outgoing", "incoming"])
    monkeypatch.setattr("nudger.worker.listen", lambda _ctx: 1 / 0)
    worker._tick(outgoing)
    worker._tick(incoming)
    assert ready() == (503, ["incoming"])


def test_with_another_schema_it_is_not_ready_and_lives(watched):
    with watched.office.ctx.database.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert watched.client.get("/readyz").json() == {"ready": False, "missing": ["database"]}
    assert watched.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_a_probe_comes_by_address_and_by_no_name_of_the_internet(watched, path):
    for host in ADDRESSES:
        assert watched.client.get(path, headers={"host": host}).status_code == 200, host
    for host in NAMES:
        assert watched.client.get(path, headers={"host": host}).status_code in (400, 421), host


def test_pages_are_not_had_by_an_address_that_only_probes_may_use(pages):
    assert pages.client.get("/answer/x", headers={"host": "10.0.0.7:8025"}).status_code == 421


@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "forwarded", "x-forwarded-host", "x-real-ip"]
)
def test_numbers_are_not_given_through_a_proxy(watched, header):
    assert watched.client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 404


def test_nor_by_the_public_name(office):
    with served(office, 'public_url = "https://nudger.ourco.example"\nmetrics = true\n') as pages:
        by_name = {"host": "nudger.ourco.example"}
        assert pages.client.get("/healthz", headers=by_name).status_code == 200
        assert pages.client.get("/metrics", headers=by_name).status_code == 404
        assert pages.client.get("/metrics").status_code == 200


def test_without_the_setting_there_are_none(pages):
    assert pages.client.get("/metrics").status_code == 404
    assert pages.client.get("/readyz").status_code == 200


def test_an_address_alone_serves_health_and_no_page(office):
    assert not office.ctx.settings.web.is_served
    with served(office, "") as pages:
        assert office.ctx.settings.web.is_served
        assert pages.client.get("/healthz").status_code == 200
        assert pages.client.get(f"/answer/{'a' * 32}/1").status_code == 404


def test_the_numbers_follow_what_happens(watched):
    office = watched.office
    before = numbers(watched)
    office.meet()
    run_once(office.ctx)
    after = numbers(watched)
    assert after["nudger_meetings", "asked"] == 1
    assert after["nudger_mails", "question", "sent"] == 1
    assert after["nudger_events", "outside"] == 1
    assert after["nudger_reps", "active"] == 1
    assert after["nudger_concern", "no_scan"] == 0
    sent = ("nudger_provider_calls_total", "answered", "google", "send_draft")
    assert after[sent] - before.get(sent, 0) == 1
    step = ("nudger_step_seconds_count", "scan")
    assert after[step] - before.get(step, 0) == 1
    office.reply("Dana agrees to a pilot in June")
    office.later(minutes=30)
    assert numbers(watched)["nudger_queue_due", "mailbox"] == 1
    assert numbers(watched)["nudger_queue_oldest_seconds", "mailbox"] > 60
    assert numbers(watched)["nudger_concern", "no_scan"] == 1
    run_once(office.ctx)
    assert numbers(watched)["nudger_answers",] == 1
    assert numbers(watched)["nudger_notes", "written"] == 1


def test_what_fails_is_counted(watched, monkeypatch):
    office = watched.office
    before = numbers(watched)
    office.world.faults.add(Fault("calendar.events.list", status=400, reason="invalid"))
    run_once(office.ctx)
    after = numbers(watched)
    refused = [key for key in after if key[0] == "nudger_provider_calls_total" and "refused" in key]
    assert sum(after[key] - before.get(key, 0) for key in refused) == 1
    assert after["nudger_queue_failing", "calendar"] == 1
    monkeypatch.setattr("nudger.worker.tidy", lambda _ctx: 1 / 0)
    monkeypatch.setattr("nudger.worker.plan_weekly", lambda _ctx: 1 / 0)
    lost = ("nudger_rounds_failed_total", "hourly")
    Worker(office.ctx)._tick(hourly)
    assert numbers(watched)[lost] - before.get(lost, 0) == 1


def test_what_operations_tells_to_watch_is_there(watched):
    run_once(watched.office.ctx)
    page = (Path(__file__).parents[3] / "docs" / "operations.md").read_text()
    told = {name.removesuffix("_total") for name in re.findall(r"`(?:rate\()?(nudger_\w+)", page)}
    said = watched.client.get("/metrics").text
    known = set(re.findall(r"^# HELP (nudger_\w+?)(?:_total)? ", said, re.MULTILINE))
    assert len(told) > 6
    assert told <= known
    codes = set(re.findall(r'code="(\w+)"', page))
    assert codes <= set(re.findall(r'nudger_concern{code="(\w+)"}', said))


def test_nobody_is_named_in_the_numbers(watched):
    office = watched.office
    office.meet(title="Zebrafink merger")
    run_once(office.ctx)
    office.reply("Pangolin agrees")
    office.later(minutes=5)
    run_once(office.ctx)
    said = watched.client.get("/metrics").text.lower()
    names = (ANA, "ana", "dana", "acme", "ourco", "zebrafink", "pangolin", "@")
    assert [name for name in names if name in said.replace("canary", "")] == []
