"""Whether those who are told of calls take it: for `nudger doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from nudger.admin.doctor_checks import Check
from nudger.config.receivers import CRMS, TeamsChannelSettings
from nudger.domain.notices import Effect, Receipt
from nudger.domain.reasons import Reason
from nudger.runtime.context import Context
from nudger.runtime.receivers import look_at, receivers_of
from nudger.store import notices
from nudger.store.notices import Fare

RETIRED = ".webhook.office.com"
"""Where incoming webhooks of Teams were."""
PASSES = frozenset({Reason.RECEIVER_SILENT, Reason.RECEIVER_FAILS})


def check_receivers(ctx: Context) -> Iterator[Check]:
    """A line for each webhook and CRM of the settings."""
    names = tuple(receivers_of(ctx.settings))
    with ctx.database.read() as tx:
        fares = notices.fares(tx, names)
    for name in names:
        yield _receiver(ctx, name, fares[name])


def _receiver(ctx: Context, name: str, fare: Fare) -> Check:
    is_crm = name in CRMS
    what = name if is_crm else f"webhook {name}"
    help_is_at = "docs/crm.md#when-something-is-wrong" if is_crm else "docs/webhooks.md"
    if fare.off_since is not None:
        why = f"switched off since {_day(fare.off_since)}: {_why(fare)}"
        return Check(what, ok=False, says=f"{why} Mended? nudger webhooks on {name}")
    found = look_at(ctx, name)
    if found.effect is not Effect.DELIVERED:
        says = f"{_said(found)} ({help_is_at})"
        return Check(what, ok=False, says=says, may_pass=found.reason in PASSES)
    if fare.failures:
        took = f"it took something last on {_day(fare.delivered_at)}" if fare.delivered_at else ""
        says = " ".join(filter(None, (f"fails, {fare.failures} in a row: {_why(fare)}", took)))
        return Check(what, ok=False, says=f"{says} ({help_is_at})")
    told = "lets us in and has the fields" if name == "salesforce" else "lets us in"
    return Check(what, ok=True, says=told if is_crm else "can be told")


def check_teams(ctx: Context) -> Iterator[Check]:
    """A line for each channel of Teams of the settings."""
    for channel in ctx.settings.teams_channels:
        yield _channel(channel)


def _channel(channel: TeamsChannelSettings) -> Check:
    from nudger.receivers.guarded_post import Address, connect  # noqa: PLC0415 - with what it needs

    what = f"teams channel {channel.name}"
    if (urlsplit(channel.url).hostname or "").endswith(RETIRED):
        says = "Teams has retired incoming webhooks: make a workflow (docs/teams-channel.md)"
        return Check(what, ok=False, says=says)
    found = connect(Address(channel.url, channel.allow_private))
    if found.effect is not Effect.DELIVERED:
        says = f"{_said(found)} (docs/teams-channel.md)"
        return Check(what, ok=False, says=says, may_pass=found.reason in PASSES)
    return Check(what, ok=True, says="its address can be reached")


def _said(receipt: Receipt) -> str:
    return " ".join(filter(None, (receipt.reason.words, receipt.detail)))


def _why(fare: Fare) -> str:
    words = fare.reason.words if fare.reason is not None else ""
    return " ".join(filter(None, (words, fare.detail)))


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
