"""What the sandbox's token endpoints refuse, as the real ones do."""

from __future__ import annotations

import base64
import json
import time

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from nudger.sandbox.google.oauth import ALL_SCOPES
from nudger.sandbox.microsoft.identity import CLIENT_ID, CLIENT_SECRET, JWT_BEARER, TENANT
from tests.certificates import make_certificate

A_DAY = 86_400
"""Longer than a suite takes, whose cases are made before its first test runs."""
ANA = "ana@ourco.example"


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(key, header, claims, pad=None):
    text = f"{part(header)}.{part(claims)}"
    how = pad or padding.PKCS1v15()
    return f"{text}.{part(key.sign(text.encode(), how, SHA256()))}"


PSS = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
OTHER_KEY = generate_private_key(public_exponent=65537, key_size=2048)


class TestServiceAccount:
    @pytest.fixture(autouse=True)
    def account(self, server, service_account):
        server.google.tokens.register(service_account)
        self.url = f"{server.url}/token"
        self.tokens = server.google.tokens
        self.info = service_account
        self.key = load_pem_private_key(service_account["private_key"].encode(), None)

    def ask(self, key=None, header=None, drop=(), pad=None, **claims):
        now = int(time.time())
        said = {
            "iss": self.info["client_email"], "sub": ANA, "scope": ALL_SCOPES[0],
            "aud": self.url, "iat": now, "exp": now + 3600, **claims,
        }  # fmt: skip
        said = {name: value for name, value in said.items() if name not in drop}
        named = {"alg": "RS256", "kid": self.info["private_key_id"], **(header or {})}
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": signed(key or self.key, named, said, pad),
        }
        answer = httpx.post(self.url, data=form, timeout=30)
        return answer.status_code, answer.json().get("error")

    def test_a_good_assertion_gets_a_token(self):
        assert self.ask() == (200, None)

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"key": OTHER_KEY}, "invalid_grant"),
            ({"header": {"kid": "another"}}, "invalid_grant"),
            ({"header": {"alg": "none"}}, "invalid_grant"),
            ({"header": {"alg": "PS256"}, "pad": PSS}, "invalid_grant"),
            ({"iss": "other@sandbox.example"}, "invalid_grant"),
            ({"aud": "https://evil.example/token"}, "invalid_grant"),
            ({"iat": 1, "exp": 3600}, "invalid_grant"),
            ({"exp": int(time.time()) + A_DAY}, "invalid_grant"),
            ({"drop": ("iat",)}, "invalid_grant"),
            ({"sub": "nobody@ourco.example"}, "invalid_grant"),
            ({"scope": "https://www.googleapis.com/auth/drive"}, "unauthorized_client"),
            ({"scope": ""}, "invalid_scope"),
        ],
    )
    def test_a_wrong_one_does_not(self, wrong, error):
        assert self.ask(**wrong) == (400, error)

    @pytest.mark.parametrize("hours", [-2, 2])
    def test_a_clock_that_is_off_is_refused(self, hours):
        self.tokens.clock = lambda: time.time() + 3600 * hours
        assert self.ask() == (400, "invalid_grant")


class TestCertificate:
    @pytest.fixture(autouse=True)
    def app(self, server):
        pem, public = make_certificate()
        server.microsoft.identity.register(public)
        self.identity = server.microsoft.identity
        self.url = f"{server.url}/{TENANT}/oauth2/v2.0/token"
        self.key = load_pem_private_key(pem.encode(), None)
        certificate = load_pem_x509_certificate(public.encode())
        self.sha256 = part(certificate.fingerprint(SHA256()))
        self.sha1 = part(certificate.fingerprint(SHA1()))  # noqa: S303

    def ask(self, key=None, header=None, pad=PSS, form=None, **claims):
        now = int(time.time())
        said = {
            "aud": self.url, "iss": CLIENT_ID, "sub": CLIENT_ID, "iat": now, "nbf": now,
            "exp": now + 600, "jti": "1", **claims,
        }  # fmt: skip
        named = {"alg": "PS256", "x5t#S256": self.sha256} if header is None else header
        sent = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "scope": "https://graph.microsoft.com/.default",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": signed(key or self.key, named, said, pad),
            **(form or {}),
        }
        answer = httpx.post(self.url, data=sent, timeout=30)
        return answer.status_code, (answer.json().get("error_codes") or [None])[0]

    def test_a_good_assertion_gets_a_token(self):
        assert self.ask() == (200, None)

    def test_one_by_the_old_thumbprint_too(self):
        header = {"alg": "RS256", "x5t": self.sha1}
        assert self.ask(header=header, pad=padding.PKCS1v15()) == (200, None)

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"key": OTHER_KEY}, 700027),
            ({"header": {"alg": "PS256"}}, 700027),
            ({"header": {"alg": "PS256", "x5t#S256": "AAAA"}}, 700027),
            ({"iss": "someone"}, 700021),
            ({"sub": "someone"}, 700021),
            ({"aud": "https://login.example/token"}, 700023),
            ({"exp": 1}, 700024),
            ({"nbf": int(time.time()) + A_DAY}, 700024),
            ({"form": {"client_assertion": "b'eyJ.eyJ.x'"}}, 50027),
            ({"form": {"client_assertion": "eyJ"}}, 50027),
        ],
    )
    def test_a_wrong_one_does_not(self, wrong, code):
        assert self.ask(**wrong) == (401, code)

    def test_an_algorithm_must_be_the_one_that_signed(self):
        header = {"alg": "none", "x5t#S256": self.sha256}
        assert self.ask(header=header) == (401, 700027)

    def test_secrets_are_looked_at_too(self):
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID}
        sent = {**form, "client_secret": CLIENT_SECRET}
        good = httpx.post(self.url, data=sent, timeout=30)
        assert good.status_code == 200
        self.identity.secrets.clear()
        for secret in ({"client_secret": CLIENT_SECRET}, {"client_secret": "x"}, {}):
            refused = httpx.post(self.url, data={**form, **secret}, timeout=30)
            assert refused.status_code == 401
