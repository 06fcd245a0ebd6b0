"""Making, revoking and judging the tokens by which programs read (`/api/v1`)."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from nudger.domain.api_scopes import Scope
from nudger.domain.reasons import Reason, StepName
from nudger.mail.token import token_hash
from nudger.runtime.context import Context
from nudger.store import api_tokens, audit
from nudger.store.api_tokens import USED_EVERY, ApiToken

PREFIX = "nudger_api_"
"""By which scanners find a token that leaked."""
TOKEN_BYTES = 20
MOST_NAME = 80
_FORM = re.compile(r"nudger_api_[a-z2-7]{32}", re.ASCII)


class TokenProblem(ValueError):
    """What is asked of a token cannot be done; one line."""


def add_token(ctx: Context, name: str, scopes: Collection[Scope], lasting: timedelta | None) -> str:
    """Make a token; it is returned this once, and only its hash kept. Raises `TokenProblem`."""
    wanted = name.strip()
    if not wanted or len(wanted) > MOST_NAME or not wanted.isprintable():
        raise TokenProblem(f"A name of 1 to {MOST_NAME} characters is expected.")
    if not scopes:
        raise TokenProblem("A token without a scope opens nothing: give it one.")
    now = ctx.clock()
    token = PREFIX + base64.b32encode(ctx.random_bytes(TOKEN_BYTES)).decode().lower()
    made = ApiToken(
        name=wanted,
        token_hash=token_hash(token),
        scopes=frozenset(scope.value for scope in scopes),
        created_at=now,
        expires_at=None if lasting is None else now + lasting,
    )
    with ctx.database.begin() as tx:
        if not api_tokens.add(tx, made):
            raise TokenProblem(f"There is, or was, a token {wanted!r}: choose another name.")
        audit.record(tx, audit.Step(StepName.CONTROL, Reason.API_TOKEN_MADE), now)
    return token


def revoke_token(ctx: Context, name: str) -> None:
    """Have it count no more, from the next request on. Raises `TokenProblem`."""
    now = ctx.clock()
    with ctx.database.begin() as tx:
        known = {one.name: one for one in api_tokens.every(tx)}
        found = known.get(name.strip())
        if found is None:
            raise TokenProblem(f"There is no token {name!r}: `nudger api-tokens list`.")
        if found.revoked_at is not None:
            raise TokenProblem(f"The token {name!r} is revoked already.")
        api_tokens.revoke(tx, found.id, now)
        audit.record(tx, audit.Step(StepName.CONTROL, Reason.API_TOKEN_REVOKED), now)


def list_tokens(ctx: Context) -> list[dict[str, Any]]:
    """Every token that there was, by its name; moments are ISO 8601 in UTC."""
    now = ctx.clock()
    with ctx.database.read() as tx:
        found = api_tokens.every(tx)
    return [
        {
            "name": one.name,
            "scopes": sorted(one.scopes),
            "counts": one.counts(now),
            "created_at": one.created_at.isoformat(),
            "expires_at": _iso(one.expires_at),
            "revoked_at": _iso(one.revoked_at),
            "used_at": _iso(one.used_at),
        }
        for one in found
    ]


def judge_token(ctx: Context, text: str) -> ApiToken | None:
    """The token that this is, `None` where it counts not or is none. It costs as much either way:
    one hash, one look into an index."""
    now = ctx.clock()
    with ctx.database.read() as tx:
        found = api_tokens.find(tx, token_hash(text if _FORM.fullmatch(text) else PREFIX))
    if found is None or not found.counts(now):
        return None
    if found.used_at is None or now - found.used_at >= USED_EVERY:
        with ctx.database.begin() as tx:
            api_tokens.is_used(tx, found.id, now)
    return found


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
