"""Other systems as a page: how receivers fare, telling them again, tokens and their end."""

from __future__ import annotations

from nudger.admin.api_tokens import add_token, judge_token
from nudger.domain.api_scopes import Scope
from tests.web.conftest import served
from tests.web.console.conftest import code_for, enter, send, token_of

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
        assert send(client, f"{PATH}/on", PATH, name="crm").status_code == 303


def test_what_is_not_there_is_said(kim):
    for what in ("try", "replay", "on", "revoke"):
        assert send(kim, f"{PATH}/{what}", PATH, name="no").status_code == 422
    assert send(kim, f"{PATH}/replay", PATH, name="no", days="0").status_code == 422
