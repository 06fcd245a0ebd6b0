"""The question about an exported event, as its rep would get it."""

from __future__ import annotations

from datetime import datetime

from nudger.domain.commitment import Milestone
from nudger.domain.timing import span_in
from nudger.ics.trial import Judged, TrialRules
from nudger.mail.compose import Envelope, MeetingShown
from nudger.mail.kind import Call, Content, Letter
from nudger.mail.kinds.question import render
from nudger.mail.template_cache import templates_for

MILESTONES = tuple(
    Milestone(name)
    for name in ("First call", "Needs analysis", "All decision makers met", "Proposal meeting",
                 "Decision")
)  # fmt: skip


def preview_text(judged: Judged, rules: TrialRules, now: datetime) -> str:
    """The plain-text mail, subject first."""
    event = judged.event
    envelope = Envelope(
        mailbox=f"nudger@{rules.me.rpartition('@')[2]}",
        rep_address=rules.me,
        rep_name="",
        reply_to=rules.me,
        rfc_message_id="<preview@nudger>",
        sent_at=judged.ask_at[0] if judged.ask_at else now,
    )
    start, end = span_in(rules.zone, event)
    meeting = MeetingShown(
        event.title, start, end, rules.zone, judged.verdict.guests, judged.verdict.customers,
        all_day=event.all_day,
    )  # fmt: skip
    letter = Letter(Content(), (Call(0, meeting),), MILESTONES, rules.zone)
    message = render(letter, templates_for(None, "en"), envelope)
    body = message.get_body(("plain",))
    return f"Subject: {message['Subject']}\n\n{body.get_content() if body else ''}"
