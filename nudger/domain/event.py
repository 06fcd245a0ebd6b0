"""What a calendar holds, in no provider's vocabulary.

Every `datetime` here is aware. An all-day event runs from local midnight to local midnight in
`Event.time_zone`. Sources: docs/internals.md#events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Provider(StrEnum):
    """Who keeps the calendar or the mailbox."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    FILE = "file"


class EventStatus(StrEnum):
    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class EventKind(StrEnum):
    """What sort of calendar entry it is; only `MEETING` can be a customer meeting."""

    MEETING = "meeting"
    FOCUS_TIME = "focus_time"
    OUT_OF_OFFICE = "out_of_office"
    WORKING_LOCATION = "working_location"
    BIRTHDAY = "birthday"
    FROM_MAIL = "from_mail"


class Response(StrEnum):
    """An attendee's answer to the invitation."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    NEEDS_ACTION = "needs_action"
    DECLINED = "declined"


class AttendeeKind(StrEnum):
    PERSON = "person"
    RESOURCE = "resource"
    GROUP = "group"


class Visibility(StrEnum):
    DEFAULT = "default"
    PUBLIC = "public"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


class TextFormat(StrEnum):
    """How a description is to be read and therefore written."""

    PLAIN = "plain"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One line of a guest list. `email` is as the provider gave it, stripped and lower-cased."""

    email: str = field(repr=False)
    name: str = field(default="", repr=False)
    response: Response = Response.NEEDS_ACTION
    kind: AttendeeKind = AttendeeKind.PERSON


def is_invitation(attendees: Iterable[Attendee], owner: str) -> bool:
    """Whether anybody but `owner` and rooms is on the guest list."""
    return any(a.email != owner and a.kind is not AttendeeKind.RESOURCE for a in attendees)


@dataclass(frozen=True, slots=True)
class OccurrenceKey:
    """One date of a series, or one single event, in one provider.

    `series_id` is the series' id, or the event's own id where it does not recur.
    `original_start` is where the series put this date, unchanged when the date is moved (UTC);
    `None` for an event that does not recur, so that moving it keeps its key.
    """

    provider: Provider
    series_id: str
    original_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence as one person's calendar shows it.

    `calendar` is the address of the person whose copy this is. `ical_uid` is as the provider gives
    it: one for a whole series at Google, one for each occurrence at Outlook. `description` is
    `None` where it was not fetched, which is the rule when scanning. `attendees_complete` is false
    when the provider hid or cut the guest list: then the absence of guests proves nothing.
    `zone_known` is false where the event names a zone that does not exist; `time_zone` is then the
    calendar's, or UTC.
    """

    key: OccurrenceKey
    event_id: str
    calendar: str
    ical_uid: str
    etag: str
    title: str = field(repr=False)
    start: datetime
    end: datetime
    time_zone: str
    organizer: Attendee | None
    attendees: tuple[Attendee, ...]
    status: EventStatus = EventStatus.CONFIRMED
    kind: EventKind = EventKind.MEETING
    visibility: Visibility = Visibility.DEFAULT
    all_day: bool = False
    busy: bool = True
    attendees_complete: bool = True
    organized_here: bool = False
    link: str = field(default="", repr=False)
    description: str | None = field(default=None, repr=False)
    description_format: TextFormat = TextFormat.PLAIN
    zone_known: bool = True


def attends(event: Event, addresses: Collection[str]) -> bool:
    """Whether who has these addresses takes part: accepted, perhaps, or organizes it."""
    if event.status is EventStatus.CANCELLED:
        return False
    own = [one.response for one in event.attendees if one.email in addresses]
    if own:
        return any(one in (Response.ACCEPTED, Response.TENTATIVE) for one in own)
    return event.organizer is not None and event.organizer.email in addresses
