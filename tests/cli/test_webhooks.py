"""`nudger webhooks`: listing, trying, replaying, and what is said of a wrong setting."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nudger.jobs.telling.deliver import deliver_all
from nudger.jobs.telling.payload import payload_schema
from tests.jobs.telling.test_deliver import GOOD, say, webhook
from tests.office import run_once
from tests.receivers.listeners import listening, says

SCHEMA = Path(__file__).parents[2] / "docs" / "webhooks.schema.json"


@pytest.fixture
def listener():
    with listening() as found:
        yield found


@pytest.fixture
def nudger(nudger_in_office, office, listener):
    office.configure(webhook(listener))
    return nudger_in_office


@pytest.fixture
def answered(office, nudger):
    office.meet()
    run_once(office.ctx)
    say(office, GOOD)
    return office


def test_the_receivers_are_listed(nudger, answered, listener):
    (one,) = nudger.json("webhooks", "list")
    assert (one["name"], one["waiting"], one["delivered"]) == ("crm", 1, 0)
    listener.speak = says(410)
    deliver_all(answered.ctx)
    assert "off since" in nudger("webhooks", "list").output
    assert "Another system is not told" in nudger("status").output
    assert "told again" in nudger("webhooks", "on", "crm").output
    assert nudger.json("webhooks", "list")[0]["off_since"] is None


def test_nobody_is_told_where_nobody_is_set(nudger_in_office):
    assert "add [[webhooks]]" in nudger_in_office("webhooks", "list").output


def test_one_is_tried(nudger, listener):
    assert nudger.json("webhooks", "test", "crm")["ok"] is True
    assert json.loads(listener.heard[0].body)["type"] == "nudger.test"
    listener.speak = says(302, "Location: /")
    refused = nudger("webhooks", "test", "crm")
    assert refused.exit_code == 1
    assert "never followed" in refused.output


def test_a_name_that_is_none_says_which_there_are(nudger):
    for command in ("test", "replay", "on", "show", "secret"):
        refused = nudger("webhooks", command, "cmr")
        assert refused.exit_code == 1
        assert "There are crm" in refused.output


def test_a_message_is_shown_and_told_again(nudger, answered, listener):
    deliver_all(answered.ctx)
    (one,) = nudger.json("webhooks", "show", "crm", "--state", "delivered")
    shown = nudger.json("webhooks", "show", one["id"])
    assert shown["body"]["data"]["call"]["call"] == one["call"]
    assert one["id"] in nudger("webhooks", "show", "crm").output
    assert "As it would be sent now" in nudger("webhooks", "show", one["id"]).output
    assert nudger("webhooks", "show", "msg_none").exit_code == 1
    assert nudger.json("webhooks", "replay", "crm", "--since", "2026-01-01")["notices"] == 1
    assert nudger("webhooks", "replay", "crm", "--since", "soon").exit_code == 2
    answered.at(datetime.now(UTC))  # the commands' clock
    deliver_all(answered.ctx)
    assert listener.ids == [one["id"]] * 2


def test_the_secret_is_printed_and_made_anew(nudger):
    first = nudger("webhooks", "secret", "crm").output.strip()
    assert first.startswith("whsec_")
    assert nudger("webhooks", "secret", "crm").output.strip() == first
    assert nudger.json("webhooks", "secret", "crm", "--new")["secret"] != first


def test_the_schema_in_the_docs_is_that_of_the_messages(nudger):
    assert json.loads(SCHEMA.read_text()) == payload_schema()
    assert json.loads(nudger("webhooks", "schema").output) == payload_schema()


WRONG = [
    ('url = "http://example.com/"', "https is expected"),
    ('url = "ftp://example.com/"', "is expected"),
    ('url = "https://u:p@example.com/"', "without a user"),
    ('url = "https://example.com/#x"', "without a user"),
    ('url = "https://example.com:99999/"', "port"),
    ('url = "https://127.0.0.1/"', "nothing may be sent"),
    ('url = "https://[::ffff:10.0.0.1]/"', "nothing may be sent"),
    ('url = "https://169.254.169.254/"\nallow_private = true', "nothing may be sent"),
    ('url = "https://exa mple.com/"', "without spaces"),
    ('url = "https://example.com/"\nsecret = "hunter2"', "whsec_"),  # pragma: allowlist secret
    ('url = "https://example.com/"\nevents = []', "at least 1"),
    ('url = "https://example.com/"\nevents = ["x"]', "commitment.recorded"),
]


@pytest.mark.parametrize(("lines", "says"), WRONG)
def test_a_wrong_setting_is_named_in_one_line(nudger_in_office, lines, says):
    file = nudger_in_office.file
    file.write_text(f'{file.read_text()}\n[[webhooks]]\nname = "x"\n{lines}\n')
    refused = nudger_in_office("webhooks", "list")
    assert refused.exit_code == 1
    assert says in refused.output.replace("\n", " ")
    assert "hunter2" not in refused.output


@pytest.mark.parametrize("name", ["hubspot", "CRM", "a b", "", "-x"])
def test_a_name_that_cannot_be(nudger_in_office, name):
    file = nudger_in_office.file
    url = 'url = "https://example.com/"'
    file.write_text(f'{file.read_text()}\n[[webhooks]]\nname = "{name}"\n{url}\n')
    assert nudger_in_office("webhooks", "list").exit_code == 1


def test_two_of_one_name(nudger_in_office):
    file = nudger_in_office.file
    one = '\n[[webhooks]]\nname = "x"\nurl = "https://example.com/"\n'
    file.write_text(file.read_text() + one * 2)
    assert "x stands twice" in nudger_in_office("webhooks", "list").output
