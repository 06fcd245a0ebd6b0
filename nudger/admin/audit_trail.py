"""The audit trail as admins ask for it: listed, sealed, verified."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from nudger.runtime.context import Context
from nudger.store import audit, audit_seals, people
from nudger.store.audit_seals import AuditSeals, Seal, Verified

SEAL_AFTER = timedelta(minutes=10)
HEADS_LOG = "nudger.audit"
"""The log that every head goes to, whatever else is heard."""

log = logging.getLogger(HEADS_LOG)


def seal_if_due(ctx: Context) -> None:
    """Seal what was recorded once a batch is full or its oldest row has waited long enough."""
    with ctx.database.read() as tx:
        count, since = audit_seals.unsealed_since(tx)
    is_old = since is not None and not ctx.clock() - SEAL_AFTER < since <= ctx.clock()
    if is_old or count >= audit_seals.BATCH:
        seal(ctx)


def seal(ctx: Context) -> Seal | None:
    """Seal everything that was recorded and log each head; returns the newest seal."""
    seals = AuditSeals(ctx.vault)
    while not ctx.stop.is_set():
        with ctx.database.begin() as tx:
            made = seals.seal(tx, ctx.clock())
        if made is None:
            break
        facts = {"event": "audit_head", "head": made.hash, "seal": made.id, "rows": made.row_count}
        line = "audit head %s: seal %d, %d rows"
        log.info(line, made.hash, made.id, made.row_count, extra={"facts": facts})
    with ctx.database.read() as tx:
        return audit_seals.head(tx)


def verify(ctx: Context, known_head: str | None = None) -> Verified:
    """Read the whole trail; see `AuditSeals.verify`."""
    with ctx.database.read() as tx:
        return AuditSeals(ctx.vault).verify(tx, known_head)


def listed(ctx: Context, wanted: audit.Wanted) -> list[dict[str, Any]]:
    """The wanted steps as JSON objects, oldest first."""
    with ctx.database.read() as tx:
        emails = {rep.id: rep.email for rep in people.list_reps(tx)}
        steps = audit.find(tx, wanted)
    return [_as_json(one, emails.get(one.step.rep_id or 0)) for one in steps]


def _as_json(one: audit.Recorded, rep: str | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "step": one.step.step.value,
        "reason": one.step.reason.value,
        "words": one.step.reason.words,
        "rep": rep,
        "meeting": one.step.meeting_id,
        "detail": dict(one.step.detail),
        "seal": one.seal_id,
        "erased": one.is_erased,
    }
