"""The two cookies that we have: what a browser keeps that asked to sign in, and its session.

Over https they carry the prefix that binds them to this host and to https (RFC 6265bis, 4.1.3.2).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response

from nudger.store.retention import SIGN_IN_LASTS

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
class Cookies:
    """Sets, reads and clears them; `is_https` says how browsers reach us."""

    is_https: bool

    def session(self, request: Request) -> str:
        return request.cookies.get(self._name(SESSION), "")

    def pending(self, request: Request) -> Pending:
        return Pending.from_text(request.cookies.get(self._name(SIGN_IN), ""))

    def keep_session(self, response: Response, session: str) -> None:
        """Until the browser is closed; how long it counts is kept here."""
        self._set(response, SESSION, session, None)
        self._set(response, SIGN_IN, "", 0)

    def keep_pending(self, response: Response, pending: Pending) -> None:
        """Longer than it counts, so that a new mail takes one tap when it does not any more."""
        seconds = 6 * int(SIGN_IN_LASTS.total_seconds())
        self._set(response, SIGN_IN, pending.as_text(), seconds)

    def clear_session(self, response: Response) -> None:
        self._set(response, SESSION, "", 0)

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.is_https else name

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(
            self._name(name),
            value,
            max_age=max_age,
            path="/",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )
