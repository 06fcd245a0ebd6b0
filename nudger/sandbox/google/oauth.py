"""Google's token endpoint as the sandbox answers it.

Access tokens are bound to one person and to scopes. Sources: developers.google.com/identity
/protocols/oauth2/service-account and /native-app; RFC 6749, 5.2; RFC 7523.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from nudger.sandbox.jwt import Malformed, Token, read_jwt
from nudger.sandbox.world import World

ALL_SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/gmail.modify",
)
GOOGLES_OWN = "https://oauth2.googleapis.com/token"
"""google-auth puts this into each assertion, wherever it posts it."""
PROJECT = "sandbox"
"""In which all clients and accounts are that may ask for tokens here."""
SERVICE_ACCOUNT = f"nudger@{PROJECT}.iam.gserviceaccount.com"
OAUTH_CLIENT = "sandbox.apps.googleusercontent.com"
OAUTH_SECRET = "sandbox"  # noqa: S105 - it opens nothing but the sandbox
SCOPES_OF = {
    "calendar": ("calendar.events", "calendar.readonly", "calendar"),
    "directory.members": (
        "admin.directory.group.member.readonly",
        "admin.directory.group.readonly",
    ),
    "directory.users": ("admin.directory.user.readonly",),
    "gmail": ("gmail.modify", "gmail.compose", "gmail.readonly", "mail.google.com/"),
}


@dataclass(frozen=True)
class Grant:
    person: str
    scopes: tuple[str, ...]


class OAuthRefusal(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"error": error, "error_description": description}


CLOCKS_MAY_DIFFER = 300
LONGEST_LIFE = 3600


class TokenEndpoint:
    """Gives tokens for people of the world; `authorized_scopes` is what delegation may ask for.

    `clock` is what assertions are judged by, in seconds: another one stands for ours being off.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.clock: Callable[[], float] = time.time
        self._keys: dict[tuple[str, str], rsa.RSAPublicKey] = {}
        self.authorized_scopes: set[str] = set(ALL_SCOPES)
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._codes: dict[str, Grant] = {}

    def grant_of(self, token: str) -> Grant | None:
        """Whose access token this is; `None` for one that is unknown or revoked."""
        grant = self._access.get(token)
        return grant if grant and not self._revoked(grant.person) else None

    def register(self, account: Mapping[str, Any]) -> None:
        """Know the key of a service account, as after making it in the console."""
        key = _public_key(str(account["private_key"]))
        self.know_key(str(account["client_email"]), str(account["private_key_id"]), key)

    def know_key(self, service_account: str, key_id: str, key: rsa.RSAPublicKey) -> None:
        """Know a key that a service account's assertions are signed with."""
        self._keys[service_account, key_id] = key

    def token(self, form: dict[str, str], address: str) -> dict[str, Any]:
        """`address` is where the form was posted to."""
        match form.get("grant_type"):
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                return self._issued(self._delegated(form.get("assertion", ""), address))
            case "refresh_token":
                self._know_client(form)
                grant = self._refresh.get(form.get("refresh_token", ""))
                if grant is None or self._revoked(grant.person):
                    raise OAuthRefusal("invalid_grant", "Token has been expired or revoked.")
                return self._issued(grant)
            case "authorization_code":
                self._know_client(form)
                code = self._codes.pop(form.get("code", ""), None)
                if code is None:
                    raise OAuthRefusal("invalid_grant", "Malformed auth code.")
                return {**self._issued(code), "refresh_token": self.refresh_token(code.person)}
        raise OAuthRefusal("unsupported_grant_type", "Invalid grant_type")

    def refresh_token(self, person: str, scopes: tuple[str, ...] = ALL_SCOPES) -> str:
        """A person's standing consent, as after the browser's consent page."""
        token = f"1//{secrets.token_urlsafe(24)}"
        self._refresh[token] = Grant(person, scopes)
        return token

    def consent(self, query: dict[str, str]) -> str:
        """Where the consent page sends the browser: it always agrees, as `login_hint`."""
        code = secrets.token_urlsafe(16)
        scopes = tuple(query.get("scope", "").split())
        self._codes[code] = Grant(query.get("login_hint", ""), scopes)
        answer = {"code": code, "state": query.get("state", ""), "scope": query.get("scope", "")}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def _know_client(self, form: dict[str, str]) -> None:
        if (form.get("client_id"), form.get("client_secret")) != (OAUTH_CLIENT, OAUTH_SECRET):
            raise OAuthRefusal("invalid_client", "The OAuth client was not found.", 401)

    def _verified(self, assertion: str, address: str) -> Token:
        try:
            token = read_jwt(assertion)
        except Malformed as error:
            raise OAuthRefusal("invalid_grant", "Invalid JWT.") from error
        issuer, known_by = str(token.claims.get("iss", "")), str(token.header.get("kid", ""))
        if not any(email == issuer for email, _ in self._keys):
            raise OAuthRefusal("invalid_grant", "Invalid grant: account not found")
        key = self._keys.get((issuer, known_by))
        if key is None or token.header.get("alg") != "RS256" or not token.is_signed_by(key):
            raise OAuthRefusal("invalid_grant", "Invalid JWT Signature.")
        if token.claims.get("aud") not in (GOOGLES_OWN, address):
            raise OAuthRefusal("invalid_grant", "Invalid JWT: Failed audience check.")
        self._check_time(token)
        return token

    def _check_time(self, token: Token) -> None:
        issued, expires, now = token.number("iat"), token.number("exp"), self.clock()
        if (
            issued is None
            or expires is None
            or expires - issued > LONGEST_LIFE
            or issued > now + CLOCKS_MAY_DIFFER
            or expires < now - CLOCKS_MAY_DIFFER
        ):
            raise OAuthRefusal(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            )

    def _delegated(self, assertion: str, address: str) -> Grant:
        claims = self._verified(assertion, address).claims
        person = str(claims.get("sub", "")).lower()
        scopes = tuple(str(claims.get("scope", "")).split())
        if not scopes:
            raise OAuthRefusal("invalid_scope", "Empty or missing scope not allowed.")
        if not set(scopes) <= self.authorized_scopes:
            raise OAuthRefusal(
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not "
                "authorized for any of the scopes requested.",
            )
        if person not in self._world.people or self._revoked(person):
            raise OAuthRefusal("invalid_grant", "Invalid email or User ID")
        return Grant(person, scopes)

    def _issued(self, grant: Grant) -> dict[str, Any]:
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self._access[token] = grant
        scope = " ".join(grant.scopes)
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer", "scope": scope}

    def _revoked(self, person: str) -> bool:
        found = self._world.people.get(person)
        return found is None or found.revoked


def allows(grant: Grant, method_id: str) -> bool:
    """Whether the grant's scopes cover a method of this API."""
    fitting = SCOPES_OF.get(method_id.rpartition(".")[0]) or SCOPES_OF[method_id.partition(".")[0]]
    return any(scope.endswith(fitting) for scope in grant.scopes)


def service_account_info(root: str) -> dict[str, Any]:
    """Credentials of a service account whose tokens come from the sandbox at `root`, once it has
    been told of the key (`TokenEndpoint.register`, or POST /control/service-account)."""
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": _private_key_id(),
        "private_key": _private_key(),
        "client_email": SERVICE_ACCOUNT,
        "client_id": "100000000000000000000",
        "token_uri": f"{root}/token",
    }


def new_service_account(root: str) -> dict[str, Any]:
    """Credentials of a service account that the running sandbox at `root` knows."""
    info = service_account_info(root)
    connection = HTTPConnection(urlsplit(root).netloc)
    connection.request("POST", "/control/service-account", json.dumps(info))
    if connection.getresponse().status != HTTPStatus.OK:
        raise RuntimeError(f"{root} is no sandbox that knows service accounts.")
    connection.close()
    return info


@cache
def _public_key(pem: str) -> rsa.RSAPublicKey:
    """One computation for each key: a process may have many sandboxes with the same."""
    key = load_pem_private_key(pem.encode(), None).public_key()
    assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 - Google makes no others
    return key


@cache
def _private_key() -> str:
    """One for all of a process's service accounts: a key takes time to make."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache
def _private_key_id() -> str:
    return secrets.token_hex(20)


def oauth_client(root: str) -> dict[str, Any]:
    """A desktop app's OAuth client whose endpoints are the sandbox's."""
    return {
        "installed": {
            "client_id": OAUTH_CLIENT,
            "client_secret": OAUTH_SECRET,
            "auth_uri": f"{root}/o/oauth2/auth",
            "token_uri": f"{root}/token",
            "redirect_uris": ["http://localhost"],
        }
    }
