"""A call that somebody has before them in the panel, read and changed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.admin.answering import MOST_ID, AnswerSheet, LinkUnknown, open_own, read_sheet
from nudger.domain.controls import Activity
from nudger.domain.reasons import StepName
from nudger.runtime.context import Context
from nudger.runtime.holds import refuse_if_held
from nudger.store import audit
from nudger.store.people import Rep
from nudger.web.form_tokens import is_form_token, new_form_token

ACTS = (StepName.ANSWER, StepName.OUTCOME, StepName.COMMAND)
"""The steps after which a card is out of date."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """The call as it stands, and `seal`, by which it is known that a card shows just this."""

    sheet: AnswerSheet
    seal: str


def open_call(ctx: Context, tx: Connection, rep: Rep, number: str) -> OpenCall:
    """The rep's call with this id. Raises `LinkUnknown` for one that is not theirs, and `Held`
    while everything is locked down."""
    refuse_if_held(tx, Activity.OBEY_REPLIES)
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(MOST_ID))):
        raise LinkUnknown
    sheet = read_sheet(ctx, tx, open_own(ctx, tx, rep, int(number)), 1)
    return OpenCall(sheet, new_form_token(ctx.vault, _purpose(tx, sheet), ctx.clock()))


def is_as_shown(ctx: Context, tx: Connection, sheet: AnswerSheet, seal: str) -> bool:
    """Whether nothing was answered or commanded since the card with this seal was shown: so a
    click that comes once more, for whatever reason, finds that it did its work."""
    return is_form_token(ctx.vault, seal, _purpose(tx, sheet), ctx.clock())


def _purpose(tx: Connection, sheet: AnswerSheet) -> str:
    meeting, rep = sheet.meeting, sheet.link.rep
    return f"addon:{rep.id}:{meeting.id}:{audit.last_of(tx, meeting.id, ACTS)}"
