"""Signing somebody in at Google or Microsoft: the authorization code flow of OpenID Connect, with
state, nonce and PKCE, by the endpoints that the issuer's discovery document names.

Sources: OpenID Connect Core 1.0, 3.1; Discovery 1.0, 4; RFC 7636; RFC 9700 (current practice).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from nudger.providers.base import ProviderError

SCOPE = "openid email profile"
ALGORITHMS = ["RS256"]
DISCOVERY = "/.well-known/openid-configuration"
KEPT_FOR = timedelta(hours=12)
KEYS_ANEW_AFTER = timedelta(minutes=1)
"""A key that we do not know may be new: asked for again, but not by each token that is made up."""
CLOCKS_MAY_DIFFER_SECONDS = 60
SECONDS = 10.0


class SignInRefused(ProviderError):
    """Nobody is signed in: the provider refused the code, or its word is not to be believed. One
    line for the log."""


@dataclass(frozen=True, slots=True)
class Application:
    """What the provider knows us as."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in; only the browser that begins it keeps these."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class _Known:
    """What the issuer published, and when we fetched it."""

    endpoints: Mapping[str, Any]
    keys: KeySet
    at: datetime


class OpenId:
    """Signs in at one issuer. What it publishes is kept for `KEPT_FOR`; threads may share it."""

    def __init__(self, application: Application, clock: Callable[[], datetime]) -> None:
        self._application = application
        self._clock = clock
        self._http = httpx.Client(timeout=SECONDS, follow_redirects=False)
        self._lock = threading.Lock()
        self._known: _Known | None = None

    def begin(self, attempt: Attempt) -> str:
        """Where the browser is sent to. Raises `SignInRefused`."""
        address: str = prepare_grant_uri(
            self._published().endpoints["authorization_endpoint"],
            client_id=self._application.client_id,
            response_type="code",
            redirect_uri=self._application.redirect_uri,
            scope=SCOPE,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            prompt="select_account",
        )
        return address

    def finish(self, attempt: Attempt, code: str) -> Mapping[str, Any]:
        """The claims of who signed in: `iss` and `sub` at least. Raises `SignInRefused`."""
        given = self._post_code(attempt, code)
        token = given.get("id_token")
        if not isinstance(token, str):
            raise SignInRefused("The provider sent no ID token.")
        return self._verified(token, attempt.nonce, given.get("access_token"))

    def _post_code(self, attempt: Attempt, code: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._application.redirect_uri,
            "code_verifier": attempt.verifier,
            "client_id": self._application.client_id,
            "client_secret": self._application.client_secret,
        }
        return self._json("POST", self._published().endpoints["token_endpoint"], form)

    def _verified(self, token: str, nonce: str, access_token: object) -> Mapping[str, Any]:
        application = self._application
        options = {
            "iss": {"essential": True, "value": application.issuer},
            "aud": {"essential": True, "value": application.client_id},
            "sub": {"essential": True, "allow_blank": False},
        }
        params = {"nonce": nonce, "client_id": application.client_id, "access_token": access_token}
        try:
            read = self._decoded(token)
            told = CodeIDToken(read.claims, read.header, options, params)
            told.validate(int(self._clock().timestamp()), CLOCKS_MAY_DIFFER_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused(f"The ID token is not believed: {_why(error)}.") from error
        claims: Mapping[str, Any] = told
        if _audiences(claims) != [application.client_id] or not isinstance(claims["sub"], str):
            raise SignInRefused("The ID token is not believed: it is not for us alone.")
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._published().keys, algorithms=ALGORITHMS)
        except (InvalidKeyIdError, ValueError):
            keys = self._published(oldest=self._clock() - KEYS_ANEW_AFTER).keys
            return jwt.decode(token, keys, algorithms=ALGORITHMS)

    def _published(self, oldest: datetime | None = None) -> _Known:
        """What the issuer says of itself, no older than this."""
        with self._lock:
            known = self._known
            if known is None or known.at < (oldest or self._clock() - KEPT_FOR):
                known = self._known = self._fetch()
            return known

    def _fetch(self) -> _Known:
        issuer = self._application.issuer
        endpoints = self._json("GET", f"{issuer}{DISCOVERY}")
        if endpoints.get("issuer") != issuer:
            raise SignInRefused("The issuer calls itself by another name than [console] does.")
        scheme = issuer.partition(":")[0]
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not str(endpoints.get(name, "")).startswith((f"{scheme}://", "https://")):
                raise SignInRefused(f"The issuer names no {name} that can be used.")
        try:
            keys = KeySet.import_key_set(self._json("GET", endpoints["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused(f"The issuer's keys cannot be read: {_why(error)}.") from error
        return _Known(endpoints, keys, self._clock())

    def _json(
        self, method: str, url: str, form: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        try:
            answer = self._http.request(method, url, data=form)
        except httpx.HTTPError as error:
            raise SignInRefused(f"The issuer does not answer ({type(error).__name__}).") from error
        try:
            content = answer.json()
        except ValueError:
            content = None
        if answer.status_code != 200 or not isinstance(content, dict):
            raise SignInRefused(f"The issuer answered {answer.status_code}{_code_of(content)}.")
        return content


def _audiences(claims: Mapping[str, Any]) -> list[Any]:
    found = claims["aud"]
    return list(found) if isinstance(found, list) else [found]


def _code_of(content: object) -> str:
    """The error's code, of letters alone (RFC 6749, 5.2)."""
    code = content.get("error") if isinstance(content, dict) else None
    is_code = isinstance(code, str) and len(code) < 60 and code.replace("_", "").isalpha()
    return f" ({code})" if is_code else ""


def _why(error: Exception) -> str:
    """What is wrong, in the library's words for it; nothing of the token."""
    code, claim = getattr(error, "error", type(error).__name__), getattr(error, "claim", "")
    return f"{code} {claim}".strip()
