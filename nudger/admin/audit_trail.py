"""The audit trail as admins ask for it: listed, sealed, verified."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from nudger.domain.reasons import Reason, StepName
from nudger.runtime.context import Context
from nudger.store import admins, audit, audit_seals, people
from nudger.store.audit_seals import AuditSeals, Seal, Verified

SEAL_AFTER = timedelta(minutes=10)
EXPORTED_AT_ONCE = 1000
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


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Steps as JSON objects, newest first. `newer` and `older` are the ids beyond which there are
    more, `None` where there are none."""

    steps: list[dict[str, Any]]
    newer: int | None
    older: int | None


def a_page(ctx: Context, wanted: audit.Wanted, place: audit.Place) -> TrailPage:
    """One page of the wanted steps; `by` is the admin on whose word a step was done, `whose` the
    one whose role or session it is about."""
    with ctx.database.read() as tx:
        one_more = replace(place, most=place.most + 1)
        found = audit.find_page(tx, wanted, one_more)
        has_more = len(found) > place.most
        if place.after is None:
            shown, has_older, has_newer = found[: place.most], has_more, place.before is not None
        else:
            shown, has_older, has_newer = found[-place.most :], True, has_more
        steps = _told(tx, shown)
    newer = shown[0].id if shown and has_newer else None
    older = shown[-1].id if shown and has_older else None
    return TrailPage(steps, newer, older)


def exported(ctx: Context, wanted: audit.Wanted) -> Iterator[str]:
    """The wanted steps as lines of JSON, newest first, read a batch at a time."""
    place = audit.Place(EXPORTED_AT_ONCE)
    while True:
        with ctx.database.read() as tx:
            found = audit.find_page(tx, wanted, place)
            told = _told(tx, found)
        yield "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told)
        if len(found) < place.most:
            return
        place = replace(place, before=found[-1].id)


def record_export(ctx: Context, tx: Connection) -> None:
    audit.record(tx, audit.Step(StepName.ACCESS, Reason.AUDIT_EXPORTED), ctx.clock())


def _told(tx: Connection, steps: Sequence[audit.Recorded]) -> list[dict[str, Any]]:
    reps = people.with_ids(tx, {one.step.rep_id for one in steps if one.step.rep_id})
    known = {one.id: one.email for one in admins.list_admins(tx)}
    return [
        {
            **_as_json(one, reps[one.step.rep_id].email if one.step.rep_id in reps else None),
            "by": known.get(one.step.detail.get("admin", 0)),
            "whose": known.get(one.step.detail.get("whose", 0)),
            "request": one.step.detail.get("request"),
        }
        for one in steps
    ]


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
