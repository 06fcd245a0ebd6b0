"""Whether an ID token is Google's, for us, and good now.

Sources: https://developers.google.com/workspace/add-ons/guides/alternate-runtimes (requests to HTTP
endpoints); https://developers.google.com/identity/gsi/web/guides/verify-google-id-token; RFC 7519.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from nudger.providers.google.addon.signing_keys import SigningKeys

LONGEST_TOKEN = 8192
CLOCKS_MAY_DIFFER = timedelta(minutes=1)
LONGEST_LIFE = timedelta(hours=24)
ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_CHECKED_HERE: Options = {
    "verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False,
}  # fmt: skip
_GMAIL = ("gmail.com", "googlemail.com")


class TokenRefused(Exception):
    """The token counts for nothing; the message says why, and has nothing of the token."""


@dataclass(frozen=True, slots=True)
class GoogleAccount:
    """Whom a token tells of. `subject` stays the same for good, `email` may be given to somebody
    else. `hosted_domain` is the organization's, empty for a private account."""

    subject: str = field(repr=False)
    email: str
    is_email_verified: bool
    hosted_domain: str

    @property
    def owns_address(self) -> bool:
        """Whether Google itself gives this address out, so that nobody else can have it: an
        address of elsewhere was only once verified."""
        of_google = bool(self.hosted_domain) or self.email.rpartition("@")[2] in _GMAIL
        return self.is_email_verified and of_google


@dataclass(frozen=True, slots=True)
class IdTokens:
    """Verifies by Google's keys; `clock` gives aware moments."""

    keys: SigningKeys
    clock: Callable[[], datetime]

    def verify(self, token: str, audiences: Collection[str]) -> GoogleAccount:
        """Whom this token tells of, if it was made for one of these audiences. Raises
        `TokenRefused`, and `Unavailable` where Google's keys cannot be had."""
        claims = self._signed_claims(token)
        audience = claims.get("aud")
        if not isinstance(audience, str) or audience not in audiences:
            raise TokenRefused("it is for another audience")
        self._check_time(claims)
        return GoogleAccount(
            subject=_text(claims, "sub"),
            email=_text(claims, "email").lower(),
            is_email_verified=claims.get("email_verified") is True,
            hosted_domain=_text(claims, "hd") if "hd" in claims else "",
        )

    def _signed_claims(self, token: str) -> dict[str, Any]:
        if not token or len(token) > LONGEST_TOKEN or not token.isascii():
            raise TokenRefused("it is no ID token")
        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(key_id, str) or "crit" in header:
                raise TokenRefused("it is not signed as Google signs")
            key = self.keys.find(key_id)
            if key is None:
                raise TokenRefused("it is signed with no key of Google's")
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=["RS256"], issuer=ISSUERS, options=_CHECKED_HERE
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenRefused(type(error).__name__) from error
        return claims

    def _check_time(self, claims: dict[str, Any]) -> None:
        now, skew = self.clock().timestamp(), CLOCKS_MAY_DIFFER.total_seconds()
        issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
        if expires <= now - skew:
            raise TokenRefused("it has expired")
        begins = max(issued, _moment(claims, "nbf") if "nbf" in claims else issued)
        if begins > now + skew:
            raise TokenRefused("it is of the future")
        if expires - issued > LONGEST_LIFE.total_seconds():
            raise TokenRefused("it lasts too long")


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise TokenRefused(f"it names no {name}")
    return value


def _moment(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int:
        raise TokenRefused(f"its {name} is no moment")
    return value
