"""The two cookies of the rep's page: what a browser keeps that asked to sign in, and its
session."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response

from nudger.domain.sign_in_lifetimes import SIGN_IN_LASTS
from nudger.web.cookies import CookieJar

SESSION, SIGN_IN = "nudger-session", "nudger-sign-in"
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Pending:
    """What a browser keeps that asked to sign in: its secret, and the address that was typed, so
    that a new mail takes one tap and we keep no stranger's address."""

    secret: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    def as_text(self) -> str:
        address = base64.urlsafe_b64encode(self.address.encode()).decode().rstrip("=")
        return f"{self.secret}.{address}"

    @classmethod
    def from_text(cls, text: str) -> Pending:
        """Nothing of what is none."""
        secret, _, address = text[:LONGEST].partition(".")
        padded = address + "=" * (-len(address) % 4)
        try:
            return cls(secret, base64.urlsafe_b64decode(padded).decode())
        except (binascii.Error, ValueError):
            return cls(secret)


@dataclass(frozen=True, slots=True)
class Cookies(CookieJar):
    """Sets, reads and clears them."""

    def session(self, request: Request) -> str:
        return self.get(request, SESSION)

    def pending(self, request: Request) -> Pending:
        return Pending.from_text(self.get(request, SIGN_IN))

    def keep_session(self, response: Response, session: str) -> None:
        """Until the browser is closed; how long it counts is kept here."""
        self.put(response, SESSION, session)
        self.drop(response, SIGN_IN)

    def keep_pending(self, response: Response, pending: Pending) -> None:
        """Longer than it counts, so that a new mail takes one tap when it does not any more."""
        seconds = 6 * int(SIGN_IN_LASTS.total_seconds())
        self.put(response, SIGN_IN, pending.as_text(), seconds)

    def clear_session(self, response: Response) -> None:
        self.drop(response, SESSION)
