"""Other systems as a page: how receivers fare, telling them again, tokens and their end."""

from __future__ import annotations

import re

import pytest

from nudger.admin.api_tokens import add_token, judge_token, list_tokens
from nudger.domain.api_scopes import Scope
from nudger.domain.reasons import Reason
from nudger.store import admins, audit
from tests.web.conftest import served
from tests.web.console.conftest import KIM, code_for, enter, send, token_of

PATH = "/console/systems"
HOOK = '[[webhooks]]\nname = "crm"\nallow_private = true\nurl = "http://127.0.0.1:9/hook"\n'


def test_a_token_is_revoked_and_never_shown(pages, kim, alex):
    ctx = pages.office.ctx
    token = add_token(ctx, "bi <b>", list(Scope)[:1], None)
    page = kim.get(PATH).text
    assert "bi &lt;b&gt;" in page
    assert token not in page
    assert "Revoke" not in alex.get(PATH).text
    data = {"token": token_of(alex), "name": "bi <b>"}
    assert alex.post(f"{PATH}/revoke", data=data).status_code == 403
    assert judge_token(ctx, token) is not None
    assert send(kim, f"{PATH}/revoke", PATH, name="bi <b>").status_code == 303
    assert judge_token(ctx, token) is None
    again = send(kim, f"{PATH}/revoke", PATH, name="bi <b>")
    assert (again.status_code, "is revoked already" in again.text) == (422, True)


def test_a_receiver_is_tried_and_told_again(office):
    with served(office, f'public_url = "http://127.0.0.1:1"\n{HOOK}') as pages:
        client = pages.client
        enter(client, code_for(pages))
        assert "crm" in client.get(PATH).text
        tried = send(client, f"{PATH}/try", PATH, name="crm")
        assert (tried.status_code, "notice bad" in tried.text) == (200, True)
        told = send(client, f"{PATH}/replay", PATH, name="crm", days="7")
        assert "crm is told again: 0 are due now." in told.text
        assert "Nothing was sent to it yet" in told.text
        assert send(client, f"{PATH}/on", PATH, name="crm").status_code == 303
        with pages.office.ctx.database.read() as tx:
            reasons = [one.step.reason for one in audit.after(tx, 0)]
        assert reasons[-2:] == [Reason.REPLAYED, Reason.RECEIVER_ON]


def test_a_token_is_made_and_shown_once(pages, kim, alex):
    data = {"name": "bi", "scope": "calls", "days": "30", "token": token_of(kim, PATH)}
    made = kim.post(f"{PATH}/token", data=data)
    (token,) = re.findall(r"nudger_api_[a-z2-7]{32}", made.text)
    assert judge_token(pages.office.ctx, token).scopes == {"calls"}
    assert token not in kim.get(PATH).text
    with pages.office.ctx.database.read() as tx:
        last = audit.after(tx, 0)[-1].step
        by = admins.find_admin(tx, KIM).id
    assert (last.reason, last.detail["admin"]) == (Reason.API_TOKEN_MADE, by)
    assert "New token" not in alex.get(PATH).text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "", "scope": "calls"}, "A name of 1 to 80"),
        ({"name": "bi"}, "without a scope"),
        ({"name": "bi", "scope": "everything"}, "without a scope"),
        ({"name": "bi", "scope": "calls", "days": "0"}, "For how many days?"),
        ({"name": "bi", "scope": "calls", "days": "²"}, "For how many days?"),
    ],
)
def test_what_makes_no_token(pages, kim, fields, says):
    refused = send(kim, f"{PATH}/token", PATH, **fields)
    assert (refused.status_code, says in refused.text) == (422, True)
    assert list_tokens(pages.office.ctx) == []


def test_what_is_not_there_is_said(kim):
    assert kim.get(f"{PATH}/receiver", params={"name": "no"}).status_code == 404
    for what in ("try", "replay", "on", "revoke"):
        assert send(kim, f"{PATH}/{what}", PATH, name="no").status_code == 422
    assert send(kim, f"{PATH}/replay", PATH, name="no", days="0").status_code == 422
