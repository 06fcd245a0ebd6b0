"""Whether a token was signed by who it says, and is good now.

Sources: RFC 7519; RFC 8725 (current practice).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from nudger.providers.signing_keys import SigningKeys

LONGEST_TOKEN = 8192
CLOCKS_MAY_DIFFER = timedelta(minutes=1)
_CHECKED_HERE: Options = {
    "verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False,
}  # fmt: skip


class TokenRefused(Exception):
    """The token counts for nothing; the message says why, and has nothing of the token."""


@dataclass(frozen=True, slots=True)
class SignedTokens:
    """Those that these `issuers` sign with these `keys`, good for `longest_life` at most. `clock`
    gives aware moments."""

    keys: SigningKeys
    clock: Callable[[], datetime]
    issuers: Sequence[str]
    longest_life: timedelta

    def claims(self, token: str) -> dict[str, Any]:
        """What it says, whoever it is for. Raises `TokenRefused`, and `Unavailable` where the keys
        cannot be had."""
        require_shape(token)
        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(key_id, str) or "crit" in header:
                raise TokenRefused("it is not signed as such tokens are")
            key = self.keys.find(key_id)
            if key is None:
                raise TokenRefused("it is signed with no key of the issuer's")
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=["RS256"], issuer=self.issuers, options=_CHECKED_HERE
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenRefused(type(error).__name__) from error
        self._check_time(claims)
        return claims

    def _check_time(self, claims: dict[str, Any]) -> None:
        now, skew = self.clock().timestamp(), CLOCKS_MAY_DIFFER.total_seconds()
        issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
        if expires <= now - skew:
            raise TokenRefused("it has expired")
        begins = max(issued, _moment(claims, "nbf") if "nbf" in claims else issued)
        if begins > now + skew:
            raise TokenRefused("it is of the future")
        if expires - issued > self.longest_life.total_seconds():
            raise TokenRefused("it lasts too long")


def require_shape(token: str) -> None:
    """Raises `TokenRefused` for what nobody need take apart."""
    if not token or len(token) > LONGEST_TOKEN or not token.isascii():
        raise TokenRefused("it is no token")


def text_of(claims: dict[str, Any], name: str) -> str:
    """Raises `TokenRefused`."""
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise TokenRefused(f"it names no {name}")
    return value


def _moment(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int:
        raise TokenRefused(f"its {name} is no moment")
    return value
