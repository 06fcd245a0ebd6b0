"""Coming into the console: a code that counts once, and an account that is believed or not."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from nudger.admin.controls import lock_down
from nudger.domain.roles import Role
from nudger.sandbox.jwt import sign_jwt
from nudger.sandbox.openid import CLIENT_ID, CLIENT_SECRET, ISSUERS, TENANT, key, key_id
from nudger.store import admins
from tests.office import ANA, BEN
from tests.web.conftest import Pages, Place
from tests.web.console.conftest import KIM, code_for, enter, give_role, token_of

# By a code


def test_a_code_begins_a_session_and_counts_once(pages):
    code = code_for(pages)
    assert pages.client.get("/console").headers["location"] == "/console/sign-in"
    assert enter(pages.client, code).headers["location"] == "/console"
    assert pages.client.get("/console").status_code == 200
    with httpx.Client(base_url=pages.url, timeout=30) as other:
        assert enter(other, code).status_code == 422
        assert other.get("/console").status_code == 303


@pytest.mark.parametrize(
    "spelled", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}\n"]
)
def test_a_code_may_be_typed_as_one_reads_it(pages, spelled):
    assert enter(pages.client, spelled(code_for(pages))).status_code == 303


@pytest.mark.parametrize("typed", ["", "ABCD", "x" * 300, "ABCD-EFGH-JKLM", "\x00", "é" * 12])
def test_a_wrong_code_lets_nobody_in(pages, typed):
    code_for(pages)
    assert enter(pages.client, typed).status_code == 422
    assert "set-cookie" not in enter(pages.client, typed).headers


def test_a_code_counts_for_ten_minutes(pages):
    code = code_for(pages)
    pages.office.later(minutes=10)
    assert enter(pages.client, code).status_code == 422


def test_guessing_is_stopped_even_for_a_right_code(pages):
    code = code_for(pages)
    codes = {enter(pages.client, "ABCD").status_code for _ in range(30)}
    assert codes == {422}
    assert enter(pages.client, code).status_code == 429
    pages.office.later(minutes=9)
    assert enter(pages.client, code).status_code == 429


def test_a_form_of_elsewhere_uses_no_code_up(pages):
    code = code_for(pages)
    assert pages.client.post("/console/code", data={"code": code}).status_code == 403
    assert enter(pages.client, code).status_code == 303


def test_a_code_costs_as_much_whether_it_is_right_or_not(pages):
    code, token = code_for(pages), token_of(pages.client, "/console/sign-in")

    def statements(typed):
        data = {"code": typed, "token": token}
        return pages.office.statements(lambda: pages.client.post("/console/code", data=data))

    wrong, right = statements("ABCD-EFGH-JKLM"), statements(code)
    assert right[: len(wrong)] == wrong


@pytest.mark.parametrize(
    ("then", "leads_to"),
    [
        ("", "/console"),
        ("https://evil.example", "/console"),
        ("//evil.example", "/console"),
        ("/\\evil.example", "/console"),
        ("sign-out", "/console"),
        ("none", "/console"),
    ],
)
def test_nothing_leads_to_an_address_of_others(pages, then, leads_to):
    assert "evil" not in pages.client.get("/console/sign-in", params={"then": then}).text
    assert enter(pages.client, code_for(pages), then=then).headers["location"] == leads_to


def test_a_manager_is_led_to_their_own_page(pages):
    give_role(pages, ANA, Role.MANAGER)
    answered = enter(pages.client, code_for(pages, ANA))
    assert answered.status_code == 403
    assert "at /team." in answered.text
    assert pages.client.get("/console").status_code == 303


# With an account


@pytest.fixture(params=["google", "microsoft"])
def provider(request):
    return request.param


@pytest.fixture
def open_to_accounts(office, provider):
    """Pages whose console signs in at the sandbox; the sandbox knows their address."""
    place = Place()
    office.configure(
        f'[web]\naddress = "{place.address}"\npublic_url = "{place.url}"\n'
        f'[console]\nprovider = "{provider}"\nclient_id = "{CLIENT_ID}"\n'
        f'client_secret = "{CLIENT_SECRET}"\n'
        f'issuer = "{office.server.url}{ISSUERS[provider]}"\n'
    )
    office.server.openid.redirect_uris.add(f"{place.url}/console/callback")
    with place.serve(office.ctx), httpx.Client(base_url=place.url, timeout=30) as client:
        yield Pages(office, place.url, client)


def to_provider(pages, **query):
    """Begin, and return where the browser is sent to."""
    begun = pages.client.get("/console/account", params=query)
    assert begun.status_code == 303, begun.text
    return begun.headers["location"]


def agree(address, person):
    """Choose a person on the provider's page; returns where that leads."""
    return httpx.post(address, data={"person": person}, timeout=30).headers["location"]


def sign_in(pages, person, **query):
    return pages.client.get(agree(to_provider(pages, **query), person))


def bound(pages, email=BEN):
    with pages.office.ctx.database.read() as tx:
        found = admins.find_admin(tx, email)
    return found and found.account


@pytest.fixture
def invited(open_to_accounts):
    """Ben is an admin-to-be."""
    give_role(open_to_accounts, BEN, Role.ADMIN)
    return open_to_accounts


def test_an_invited_address_comes_in_and_is_bound(invited):
    assert bound(invited) is None
    assert sign_in(invited, BEN).headers["location"] == "/console"
    assert invited.client.get("/console").status_code == 200
    assert bound(invited).issuer.startswith(invited.office.server.url)


def test_the_page_offers_it_and_leads_to_where_one_wanted(invited, provider):
    page = invited.client.get("/console/sign-in").text
    assert f"Sign in with {provider.title()}" in page
    assert "evil" not in invited.client.get("/console/sign-in?then=https://evil.example").text
    assert sign_in(invited, BEN, then="//evil.example").headers["location"] == "/console"


def test_who_was_not_invited_does_not_come_in(invited):
    answered = sign_in(invited, ANA)
    assert (answered.status_code, "no role here" in answered.text) == (403, True)
    assert invited.client.get("/console").status_code == 303


def test_the_account_counts_and_not_the_address(invited):
    """Somebody else gets the address later: another subject with the same words about itself."""
    sign_in(invited, BEN)
    invited.client.cookies.clear()
    invited.office.server.openid.subjects[BEN] = "somebody-else"
    assert sign_in(invited, BEN).status_code == 403
    invited.office.server.openid.subjects.clear()
    assert sign_in(invited, BEN).status_code == 303


def test_an_account_keeps_its_role_under_another_address(invited, provider):
    sign_in(invited, BEN)
    named = "email" if provider == "google" else "preferred_username"
    forge(invited, lambda claims: {**claims, named: "benjamin@ourco.example"})
    assert sign_in(invited, BEN).status_code == 303


def test_a_lockdown_keeps_accounts_out(invited):
    lock_down(invited.office.ctx.database, invited.office.ctx.clock())
    answered = sign_in(invited, BEN)
    assert (answered.status_code, "locked down" in answered.text) == (403, True)
    assert bound(invited) is None


def test_who_cancels_is_told(invited):
    assert sign_in(invited, "").status_code == 403


# What is not believed


def forge(pages, change):
    pages.office.server.openid.forge = change


UNVOUCHED = {
    "google": [
        {"email_verified": False},
        {"email_verified": None},
        {"email": None},
        {"email": "not an address"},
        {"email": ["ben@ourco.example"]},
    ],
    "microsoft": [
        {"idp": "https://sts.windows.net/elsewhere/"},
        {"preferred_username": None, "email": BEN},
        {"preferred_username": "ben", "email": BEN, "email_verified": True},
        {"preferred_username": None, "email": BEN, "xms_edov": False},
    ],
}


def test_an_address_that_nobody_vouches_for_invites_nobody(invited, provider):
    for change in UNVOUCHED[provider]:
        forge(invited, lambda claims, change=change: {**claims, **change})
        assert sign_in(invited, BEN).status_code == 403, change
        assert bound(invited) is None


FORGED = {
    "another audience": {"aud": "somebody-else"},
    "several audiences": {"aud": [CLIENT_ID, "somebody-else"]},
    "for another party": {"azp": "somebody-else"},
    "another issuer": {"iss": "https://accounts.google.com.evil.example"},
    "another tenant": {"iss": f"https://login.microsoftonline.com/{TENANT[::-1]}/v2.0"},
    "no issuer": {"iss": None},
    "expired": {"exp": 1},
    "without an end": {"exp": None},
    "from the future": {"iat": 10**11, "nbf": 10**11},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a list for a subject": {"sub": ["1"]},
    "an end that is a text": {"exp": "never"},
}


@pytest.mark.parametrize("what", FORGED)
@pytest.mark.parametrize("provider", ["google"])
def test_a_token_with_a_wrong_claim_is_refused(invited, what):
    changes = FORGED[what]

    def wrong(claims):
        changed = {**claims, **changes}
        return {name: value for name, value in changed.items() if value is not None}

    forge(invited, wrong)
    answered = sign_in(invited, BEN)
    assert (answered.status_code, "did not work" in answered.text) == (403, True)
    assert bound(invited) is None
    assert invited.client.get("/console").status_code == 303


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def by_secret(claims):
    """HS256 with our public key as its secret, as careless readers of tokens take it."""
    import hmac as mac

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{part({'alg': 'HS256', 'kid': key_id()})}.{part(claims)}"
    digest = mac.new(public, signed.encode(), "sha256").digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SIGNED_WRONG = {
    "by nobody": lambda claims: f"{part({'alg': 'none'})}.{part(claims)}.",
    "by another key of the same name": lambda claims: sign_jwt(claims, OTHER_KEY, key_id()),
    "by a key that is not published": lambda claims: sign_jwt(claims, OTHER_KEY, "other"),
    "with our public key": by_secret,
    "changed afterwards": lambda claims: _changed(sign_jwt(claims, key(), key_id())),
    "no token": lambda _claims: "x",
    "no text": lambda _claims: None,
}


def _changed(token):
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return f"{head}.{part({**claims, 'email': BEN})}.{signature[:-4]}AAAA"


@pytest.mark.parametrize("how", SIGNED_WRONG)
@pytest.mark.parametrize("provider", ["google"])
def test_a_token_that_is_signed_wrong_is_refused(invited, how):
    invited.office.server.openid.sign = SIGNED_WRONG[how]
    assert sign_in(invited, BEN).status_code == 403
    assert bound(invited) is None


@pytest.mark.parametrize("provider", ["google"])
def test_a_new_key_of_the_provider_is_fetched(invited):
    server = invited.office.server.openid
    assert sign_in(invited, BEN).status_code == 303
    server.published = {"new": OTHER_KEY}
    server.sign = lambda claims: sign_jwt(claims, OTHER_KEY, "new")
    invited.office.later(minutes=2)
    assert sign_in(invited, BEN).status_code == 303


@pytest.mark.parametrize("provider", ["google"])
class TestTheWayBack:
    def test_it_counts_for_the_browser_that_began(self, invited):
        back = agree(to_provider(invited), BEN)
        with httpx.Client(base_url=invited.url, timeout=30) as other:
            assert other.get(back).status_code == 403
        assert invited.client.get(back).status_code == 303

    def test_it_counts_once(self, invited):
        back = agree(to_provider(invited), BEN)
        kept = dict(invited.client.cookies)
        assert invited.client.get(back).status_code == 303
        with httpx.Client(base_url=invited.url, timeout=30, cookies=kept) as again:
            assert again.get(back).status_code == 403

    def test_the_state_must_be_its_own(self, invited):
        first, second = agree(to_provider(invited), BEN), agree(to_provider(invited), BEN)
        assert invited.client.get(first).status_code == 403
        assert invited.client.get(second).status_code == 403

    @pytest.mark.parametrize(
        "query", ["", "?code=x", "?state=x", "?code=x&state=é", "?error=access_denied&state="]
    )
    def test_what_nobody_began_ends(self, invited, query):
        assert invited.client.get(f"/console/callback{query}").status_code == 403

    def test_it_counts_for_ten_minutes(self, invited):
        back = agree(to_provider(invited), BEN)
        invited.office.later(minutes=10)
        assert invited.client.get(back).status_code == 403

    def test_a_cookie_that_we_did_not_seal_is_nothing(self, invited):
        back = agree(to_provider(invited), BEN)
        for value in ("", "x", "AAAA", "%", "a" * 5000):
            with httpx.Client(base_url=invited.url, timeout=30) as other:
                other.cookies.set("nudger-console-sign-in", value)
                assert other.get(back).status_code == 403

    def test_looking_at_the_address_begins_nothing(self, invited):
        for path in ("/console/callback", "/console/account"):
            assert invited.client.head(path).status_code == 405


@pytest.mark.parametrize("provider", ["google"])
class TestTheProvider:
    def test_we_ask_as_the_standards_say(self, invited):
        query = parse_qs(urlsplit(to_provider(invited)).query)
        assert query["response_type"] == ["code"]
        assert query["code_challenge_method"] == ["S256"]
        assert set(query) >= {"state", "nonce", "code_challenge", "redirect_uri"}
        assert "openid" in query["scope"][0].split()

    def test_a_page_that_is_not_registered_is_refused_there(self, invited):
        invited.office.server.openid.redirect_uris.clear()
        address = to_provider(invited)
        assert httpx.get(address, timeout=30).status_code == 400
        assert httpx.post(address, data={"person": BEN}, timeout=30).status_code == 400

    def test_its_refusal_of_our_secret_is_no_traceback(self, invited, caplog):
        invited.office.server.openid.client_secret = "changed"
        assert sign_in(invited, BEN).status_code == 403
        assert "401 (invalid_client)" in caplog.text

    def test_it_may_be_away(self, invited, caplog):
        invited.office.server.openid.is_away = True
        answered = invited.client.get("/console/account")
        assert (answered.status_code, "did not work" in answered.text) == (403, True)
        invited.office.server.openid.is_away = False
        assert sign_in(invited, BEN).status_code == 303

    def test_another_issuer_than_the_settings_say_is_refused(self, invited):
        invited.office.server.openid.called = "https://accounts.google.com"
        assert invited.client.get("/console/account").status_code == 403


# Cookies


def test_cookies_are_for_this_server_alone(pages):
    made = enter(pages.client, code_for(pages)).headers["set-cookie"]
    assert made.startswith("nudger-console=")
    assert all(flag in made for flag in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Domain" not in made


def test_over_https_they_say_so(office):
    from tests.web.conftest import served

    with served(office, 'public_url = "https://nudger.ourco.example"\n') as pages:
        made = enter(pages.client, code_for(pages)).headers["set-cookie"]
        assert made.startswith("__Host-nudger-console=")
        assert "Secure" in made
        assert KIM
