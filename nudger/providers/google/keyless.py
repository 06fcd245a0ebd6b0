"""Delegation without a key: Google signs for a service account, at the word of who runs Nudger.

Whoever runs it is known by an identity that is attached to the machine, or federated from
elsewhere. It has the IAM Credentials API sign the JWT that a key would sign (`signJwt`), with
`sub` for the person, and the token endpoint takes it as it takes any other. It needs the permission
`iam.serviceAccounts.signJwt` on the service account: the role Service Account Token Creator.

Sources: https://docs.cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt,
https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from google.auth import (
    aws,
    compute_engine,
    external_account_authorized_user,
    identity_pool,
    pluggable,
    transport,
)
from google.auth import credentials as google_credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import _client, service_account
from google.oauth2 import credentials as oauth_credentials

from nudger.providers.base import SIGN_IN, Unavailable
from nudger.providers.google.auth import CredentialsProblem
from nudger.providers.google.connections import NO_ANSWER, send
from nudger.providers.google.errors import retry_after
from nudger.providers.google.tokens import Answer, Refused, TokenRefusal

CLOUD_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
IAM_ROOT = "https://iamcredentials.googleapis.com"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
LIFE_SECONDS = 3600
AHEAD_SECONDS = 60
"""A token begins a little before now, so that a clock that is ahead does no harm."""

_AWS = "urn:ietf:params:aws:token-type:aws4_request"
_TARGET = re.compile(r"/serviceAccounts/([^/:]{1,200}):generateAccessToken$")
_BUSY = frozenset({408, 429})


def source_of(info: Mapping[str, Any] | None) -> google_credentials.Credentials:
    """The identity of who runs Nudger: as a credentials file describes it, or the one attached to
    this machine where there is none. An impersonation in it names only whom to sign for.

    Raises `CredentialsProblem`.
    """
    if info is None:
        return compute_engine.Credentials(scopes=[CLOUD_SCOPE])
    plain = dict(info.get("source_credentials") or info)
    plain.pop("service_account_impersonation_url", None)
    load = _LOADERS.get(str(plain.get("type")))
    if load is None:
        raise CredentialsProblem(
            f"Nudger cannot use Google credentials of type {plain.get('type')!r}."
        )
    try:
        return load(plain)
    except (ValueError, TypeError, KeyError, AttributeError, GoogleAuthError) as error:
        raise CredentialsProblem(f"The Google identity cannot be used: {error}.") from error


def target_of(info: Mapping[str, Any]) -> str | None:
    """The service account that an impersonation in these credentials names."""
    found = _TARGET.search(str(info.get("service_account_impersonation_url") or ""))
    return found[1] if found else None


def _external(info: dict[str, Any]) -> google_credentials.Credentials:
    if info.get("subject_token_type") == _AWS:
        return aws.Credentials.from_info(info, scopes=[CLOUD_SCOPE])
    if "executable" in (info.get("credential_source") or {}):
        return pluggable.Credentials.from_info(info, scopes=[CLOUD_SCOPE])
    return identity_pool.Credentials.from_info(info, scopes=[CLOUD_SCOPE])


_LOADERS: Mapping[str, Callable[[dict[str, Any]], google_credentials.Credentials]] = {
    "external_account": _external,
    "external_account_authorized_user": lambda info: (
        external_account_authorized_user.Credentials.from_info(info, scopes=[CLOUD_SCOPE])
    ),
    "service_account": lambda info: service_account.Credentials.from_service_account_info(
        info, scopes=[CLOUD_SCOPE]
    ),
    "authorized_user": lambda info: oauth_credentials.Credentials.from_authorized_user_info(
        info, scopes=[CLOUD_SCOPE]
    ),
}
KEYLESS_TYPES = frozenset({*_LOADERS, "impersonated_service_account"} - {"service_account"})


class KeylessDelegation:
    """Credentials for any person of the organization; see `auth.Delegation`."""

    def __init__(
        self,
        source: google_credentials.Credentials,
        service_account: str,
        *,
        iam_root: str = IAM_ROOT,
        token_uri: str = TOKEN_URI,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._signer = _Signer(source, service_account, iam_root)
        self._token_uri = token_uri
        self._clock = clock

    def credentials_for(self, person: str, scope: str) -> google_credentials.Credentials:
        return _Delegated(self._signer, person, scope, self._token_uri, self._clock)


class _Delegated(google_credentials.Credentials):  # type: ignore[misc]
    """The access token of one person and scope, from an assertion that Google signed."""

    def __init__(
        self, signer: _Signer, person: str, scope: str, token_uri: str, clock: Callable[[], float]
    ) -> None:
        super().__init__()
        self._signer = signer
        self._claims = {"sub": person, "scope": scope, "aud": token_uri}
        self._token_uri = token_uri
        self._clock = clock

    def refresh(self, request: transport.Request) -> None:
        """Raises `Refused`, `Unavailable`."""
        begins = int(self._clock()) - AHEAD_SECONDS
        claims = {**self._claims, "iat": begins, "exp": begins + LIFE_SECONDS}
        assertion = self._signer.sign(claims)
        self.token, self.expiry, _ = _client.jwt_grant(
            request, self._token_uri, assertion, can_retry=False
        )


class _Signer:
    """Has the IAM Credentials API sign for the service account. Any thread may call it."""

    def __init__(
        self, source: google_credentials.Credentials, service_account: str, iam_root: str
    ) -> None:
        self._source = source
        self._service_account = service_account
        self._url = f"{iam_root}/v1/projects/-/serviceAccounts/{service_account}:signJwt"
        self._lock = threading.Lock()

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The signed JWT; `iss` is the service account. Raises `Refused`, `Unavailable`."""
        payload = json.dumps({**claims, "iss": self._service_account})
        answer = self._ask(payload, self._token())
        if answer.status == 401:
            answer = self._ask(payload, self._token(anew=True))
        said = _object(answer.data)
        signed = said.get("signedJwt")
        if answer.status != 200 or not isinstance(signed, str):
            raise Refused(self._refusal(answer.status, said))
        return signed

    def _ask(self, payload: str, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return _Transport()(self._url, "POST", json.dumps({"payload": payload}).encode(), headers)

    def _token(self, *, anew: bool = False) -> str:
        """Of who runs Nudger."""
        with self._lock:
            if anew or not self._source.valid:
                asked = _Transport()
                try:
                    self._source.refresh(asked)
                except GoogleAuthError as error:
                    says = " ".join(str(error).split())[:200]
                    refusal = TokenRefusal(asked.asked, asked.status, NO_IDENTITY, says)
                    raise Refused(refusal) from error
            return str(self._source.token)

    def _refusal(self, status: int, said: Mapping[str, Any]) -> TokenRefusal:
        error = said.get("error")
        error = error if isinstance(error, Mapping) else {}
        reasons = [one.get("reason") for one in error.get("details") or () if isinstance(one, dict)]
        code = next((str(one) for one in reasons if one in _TOLD), str(error.get("status") or ""))
        says = f"for {self._service_account}: {error.get('message') or ''}"
        return TokenRefusal(self._url, status, code or "no reason given", says)


NO_IDENTITY = "no identity"
_TOLD = ("SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")


class _Transport(transport.Request):  # type: ignore[misc]
    """How google-auth asks who we are: once, and what passes by waiting is `Unavailable`."""

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
    ) -> Answer:
        self.asked = url.partition("?")[0]
        try:
            answer, content = send(url, method, body, dict(headers or {}))
        except NO_ANSWER as error:
            raise Unavailable(
                f"{SIGN_IN}unavailable: {self.asked} gives no answer ({type(error).__name__})."
            ) from error
        self.status = int(answer.status)
        if self.status >= 500 or self.status in _BUSY:
            wait = retry_after(answer.get("retry-after"), datetime.now(UTC))
            raise Unavailable(f"{SIGN_IN}unavailable: {self.asked} is busy ({self.status}).", wait)
        return Answer(answer, content)


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
