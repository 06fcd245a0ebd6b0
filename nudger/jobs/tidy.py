"""Forgetting what is no longer needed: raw mails after some days, old occurrences."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.series import latest_counted
from nudger.jobs.planning.series import rule_of
from nudger.runtime.context import Context
from nudger.runtime.policies import load_rules
from nudger.store import calendars, data_keys, inbox, series

KEEP_OCCURRENCES = timedelta(days=60)


def tidy(ctx: Context) -> None:
    now = ctx.clock()
    with ctx.database.begin() as tx:
        inbox.forget_raw_before(tx, now - timedelta(days=ctx.settings.keep_mail_days))
        _count_from_later(ctx, tx, now - KEEP_OCCURRENCES)
        calendars.forget_before(tx, now - KEEP_OCCURRENCES)
        data_keys.forget_unused(tx, now)


def _count_from_later(ctx: Context, tx: Connection, before: datetime) -> None:
    """Have series counted from their latest date that may stay, so that older ones can go."""
    rules = load_rules(tx, ctx.settings)
    for one in series.counted(tx):
        rep = rules.reps_by_id[one.rep_id]
        date = latest_counted(rule_of(rules, rep, one), series.dates_of(tx, one), before)
        if date != one.counted_from:
            series.count_from(tx, one.series_id, date)
