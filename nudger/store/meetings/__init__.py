"""Customer meetings: what we keep of them, where they stand, and where they lie."""

from nudger.store.meetings.adding_alone import add_alone
from nudger.store.meetings.earlier_calls import answered_before
from nudger.store.meetings.in_calendars import Copy, copies, without_copies
from nudger.store.meetings.meeting import Meeting, MeetingDetails, MeetingPlan
from nudger.store.meetings.meetings import GONE, ON, Meetings, remove, state_counts

__all__ = [
    "GONE", "ON", "Copy", "Meeting", "MeetingDetails", "MeetingPlan", "Meetings", "add_alone",
    "answered_before", "copies", "remove", "state_counts", "without_copies",
]  # fmt: skip
