"""Access to Graph: tokens for an organization's app, and for one person's own consent.

Standing in for the identity platform (msal 1.39, read in its source):
- `authority` may be "http://127.0.0.1:PORT/TENANT", "http://localhost:PORT/TENANT" or any https
  address. `authority="http://127.0.0.1:PORT"` alone gets "/TENANT" put behind it.
- Below it we call `POST /oauth2/v2.0/token` (form-encoded; `client_credentials` with
  `scope=https://graph.microsoft.com/.default` and `client_secret` or `client_assertion`;
  `refresh_token`; `authorization_code` with PKCE; device code), `POST /oauth2/v2.0/devicecode`,
  and a person's browser opens `GET /oauth2/v2.0/authorize` with `response_mode=form_post` (the way
  back may be a form that posts `code` and `state`, or a redirect with them as query).
- A stand-in on plain http is never asked for a discovery document; one on https is asked for
  `/v2.0/.well-known/openid-configuration` and may answer 404. Instance discovery is off: nothing
  is sent to Microsoft's own hosts.
- A certificate's assertion has `aud` = the token endpoint (on plain http its real address), `iss`
  and `sub` = client id, PS256 with `x5t#S256` (RS256 with `x5t` where only a thumbprint is given).
- A person's token needs `id_token` (a JWT whose signature msal does not check: `aud` = client id,
  `iss`, `sub`, `iat`, `exp`, `preferred_username`, `tid`, and `nonce` as given to /authorize: the
  SHA-256 of it is what is sent and compared) and `client_info` (base64url of `{"uid","utid"}`):
  msal finds the account by them.
- msal keeps a 400 answer of the token endpoint for 60 seconds and repeats it meanwhile: after a
  refusal we build its client anew, and keep the refusal ourselves for `REFUSAL_LASTS`.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from msal.application import ConfidentialClientApplication, PublicClientApplication
from msal.token_cache import SerializableTokenCache

from nudger.providers.base import ProviderError, ReconnectNeeded
from nudger.providers.microsoft.authority import IdentityHttp, authority_url
from nudger.providers.microsoft.errors import consent_refused, sign_in_failed

GRAPH_ROOT = "https://graph.microsoft.com/v1.0"
ORGANIZATION_PERMISSIONS = ("Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send")
OPTIONAL_PERMISSION = "MailboxSettings.Read"
PERSONAL_SCOPES = ("Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send")
_NATIONAL_GRAPHS = (
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
)
_SPARE_SECONDS = 300.0
REFUSAL_LASTS = 5.0


class TokenSource(Protocol):
    """Where the Graph client gets its bearer token. Any thread may call it."""

    def token(self) -> str:
        """A token that is good for some minutes yet.

        Raises `ReconnectNeeded` where only the person can mend it, `SignInFailed` where the
        application is refused, `Unavailable` where waiting mends it.
        """
        ...

    def renewed(self, refused: str) -> str:
        """A token in place of one that the service refused before its time: a new one, unless
        another thread has got it already."""
        ...


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the app signs with. PEM texts; `public` or else the SHA-1 `thumbprint` in hex."""

    private_key: str = field(repr=False)
    public: str = ""
    thumbprint: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationApp:
    """An app registration that acts by itself. A certificate goes before a secret."""

    tenant: str
    client_id: str
    certificate: Certificate | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PersonalApp:
    """An app registration that acts for a person ("mobile and desktop", public client).

    `tenant` is a directory, or "common" (any account) or "organizations" (work accounts).
    """

    client_id: str
    tenant: str = "common"


def graph_resource(graph_root: str) -> str:
    """The resource that scopes are named under: Graph's own, also where a stand-in answers."""
    host = urlsplit(graph_root).hostname or ""
    return f"https://{host}" if host in _NATIONAL_GRAPHS else "https://graph.microsoft.com"


class _Remembered(ABC):
    """The last token until shortly before its end; one thread at a time asks for the next.

    A refusal is remembered for a moment too, so that many calendars that are due at once make one
    call to an identity platform that says no, and not one each.
    """

    def __init__(self, http: IdentityHttp, clock: Callable[[], float]) -> None:
        self._http = http
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._until = float("-inf")
        self._refusal: tuple[float, ProviderError] | None = None
        self._msal: Any = None

    def token(self) -> str:
        with self._lock:
            return self._token if self._clock() < self._until else self._keep(self._ask)

    def renewed(self, refused: str) -> str:
        with self._lock:
            is_current = self._token == refused or self._clock() >= self._until
            return self._keep(self._ask_anew) if is_current else self._token

    def _keep(self, ask: Callable[[], Mapping[str, Any]]) -> str:
        if self._refusal is not None and self._clock() < self._refusal[0]:
            raise self._refusal[1].with_traceback(None)
        self._refusal = None
        result = ask()
        token = result.get("access_token")
        if not (isinstance(token, str) and token):
            refusal = self._refused(result)
            self._refusal, self._msal = (self._clock() + REFUSAL_LASTS, refusal), None
            self._until = float("-inf")
            raise refusal
        self._token = token
        seconds = float(result.get("expires_in") or 0)
        self._until = self._clock() + max(seconds - _SPARE_SECONDS, seconds / 2)
        return token

    @abstractmethod
    def _ask(self) -> Mapping[str, Any]: ...

    @abstractmethod
    def _ask_anew(self) -> Mapping[str, Any]: ...

    @abstractmethod
    def _refused(self, result: Mapping[str, Any]) -> ProviderError: ...


class OrganizationTokens(_Remembered):
    """Tokens of the app itself (client credentials, `.default`). Nothing to store."""

    def __init__(
        self,
        app: OrganizationApp,
        http: httpx.Client,
        *,
        authority: str | None = None,
        graph_root: str = GRAPH_ROOT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(IdentityHttp(authority_url(authority, app.tenant), http), clock)
        self._app = app
        self._scopes = [f"{graph_resource(graph_root)}/.default"]

    def _ask(self) -> Mapping[str, Any]:
        result: Mapping[str, Any] = self._client().acquire_token_for_client(self._scopes)
        return result

    def _ask_anew(self) -> Mapping[str, Any]:
        self._client().remove_tokens_for_client()
        return self._ask()

    def _refused(self, result: Mapping[str, Any]) -> ProviderError:
        return sign_in_failed(result, self._http.asked)

    def _client(self) -> Any:
        if self._msal is None:
            self._msal = build_client(
                ConfidentialClientApplication,
                self._app.client_id,
                self._http,
                client_credential=_credential(self._app),
                client_claims=self._http.assertion_claims,
            )
        return self._msal


def _credential(app: OrganizationApp) -> str | dict[str, str]:
    if app.certificate is not None:
        certificate = app.certificate
        named = {
            "private_key": certificate.private_key,
            "public_certificate": certificate.public,
            "thumbprint": "" if certificate.public else certificate.thumbprint,
        }
        return {key: value for key, value in named.items() if value}
    if app.secret:
        return app.secret
    raise ProviderError("The Microsoft app has neither a certificate nor a client secret.")


class PersonalTokens(_Remembered):
    """Tokens of one person's consent.

    `cache` is what `Consent.cache` or an earlier `save` gave; `save` gets the new text each time
    that msal changed it (it holds the refresh token: store it encrypted).
    """

    def __init__(
        self,
        app: PersonalApp,
        cache: str,
        save: Callable[[str], None],
        http: httpx.Client,
        *,
        authority: str | None = None,
        graph_root: str = GRAPH_ROOT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(IdentityHttp(authority_url(authority, app.tenant), http), clock)
        self._app = app
        self._save = save
        self._scopes = personal_scopes(graph_root)
        self._cache = token_cache(cache)

    def _ask(self) -> Mapping[str, Any]:
        return self._silently(anew=False)

    def _ask_anew(self) -> Mapping[str, Any]:
        return self._silently(anew=True)

    def _silently(self, *, anew: bool) -> Mapping[str, Any]:
        client = self._client()
        accounts = client.get_accounts()
        if not accounts:
            raise ReconnectNeeded("No Outlook account is connected: run `nudger connect outlook`.")
        try:
            result: Mapping[str, Any] | None = client.acquire_token_silent_with_error(
                self._scopes, account=accounts[0], force_refresh=anew
            )
        finally:
            if self._cache.has_state_changed:
                self._save(self._cache.serialize())
        return result or {"error": "interaction_required"}

    def _refused(self, result: Mapping[str, Any]) -> ProviderError:
        return consent_refused(result, self._http.asked)

    def _client(self) -> Any:
        if self._msal is None:
            self._msal = build_client(
                PublicClientApplication,
                self._app.client_id,
                self._http,
                token_cache=self._cache,
            )
        return self._msal


def token_cache(text: str | None = None) -> Any:
    """msal's cache, as it was when it was written to `text`."""
    kind: Any = SerializableTokenCache
    cache = kind()
    cache.deserialize(text)
    return cache


def personal_scopes(graph_root: str) -> list[str]:
    """Short names for the public cloud, named under their resource in the national ones."""
    resource = graph_resource(graph_root)
    if resource == "https://graph.microsoft.com":
        return list(PERSONAL_SCOPES)
    return [f"{resource}/{scope}" for scope in PERSONAL_SCOPES]


def build_client(kind: type[Any], client_id: str, http: IdentityHttp, **arguments: Any) -> Any:
    """An msal client that talks through `http` alone. Raises `ProviderError`, `Unavailable`."""
    try:
        return kind(
            client_id,
            authority=http.authority,
            http_client=http,
            instance_discovery=False,
            **arguments,
        )
    except ValueError as error:
        line = " ".join(str(error).split())[:200]
        raise ProviderError(
            f"The Microsoft authority or the app's certificate cannot be used: {line}"
        ) from error
