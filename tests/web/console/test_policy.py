"""The settings as pages: what they show, how they are changed, and what stays hidden."""

from __future__ import annotations

import html
import re
import tomllib

import pytest

from nudger.config import load_settings
from nudger.config.setting_descriptions import every_setting
from nudger.domain.reasons import Reason
from nudger.store import audit
from tests.web.answer.test_router import Fields
from tests.web.console.conftest import KIM, token_of

PATH = "/console/policy"
ONE = f"{PATH}/setting"


def text(client, path=PATH, **query):
    shown = html.unescape(re.sub(r"<[^>]*>", " ", client.get(path, params=query).text))
    return " ".join(shown.split())


def save(client, key, value, **more):
    hidden = Fields(client.get(ONE, params={"key": key}).text).hidden
    return client.post(ONE, data={**hidden, "value": value, **more})


def there(pages):
    return tomllib.loads(pages.office.file.read_text())


def test_every_setting_is_there_with_what_it_is_for(kim):
    page = text(kim)
    for name in every_setting():
        assert name in page
    assert "when a rep's working hours begin, local" in page
    assert "](" not in page


def test_each_has_a_page(kim):
    for name in every_setting():
        assert name in text(kim, ONE, key=name)


def test_where_a_value_is_from_is_said(pages, kim, monkeypatch):
    monkeypatch.setenv("NUDGER_ASK__LEAD_HOURS", "6")
    monkeypatch.setenv("NUDGER_WEEKLY", '{"day": "fri"}')
    assert "60 nudger.toml" in text(kim, ONE, key="scan.every_seconds")
    assert '"09:00" default' in text(kim, ONE, key="ask.day_starts")
    for key, variable in (("ask.lead_hours", "ASK__LEAD_HOURS"), ("weekly.day", "WEEKLY")):
        page = text(kim, ONE, key=key)
        assert f"The environment has it as NUDGER_{variable}" in page
        assert "Save" not in page
    pages.office.file.write_text(
        pages.office.file.read_text() + '\n[[teams]]\nname = "emea"\nask = {remind = false}\n'
    )
    assert "team emea: false" in text(kim, ONE, key="ask.remind")


@pytest.mark.parametrize(
    ("key", "typed", "written"),
    [
        ("ask.day_starts", "08:30", "08:30"),
        ("ask.working_days", "mon\r\ntue\r\n\r\n", ["mon", "tue"]),
        ("ask.remind", "false", False),
        ("ask.lead_hours", "2.5", 2.5),
        ("meetings.series", "first", "first"),
        ("meetings.series", "3", 3),
        ("meetings.title_words", 'audit\n"); x = "', ["audit", '"); x = "']),
        ("write_back", "private", "private"),
        ("ask.quiet_days", "2026-12-24", ["2026-12-24"]),
    ],
)
def test_a_change_is_written_and_nothing_else(pages, kim, key, typed, written):
    file = pages.office.file
    file.write_text("# mine\n" + file.read_text())
    before = there(pages)
    assert save(kim, key, typed).status_code == 303
    expected, within = dict(before), there(pages)
    *above, last = key.split(".")
    for part in above:
        expected[part] = dict(expected.get(part, {}))
        expected, within = expected[part], within[part]
    expected[last] = written
    assert within == expected
    assert {k: v for k, v in there(pages).items() if k != key.split(".")[0]} == {
        k: v for k, v in before.items() if k != key.split(".")[0]
    }
    assert file.read_text().startswith("# mine\n")
    load_settings(file)


def test_nothing_typed_is_the_default(pages, kim):
    assert save(kim, "scan.every_seconds", "").status_code == 303
    assert "every_seconds" not in there(pages).get("scan", {})
    assert "120 default" in text(kim, ONE, key="scan.every_seconds")


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("ask.day_starts", "noon", "'noon': input should be in a valid time"),
        ("scan.every_seconds", "1", "greater than or equal to 5"),
        ("scan.every_seconds", "often", "valid integer"),
        ("time_zone", "Berlin", "a time zone such as"),
        ("write_back", "", "Choose"),
        ("ask.working_days", "monday", "'mon'"),
        ("meetings.title_words", "x" * 5000, "At most"),
        ("google.mailbox", "<script>", "an address such as"),
    ],
)
def test_what_is_not_allowed_is_said_beside_the_field(pages, kim, key, typed, says):
    before = pages.office.file.read_bytes()
    answered = save(kim, key, typed)
    page = html.unescape(answered.text)
    assert (answered.status_code, says in page) == (422, True), page
    assert 'aria-invalid="true"' in page
    assert "<script>" not in answered.text.replace("<script src", "")
    assert pages.office.file.read_bytes() == before


def test_a_file_that_was_changed_meanwhile_is_left_alone(pages, kim):
    hidden = Fields(kim.get(ONE, params={"key": "ask.remind"}).text).hidden
    changed = pages.office.file.read_text() + "# by hand\n"
    pages.office.file.write_text(changed)
    answered = kim.post(ONE, data={**hidden, "value": "false"})
    assert "was changed since you opened this page" in answered.text
    assert pages.office.file.read_text() == changed
    assert save(kim, "ask.remind", "false").status_code == 303


@pytest.mark.parametrize(
    "key", ["key_command", "database", "google.api_root", "console.provider", "crm.hubspot.token"]
)
def test_what_leads_to_secrets_is_changed_by_the_file_alone(pages, kim, key):
    before = pages.office.file.read_bytes()
    assert "only who can write the file changes it" in text(kim, ONE, key=key)
    shown = Fields(kim.get(ONE, params={"key": "ask.remind"}).text).hidden
    assert kim.post(ONE, data={**shown, "key": key, "value": "x"}).status_code == 422
    assert pages.office.file.read_bytes() == before


def test_each_that_is_shown_as_text_nowhere_is_by_the_file_alone():
    for key in every_setting().values():
        if key.is_secret or any(word in key.name for word in ("root", "uri", "url", "secret")):
            assert key.is_changed_by_file_alone, key.name


def test_a_secret_is_never_shown(pages, kim, monkeypatch):
    monkeypatch.setenv("NUDGER_CONSOLE__CLIENT_SECRET", "s3cr3t-of-ours")
    pages.office.file.write_text('key_command = "print-s3cr3t"\n' + pages.office.file.read_text())
    for path, query in ((PATH, {}), *((ONE, {"key": name}) for name in every_setting())):
        assert "s3cr3t" not in kim.get(path, params=query).text
    assert "not shown" in text(kim, ONE, key="console.client_secret")


def test_history_has_who_and_what_without_words(pages, kim):
    save(kim, "ask.remind", "false")
    save(kim, "meetings.note_takers", "bot@acme.example")
    page = text(kim)
    assert f"{KIM} true (default) → false" in page
    with pages.office.ctx.database.read() as tx:
        details = [one.step.detail for one in audit.latest(tx, Reason.SETTING_CHANGED, 9)]
    assert [one["setting"] for one in details] == ["meetings.note_takers", "ask.remind"]
    assert "bot@" not in str(details)


def test_a_change_counts_after_a_restart_and_that_is_said(pages, kim):
    assert "restart" not in text(kim, "/console")
    save(kim, "ask.remind", "false")
    assert "counts after a restart" in text(kim)
    assert "it counts after a restart" in text(kim, "/console/health")
    assert pages.office.ctx.settings.ask.remind


def test_a_file_that_is_broken_is_said_and_left_alone(pages, kim):
    pages.office.file.write_text("write_back = ")
    assert "mend it by hand" in text(kim)
    assert "Save" not in text(kim, ONE, key="ask.remind")


def test_an_unwritable_file_says_the_line_to_write(pages, kim, monkeypatch):
    monkeypatch.setattr("nudger.admin.policy.os.access", lambda *_: False)
    page = text(kim, ONE, key="ask.remind")
    assert "cannot be written by this process" in page
    assert "[ask] remind = true" in page


def test_what_the_disk_refuses_is_said(pages, kim, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nudger.admin.rewriting.write_settings", full)
    answered = save(kim, "ask.remind", "false")
    assert (answered.status_code, "No space left on device" in answered.text) == (422, True)
    with pages.office.ctx.database.read() as tx:
        assert audit.latest(tx, Reason.SETTING_CHANGED, 9) == []


def test_an_auditor_reads_and_has_no_form(pages, alex):
    page = text(alex, ONE, key="ask.remind")
    assert "An auditor only reads" in page
    assert alex.post(ONE, data={"token": token_of(alex), "key": "ask.remind"}).status_code == 403


def test_nobody_knows_another_key(kim):
    for key in ("", "no.such", "__class__", "ask"):
        assert kim.get(ONE, params={"key": key}).status_code == 404
