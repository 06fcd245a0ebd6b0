"""The add-on in Google Calendar: which call an event is, how Google is told of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from nudger.config import Settings
from nudger.providers.google.addon.deployment import deployment
from nudger.providers.google.addon.endpoints import Endpoints
from nudger.store import calendars
from nudger.store.people import Rep

LOGO = "/static/logo.png"
"""A picture that browsers may show on a page of Google's."""
_SERVE = (
    'serve the pages and write down where, under [web], as in public_url = "https://nudger.'
    'ourco.com" (docs/addon-google.md).'
)


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
