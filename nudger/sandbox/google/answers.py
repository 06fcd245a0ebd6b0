"""A request as a method sees it, and the refusals in Google's own shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class Refusal(Exception):
    """Answered instead of a result."""

    def __init__(self, status: int, reason: str, message: str, retry_after: int | None = None):
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        detail = {"domain": "global", "reason": self.reason, "message": str(self)}
        return {"error": {"code": self.status, "message": str(self), "errors": [detail]}}


@dataclass(frozen=True)
class Call:
    """One authorized call: who calls, with which parameters, headers and body."""

    person: str
    path: dict[str, str]
    query: dict[str, str]
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)

    def flag(self, name: str) -> bool:
        return self.query.get(name, "false").lower() == "true"


def bad_request(message: str, reason: str = "badRequest") -> Refusal:
    return Refusal(400, reason, message)


def not_found() -> Refusal:
    return Refusal(404, "notFound", "Not Found")
