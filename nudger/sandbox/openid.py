"""Google and Microsoft as OpenID providers: an authorization page, codes that count once, and ID
tokens signed by RS256.

What the real ones refuse is refused: a redirect address that is not registered, a wrong secret, a
code that was used, a verifier that does not fit its challenge.
Sources: OpenID Connect Core 1.0, 3.1; RFC 6749, 4.1 and 5.2; RFC 7636, 4.6;
learn.microsoft.com/entra/identity-platform, v2-protocols-oidc;
developers.google.com/identity/openid-connect.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode

from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from nudger.sandbox.jwt import sign_jwt
from nudger.sandbox.world import World

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "console.sandbox"
CLIENT_SECRET = "console-secret"  # noqa: S105 - it opens nothing but the sandbox
ISSUERS = {"google": "/openid/google", "microsoft": f"/openid/{TENANT}/v2.0"}
CODE_LASTS_SECONDS, TOKEN_LASTS_SECONDS = 600, 3600
Claims = dict[str, Any]


@dataclass
class Granted:
    """What a code stands for."""

    person: str
    redirect_uri: str
    nonce: str
    challenge: str
    at: float


class OpenIdServer:
    """Both providers over one world. `redirect_uris` are those that an admin registered;
    `published` are the keys that tokens may be signed with, by their ids; `called` is another name
    than the issuer's own in what it says of itself.

    `forge` may change the claims of a token before it is signed, and `sign` how: for tests of who
    reads it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.redirect_uris: set[str] = set()
        self.client_secret = CLIENT_SECRET
        self.published: dict[str, rsa.RSAPrivateKey] = {key_id(): key()}
        self.called: str | None = None
        self.is_away = False
        self.forge: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = lambda claims: sign_jwt(claims, key(), key_id())
        self.subjects: dict[str, str] = {}
        self._codes: dict[str, Granted] = {}
        self.routes = [
            route for provider, path in ISSUERS.items() for route in self._routes_of(provider, path)
        ]

    def _routes_of(self, provider: str, path: str) -> list[Route]:
        async def discovery(request: Request) -> Response:
            if self.is_away:
                return Response(status_code=503)
            root = f"{request.url.scheme}://{request.url.netloc}{path}"
            return JSONResponse({
                "issuer": self.called or root,
                "authorization_endpoint": f"{root}/authorize",
                "token_endpoint": f"{root}/token",
                "jwks_uri": f"{root}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            })  # fmt: skip

        async def token(request: Request) -> Response:
            root = f"{request.url.scheme}://{request.url.netloc}{path}"
            form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
            with self._world.lock:
                return self._exchange(provider, root, form)

        return [
            Route(f"{path}/.well-known/openid-configuration", discovery, methods=["GET"]),
            Route(f"{path}/authorize", self.authorize, methods=["GET"]),
            Route(f"{path}/authorize", self.agree, methods=["POST"]),
            Route(f"{path}/token", token, methods=["POST"]),
            Route(f"{path}/keys", self.keys, methods=["GET"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """The page on which somebody chooses who they are."""
        problem = self._problem_of(dict(request.query_params))
        if problem:
            return HTMLResponse(f"<h1>Error 400: {escape(problem)}</h1>", 400)
        with self._world.lock:
            people = sorted(self._world.people)
        buttons = "".join(
            f'<p><button name="person" value="{escape(one)}">{escape(one)}</button></p>'
            for one in people
        )
        return HTMLResponse(
            '<!doctype html><html lang="en"><title>Choose an account</title>'
            '<link rel="icon" href="data:,">'
            f'<main><h1>Choose an account</h1><form method="post">{buttons}'
            '<p><button name="person" value="">Cancel</button></p></form></main></html>'
        )

    async def agree(self, request: Request) -> Response:
        query = dict(request.query_params)
        problem = self._problem_of(query)
        if problem:
            return HTMLResponse(f"<h1>Error 400: {escape(problem)}</h1>", 400)
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        return RedirectResponse(self.answer(query, form.get("person", "")), status_code=302)

    def answer(self, query: dict[str, str], person: str) -> str:
        """Where the browser is sent after somebody chose this person; nobody is a refusal."""
        state = query.get("state", "")
        with self._world.lock:
            if person not in self._world.people:
                refused = {"error": "access_denied", "state": state}
                return f"{query['redirect_uri']}?{urlencode(refused)}"
            code = secrets.token_urlsafe(24)
            self._codes[code] = Granted(
                person, query["redirect_uri"], query.get("nonce", ""),
                query.get("code_challenge", ""), self._now(),
            )  # fmt: skip
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': state})}"

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [_public(name, one) for name, one in self.published.items()]})

    def _problem_of(self, query: dict[str, str]) -> str:
        if query.get("client_id") != CLIENT_ID:
            return "invalid_client"
        if query.get("redirect_uri") not in self.redirect_uris:
            return "redirect_uri_mismatch"
        if query.get("response_type") != "code" or "openid" not in query.get("scope", "").split():
            return "invalid_request"
        has_challenge = query.get("code_challenge") and query.get("code_challenge_method") == "S256"
        return "" if has_challenge else "invalid_request: PKCE is missing"

    def _exchange(self, provider: str, root: str, form: dict[str, str]) -> Response:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, self.client_secret):
            return _refused("invalid_client", 401)
        if form.get("grant_type") != "authorization_code":
            return _refused("unsupported_grant_type")
        granted = self._codes.pop(form.get("code", ""), None)
        if (
            granted is None
            or granted.redirect_uri != form.get("redirect_uri")
            or self._now() - granted.at > CODE_LASTS_SECONDS
            or not hmac.compare_digest(_challenge(form.get("code_verifier", "")), granted.challenge)
        ):
            return _refused("invalid_grant")
        claims = self.forge(self._claims(provider, root, granted))
        issued = {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": TOKEN_LASTS_SECONDS,
            "id_token": self.sign(claims),
        }
        return JSONResponse(issued)

    def _claims(self, provider: str, root: str, granted: Granted) -> Claims:
        person, now = granted.person, int(self._now())
        subject = self.subjects.get(person) or hashlib.sha256(person.encode()).hexdigest()[:21]
        claims: Claims = {
            "iss": root, "aud": CLIENT_ID, "sub": subject, "iat": now,
            "exp": now + TOKEN_LASTS_SECONDS, "nonce": granted.nonce,
            "name": self._world.people[person].name,
        }  # fmt: skip
        if provider == "google":
            return {**claims, "email": person, "email_verified": True}
        return {**claims, "preferred_username": person, "tid": TENANT, "oid": subject}

    def _now(self) -> float:
        return self._world.now().timestamp()


def _refused(error: str, status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": "The sandbox refuses."}, status)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _public(name: str, one: rsa.RSAPrivateKey) -> dict[str, str]:
    """The public half of a key (RFC 7517)."""
    numbers = one.public_key().public_numbers()
    return {
        "kty": "RSA", "alg": "RS256", "use": "sig", "kid": name,
        "n": _number(numbers.n), "e": _number(numbers.e),
    }  # fmt: skip


def _number(value: int) -> str:
    content = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@cache
def key() -> rsa.RSAPrivateKey:
    """One for all of a process's servers: a key takes time to make."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def key_id() -> str:
    return secrets.token_hex(8)
