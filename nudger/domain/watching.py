"""Which outside companies are watched, and why one is not.

A customer whom the admin listed is always watched, and is not judged here. Sources:
docs/how-it-works.md#which-meetings, docs/decisions/0023-unknown-domains-are-reviewed.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nudger.domain.reasons import Reason
from nudger.domain.trades import (
    Sale,
    Trade,
    is_freemail,
    is_private_title,
    name_of,
    sale_in_title,
    trade_in_title,
    trade_of,
    without_names,
)


class Watch(StrEnum):
    """Which of the outside companies that nobody listed are watched: those that are not known to
    be no customers, all of them, or none."""

    REVIEW = "review"
    EVERYBODY = "everybody"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Visit:
    """A meeting with outside companies of which none is listed: who they are, as `Party.customer`
    names them, and which of them invites, if one does. `ours` are our own names, folded.
    `title_tells` says that words of the title may tell a trade."""

    customers: Sequence[str]
    title: str = ""
    host: str | None = None
    ours: Collection[str] = ()
    title_tells: bool = True


_REASONS = {
    Trade.RECRUITING: Reason.RECRUITING,
    Trade.HEALTH: Reason.HEALTH,
    Trade.ADVISER: Reason.ADVISER,
    Trade.FINANCE: Reason.FINANCE,
    Trade.EDUCATION: Reason.EDUCATION,
    Trade.PUBLIC_SERVICE: Reason.PUBLIC_SERVICE,
    Trade.TRAVEL: Reason.TRAVEL,
    Trade.UTILITY: Reason.UTILITY,
    Trade.VENDOR: Reason.VENDOR,
    Trade.PRIVATE_LIFE: Reason.PRIVATE_LIFE,
}
HELD_BACK = frozenset(_REASONS.values())
"""The reasons of what the start list holds back."""


def why_not_watched(watch: Watch, visit: Visit) -> Reason | None:
    """Why nothing is asked about the visit; `None` where it is watched."""
    match watch:
        case Watch.EVERYBODY:
            return None
        case Watch.LISTED:
            return Reason.NOT_WATCHED
        case Watch.REVIEW:
            trade = _trade(visit)
            return _REASONS[trade] if trade is not None else None


def _trade(visit: Visit) -> Trade | None:
    """What keeps the visit from being a customer's: the trade of all who come, or of the title; not
    where the title speaks of a sale of ours. In doubt it may be a customer's."""
    known = [trade_of(customer) for customer in visit.customers]
    by_title = _trade_of_title(visit)
    trade = by_title if None in known else next(iter(known), None)
    if trade is None or _is_our_sale(visit, is_theirs_perhaps=by_title is not None):
        return None
    return trade


def _trade_of_title(visit: Visit) -> Trade | None:
    """What the title says of who comes. Where several companies come, it speaks of one of them, and
    the others may be customers."""
    is_private = all(map(is_freemail, visit.customers))
    if not visit.title_tells or (len(visit.customers) > 1 and not is_private):
        return None
    told = trade_in_title(without_names(visit.title, visit.customers))
    if told is None and is_private and is_private_title(visit.title):
        return Trade.PRIVATE_LIFE
    return told


def _is_our_sale(visit: Visit, *, is_theirs_perhaps: bool) -> bool:
    """Whether the title speaks of a sale of ours. Others sell as well: an offer is theirs where
    they invite or the title tells of their trade, a demo where they invite to one of their name."""
    sale = sale_in_title(visit.title, visit.ours)
    if sale is Sale.PERHAPS:
        return visit.host is None and not is_theirs_perhaps
    return sale is Sale.SURE and not _is_named_for(visit.host, visit.title)


def _is_named_for(host: str | None, title: str) -> bool:
    return (
        host is not None
        and trade_of(host) is Trade.VENDOR
        and _letters(name_of(host)) in _letters(title)
    )


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())
