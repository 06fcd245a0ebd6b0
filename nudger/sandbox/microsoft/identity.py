"""Microsoft's token endpoint: the app itself, one person's consent, and refusals by AADSTS code.

Sources: learn.microsoft.com/entra/identity-platform, v2-oauth2-client-creds-grant-flow,
v2-oauth2-auth-code-flow, v2-oauth2-device-code, certificate-credentials; RFC 6749, 5.2.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate

from nudger.sandbox.jwt import Malformed, Token, read_jwt
from nudger.sandbox.world import World

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "99999999-8888-7777-6666-555555555555"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - it opens nothing but the sandbox
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CLOCKS_MAY_DIFFER = 300
PERMISSIONS = ("Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send")


@dataclass(frozen=True)
class GraphGrant:
    """`person` is `None` for the app itself."""

    person: str | None
    permissions: tuple[str, ...]


class IdentityRefusal(Exception):
    def __init__(self, error: str, number: int, description: str) -> None:
        super().__init__(description)
        self.status = 401 if error == "invalid_client" else 400
        self.body = {
            "error": error,
            "error_description": f"AADSTS{number}: {description}",
            "error_codes": [number],
        }


class Identity:
    """Gives tokens. `permissions` are the app's; `mailboxes` limits it, `None` is every mailbox.

    `consented` is what a person's token holds: all that was ever consented to for Graph, asked for
    this time or not. `secrets` are the app's client secrets that have not expired; `clock` is what
    assertions are judged by, in seconds: another one stands for ours being off.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.permissions: tuple[str, ...] = PERMISSIONS
        self.consented: tuple[str, ...] = PERMISSIONS
        self.mailboxes: frozenset[str] | None = None
        self.secrets: set[str] = {CLIENT_SECRET}
        self.clock: Callable[[], float] = time.time
        self._certificates: list[Certificate] = []
        self._access: dict[str, GraphGrant] = {}
        self._refresh: dict[str, str] = {}
        self._codes: dict[str, tuple[str, str]] = {}
        self._devices: dict[str, str] = {}
        self.signs_in = ""

    def grant_of(self, token: str) -> GraphGrant | None:
        grant = self._access.get(token)
        if grant is None or (grant.person and self._revoked(grant.person)):
            return None
        return grant

    def register(self, certificate: str) -> None:
        """Know the public part of the app's certificate, a PEM, as after uploading it."""
        self._certificates.append(load_pem_x509_certificate(certificate.encode()))

    def token(self, form: dict[str, str], address: str) -> dict[str, Any]:
        """`address` is where the form was posted to."""
        match form.get("grant_type"):
            case "client_credentials":
                return self._for_app(form, address)
            case "refresh_token":
                person = self._refresh.get(form.get("refresh_token", ""), "")
                if not person or self._revoked(person):
                    raise IdentityRefusal("invalid_grant", 50173, "The grant has been revoked.")
                return self._for_person(person, "")
            case "authorization_code":
                person, nonce = self._codes.pop(form.get("code", ""), ("", ""))
                if not person:
                    raise IdentityRefusal("invalid_grant", 9002313, "The code is malformed.")
                return self._for_person(person, nonce)
            case "urn:ietf:params:oauth:grant-type:device_code":
                person = self._devices.pop(form.get("device_code", ""), "")
                if not person:
                    raise IdentityRefusal("authorization_pending", 70016, "Pending.")
                return self._for_person(person, "")
        raise IdentityRefusal("unsupported_grant_type", 70003, "The grant type is not supported.")

    def device_code(self) -> dict[str, Any]:
        """Somebody enters the code at once: the person in `signs_in`."""
        code = secrets.token_urlsafe(16)
        self._devices[code] = self.signs_in
        return {
            "device_code": code,
            "user_code": "SANDBOX1",
            "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": 900,
            "interval": 1,
            "message": "Enter SANDBOX1",
        }

    def consent(self, query: dict[str, str]) -> str:
        """Where the sign-in page sends the browser: it always agrees, as `signs_in`."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = (self.signs_in, query.get("nonce", ""))
        answer = {"code": code, "state": query.get("state", "")}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def _for_app(self, form: dict[str, str], address: str) -> dict[str, Any]:
        if form.get("client_id") != CLIENT_ID:
            raise IdentityRefusal("unauthorized_client", 700016, "Application was not found.")
        if "client_assertion" in form:
            self._check_assertion(form, address)
        elif "client_secret" not in form:
            raise IdentityRefusal(
                "invalid_client", 7000218, "The request must contain client_assertion or _secret."
            )
        elif form["client_secret"] not in self.secrets:
            raise IdentityRefusal("invalid_client", 7000215, "Invalid client secret provided.")
        claims = {"aud": "https://graph.microsoft.com", "roles": list(self.permissions)}
        return self._issued(GraphGrant(None, self.permissions), claims)

    def _check_assertion(self, form: dict[str, str], address: str) -> None:
        if form.get("client_assertion_type") != JWT_BEARER:
            raise IdentityRefusal("invalid_request", 900144, "client_assertion_type is missing.")
        try:
            token = read_jwt(form["client_assertion"])
        except Malformed as error:
            raise IdentityRefusal("invalid_client", 50027, f"JWT is malformed: {error}") from error
        if not any(_named(token, one) and _signed(token, one) for one in self._certificates):
            raise IdentityRefusal(
                "invalid_client", 700027, "The certificate is not registered, or did not sign this."
            )
        claims = token.claims
        if (claims.get("iss"), claims.get("sub")) != (CLIENT_ID, CLIENT_ID):
            raise IdentityRefusal("invalid_client", 700021, "The identifier is not client_id.")
        if claims.get("aud") != address:
            raise IdentityRefusal("invalid_client", 700023, "The audience is not this endpoint.")
        begins, ends = token.number("nbf"), token.number("exp")
        begins = token.number("iat") if begins is None else begins
        earliest, latest = self.clock() - CLOCKS_MAY_DIFFER, self.clock() + CLOCKS_MAY_DIFFER
        if begins is None or ends is None or begins > latest or ends < earliest:
            raise IdentityRefusal(
                "invalid_client", 700024, "Client assertion is not within its valid time range."
            )

    def _for_person(self, person: str, nonce: str) -> dict[str, Any]:
        refresh = f"0.{secrets.token_urlsafe(24)}"
        self._refresh[refresh] = person
        now = int(time.time())
        id_claims = {
            "aud": CLIENT_ID, "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
            "sub": person, "oid": person, "tid": TENANT, "preferred_username": person,
            "iat": now, "nbf": now, "exp": now + 3600, "nonce": nonce,
        }  # fmt: skip
        scopes = " ".join(self.consented)
        issued = self._issued(GraphGrant(person, self.consented), {"scp": scopes})
        account = base64.urlsafe_b64encode(json.dumps({"uid": person, "utid": TENANT}).encode())
        return {
            **issued,
            "refresh_token": refresh,
            "scope": scopes,
            "id_token": _unsigned(id_claims),
            "client_info": account.decode().rstrip("="),
        }

    def _issued(self, grant: GraphGrant, claims: dict[str, Any]) -> dict[str, Any]:
        token = _unsigned({**claims, "jti": secrets.token_hex(8)})
        self._access[token] = grant
        return {"token_type": "Bearer", "expires_in": 3599, "access_token": token}

    def _revoked(self, person: str) -> bool:
        found = self._world.people.get(person)
        return found is None or found.revoked


def _named(token: Token, certificate: Certificate) -> bool:
    """Whether the header names this certificate by its thumbprint."""
    by_sha256, by_sha1 = token.header.get("x5t#S256"), token.header.get("x5t")
    if by_sha256 is not None:
        return _same(by_sha256, certificate.fingerprint(SHA256()))
    return by_sha1 is not None and _same(by_sha1, certificate.fingerprint(SHA1()))  # noqa: S303  # nosec B303


def _same(thumbprint: object, digest: bytes) -> bool:
    return str(thumbprint).rstrip("=") == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _signed(token: Token, certificate: Certificate) -> bool:
    key = certificate.public_key()
    return isinstance(key, RSAPublicKey) and token.is_signed_by(key)


def _unsigned(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.c2lnbmF0dXJl"


def app_credentials() -> dict[str, Any]:
    """The app registration's part of a credentials file."""
    return {"tenant_id": TENANT, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
