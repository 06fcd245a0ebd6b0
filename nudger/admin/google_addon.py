"""The add-on in Google Calendar: who uses it, which call an event is, how Google is told of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason, StepName
from nudger.mail.token import token_hash
from nudger.providers.google.addon.deployment import deployment
from nudger.providers.google.addon.endpoints import Endpoints
from nudger.providers.google.addon.id_tokens import GoogleAccount
from nudger.runtime.context import Context
from nudger.store import audit, calendars, google_accounts, people
from nudger.store.people import Rep

LOGO = "/static/logo.png"
"""A picture that browsers may show on a page of Google's."""
_SERVE = (
    'serve the pages and write down where, under [web], as in public_url = "https://nudger.'
    'ourco.com" (docs/addon-google.md).'
)


def known_rep(tx: Connection, account: GoogleAccount) -> Rep | None:
    """The rep who opened the add-on with this account before."""
    rep_id = google_accounts.rep_of(tx, token_hash(account.subject))
    return None if rep_id is None else people.get_rep(tx, rep_id)


def bind_rep(ctx: Context, tx: Connection, account: GoogleAccount) -> Rep | None:
    """Make the account the rep's whose address it has, for good: somebody who gets the address
    later is somebody else. `None` where it is no rep's, or the rep has another account."""
    if not account.owns_address:
        return None
    at_google = (one for one in people.list_reps(tx) if one.provider is Provider.GOOGLE)
    rep = next((one for one in at_google if account.email in one.addresses), None)
    if rep is None:
        return None
    if not google_accounts.bind(tx, token_hash(account.subject), rep.id, ctx.clock()):
        return known_rep(tx, account)
    step = audit.Step(StepName.ADDON, Reason.ADDON_ACCOUNT, rep_id=rep.id)
    audit.record(tx, step, ctx.clock())
    return rep


def call_of_event(tx: Connection, rep: Rep, event_id: str) -> int | None:
    """The id of the call that this event is, where the rep is the one who is asked about it or was.

    Google gives all copies of an event one id, whichever calendar it was opened in: the rep's own,
    a secondary one, or a colleague's; an occurrence's id is one of its own.
    """
    return calendars.meetings_of(tx, rep.id, [event_id]).get(event_id) if event_id else None


def why_not_deployable(settings: Settings) -> str | None:
    """Why Google could not call an add-on of these settings, and what to do; `None` if it could."""
    address = settings.web.public_url
    if address is None:
        return f"Google calls the add-on, and no address is known: {_SERVE}"
    if not address.startswith("https://"):
        return f"Google calls https addresses alone, and public_url is {address}: {_SERVE}"
    return None


def deployment_of(settings: Settings) -> dict[str, Any]:
    """What Google is told of the add-on. Ask `why_not_deployable` before."""
    address = settings.web.public_url or ""
    return deployment(Endpoints(address), f"{address}{LOGO}")
