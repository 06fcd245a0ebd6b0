"""Forgetting what was kept long enough: raw mails, old meetings with their answers, the trail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from nudger.domain.series import latest_counted
from nudger.domain.sign_in_lifetimes import SESSION_IDLES, SIGN_IN_LASTS
from nudger.jobs.planning.series import rule_of
from nudger.runtime.context import Context
from nudger.runtime.policies import load_rules
from nudger.store import data_keys, series
from nudger.store.audit_seals import AuditSeals, count_before
from nudger.store.retention import (
    BATCH,
    EXPIRIES,
    KEEP_OCCURRENCES,
    KEEP_RETIRED,
    Expiry,
    Limits,
)


def tidy(ctx: Context) -> None:
    now = ctx.clock()
    with ctx.database.begin() as tx:
        _count_from_later(ctx, tx)
        data_keys.forget_unused(tx, now)
    forget_expired(ctx)


def forget_expired(ctx: Context) -> dict[str, int]:
    """Remove what was kept long enough, a batch at a time; returns how many of what."""
    limits = limits_of(ctx)
    counts = {expiry.name: _forget(ctx, expiry, limits) for expiry in EXPIRIES}
    return {**counts, "audit": _forget_trail(ctx, limits)}


def count_expired(ctx: Context) -> dict[str, int]:
    """How many of what `forget_expired` would remove, as things stand."""
    limits = limits_of(ctx)
    with ctx.database.read() as tx:
        counts = {expiry.name: expiry.count(tx, limits) for expiry in EXPIRIES}
        return {**counts, "audit": count_before(tx, limits.audit)}


def limits_of(ctx: Context) -> Limits:
    """The moments before which things go, by the settings."""
    now, settings = ctx.clock(), ctx.settings
    return Limits(
        raw_mails=now - timedelta(days=settings.keep_mail_days),
        meetings=now - timedelta(days=settings.keep_meeting_days),
        occurrences=now - KEEP_OCCURRENCES,
        audit=now - timedelta(days=settings.keep_audit_days),
        retired_tokens=now - KEEP_RETIRED,
        sign_ins=now - SIGN_IN_LASTS,
        sessions=now - SESSION_IDLES,
    )


def _forget(ctx: Context, expiry: Expiry, limits: Limits) -> int:
    total = 0
    while not ctx.stop.is_set():
        with ctx.database.read() as tx:
            keys = expiry.find_batch(tx, limits)
        if keys:
            with ctx.database.begin() as tx:
                expiry.remove_batch(tx, limits, keys)
        total += len(keys)
        if len(keys) < BATCH:
            break
    return total


def _forget_trail(ctx: Context, limits: Limits) -> int:
    total, seals = 0, AuditSeals(ctx.vault)
    while not ctx.stop.is_set():
        with ctx.database.begin() as tx:
            count = seals.remove_before(tx, limits.audit)
        total += count
        if count == 0:
            break
    return total


def _count_from_later(ctx: Context, tx: Connection) -> None:
    """Have series counted from their latest date that may stay, so that older ones can go."""
    rules = load_rules(tx, ctx.settings)
    before = ctx.clock() - KEEP_OCCURRENCES
    for one in series.counted(tx):
        rep = rules.reps_by_id[one.rep_id]
        date = latest_counted(rule_of(rules, rep, one), series.dates_of(tx, one), before)
        if date != one.counted_from:
            series.count_from(tx, one.series_id, date)
