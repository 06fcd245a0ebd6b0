"""Google's ID tokens, and the keys by which anybody can verify them.

Sources: developers.google.com/identity/openid-connect/openid-connect (claims, `hd`, rotation of the
keys); RFC 7517 for the key set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.jwt import sign_jwt
from nudger.sandbox.signing import key_id, public_key, signing_key

ISSUER = "https://accounts.google.com"
LASTS = 3600
KEYS_LAST = 6 * 3600


class IdTokenIssuer:
    """Signs with the newest of its keys, and shows the public halves of the last two."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._number = 1
        self.routes = [Route("/oauth2/v3/certs", self.certificates, methods=["GET"])]
        self.fetched = 0
        self.is_down = False

    def rotate(self) -> None:
        self._number += 1

    async def certificates(self, _request: Request) -> Response:
        self.fetched += 1
        if self.is_down:
            return Response(status_code=503)
        shown = {"keys": [public_key(number) for number in self._shown()]}
        return JSONResponse(shown, headers={"Cache-Control": f"public, max-age={KEYS_LAST}"})

    def _shown(self) -> range:
        return range(max(self._number - 1, 1), self._number + 1)

    def system_token(self, service_account: str, audience: str, /, **claims: Any) -> str:
        """As which a project's service account calls this endpoint."""
        subject = _number_of(service_account)
        told = {"email": service_account, "email_verified": True, "azp": subject, "sub": subject}
        return self._signed({"aud": audience, **told, **claims})

    def user_token(self, email: str, client: str, /, **claims: Any) -> str:
        """Who this person is, for an OAuth client."""
        told = {"email": email, "email_verified": True, "azp": client, "sub": _number_of(email)}
        return self._signed({"aud": client, "hd": email.rpartition("@")[2], **told, **claims})

    def _signed(self, claims: dict[str, Any]) -> str:
        now = int(self._clock().timestamp())
        told = {"iss": ISSUER, "iat": now, "exp": now + LASTS, **claims}
        kept = {name: value for name, value in told.items() if value is not None}
        return sign_jwt(kept, signing_key(self._number), key_id(self._number))


def _number_of(email: str) -> str:
    """The account's number: the same each time, as for one person."""
    return str(10**20 + int.from_bytes(hashlib.sha256(email.encode()).digest()[:8], "big"))
