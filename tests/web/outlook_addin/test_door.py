"""Who is let in: forged, expired, borrowed tokens, signed with real RSA keys, and whose call it is."""

from __future__ import annotations

import pytest

from nudger.domain.reasons import Reason, StepName
from nudger.sandbox.jwt import sign_jwt
from nudger.sandbox.microsoft.identity import TENANT
from nudger.sandbox.microsoft.user_tokens import ADDIN_CLIENT, object_id
from nudger.sandbox.signing import key_id, signing_key
from nudger.store import audit, people, tables
from nudger.store.people import NewRep
from tests.office import ANA, BEN
from tests.web.answer.test_router import COMMITMENT, revisions
from tests.web.google_addon.test_door import FOREIGN_KEY, FORGED, claims_of, moments
from tests.web.outlook_addin.conftest import installed

OTHER = "77777777-2222-4333-8444-555555555555"
WRONG_CLAIMS = {
    "another directory": {"tid": OTHER},
    "another directory's issuer": {"iss": f"https://login.microsoftonline.com/{OTHER}/v2.0"},
    "the issuer of version 1": {"iss": f"https://sts.windows.net/{TENANT}/", "ver": "1.0"},
    "version 1": {"ver": "1.0"},
    "another audience": {"aud": OTHER},
    "Graph's audience": {"aud": "00000003-0000-0000-c000-000000000000"},
    "several audiences": {"aud": [ADDIN_CLIENT, OTHER]},
    "no audience": {"aud": None},
    "an ID token": {"scp": None},
    "another scope": {"scp": "openid profile"},
    "part of a scope": {"scp": "access_as_users"},
    "an app by itself": {"scp": None, "roles": ["access_as_user"], "idtyp": "app"},
    "an app that says a scope": {"idtyp": "app"},
    "no person": {"oid": None},
    "a person that is no id": {"oid": "../me"},
    "no directory": {"tid": None},
    "a directory that is none": {"tid": 7.5},
    "expired": {"exp": -120, "iat": -3720, "nbf": -3720},
    "of the future": {"iat": 120, "nbf": 120, "exp": 3720},
    "lasts too long": {"exp": 2 * 86_400},
    "never expires": {"exp": None},
    "expires by a truth": {"exp": True},
    "no time of issue": {"iat": None},
}  # fmt: skip


def is_refused(answer):
    return answer.status_code == 401 and "ACME" not in answer.text


def test_a_right_token_opens_the_call(asked):
    answer = asked.open()
    assert answer.status_code == 200
    assert "ACME: pilot review" in answer.text
    assert "<html" not in answer.text


def test_what_entra_did_not_sign_is_refused(asked):
    right = asked.token()
    let_in = [
        name
        for name, forge in FORGED.items()
        if name != "not ASCII" and not is_refused(asked.open(token=forge(right)))
    ]
    assert let_in == []


def test_what_entra_signed_for_something_else_is_refused(asked):
    let_in = [
        name
        for name, claims in WRONG_CLAIMS.items()
        if not is_refused(asked.open(token=asked.token(**moments(asked, claims))))
    ]
    assert let_in == []


def test_without_a_bearer_token_nobody_is_let_in(asked):
    for header in ({}, {"authorization": ""}, {"authorization": f"Basic {asked.token()}"}):
        for method, path in (("POST", "/open"), ("GET", "/calls/1"), ("GET", "/calls/1/text"),
                             ("POST", "/calls/1"), ("POST", "/calls/1/other")):  # fmt: skip
            answer = asked.client.request(method, f"/addin/outlook{path}", headers=header)
            assert is_refused(answer), (path, answer.status_code)


def test_the_app_by_its_uri_is_an_audience(asked):
    assert asked.open(token=asked.token(aud=f"api://{ADDIN_CLIENT}")).status_code == 200


def test_clocks_may_differ_by_seconds(asked):
    late = {"iat": -3630, "nbf": -3630, "exp": -30}
    for times in (late, {"iat": 30, "nbf": 30, "exp": 3630}):
        assert asked.open(token=asked.token(**moments(asked, times))).status_code == 200


# Whose account it is


@pytest.fixture
def ben(asked):
    with asked.office.ctx.database.begin() as tx:
        provider = people.find_rep(tx, ANA).provider
        people.add_rep(tx, NewRep(BEN, provider, "Ben Okafor"), asked.office.world.now())
    return BEN


def test_another_users_right_token_finds_nothing_of_this_call(asked, ben):
    path = call_path(asked)
    assert asked.open("call1", ben).text == asked.open("no such event", ben).text
    for method, what in (("GET", ""), ("GET", "/text"), ("POST", ""), ("POST", "/other")):
        answer = asked.ask(method, path + what, asked.token(ben))
        assert (answer.status_code, "ACME" in answer.text) == (404, False)
    assert revisions(asked) == 0


def test_a_name_in_a_token_proves_nothing(asked):
    posing = asked.token(oid=OTHER, preferred_username=ANA, upn=ANA, email=ANA, verified=True)
    answer = asked.open(token=posing)
    assert "Nudger does not ask you about calls" in answer.text
    assert "ACME" not in answer.text


def test_a_rep_is_known_by_the_mailbox_and_not_by_the_name(asked):
    assert "ACME" in asked.open(token=asked.token(preferred_username="a@onmicrosoft.example")).text


def test_a_known_account_stays_the_reps_whatever_becomes_of_the_address(asked):
    asked.open()
    asked.office.world.people[ANA].has_calendar = False
    successor = asked.token(oid=OTHER, preferred_username=ANA)
    assert "ACME" not in asked.open(token=successor).text
    assert "ACME" in asked.ask("GET", call_path_of(1), asked.token()).text


def test_a_person_without_a_mailbox_of_a_rep_is_told_so_in_their_language(asked):
    headers = {"authorization": f"Bearer {asked.token(oid=OTHER)}", "accept-language": "de-AT,en"}
    answer = asked.client.post("/addin/outlook/open", headers=headers, data={"item": "x"})
    assert "Nudger fragt Sie" in answer.text


def test_an_item_that_is_no_id_is_no_call(asked):
    for item in ("", "../../me", "x" * 600, "a/b", "a b", "ä", "%2e%2e"):
        answer = asked.ask("POST", "/open", item=item, more="x")
        assert "Nudger asks you nothing about this event" in answer.text
    assert "graph.calendar.get" not in asked.office.calls


def test_a_call_number_that_is_not_theirs_is_not_found(asked):
    asked.open()
    for number in ("0", "2", "99999999999999999999"):
        assert asked.ask("GET", f"/calls/{number}").status_code == 404


# Entra's keys


def test_the_keys_are_read_once_and_a_new_one_when_it_is_first_seen(asked):
    asked.open()
    assert asked.open().status_code == 200
    assert asked.identities.fetched == 1
    asked.office.later(minutes=2)
    asked.identities.rotate()
    assert asked.open().status_code == 200
    assert asked.identities.fetched == 2


def test_unknown_keys_have_the_keys_read_once_a_minute(asked):
    asked.open()
    asked.office.later(minutes=2)
    for number in range(5):
        assert is_refused(
            asked.open(token=sign_jwt(claims_of(asked.token()), FOREIGN_KEY, f"theirs {number}"))
        )
    assert asked.identities.fetched == 2


def test_a_key_that_entra_withdrew_counts_no_more(asked):
    assert asked.open().status_code == 200
    asked.identities.rotate()
    asked.identities.rotate()
    asked.office.later(hours=7)
    stale = sign_jwt(claims_of(asked.token()), signing_key(1), key_id(1))
    assert is_refused(asked.open(token=stale))


def test_without_any_keys_nobody_is_let_in(asked):
    asked.identities.is_down = True
    assert asked.open().status_code == 503
    asked.identities.is_down = False
    asked.office.later(minutes=2)
    assert asked.open().status_code == 200


def test_a_directory_that_is_not_served_is_asked_for_no_keys(asked):
    theirs = asked.token(tid=OTHER, iss=f"{asked.identities.url}/{OTHER}/v2.0")
    assert is_refused(asked.open(token=theirs))
    assert asked.identities.fetched == 0


# What the settings say


@pytest.mark.parametrize(
    "table",
    ["", f'[outlook_addin]\nclient_id = "{ADDIN_CLIENT}"\n',
     f'[outlook_addin]\ntenants = ["{TENANT}"]\n'],
)  # fmt: skip
def test_without_its_app_and_a_directory_there_is_no_pane(office, table):
    with installed(office, table=table) as opened:
        assert opened.open().status_code == 404
        assert opened.client.get("/addin/outlook/pane").status_code == 404


# What is saved


def call_path(pane):
    return pane.open().url.path.removeprefix("/addin/outlook")


def call_path_of(number):
    return f"/calls/{number}"


def fields(pane, path, **typed):
    page = pane.ask("GET", path).text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    return {"token": token, **typed}


def test_an_answer_is_saved_and_known_to_come_from_the_pane(asked):
    path = call_path(asked)
    sent = fields(asked, path, commitment_objective=COMMITMENT, then="save")
    answer = asked.ask("POST", path, **sent)
    assert (answer.status_code, revisions(asked)) == (200, 1)
    assert COMMITMENT in answer.text
    with asked.office.ctx.database.read() as tx:
        steps = [(one.step.step, one.step.reason) for one in audit.after(tx, 0)]
    assert (StepName.ADDON, Reason.BY_ADDON) in steps


def test_a_form_of_another_call_or_rep_is_refused(asked, ben):
    path = call_path(asked)
    sent = fields(asked, path, commitment_objective=COMMITMENT) | {"token": "x"}
    assert asked.ask("POST", path, **sent).status_code == 403
    assert revisions(asked) == 0


def test_the_same_account_is_bound_once(asked):
    for _ in range(2):
        asked.open()
    with asked.office.ctx.database.read() as tx:
        assert len(tx.execute(tables.addon_account.select()).all()) == 1
    assert object_id(ANA) == object_id(ANA.upper())
