"""Whom the API lets in: programs with a token for what they ask, at the pace of the settings.

A token that is unknown, expired or revoked is refused alike. What is counted lives in this process.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from nudger.admin.api_tokens import judge_token
from nudger.domain.api_scopes import Scope
from nudger.domain.controls import Activity
from nudger.runtime.holds import is_held
from nudger.web.api.problems import Refused
from nudger.web.rate_limits import Limiter
from nudger.web.site import Site

MINUTE = timedelta(minutes=1)
MOST_WRONG, WRONG_WITHIN = 30, timedelta(minutes=10)
BEARER = HTTPBearer(
    scheme_name="token",
    description="`Authorization: Bearer nudger_api_…`, made by `nudger api-tokens add`",
    auto_error=False,
)
Given = HTTPAuthorizationCredentials | None


class Guard:
    """What a route depends on, by the scope that it needs."""

    def __init__(self, site: Site) -> None:
        self._site = site
        clock, most = site.ctx.clock, site.ctx.settings.web.api_per_minute
        self._pace = Limiter(most, MINUTE, clock)
        self._wrong = Limiter(MOST_WRONG, WRONG_WITHIN, clock)

    def lets_in(self, scope: Scope) -> Callable[..., None]:
        def let_in(request: Request, given: Given = Security(BEARER)) -> None:  # noqa: B008
            self._let_in(request, given, scope)

        return let_in

    def _let_in(self, request: Request, given: Given, scope: Scope) -> None:
        token = None if given is None else judge_token(self._site.ctx, given.credentials)
        if token is None:
            self._refuse(request)
            return
        if self._pace.is_exhausted(token.name):
            raise _too_many(MINUTE)
        self._pace.count(token.name)
        if scope not in token.scopes:
            raise Refused(
                403,
                f"It needs the scope {scope!r}: make a token that has it.",
                {"www-authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
            )
        with self._site.ctx.database.read() as tx:
            if is_held(tx, Activity.TELL):
                raise Refused(503, "Everything is locked down by an admin: try again later.")

    def _refuse(self, request: Request) -> None:
        client = self._site.client_of(request)
        if self._wrong.is_exhausted(client):
            raise _too_many(WRONG_WITHIN)
        self._wrong.count(client)
        raise Refused(
            401,
            "Send a token that counts as `Authorization: Bearer nudger_api_…`.",
            {"www-authenticate": "Bearer"},
        )


def _too_many(wait: timedelta) -> Refused:
    seconds = int(wait.total_seconds())
    return Refused(429, f"Wait {seconds} seconds.", {"retry-after": str(seconds)})
