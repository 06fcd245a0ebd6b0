"""Whether somebody has to look; `domain.health` decides."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from nudger.admin.policy import waits_for_restart
from nudger.domain.health import Concern, Standing, concerns, late_rounds
from nudger.providers.base import SIGN_IN
from nudger.runtime.broker import Broker, glance_at
from nudger.runtime.context import Context
from nudger.runtime.receivers import receivers_of
from nudger.store import counts, notices, people
from nudger.store.controls import read_switches
from nudger.store.database import DatabaseProblem

LOOKS_BACK = timedelta(days=1)


def find_concerns(ctx: Context) -> tuple[Concern, ...]:
    """What somebody should know, the gravest first."""
    return concerns(_standing(ctx), ctx.clock())


def _standing(ctx: Context) -> Standing:
    since = ctx.clock() - LOOKS_BACK
    url = ctx.settings.celery.broker
    broker = glance_at(url, ctx.clock()) if url is not None else Broker(answers=True)
    with ctx.database.read() as tx:
        switches = read_switches(tx)
        return Standing(
            scanned=counts.scanned_by_provider(tx),
            scan_every=timedelta(seconds=ctx.settings.scan.every_seconds),
            sign_in_faults=len(sign_in_faults(counts.failures(tx))) + counts.to_reconnect(tx),
            unwritten=counts.failing_notes(tx, besides=SIGN_IN),
            set_aside=counts.set_aside_since(tx, since),
            forget_asked=counts.want_to_be_forgotten(tx),
            untold=_untold(ctx, tx),
            settings_wait=waits_for_restart(ctx),
            broker_answers=broker.answers,
            dead_letters=broker.dead_letters,
            template_broken=_has_broken_template(ctx, tx),
            pages_down=ctx.settings.web.is_served and switches.pages_down_since is not None,
            controls=switches.controls,
        )


def _has_broken_template(ctx: Context, tx: Connection) -> bool:
    """Rendering mails takes long to import: only where there are templates of the company's own."""
    if ctx.settings.templates is None:
        return False
    from nudger.admin.template_faults import template_faults  # noqa: PLC0415

    return bool(template_faults(ctx.settings, people.list_reps(tx)))


def _untold(ctx: Context, tx: Connection) -> int:
    fares = notices.fares(tx, tuple(receivers_of(ctx.settings)))
    is_off = sum(fare.off_since is not None for fare in fares.values())
    return is_off + notices.given_up_since(tx, ctx.clock() - LOOKS_BACK)


def unready(ctx: Context) -> list[str]:
    """What keeps this process from its work, as codes: `database`, which cannot be reached or has
    another schema; `outgoing`, `incoming`: rounds of its worker that did not go well lately."""
    try:
        ctx.database.require_current()
    except DatabaseProblem:
        return ["database"]
    return list(late_rounds(ctx.rounds.last(), ctx.clock()))


def sign_in_faults(failures: list[dict[str, str]]) -> list[str]:
    """Each fault of signing in that keeps work waiting, once, as one line."""
    errors = {failure["error"] for failure in failures}
    return sorted(error for error in errors if error.startswith(SIGN_IN))


def waiting_for_sign_in(ctx: Context, work: str) -> list[str]:
    """The faults of signing in that keep work of one kind waiting. `work` begins what such work is
    called: "calendar ", "mail ", "mailbox " or "note "."""
    with ctx.database.read() as tx:
        failures = counts.failures(tx)
    return sign_in_faults([one for one in failures if one["what"].startswith(work)])
