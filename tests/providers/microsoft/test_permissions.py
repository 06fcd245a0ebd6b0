from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.providers.base import Unavailable
from nudger.providers.microsoft.permissions import (
    Reach,
    granted_permissions,
    missing_permissions,
    probe,
)


def token(claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.signature"


@pytest.mark.parametrize(
    ("access_token", "granted"),
    [
        (
            token({"roles": ["Mail.Send", "Calendars.ReadWrite"]}),
            {"Mail.Send", "Calendars.ReadWrite"},
        ),
        (token({"scp": "Mail.Send Mail.ReadWrite"}), {"Mail.Send", "Mail.ReadWrite"}),
        (token({}), set()),
        (token({"roles": "Mail.Send"}), None),
        (token(["roles"]), None),
        ("EwBwA8l6BAAU", None),
        ("a.b.c", None),
        ("", None),
    ],
)
def test_what_a_token_grants(access_token: str, granted: set[str] | None) -> None:
    found = granted_permissions(access_token)
    assert found == granted


@given(st.text())
def test_any_text_in_place_of_a_token_is_endured(text: str) -> None:
    granted_permissions(text)
    granted_permissions(f"x.{text}.y")


@pytest.mark.parametrize(
    ("granted", "wanted", "missing"),
    [
        (["Mail.Send"], ["Mail.Send", "Mail.ReadWrite"], ("Mail.ReadWrite",)),
        (["Mail.ReadWrite"], ["Mail.Read"], ()),
        (["Mail.Read"], ["Mail.ReadWrite"], ("Mail.ReadWrite",)),
        (None, ["Mail.Send"], ("Mail.Send",)),
        ([], [], ()),
    ],
)
def test_what_is_missing(
    granted: list[str] | None, wanted: list[str], missing: tuple[str, ...]
) -> None:
    assert missing_permissions(granted, wanted) == missing


def test_graph_scope_probe(service: Any, graph: Any, answer: Any) -> None:
    denied = {"error": {"code": "ErrorAccessDenied", "message": "Access is denied."}}
    service.tell(answer(403, denied), answer(200, {"value": []}))
    calendar, mail = probe(graph, "boss@ourco.example")
    assert (calendar.kind, calendar.reach) == ("calendar", Reach.REFUSED)
    assert (mail.kind, mail.reach) == ("mail", Reach.REACHED)
    assert [seen.path for seen in service.seen] == [
        "/v1.0/users/boss@ourco.example/events",
        "/v1.0/users/boss@ourco.example/messages",
    ]
    assert all(seen.params == {"$select": "id", "$top": "1"} for seen in service.seen)


def test_a_probe_of_no_mailbox_proves_nothing(service: Any, graph: Any, answer: Any) -> None:
    gone = answer(404, {"error": {"code": "MailboxNotEnabledForRESTAPI", "message": "x"}})
    service.tell(gone, gone)
    assert {found.reach for found in probe(graph, "who@ourco.example")} == {Reach.NO_MAILBOX}


def test_a_probe_is_not_fooled_by_a_busy_server(service: Any, graph: Any, answer: Any) -> None:
    service.tell(*[answer(503)] * 3)
    with pytest.raises(Unavailable):
        probe(graph, "boss@ourco.example")
