"""Forgetting what is no longer needed: raw mails after some days, old occurrences."""

from __future__ import annotations

from datetime import timedelta

from nudger.jobs.context import Context
from nudger.store import calendars, inbox

KEEP_OCCURRENCES = timedelta(days=60)


def tidy(ctx: Context) -> None:
    now = ctx.clock()
    with ctx.database.begin() as tx:
        inbox.forget_raw_before(tx, now - timedelta(days=ctx.settings.keep_mail_days))
        calendars.forget_before(tx, now - KEEP_OCCURRENCES)
