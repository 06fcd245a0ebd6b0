"""What all our cookies have in common.

Over https they carry the prefix that binds them to this host and to https (RFC 6265bis, 4.1.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response


@dataclass(frozen=True, slots=True)
class CookieJar:
    """Reads, sets and drops them; `is_https` says how browsers reach us."""

    is_https: bool

    def get(self, request: Request, name: str) -> str:
        """Empty where there is none."""
        return request.cookies.get(self._called(name), "")

    def put(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        """For so long, or until the browser is closed."""
        response.set_cookie(
            self._called(name),
            value,
            max_age=seconds,
            path="/",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, name: str) -> None:
        self.put(response, name, "", 0)

    def _called(self, name: str) -> str:
        return f"__Host-{name}" if self.is_https else name
