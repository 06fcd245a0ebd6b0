"""Who is told what happens to calls, by the settings, and with which secrets.

What talks to a receiver is imported with it: most commands tell nobody.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection

from nudger.config import Settings
from nudger.config.receivers import CRMS, HubspotSettings, SalesforceSettings, WebhookSettings
from nudger.domain.notices import NoticeKind, Receipt
from nudger.receivers.base import Receiver
from nudger.runtime.context import Context

CRM_KINDS = frozenset({NoticeKind.COMMITMENT_RECORDED, NoticeKind.OUTCOME_RECORDED})
SECRET_BYTES = 32
OLD_SECRET_SIGNS = timedelta(days=1)
"""How long a secret that was replaced signs beside its successor."""


def receivers_of(settings: Settings) -> Mapping[str, frozenset[NoticeKind]]:
    """Each receiver by its name, and what it is told of."""
    hooks = {hook.name: frozenset(hook.events) for hook in settings.webhooks}
    crms = {name: CRM_KINDS for name in CRMS if getattr(settings.crm, name).is_told}
    return hooks | crms


def told_of(settings: Settings, kind: NoticeKind) -> list[str]:
    """The receivers that are told of this."""
    return [name for name, kinds in receivers_of(settings).items() if kind in kinds]


def open_receiver(ctx: Context, name: str) -> Receiver:
    """The receiver of this name, which the settings have. Raises `SealBroken`."""
    if name == "hubspot":
        return _hubspot(ctx.settings.crm.hubspot)
    if name == "salesforce":
        return _salesforce(ctx.settings.crm.salesforce)
    hook = webhook_of(ctx.settings, name)
    with ctx.database.begin() as tx:
        secrets = signing_secrets(ctx, tx, hook)
    return _webhook(hook, secrets)


def look_at(ctx: Context, name: str) -> Receipt:
    """What a delivery to this receiver would meet, as far as can be seen without one. Nothing is
    kept: who only looks makes no webhook its secret."""
    if name in CRMS:
        return open_receiver(ctx, name).look()
    return _webhook(webhook_of(ctx.settings, name), ()).look()


def _webhook(hook: WebhookSettings, secrets: Sequence[str]) -> Receiver:
    from nudger.receivers.webhook import WebhookReceiver  # noqa: PLC0415

    return WebhookReceiver(hook.url, secrets, allow_private=hook.allow_private)


@cache
def _hubspot(settings: HubspotSettings) -> Receiver:
    """Kept, with its connections, for as long as the process."""
    from nudger.receivers.hubspot import HubspotReceiver  # noqa: PLC0415

    fields = settings.fields.mapped
    return HubspotReceiver(settings.root, settings.token or "", settings.writes_to, fields)


@cache
def _salesforce(settings: SalesforceSettings) -> Receiver:
    """Kept, with its session, for as long as the process."""
    from nudger.receivers.salesforce import SalesforceReceiver  # noqa: PLC0415

    return SalesforceReceiver(
        root=settings.root or "",
        client_id=settings.client_id or "",
        client_secret=settings.client_secret or "",
        writes_to=settings.writes_to,
        fields=settings.fields.mapped,
    )


def webhook_of(settings: Settings, name: str) -> WebhookSettings:
    return next(hook for hook in settings.webhooks if hook.name == name)


def signing_secrets(ctx: Context, tx: Connection, hook: WebhookSettings) -> tuple[str, ...]:
    """What signs now, the newest first; the first is made where there is none."""
    if hook.secret is not None:
        return (hook.secret,)
    newest = ctx.secrets.get(tx, _kept_as(hook.name)) or renew_secret(ctx, tx, hook.name)
    before = ctx.secrets.get(tx, _old_kept_as(hook.name)) or ""
    until, _, old = before.partition(" ")
    still_signs = bool(old) and datetime.fromisoformat(until) > ctx.clock()
    return (newest, old) if still_signs else (newest,)


def renew_secret(ctx: Context, tx: Connection, name: str) -> str:
    """Make a new secret; the one before signs beside it for a day."""
    now = ctx.clock()
    old = ctx.secrets.get(tx, _kept_as(name))
    if old is not None:
        until = (now + OLD_SECRET_SIGNS).isoformat()
        ctx.secrets.put(tx, _old_kept_as(name), f"{until} {old}", now)
    made = f"whsec_{base64.b64encode(ctx.random_bytes(SECRET_BYTES)).decode()}"
    ctx.secrets.put(tx, _kept_as(name), made, now)
    return made


def _kept_as(name: str) -> str:
    return f"webhook:{name}"


def _old_kept_as(name: str) -> str:
    return f"webhook:{name}:before"
