"""The add-in in Outlook: who uses it, which call an event is."""

from __future__ import annotations

import re

from nudger.admin.addon_accounts import bind_rep, known_rep
from nudger.admin.answering import AnswerSheet, look_at
from nudger.config import Settings
from nudger.domain.event import Provider, TextFormat
from nudger.domain.note import render
from nudger.jobs.outgoing.render import note_of
from nudger.providers.base import AccessDenied, NotFound
from nudger.providers.microsoft.addin.access_tokens import MicrosoftAccount
from nudger.runtime.context import Context
from nudger.store import calendars
from nudger.store.people import Rep

LONGEST_ITEM = 512
"""Characters of an item's id: those of Exchange have 150 to 200."""
_ITEM_ID = re.compile(r"[A-Za-z0-9_-]{1,512}={0,2}", re.ASCII)
_SERVE = (
    'serve the pages and write down where, under [web], as in public_url = "https://nudger.'
    'ourco.com" (docs/addin-outlook.md).'
)
_REGISTER = (
    "client_id and tenants are needed under [outlook_addin], both: the app that people sign in to "
    "and the directories that it serves (docs/addin-outlook.md)."
)


def rep_of(ctx: Context, account: MicrosoftAccount) -> Rep | None:
    """The rep whose account this is: known from before, or by the address of the mailbox that
    Graph says is this person's. `None` for anybody else. Raises `ProviderError`.

    Names and addresses in a token prove nothing; a person's id does, and whose mailbox it leads to
    is asked of the directory, with the app's own rights.
    """
    with ctx.database.read() as tx:
        known = known_rep(tx, account.subject)
    if known is not None:
        return known
    address = ctx.accounts.owner_of(account.object_id)
    if address is None:
        return None
    with ctx.database.begin() as tx:
        return bind_rep(ctx, tx, Provider.MICROSOFT, account.subject, address)


def call_of_item(ctx: Context, rep: Rep, item_id: str) -> int | None:
    """The id of the call that this item of the rep's mailbox is; `None` where it is none of those
    that the rep is asked about. Raises `ProviderError`.

    Outlook knows items by ids that change when they are moved, the store by those that do not:
    Graph takes the one and tells the other.
    """
    if not _is_item_id(item_id):
        return None
    number = _known_call(ctx, rep, item_id)
    if number is not None:
        return number
    try:
        event = ctx.accounts.calendar(rep).get(item_id)
    except (NotFound, AccessDenied):
        return None
    return _known_call(ctx, rep, event.event_id)


def _known_call(ctx: Context, rep: Rep, event_id: str) -> int | None:
    with ctx.database.read() as tx:
        return calendars.meetings_of(tx, rep.id, [event_id]).get(event_id)


def _is_item_id(text: str) -> bool:
    """Of Exchange's letters alone, so that it is one part of an address."""
    return len(text) <= LONGEST_ITEM and _ITEM_ID.fullmatch(text) is not None


def text_for_guests(ctx: Context, sheet: AnswerSheet) -> dict[str, str]:
    """The note of the answer that stands, for a meeting's text that is being written, by format;
    nothing where the guests do not read it."""
    answer = sheet.answer
    if answer is None or not look_at(ctx, sheet, answer).is_for_guests:
        return {}
    shown = note_of(ctx, sheet.link.rep, sheet.meeting, [(ctx.clock(), answer)], sheet.outcome)
    return {
        "begins": shown.markers.start,
        "html": render(shown.lines, TextFormat.HTML, shown.markers),
        "text": render(shown.lines, TextFormat.PLAIN, shown.markers),
    }


def why_not_installable(settings: Settings) -> str | None:
    """Why Outlook could not show this add-in, and what to do; `None` if it could."""
    address = settings.web.public_url
    if address is None:
        return f"Outlook shows a page of Nudger, and no address is known: {_SERVE}"
    if not address.startswith("https://"):
        return f"Outlook shows https pages alone, and public_url is {address}: {_SERVE}"
    if not settings.outlook_addin.is_installed:
        return _REGISTER
    return None
