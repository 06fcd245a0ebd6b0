"""Who is let in: forged, expired, borrowed and replayed tokens, signed with real RSA keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nudger.sandbox.jwt import sign_jwt
from nudger.sandbox.signing import key_id, signing_key
from nudger.store import people
from nudger.store.people import NewRep
from tests.office import ANA, BEN
from tests.web.answer.test_router import COMMITMENT, revisions
from tests.web.conftest import served
from tests.web.google_addon.conftest import (
    CLIENT,
    SERVICE_ACCOUNT,
    button_of,
    clicks_of,
    installed,
    words,
)

FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EVENT = {"id": "call1", "calendarId": ANA}


def encoded(value) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=="))


def with_header(token, **header):
    """The same claims under another header, with the signature of before."""
    _, payload, signature = token.split(".")
    return f"{encoded({'alg': 'RS256', 'kid': key_id(1), **header})}.{payload}.{signature}"


def without_signature(token):
    head = encoded({"alg": "none", "typ": "JWT", "kid": key_id(1)})
    return f"{head}.{token.split('.')[1]}."


def signed_with_the_public_key(token):
    """HS256 with what everybody can read as the secret."""
    secret = signing_key(1).public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    head = f"{encoded({'alg': 'HS256', 'kid': key_id(1)})}.{token.split('.')[1]}"
    return f"{head}.{encoded(hmac.new(secret, head.encode(), hashlib.sha256).digest())}"


def changed_afterwards(token):
    head, _, signature = token.split(".")
    return f"{head}.{encoded(claims_of(token) | {'email': BEN})}.{signature}"


FORGED = {
    "alg none": without_signature,
    "HS256 with the public key": signed_with_the_public_key,
    "another key under a known id": lambda t: sign_jwt(claims_of(t), FOREIGN_KEY, key_id(1)),
    "a key that Google has not": lambda t: sign_jwt(claims_of(t), FOREIGN_KEY, "theirs"),
    "no key id": lambda t: with_header(t, kid=None),
    "PS256 said of RS256": lambda t: with_header(t, alg="PS256"),
    "a critical header": lambda t: with_header(t, crit=["exp"]),
    "a key of its own": lambda t: with_header(t, jwk={"kty": "RSA"}, kid="theirs"),
    "claims changed afterwards": changed_afterwards,
    "no signature": lambda t: t.rpartition(".")[0] + ".",
    "two parts": lambda t: t.rpartition(".")[0],
    "no JSON": lambda _: f"{encoded(b'[')}.{encoded(b'{}')}.x",
    "an array": lambda _: sign_jwt([1], signing_key(1), key_id(1)),
    "nested deep": lambda _: f"{encoded(b'[' * 3000)}.{encoded(b'{}')}.x",
    "oversized": lambda t: t + "A" * 9000,
    "not ASCII": lambda t: t[:-3] + "äöü",
    "empty": lambda _: "",
}
WRONG_CLAIMS = {
    "another issuer": {"iss": "https://accounts.evil.example"},
    "expired": {"exp": -120, "iat": -3720},
    "of the future": {"iat": 120, "exp": 3720},
    "not before": {"nbf": 120},
    "lasts too long": {"exp": 2 * 86_400},
    "never expires": {"exp": None},
    "expires some day": {"exp": "tomorrow"},
    "expires by a truth": {"exp": True},
    "no time of issue": {"iat": None},
    "several audiences": {"aud": ["them", "us"]},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "no address": {"email": None},
    "an address that is not verified": {"email_verified": False},
    "an address that is verified by its own word": {"email_verified": "true"},
}  # fmt: skip


def moments(panel, claims):
    """Numbers among the claims are seconds from now."""
    now = int(panel.office.world.now().timestamp())
    return {k: now + v if type(v) is int else v for k, v in claims.items()}


def opened_with(panel, system=None, user=None):
    system = panel.system_token() if system is None else system
    user = panel.user_token() if user is None else user
    headers = {"authorization": f"Bearer {system}".strip().encode()}
    return panel.client.post("/addon/google/event", json=panel.body(user, EVENT), headers=headers)


def is_refused(answer):
    return answer.status_code == 401 and answer.json() == {"error": "unauthorized"}


def test_both_tokens_right_open_the_call(asked):
    assert opened_with(asked).status_code == 200


@pytest.mark.parametrize("which", ["system", "user"])
def test_what_google_did_not_sign_is_refused(asked, which):
    right = asked.system_token() if which == "system" else asked.user_token()
    let_in = [
        name
        for name, forge in FORGED.items()
        if not is_refused(opened_with(asked, **{which: forge(right)}))
    ]
    assert let_in == []


@pytest.mark.parametrize("which", ["system", "user"])
def test_what_google_signed_for_something_else_is_refused(asked, which):
    make = asked.system_token if which == "system" else asked.user_token
    let_in = [
        name
        for name, claims in WRONG_CLAIMS.items()
        if not is_refused(opened_with(asked, **{which: make(**moments(asked, claims))}))
    ]
    assert let_in == []


def test_another_projects_service_account_is_refused(asked):
    theirs = "gcp-sa-gsuiteaddons@service-2.iam.gserviceaccount.com"
    address = f"{asked.url}/addon/google/event"
    assert is_refused(opened_with(asked, asked.identities.system_token(theirs, address)))


def test_a_system_token_for_another_address_is_refused(asked):
    for audience in ("https://other.example/addon/google/event", "", asked.url, CLIENT):
        assert is_refused(
            opened_with(asked, asked.identities.system_token(SERVICE_ACCOUNT, audience))
        )


def test_a_user_token_for_another_client_is_refused(asked):
    assert is_refused(opened_with(asked, user=asked.identities.user_token(ANA, "2.apps")))


def test_neither_token_stands_for_the_other(asked):
    assert is_refused(opened_with(asked, system=asked.user_token()))
    assert is_refused(opened_with(asked, user=asked.system_token()))


def test_without_a_bearer_token_nobody_is_let_in(asked):
    body = asked.body(asked.user_token(), EVENT)
    assert is_refused(asked.client.post("/addon/google/event", json=body))
    for header in ("", "Basic x", "Bearer", f"Digest {asked.system_token()}"):
        headers = {"authorization": header}
        assert is_refused(asked.client.post("/addon/google/event", json=body, headers=headers))


def test_every_endpoint_asks_who_calls(asked):
    for name in ("home", "event", "act"):
        answer = asked.client.post(f"/addon/google/{name}", json=asked.body(asked.user_token()))
        assert is_refused(answer)
        assert asked.client.get(f"/addon/google/{name}").status_code == 405


def test_what_is_no_event_object_is_refused_after_the_token(asked):
    headers = {"authorization": f"Bearer {asked.system_token()}"}
    for body in (b"", b"[]", b"{", b'{"calendar": {"id": 7}}', b"\xff"):
        answer = asked.client.post("/addon/google/event", content=body, headers=headers)
        assert (answer.status_code, answer.json()) == (400, {"error": "malformed"})
        assert is_refused(asked.client.post("/addon/google/event", content=body))


def test_a_body_that_is_too_large_is_refused(asked):
    headers = {"authorization": f"Bearer {asked.system_token()}"}
    answer = asked.client.post("/addon/google/event", content=b"x" * 70_000, headers=headers)
    assert answer.status_code == 413


def test_clocks_may_differ_by_seconds(asked):
    late = asked.user_token(**moments(asked, {"iat": -3630, "exp": -30}))
    early = asked.user_token(**moments(asked, {"iat": 30, "exp": 3630}))
    assert opened_with(asked, user=late).status_code == 200
    assert opened_with(asked, user=early).status_code == 200


# Somebody else


@pytest.fixture
def ben(asked):
    with asked.office.ctx.database.begin() as tx:
        provider = people.find_rep(tx, ANA).provider
        people.add_rep(tx, NewRep(BEN, provider, "Ben Okafor"), asked.office.world.now())
    return BEN


def test_another_reps_call_is_not_told_from_none(asked, ben):
    assert asked.event("call1", ben) == asked.event("no such event", ben)
    assert "ACME" not in words(asked.event("call1", ben))


def test_another_user_can_do_nothing_to_it(asked, ben):
    for what in ("save", "look", "skip", "later_2h", "undo", "outcome", "open"):
        parameters = {**button_of(asked.event(), "save"), "do": what}
        answer = asked.click(parameters, ben, commitment_objective=COMMITMENT)
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
    assert revisions(asked) == 0


def test_a_call_that_is_not_there_is_not_found(asked):
    for call in ("", "0", "-1", "2", "٣", "1e3", "9" * 30, "1 or 1"):
        assert asked.click({"do": "open", "call": call}).status_code == 404


def test_nothing_is_done_that_no_button_says(asked):
    parameters = {**button_of(asked.event(), "save"), "do": "delete"}
    assert asked.click(parameters).status_code == 404
    assert asked.click({}).status_code == 404


def test_who_is_no_rep_is_told_so_in_their_language(asked):
    card = asked.event("call1", "carl@ourco.example")
    assert clicks_of(card) == []
    assert "ACME" not in words(card)
    asked.person = "carl@ourco.example"
    assert words(asked.home()) == words(card)
    assert asked.click({"do": "open", "call": "1"}).status_code == 404


def test_an_address_that_somebody_else_got_is_not_the_rep(asked):
    assert asked.event()["header"]["title"] == "ACME: pilot review"
    successor = asked.user_token(sub="another number")
    assert "ACME" not in opened_with(asked, user=successor).text


def test_a_rep_whose_address_changed_is_still_the_rep(asked):
    number = claims_of(asked.user_token())["sub"]
    asked.event()
    renamed = asked.user_token("ana.weber@ourco.example", sub=number)
    assert "ACME" in opened_with(asked, user=renamed).text


def test_an_address_that_google_does_not_give_out_makes_nobody_a_rep(asked):
    private = asked.user_token(hd=None)
    assert "ACME" not in opened_with(asked, user=private).text
    assert asked.event()["header"]["title"] == "ACME: pilot review"


def test_a_rep_is_known_by_an_alias(asked):
    with asked.office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        new = NewRep(ANA, rep.provider, "Ana Weber", aliases=("a.weber@ourco.example",))
        people.add_rep(tx, new, asked.office.world.now())
    assert "ACME" in opened_with(asked, user=asked.user_token("a.weber@ourco.example")).text


# Google's keys


def test_the_keys_are_read_once(asked):
    for _ in range(3):
        opened_with(asked)
    assert asked.identities.fetched == 1


def test_a_new_key_is_fetched_when_it_is_first_seen(asked):
    opened_with(asked)
    asked.office.later(minutes=2)
    asked.identities.rotate()
    assert opened_with(asked).status_code == 200
    assert asked.identities.fetched == 2


def test_unknown_keys_have_the_keys_read_once_a_minute(asked):
    opened_with(asked)
    asked.office.later(minutes=2)
    for number in range(5):
        forged = sign_jwt(claims_of(asked.system_token()), FOREIGN_KEY, f"theirs {number}")
        assert is_refused(opened_with(asked, forged))
    assert asked.identities.fetched == 2


def test_keys_are_read_again_when_their_time_is_over(asked):
    opened_with(asked)
    asked.office.later(hours=7)
    assert opened_with(asked).status_code == 200
    assert asked.identities.fetched == 2


def test_a_key_that_google_withdrew_counts_no_more(asked):
    old = asked.identities.system_token(SERVICE_ACCOUNT, f"{asked.url}/addon/google/event")
    assert opened_with(asked, old).status_code == 200
    asked.identities.rotate()
    asked.identities.rotate()
    asked.office.later(hours=7)
    stale = sign_jwt(claims_of(asked.system_token()), signing_key(1), key_id(1))
    assert is_refused(opened_with(asked, stale))


def test_the_known_keys_outlast_an_outage(asked):
    opened_with(asked)
    asked.identities.is_down = True
    asked.office.later(hours=7)
    assert opened_with(asked).status_code == 200


def test_without_any_keys_nobody_is_let_in(asked):
    asked.identities.is_down = True
    answer = opened_with(asked)
    assert (answer.status_code, answer.json()) == (503, {"error": "unavailable"})
    asked.identities.is_down = False
    asked.office.later(minutes=2)
    assert opened_with(asked).status_code == 200


def test_a_clock_that_went_back_locks_nobody_out(asked):
    opened_with(asked)
    asked.office.at(asked.office.world.now() - timedelta(days=1))
    asked.identities.rotate()
    assert opened_with(asked).status_code == 200


# What the settings say


def test_without_its_accounts_there_is_no_addon(office):
    with served(office, '[google_addon]\noauth_client = "x"\n') as pages:
        assert pages.client.post("/addon/google/event", json={}).status_code == 404


def test_an_address_of_the_settings_is_an_audience(office):
    further = "https://nudger.ourco.example/addon/google/event/"
    with installed(office, f'audiences = ["{further}"]') as panel:
        for audience, status in ((further, 200), (further.rstrip("/"), 401)):
            token = panel.identities.system_token(SERVICE_ACCOUNT, audience)
            assert opened_with(panel, token).status_code == status
