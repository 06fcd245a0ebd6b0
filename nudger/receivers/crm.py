"""What the CRMs have in common: what is written, and how one record is chosen without guessing."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from nudger.domain.notices import Effect, Receipt
from nudger.domain.reasons import Reason

SECONDS = httpx.Timeout(15.0, connect=5.0)
SAME_START = timedelta(minutes=1)
"""How far apart a calendar and a CRM may have the start of one meeting."""
MOST_GUESTS = 20
_ADDRESS = re.compile(r"[a-z0-9._%+\-]{1,64}@[a-z0-9.\-]{1,253}", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9.\-]{1,253}", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,60}", re.ASCII)


class NotDone(Exception):
    """A try that ended before anything was written, and what it means."""

    def __init__(
        self, effect: Effect, reason: Reason, detail: str = "", wait: timedelta | None = None
    ) -> None:
        super().__init__(reason.words)
        self.receipt = Receipt(effect, reason, detail, wait)


def changes_of(call: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """What is written into the CRM's fields; `fields` has theirs by ours. What is not known, or
    kept private, is written as nothing, so that what stood there goes."""
    return {theirs: call[ours] for ours, theirs in fields.items()}


def addresses_in(guests: Sequence[str]) -> list[str]:
    """The guests' addresses as far as they may stand in a query: strangers chose them."""
    plain = (guest.lower() for guest in guests)
    return [one for one in dict.fromkeys(plain) if _ADDRESS.fullmatch(one)][:MOST_GUESTS]


def domains_in(customers: Sequence[str]) -> list[str]:
    return [one for one in customers if _DOMAIN.fullmatch(one)][:MOST_GUESTS]


def around(call: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Between which moments the CRM's meeting begins."""
    start = datetime.fromisoformat(call["start"])
    return start - SAME_START, start + SAME_START


def the_only(found: Collection[str]) -> str:
    """The one record that it is. Raises `NotDone` where there is none, or more than one."""
    if not found:
        raise NotDone(Effect.NO_PLACE, Reason.CRM_NO_MATCH)
    if len(found) > 1:
        raise NotDone(Effect.NO_PLACE, Reason.CRM_AMBIGUOUS, f"{len(found)} records")
    return next(iter(found))


def body_of(answer: httpx.Response) -> Any:
    """The JSON that was answered; `None` where it is none."""
    try:
        return answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def code_in(text: object) -> str:
    """A code of the CRM's, if it is one; what else it says may be anything."""
    return text if isinstance(text, str) and _CODE.fullmatch(text) else ""


def asked_wait(answer: httpx.Response) -> timedelta | None:
    said = answer.headers.get("retry-after", "")
    return timedelta(seconds=int(said[:6])) if said.isascii() and said.isdigit() else None


def silent(error: httpx.TransportError) -> Receipt:
    return Receipt(Effect.RECEIVER_FAILS, Reason.RECEIVER_SILENT, type(error).__name__)
