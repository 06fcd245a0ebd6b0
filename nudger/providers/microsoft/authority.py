"""Where Microsoft's identity platform answers, and how msal is brought to it.

msal 1.39 takes https authorities only, in the `authority` argument as well as in each address of
the discovery document, and `oidc_authority` is under the same rule. So for a stand-in on a
loopback address we show msal an https face of the same host and port, and `IdentityHttp`, which is
msal's HTTP client, calls the real http address behind it. Plain http to anything but a loopback
address is refused.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from nudger.providers.base import SIGN_IN, ProviderError, SignInFailed, Unavailable
from nudger.providers.microsoft.errors import Asked, is_busy, retry_after

PUBLIC_CLOUD = "https://login.microsoftonline.com"
DISCOVERY = "/.well-known/openid-configuration"
_NO_SUCH_ENDPOINT = (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND)


def authority_url(authority: str | None, tenant: str) -> str:
    """The authority of `tenant`: a host alone gets the tenant put behind it.

    `authority` is None for the public cloud, or "https://host", or a whole "https://host/tenant".
    Raises `ProviderError` where it is neither https nor on a loopback address.
    """
    base = (authority or PUBLIC_CLOUD).rstrip("/")
    require_private_line(base)
    return base if urlsplit(base).path else f"{base}/{tenant}"


def require_private_line(url: str) -> None:
    """Refuse to send secrets in the clear. Raises `ProviderError`."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise ProviderError(
        f"{url}: an https address is needed here (plain http only on a loopback address)."
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _text(value: str | bytes) -> str:
    """msal hands a client assertion over as bytes; a form encoder would write `b'…'`."""
    return value.decode() if isinstance(value, bytes) else value


def _holds_an_object(response: httpx.Response) -> bool:
    try:
        return isinstance(response.json(), dict)
    except ValueError:
        return False


class IdentityHttp:
    """The HTTP client that msal is given: the shared httpx client behind msal's own interface.

    Raises `Unavailable` itself for whatever may pass by waiting, so that what msal returns is
    either a token or a refusal; `asked` tells where the last answer came from.
    """

    def __init__(self, authority: str, http: httpx.Client) -> None:
        parts = urlsplit(authority)
        self._http = http
        self._real = f"{parts.scheme}://{parts.netloc}/"
        self._face = f"https://{parts.netloc}/"
        self._authority = authority
        self.authority = self.face(authority)
        self.asked = Asked(authority, 0)

    @property
    def assertion_claims(self) -> dict[str, str]:
        """What a signed assertion must say otherwise than msal would: the real audience."""
        if self._face == self._real:
            return {}
        return {"aud": f"{self._authority}/oauth2/v2.0/token"}

    def face(self, url: str) -> str:
        return self._face + url.removeprefix(self._real) if url.startswith(self._real) else url

    def real(self, url: str) -> str:
        """The address that answers, for one that msal gave out."""
        return self._real + url.removeprefix(self._face) if url.startswith(self._face) else url

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> httpx.Response:
        if url.endswith(DISCOVERY) and self._face != self._real:
            return self._by_convention()
        response = self._answer("GET", url, params=params, headers=headers)
        if url.endswith(DISCOVERY) and response.status_code == httpx.codes.NOT_FOUND:
            return self._by_convention()
        if response.is_success and not _holds_an_object(response):
            raise self._no_json(response)
        return response

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str | bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> httpx.Response:
        form = {name: _text(value) for name, value in (data or {}).items()}
        response = self._answer("POST", url, params=params, data=form, headers=headers)
        if not _holds_an_object(response):
            raise self._no_json(response)
        return response

    def _no_json(self, response: httpx.Response) -> ProviderError:
        """msal would raise a JSONDecodeError."""
        endpoint, status = self.asked.endpoint, self.asked.status
        if status in _NO_SUCH_ENDPOINT:
            return SignInFailed(
                "there is no token endpoint here: check authority", endpoint, status
            )
        return Unavailable(
            f"{SIGN_IN}unavailable: {endpoint} answered {status} with something that is no JSON: "
            "is there a proxy in between?",
            retry_after(response.headers),
        )

    def close(self) -> None:
        """The shared client is not ours to close."""

    def _answer(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        real = self.real(url)
        try:
            response = self._http.request(method, real, **arguments)
        except httpx.TransportError as error:
            reason = type(error).__name__
            raise Unavailable(
                f"{SIGN_IN}unavailable: {real} gives no answer ({reason})."
            ) from error
        self.asked = Asked(real, response.status_code)
        if is_busy(response.status_code):
            raise Unavailable(
                f"{SIGN_IN}unavailable: {real} is busy ({response.status_code}).",
                retry_after(response.headers),
            )
        return response

    def _by_convention(self) -> httpx.Response:
        document = {
            "issuer": f"{self.authority}/v2.0",
            "authorization_endpoint": f"{self.authority}/oauth2/v2.0/authorize",
            "token_endpoint": f"{self.authority}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{self.authority}/oauth2/v2.0/devicecode",
        }
        return httpx.Response(200, json=document)
