"""Access tokens from Google's token endpoint, and what it means where there is none.

What a service account is refused is the application's matter (`SignInFailed`): a clock that is off
is answered with `invalid_grant` too. Only a person's own refresh token that is refused asks that
person to connect anew.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httplib2
from google.auth import transport
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError

from nudger.providers.base import SIGN_IN, ProviderError, ReconnectNeeded, SignInFailed, Unavailable
from nudger.providers.google.auth import SCOPES
from nudger.providers.google.connections import NO_ANSWER, send
from nudger.providers.google.errors import retry_after


@dataclass(frozen=True, slots=True)
class TokenRefusal:
    """What the token endpoint answered in place of a token."""

    endpoint: str
    status: int
    error: str
    description: str = ""


Meaning = Callable[[TokenRefusal], ProviderError]


class Refused(GoogleAuthError):  # type: ignore[misc]
    """There is no token; `refusal` says who refused it, and why."""

    def __init__(self, refusal: TokenRefusal) -> None:
        super().__init__(refusal.error)
        self.refusal = refusal


class Tokens:
    """The access tokens of one identity. Any thread may call it; one at a time asks for the next.

    `refused` says what a refusal means for this kind of identity.
    """

    def __init__(self, credentials: Credentials, refused: Meaning) -> None:
        self._credentials = credentials
        self._refused = refused
        self._lock = threading.Lock()

    def token(self) -> str:
        """A token that is good for some minutes yet. Raises `ProviderError`."""
        with self._lock:
            return str(self._credentials.token) if self._credentials.valid else self._ask()

    def renewed(self, refused: str) -> str:
        """A token in place of one that was refused before its time: a new one, unless another
        thread has got it already."""
        with self._lock:
            current = str(self._credentials.token)
            return current if self._credentials.valid and current != refused else self._ask()

    def _ask(self) -> str:
        endpoint = _TokenEndpoint()
        try:
            self._credentials.refresh(endpoint)
        except Refused as error:
            raise self._refused(error.refusal) from error
        except GoogleAuthError as error:
            said = TokenRefusal(endpoint.asked, endpoint.status, "no token", str(error)[:200])
            raise self._refused(said) from error
        return str(self._credentials.token)


def organization_tokens(credentials: Credentials) -> Tokens:
    """Tokens of the organization's service account, acting for somebody. What it is refused is
    told without that person, so that one fault reads the same for everybody."""

    def refused(refusal: TokenRefusal) -> ProviderError:
        return SignInFailed(
            f"Google gives the service account no token ({_told(refusal)})"
            f"{_ADVICE.get(refusal.error, '')}",
            refusal.endpoint,
            refusal.status,
        )

    return Tokens(credentials, refused)


def personal_tokens(credentials: Credentials, person: str) -> Tokens:
    """Tokens of `person`'s own consent."""

    def refused(refusal: TokenRefusal) -> ProviderError:
        if refusal.error == "invalid_grant":
            return ReconnectNeeded(
                f"Google no longer accepts the consent of {person} ({_told(refusal)}): run "
                f"`nudger connect google {person}`."
            )
        return SignInFailed(
            f"Google gives our OAuth client no token for {person} ({_told(refusal)})",
            refusal.endpoint,
            refusal.status,
        )

    return Tokens(credentials, refused)


_DELEGATE = (
    ": in the Admin console, Security > API controls > Domain-wide delegation, give the service "
    f"account exactly {','.join(SCOPES)}."
)
_ADVICE = {
    "invalid_grant": ": check this machine's clock, the service account's key, and that the person "
    "exists.",
    "unauthorized_client": _DELEGATE,
    "access_denied": _DELEGATE,
    "PERMISSION_DENIED": ": give the identity that runs Nudger the role Service Account Token "
    "Creator (roles/iam.serviceAccountTokenCreator) on this service account.",
    "SERVICE_DISABLED": ": enable the IAM Service Account Credentials API in the service account's "
    "project.",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": ": let the machine's access scopes be cloud-platform.",
    "no identity": ": is a service account attached to this machine, or is the federated identity "
    "that the credentials file names still good? (docs/setup-google.md#without-a-key)",
}


def _told(refusal: TokenRefusal) -> str:
    parts = (refusal.error, " ".join(refusal.description.split())[:200])
    return ": ".join(part for part in parts if part)


_PASSES = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})
_BUSY = frozenset({408, 429})
_NO_SUCH_ENDPOINT = frozenset({401, 404})


class _TokenEndpoint(transport.Request):  # type: ignore[misc]
    """How google-auth asks for tokens: once, and what passes by waiting is `Unavailable`.

    Whatever else is no token is a refusal, so that google-auth's own retries never begin.
    """

    def __init__(self) -> None:
        self.asked, self.status = "", 0

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - google-auth's shape
        **_: Any,
    ) -> transport.Response:
        self.asked = url
        try:
            answer, content = send(url, method, body, dict(headers or {}))
        except NO_ANSWER as error:
            raise Unavailable(
                f"{SIGN_IN}unavailable: {url} gives no answer ({type(error).__name__})."
            ) from error
        self.status = int(answer.status)
        said = _object(content)
        code = str((said or {}).get("error") or "")
        if self.status >= 500 or self.status in _BUSY or code in _PASSES:
            wait = retry_after(answer.get("retry-after"), datetime.now(UTC))
            raise Unavailable(f"{SIGN_IN}unavailable: {url} is busy ({self.status} {code}).", wait)
        if said is None and self.status not in _NO_SUCH_ENDPOINT:
            raise Unavailable(
                f"{SIGN_IN}unavailable: {url} answered {self.status} with something that is no "
                "JSON: is there a proxy in between?"
            )
        if self.status >= 300:
            description = str((said or {}).get("error_description") or "")
            raise Refused(TokenRefusal(url, self.status, code or "no reason given", description))
        return Answer(answer, content)


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(content)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


class Answer(transport.Response):  # type: ignore[misc]
    """An answer as google-auth reads it."""

    def __init__(self, answer: httplib2.Response, content: bytes) -> None:
        self._answer = answer
        self._content = content

    @property
    def status(self) -> int:
        return int(self._answer.status)

    @property
    def headers(self) -> Mapping[str, str]:
        return dict(self._answer)

    @property
    def data(self) -> bytes:
        return self._content
