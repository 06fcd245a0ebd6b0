"""Whether an access token is Entra's, for our app, of a directory that we serve, and good now.

Sources: https://learn.microsoft.com/entra/identity-platform/access-tokens (validating tokens),
access-token-claims-reference (`ver`, `scp`, `oid`, `tid`, `idtyp`);
https://learn.microsoft.com/office/dev/add-ins/develop/enable-nested-app-authentication-in-your-add-in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import jwt

from nudger.providers.microsoft.authority import authority_url
from nudger.providers.signed_tokens import SignedTokens, TokenRefused, require_shape, text_of
from nudger.providers.signing_keys import SigningKeys

SCOPE = "access_as_user"
"""What the pane asks for: at least one scope of an API is needed where hosts sign people in."""
LONGEST_LIFE = timedelta(hours=29)
"""Entra gives tokens that it can take back at any time for 28 hours at most."""


@dataclass(frozen=True, slots=True)
class MicrosoftAccount:
    """Whom a token tells of: a directory, and the person's id there, which is theirs for good. What
    else it says of a person, a name or an address, is changed by others, and proves nothing."""

    tenant: str
    object_id: str = field(repr=False)

    @property
    def subject(self) -> str:
        return f"{self.tenant}/{self.object_id}"


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """Verifies tokens of the directories in `by_tenant` for the app `client_id`."""

    client_id: str
    by_tenant: Mapping[str, SignedTokens]

    @classmethod
    def of(
        cls,
        client_id: str,
        tenants: Collection[str],
        authority: str | None,
        clock: Callable[[], datetime],
    ) -> Self:
        """`authority` is None for the public cloud; `clock` gives aware moments."""
        made = {}
        for tenant in tenants:
            issuer = authority_url(authority, tenant)
            keys = SigningKeys(f"{issuer}/discovery/v2.0/keys", clock)
            made[tenant] = SignedTokens(keys, clock, (f"{issuer}/v2.0",), LONGEST_LIFE)
        return cls(client_id, made)

    def verify(self, token: str) -> MicrosoftAccount:
        """Whom this token lets use the pane. Raises `TokenRefused`, and `Unavailable` where the
        directory's keys cannot be had."""
        tenant = _said_tenant(token)
        tokens = self.by_tenant.get(tenant)
        if tokens is None:
            raise TokenRefused("it is of a directory that is not served")
        claims = tokens.claims(token)
        if claims.get("ver") != "2.0" or claims.get("tid") != tenant:
            raise TokenRefused("it is of another version or directory than it is signed for")
        if claims.get("aud") not in (self.client_id, f"api://{self.client_id}"):
            raise TokenRefused("it is for another audience")
        if SCOPE not in text_of(claims, "scp").split() or claims.get("idtyp") == "app":
            raise TokenRefused(f"nobody agreed to {SCOPE}")
        return MicrosoftAccount(tenant, _object_id(claims))


def _object_id(claims: dict[str, Any]) -> str:
    try:
        return str(UUID(text_of(claims, "oid")))
    except ValueError as error:
        raise TokenRefused("its oid is no id") from error


def _said_tenant(token: str) -> str:
    """By which keys it must be proven: nothing of it is believed before that."""
    require_shape(token)
    try:
        said = jwt.decode(token, options={"verify_signature": False}).get("tid")
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenRefused(type(error).__name__) from error
    return said.lower() if isinstance(said, str) else ""
