"""Whether a rep is asked in the chat or by mail: chosen by themself, or for them by an admin."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection

from nudger.domain.reasons import Reason, StepName
from nudger.runtime.context import Context
from nudger.store import audit, chat
from nudger.store.people import Rep


class AskedIn(StrEnum):
    MAIL = "mail"
    SLACK = "slack"


class NoChat(ValueError):
    """The settings know no chat; one line that says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "Slack is not set up: give its tokens first, nudger connect slack (docs/slack.md)."
        )


def choose(ctx: Context, tx: Connection, rep: Rep, asked_in: AskedIn) -> None:
    """Questions go there from the next one on. Raises `NoChat`."""
    if asked_in is AskedIn.SLACK and not ctx.settings.slack.is_configured:
        raise NoChat
    if asked_in is chosen_by(tx, rep):
        return
    if asked_in is AskedIn.SLACK:
        chat.choose(tx, rep.id, ctx.clock())
    else:
        chat.leave(tx, rep.id)
    reason = Reason.CHAT_CHOSEN if asked_in is AskedIn.SLACK else Reason.CHAT_LEFT
    audit.record(tx, audit.Step(StepName.CHAT, reason, rep_id=rep.id), ctx.clock())


def chosen_by(tx: Connection, rep: Rep) -> AskedIn:
    return AskedIn.MAIL if chat.find_person(tx, rep.id) is None else AskedIn.SLACK
