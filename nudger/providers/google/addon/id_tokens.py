"""Whether an ID token is Google's, for us, and good now.

Sources: https://developers.google.com/workspace/add-ons/guides/alternate-runtimes (requests to HTTP
endpoints); https://developers.google.com/identity/gsi/web/guides/verify-google-id-token; RFC 7519.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nudger.providers.signed_tokens import SignedTokens, TokenRefused, text_of
from nudger.providers.signing_keys import SigningKeys

LONGEST_LIFE = timedelta(hours=24)
ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_GMAIL = ("gmail.com", "googlemail.com")


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
        claims = SignedTokens(self.keys, self.clock, ISSUERS, LONGEST_LIFE).claims(token)
        audience = claims.get("aud")
        if not isinstance(audience, str) or audience not in audiences:
            raise TokenRefused("it is for another audience")
        return GoogleAccount(
            subject=text_of(claims, "sub"),
            email=text_of(claims, "email").lower(),
            is_email_verified=claims.get("email_verified") is True,
            hosted_domain=text_of(claims, "hd") if "hd" in claims else "",
        )
