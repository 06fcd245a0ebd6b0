"""Made-up people and calls, for samples of our mails."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nudger.domain.commitment import Answer
from nudger.domain.event import Attendee
from nudger.domain.history import Tally
from nudger.mail.compose import Audience, Envelope, MeetingShown
from nudger.mail.kind import Call

ANSWER = Answer(
    commitment_objective="Dana, the CFO, agrees to join a 30-minute ROI review by 4 December",
    next_milestone="Proposal meeting",
    fallback="Joe agrees to send us the roll-out figures",
)
MANAGER = "mia@ourco.example"
NUMBERS = (
    Tally("Ana Weber", 5, 4, 3, agreed=2, partly=1, not_agreed=0, reached=1),
    Tally("Ben Okafor", 4, 4, 4, agreed=1, partly=1, not_agreed=1, reached=1),
)
_GUESTS = (Attendee("dana@acme.example", "Dana Reyes"), Attendee("joe@acme.example", "Joe Park"))


def calls_on(day: datetime, audience: Audience) -> tuple[Call, Call]:
    """Two calls on the day of an aware moment, in its zone."""
    zone = day.tzinfo if isinstance(day.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    at = day.replace(hour=14, minute=0, second=0, microsecond=0)
    review, security = (
        MeetingShown(title, start, start + length, zone, _GUESTS, ("acme.example",))
        for title, start, length in (
            ("ACME: pilot review", at, timedelta(minutes=45)),
            ("Globex: security questions", at + timedelta(hours=2), timedelta(hours=1)),
        )
    )
    return Call(1, review, audience), Call(2, security, audience)


def envelope_on(day: datetime) -> Envelope:
    return Envelope(
        mailbox="nudger@ourco.example",
        rep_address="ana@ourco.example",
        rep_name="Ana Weber",
        reply_to="nudger+r-sample@ourco.example",
        rfc_message_id="<sample@ourco.example>",
        sent_at=day - timedelta(days=1),
    )
