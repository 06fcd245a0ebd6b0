"""What a mail becomes as Graph's JSON, and what Exchange makes of that again."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from nudger.providers.microsoft.draft import draft_of
from nudger.sandbox.microsoft.answers import GraphRefusal
from nudger.sandbox.microsoft.mail import _source

STOP = "<mailto:nudger+s-abcdefghijklmnopqrstuvwxyz234567@ourco.example?subject=stop>"
NAMED = "String {00020386-0000-0000-c000-000000000046} Name List-Unsubscribe"


def drafted(**headers):
    message = EmailMessage()
    message["To"] = "ana@ourco.example"
    message["Subject"] = "ACME"
    message["Message-ID"] = "<q@ourco.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("text")
    return draft_of(message)


def received(body):
    return message_from_bytes(_source("nudger@ourco.example", body), policy=default)


def test_a_stop_goes_along_as_the_property_that_exchange_makes_a_header_of():
    body = drafted(List_Unsubscribe=STOP)
    assert {"id": "String 0x1045", "value": STOP} in body["singleValueExtendedProperties"]
    assert "internetMessageHeaders" not in body
    assert received(body)["List-Unsubscribe"] == STOP


def test_a_mail_without_one_has_no_such_property():
    assert "0x1045" not in str(drafted()["singleValueExtendedProperties"])


def test_exchange_makes_no_header_of_it_by_its_name():
    body = drafted()
    body["singleValueExtendedProperties"].append({"id": NAMED, "value": STOP})
    assert received(body)["List-Unsubscribe"] is None


@pytest.mark.parametrize("headers", [["List-Unsubscribe"], [f"X-{number}" for number in range(6)]])
def test_graph_refuses_other_headers_and_too_many(headers):
    listed = [{"name": name, "value": "x"} for name in headers]
    with pytest.raises(GraphRefusal):
        received({**drafted(), "internetMessageHeaders": listed})
