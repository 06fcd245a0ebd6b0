"""Access tokens of people for an app's own API, as Entra signs them, and what hosts of add-ins do
to get them: nested app authentication.

Sources: learn.microsoft.com/entra/identity-platform/access-token-claims-reference and
access-tokens; the messages of the bridge are those that MSAL.js sends (`src/naa`).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.jwt import sign_jwt
from nudger.sandbox.microsoft.identity import TENANT
from nudger.sandbox.signing import key_id, public_key, signing_key

ADDIN_CLIENT = "aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb"
LASTS = 3900
_DIRECTORY = uuid.UUID("0b5d54b5-8f1f-4b86-9f0e-3a5f0f0a4f10")


def object_id(person: str) -> str:
    """The person's id in the directory: the same each time, as for one person."""
    return str(uuid.uuid5(_DIRECTORY, person.lower()))


class UserTokens:
    """Signs with the newest of its keys, and shows the public halves of the last two. `url` is
    where the directory is reached; `signs_in` says whether hosts can: some say so, and cannot."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._number = 1
        self.url = ""
        self.fetched = 0
        self.is_down = False
        self.signs_in = True
        self.routes = [
            Route("/{tenant}/discovery/v2.0/keys", self.keys, methods=["GET"]),
            Route("/nested-app-auth/{person}", self.nested, methods=["POST"]),
        ]

    def rotate(self) -> None:
        self._number += 1

    async def keys(self, _request: Request) -> Response:
        self.fetched += 1
        if self.is_down:
            return Response(status_code=503)
        shown = range(max(self._number - 1, 1), self._number + 1)
        return JSONResponse({"keys": [public_key(number) for number in shown]})

    def access_token(self, person: str, /, **claims: Any) -> str:
        """For the add-in's API, with the scope that its app exposes; a claim of `None` is left
        out."""
        told = {
            "aud": ADDIN_CLIENT, "azp": ADDIN_CLIENT, "scp": "access_as_user",
            "sub": hashlib.sha256(person.encode()).hexdigest(),
        }  # fmt: skip
        return self._signed(person, {**told, **claims})

    async def nested(self, request: Request) -> Response:
        """What a host answers to a request of the bridge, for the person who is signed in there.
        Only our pages' origins may ask: it stands for a channel inside of Outlook."""
        asked, person = await request.json(), request.path_params["person"].lower()
        answer = {"messageType": "NestedAppAuthResponse", "requestId": asked["requestId"]}
        origin = request.headers.get("origin", "")
        headers = {"Access-Control-Allow-Origin": origin} if _is_here(origin) else {}
        return JSONResponse(answer | self._outcome(person, asked), headers=headers)

    def _outcome(self, person: str, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "GetInitContext":
            context = {"sdkName": "sandbox", "sdkVersion": "1", "capabilities": {}}
            return {"success": True, "initContext": context}
        wanted = asked.get("tokenParams", {})
        scopes = wanted.get("scope", "").split()
        own = f"api://{ADDIN_CLIENT}/access_as_user"
        if not self.signs_in or wanted.get("clientId") != ADDIN_CLIENT or own not in scopes:
            error = {"status": "PERSISTENT_ERROR", "code": "sandbox", "description": "no resource"}
            return {"success": False, "error": error}
        claims = {"aud": ADDIN_CLIENT, "preferred_username": person, "name": person}
        token = {
            "access_token": self.access_token(person),
            "id_token": self._signed(person, claims),
            "expires_in": LASTS,
            "scope": own,
        }
        account = {
            "environment": "login.microsoftonline.com", "tenantId": TENANT, "username": person,
            "localAccountId": object_id(person), "homeAccountId": f"{object_id(person)}.{TENANT}",
        }  # fmt: skip
        return {"success": True, "token": token, "account": account}

    def _signed(self, person: str, claims: dict[str, Any]) -> str:
        now = int(self._clock().timestamp())
        told = {
            "iss": f"{self.url}/{TENANT}/v2.0", "tid": TENANT, "oid": object_id(person),
            "ver": "2.0", "iat": now, "nbf": now, "exp": now + LASTS, **claims,
        }  # fmt: skip
        kept = {name: value for name, value in told.items() if value is not None}
        return sign_jwt(kept, signing_key(self._number), key_id(self._number))


def _is_here(origin: str) -> bool:
    return urlsplit(origin).hostname in ("127.0.0.1", "localhost")
