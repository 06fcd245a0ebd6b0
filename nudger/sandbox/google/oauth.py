"""Google's token endpoint as the sandbox answers it.

Access tokens are bound to one person and to scopes. Sources: developers.google.com/identity
/protocols/oauth2/service-account and /native-app; RFC 6749, 5.2; RFC 7523.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from nudger.sandbox.world import World

ALL_SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/gmail.modify",
)
SCOPES_OF = {
    "calendar": ("calendar.events", "calendar.readonly", "calendar"),
    "gmail": ("gmail.modify", "gmail.compose", "gmail.readonly", "mail.google.com/"),
}


@dataclass(frozen=True)
class Grant:
    person: str
    scopes: tuple[str, ...]


class OAuthRefusal(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.body = {"error": error, "error_description": description}


class TokenEndpoint:
    """Gives tokens for people of the world; `authorized_scopes` is what delegation may ask for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.authorized_scopes: set[str] = set(ALL_SCOPES)
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._codes: dict[str, Grant] = {}

    def grant_of(self, token: str) -> Grant | None:
        """Whose access token this is; `None` for one that is unknown or revoked."""
        grant = self._access.get(token)
        return grant if grant and not self._revoked(grant.person) else None

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        match form.get("grant_type"):
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                return self._issued(self._delegated(form.get("assertion", "")))
            case "refresh_token":
                grant = self._refresh.get(form.get("refresh_token", ""))
                if grant is None or self._revoked(grant.person):
                    raise OAuthRefusal("invalid_grant", "Token has been expired or revoked.")
                return self._issued(grant)
            case "authorization_code":
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

    def _delegated(self, assertion: str) -> Grant:
        try:
            payload = assertion.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
            person, scopes = str(claims["sub"]).lower(), tuple(claims["scope"].split())
        except (LookupError, ValueError) as error:
            raise OAuthRefusal("invalid_grant", "Invalid JWT.") from error
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
    fitting = SCOPES_OF[method_id.partition(".")[0]]
    return any(scope.endswith(fitting) for scope in grant.scopes)


def service_account_info(root: str) -> dict[str, Any]:
    """Credentials of a service account whose tokens come from the sandbox at `root`."""
    return {
        "type": "service_account",
        "project_id": "sandbox",
        "private_key_id": "sandbox",
        "private_key": _private_key(),
        "client_email": "nudger@sandbox.iam.gserviceaccount.com",
        "client_id": "100000000000000000000",
        "token_uri": f"{root}/token",
    }


@cache
def _private_key() -> str:
    """One for all sandboxes of a process: a key takes time to make, and none of them checks it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def oauth_client(root: str) -> dict[str, Any]:
    """A desktop app's OAuth client whose endpoints are the sandbox's."""
    return {
        "installed": {
            "client_id": "sandbox.apps.googleusercontent.com",
            "client_secret": "sandbox",
            "auth_uri": f"{root}/o/oauth2/auth",
            "token_uri": f"{root}/token",
            "redirect_uris": ["http://localhost"],
        }
    }
