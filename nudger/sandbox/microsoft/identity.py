"""Microsoft's token endpoint: the app itself, one person's consent, and refusals by AADSTS code.

Sources: learn.microsoft.com/entra/identity-platform, v2-oauth2-client-creds-grant-flow,
v2-oauth2-auth-code-flow, v2-oauth2-device-code; RFC 6749, 5.2.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from nudger.sandbox.world import World

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "99999999-8888-7777-6666-555555555555"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - it opens nothing but the sandbox
PERMISSIONS = ("Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send")


@dataclass(frozen=True)
class GraphGrant:
    """`person` is `None` for the app itself."""

    person: str | None
    permissions: tuple[str, ...]


class IdentityRefusal(Exception):
    def __init__(self, error: str, number: int, description: str) -> None:
        super().__init__(description)
        self.body = {
            "error": error,
            "error_description": f"AADSTS{number}: {description}",
            "error_codes": [number],
        }


class Identity:
    """Gives tokens. `permissions` are the app's; `mailboxes` limits it, `None` is every mailbox.

    `consented` is what a person's token holds: all that was ever consented to for Graph, asked for
    this time or not.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.permissions: tuple[str, ...] = PERMISSIONS
        self.consented: tuple[str, ...] = PERMISSIONS
        self.mailboxes: frozenset[str] | None = None
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

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        match form.get("grant_type"):
            case "client_credentials":
                return self._for_app(form)
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

    def _for_app(self, form: dict[str, str]) -> dict[str, Any]:
        secret, assertion = form.get("client_secret"), form.get("client_assertion")
        if form.get("client_id") != CLIENT_ID:
            raise IdentityRefusal("unauthorized_client", 700016, "Application was not found.")
        if secret != CLIENT_SECRET and not assertion:
            raise IdentityRefusal("invalid_client", 7000215, "Invalid client secret provided.")
        claims = {"aud": "https://graph.microsoft.com", "roles": list(self.permissions)}
        return self._issued(GraphGrant(None, self.permissions), claims)

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


def _unsigned(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.c2lnbmF0dXJl"


def app_credentials() -> dict[str, Any]:
    """The app registration's part of a credentials file."""
    return {"tenant_id": TENANT, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
