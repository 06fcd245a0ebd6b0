"""The add-on in Google Calendar: which call an event is, how Google is told of it."""

from __future__ import annotations

from typing import Any

from nudger.config import Settings
from nudger.domain.addresses import plain_address
from nudger.domain.event import Event
from nudger.providers.base import ProviderError, Unavailable
from nudger.providers.google.addon.deployment import deployment
from nudger.providers.google.addon.endpoints import Endpoints
from nudger.runtime.context import Context
from nudger.store import calendars
from nudger.store.people import Rep

LOGO = "/static/logo.png"
"""A picture that browsers may show on a page of Google's."""
_SERVE = (
    'serve the pages and write down where, under [web], as in public_url = "https://nudger.'
    'ourco.com" (docs/addon-google.md).'
)


def call_of_event(ctx: Context, rep: Rep, event_id: str, calendar_id: str) -> int | None:
    """The id of the call that this event is, where the rep is the one who is asked about it or was.

    An id is one event's within a calendar; copies of an event have the same in all, and whoever
    makes an event may choose its id. So what is open in another calendar than the rep's own, a
    secondary one or a colleague's, is the call only where Google has it there as a copy of it.
    Raises `Unavailable`.

    Source: https://developers.google.com/workspace/calendar/api/v3/reference/events (`id`).
    """
    if not event_id or not calendar_id:
        return None
    with ctx.database.read() as tx:
        number = calendars.meetings_of(tx, rep.id, [event_id]).get(event_id)
    if number is None or plain_address(calendar_id) in map(plain_address, rep.addresses):
        return number
    return number if _is_a_copy(ctx, rep, event_id, calendar_id) else None


def _is_a_copy(ctx: Context, rep: Rep, event_id: str, calendar_id: str) -> bool:
    """Who makes an event with an id of their choosing organizes it, they or their calendar."""
    try:
        own = ctx.accounts.calendar(rep).get(event_id)
        shown = ctx.accounts.calendar_shown_to(rep, calendar_id).get(event_id)
    except Unavailable:
        raise
    except ProviderError:
        return False
    return (
        own.organizer is not None
        and own.start == shown.start
        and _organizer(own) == _organizer(shown)
    )


def _organizer(event: Event) -> str:
    return plain_address(event.organizer.email) if event.organizer else ""


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
