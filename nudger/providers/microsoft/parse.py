"""From Graph's event objects to `Event`.

- Times come without an offset beside a zone's name, in UTC as we never ask for another.
- An all-day event's times are its days' midnights whatever the zone beside them says; they become
  midnights of the event's own zone.
- `showAs` "oof" makes an entry an absence whoever is invited; "workingElsewhere" says where the
  owner works only where nobody is: a call from home is a call.
- A draft (the organizer has not sent it, or not sent its changes) is `TENTATIVE`.
- The owner's own answer stands in `responseStatus`, not in the guest list of their copy. An owner
  who was invited through a group or another address is put into the list.

Sources: Graph v1.0 resources event, attendee, dateTimeTimeZone, responseStatus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nudger.domain.event import (
    Attendee,
    AttendeeKind,
    Event,
    EventKind,
    EventStatus,
    OccurrenceKey,
    Provider,
    Response,
    TextFormat,
    Visibility,
    is_invitation,
)
from nudger.domain.zones import iana_name
from nudger.providers.storable_text import storable_text

FIELDS = (
    "id,type,seriesMasterId,originalStart,iCalUId,subject,start,end,isAllDay,isCancelled,isDraft,"
    "originalStartTimeZone,organizer,isOrganizer,attendees,hideAttendees,responseStatus,"
    "sensitivity,showAs,webLink"
)

_RESPONSES = {
    "organizer": Response.ACCEPTED,
    "accepted": Response.ACCEPTED,
    "tentativelyAccepted": Response.TENTATIVE,
    "declined": Response.DECLINED,
}
_VISIBILITIES = {
    "personal": Visibility.PRIVATE,
    "private": Visibility.PRIVATE,
    "confidential": Visibility.CONFIDENTIAL,
}
_GLOBAL_OBJECT_ID = re.compile(r"040000008200E00074C5B7101A82E008[0-9A-F]{24,}", re.IGNORECASE)
_HALF_A_DAY = timedelta(hours=12)

Item = Mapping[str, Any]

MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading raises for an event that is not as Graph describes events."""


class Unreadable(ValueError):
    """An event that lacks what every event has; the message says what."""


def read_event(item: Item, owner: str) -> Event:
    """The event as `owner`'s calendar shows it, without its description. Raises `Unreadable`."""
    try:
        return _event(item, owner, None, TextFormat.HTML)
    except MALFORMED as error:
        raise _unreadable(error) from error


def read_described(item: Item, owner: str) -> Event:
    """The event with its body exactly as Graph gave it. Raises `Unreadable`."""
    try:
        body = item.get("body") or {}
        is_text = body.get("contentType") == "text"
        text_format = TextFormat.PLAIN if is_text else TextFormat.HTML
        return _event(item, owner, _exactly(body.get("content")), text_format)
    except MALFORMED as error:
        raise _unreadable(error) from error


def read_date(master: Item, item: Item, owner: str) -> Event:
    """One date of a series: the master's properties under its own. Raises `Unreadable`."""
    try:
        whole = {**master, **{name: value for name, value in item.items() if value is not None}}
        if not has_dated_uid(item):
            whole["iCalUId"] = _dated_uid(master, whole)
        return _event(whole, owner, None, TextFormat.HTML)
    except MALFORMED as error:
        raise _unreadable(error) from error


def is_bare(item: Item) -> bool:
    """Whether the properties beside id and times were left out."""
    return all(item.get(name) is None for name in ("subject", "organizer", "isCancelled"))


def has_dated_uid(item: Item) -> bool:
    """Whether the event's uid is Exchange's own, which tells the dates of a series apart."""
    return _GLOBAL_OBJECT_ID.fullmatch(storable_text(item.get("iCalUId"))) is not None


def _unreadable(error: Exception) -> Unreadable:
    return Unreadable(f"{type(error).__name__}: {error}")


def _event(item: Item, owner: str, description: str | None, text_format: TextFormat) -> Event:
    get = item.get
    event_id = id_of(item)
    zone = _zone_name(get("originalStartTimeZone"))
    all_day = get("isAllDay") is True
    here = get("isOrganizer") is True
    guests, complete = _guests(item, owner)
    start, end = _span(item, zone)
    shown = get("showAs")
    kind = EventKind.MEETING
    if shown in ("oof", "workingElsewhere"):
        kind = _kind_shown(shown, guests, owner)
    organizer = get("organizer")
    return Event(
        OccurrenceKey(
            Provider.MICROSOFT,
            storable_text(get("seriesMasterId")) or event_id,
            original_start(item, start),
        ),
        event_id,
        owner,
        storable_text(get("iCalUId")) or event_id,
        storable_text(get("@odata.etag")),
        storable_text(get("subject")),
        start,
        end,
        zone,
        _organizer(organizer) if organizer else None,
        guests,
        _status(item),
        kind,
        _VISIBILITIES.get(get("sensitivity") or "", Visibility.DEFAULT),
        all_day,
        shown != "free",
        complete,
        here,
        storable_text(get("webLink")),
        description,
        text_format,
        zone_known=_is_zone_known(get("originalStartTimeZone")),
    )


def id_of(item: Item) -> str:
    """Raises `Unreadable`."""
    found = storable_text(item.get("id")) if isinstance(item, Mapping) else ""
    if not found:
        raise Unreadable("an event without an id")
    return found


def _exactly(body: object) -> str:
    """A description, which is compared and written back as it is."""
    return body if isinstance(body, str) else ""


def _status(item: Item) -> EventStatus:
    if item.get("isCancelled") is True:
        return EventStatus.CANCELLED
    return EventStatus.TENTATIVE if item.get("isDraft") is True else EventStatus.CONFIRMED


def _kind_shown(shown: str, guests: tuple[Attendee, ...], owner: str) -> EventKind:
    if shown == "oof":
        return EventKind.OUT_OF_OFFICE
    return EventKind.MEETING if is_invitation(guests, owner) else EventKind.WORKING_LOCATION


def _guests(item: Item, owner: str) -> tuple[tuple[Attendee, ...], bool]:
    """The guest list, and whether it is known to be whole."""
    listed = item.get("attendees")
    here = item.get("isOrganizer") is True
    complete = here or item.get("hideAttendees") is not True
    if not listed:
        return (), complete
    own = _response(item.get("responseStatus"))
    guests: list[Attendee] = []
    owner_listed = here
    for each in listed:
        address = each.get("emailAddress") or {}
        email = storable_text(address.get("address")).strip().lower()
        if not email:
            complete = False
            continue
        response = _response(each.get("status"))
        if email == owner:
            owner_listed, response = True, own
        role = each.get("type")
        kind = AttendeeKind.RESOURCE if role == "resource" else AttendeeKind.PERSON
        name = storable_text(address.get("name"))
        guests.append(Attendee(email, name, response, kind))
    if not owner_listed:
        guests.append(Attendee(owner, "", own))
    return tuple(guests), complete


def _response(status: Item | None) -> Response:
    given = status.get("response") if status else None
    return _RESPONSES.get(given or "", Response.NEEDS_ACTION)


def _organizer(organizer: Item) -> Attendee | None:
    address = organizer.get("emailAddress") or {}
    email = storable_text(address.get("address")).strip().lower()
    return Attendee(email, storable_text(address.get("name")), Response.ACCEPTED) if email else None


def moment(value: Item) -> datetime:
    """A dateTimeTimeZone as a moment in UTC."""
    said = value["dateTime"]
    zone = value.get("timeZone")
    if zone == "UTC" and len(said) > 18:
        return datetime.fromisoformat(f"{said[:19]}Z")
    read = datetime.fromisoformat(said)
    if read.tzinfo is None:
        read = read.replace(tzinfo=ZoneInfo(_zone_name(zone)))
    return read.astimezone(UTC)


def _span(item: Item, zone: str) -> tuple[datetime, datetime]:
    """Start and end in UTC; all day: the first midnight and the one after, in the event's zone."""
    if item.get("isAllDay") is not True:
        return moment(item["start"]), moment(item["end"])
    first, after = _day(item["start"]), _day(item["end"])
    tz = ZoneInfo(zone)
    after = max(after, first + timedelta(days=1))
    return _midnight(first, tz), _midnight(after, tz)


def _day(value: Item) -> date:
    """The day of a midnight, also where it was turned into another zone's clock time."""
    return (datetime.fromisoformat(value["dateTime"][:19]) + _HALF_A_DAY).date()


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    """Raises `OverflowError` for one before the first day of UTC or after its last."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=tz)
    midnight.astimezone(UTC)
    return midnight


def original_start(item: Item, start: datetime) -> datetime | None:
    """Where the series put this date, in UTC; an occurrence that was never touched is there yet.

    Graph gives `originalStart` only where it was selected, so never in a delta.
    """
    if not item.get("seriesMasterId"):
        return None
    given = item.get("originalStart")
    if not given or item.get("type") == "occurrence":
        return start.astimezone(UTC)
    read = datetime.fromisoformat(given)
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    if item.get("isAllDay") is True and isinstance(start.tzinfo, ZoneInfo):
        day = (read.astimezone(start.tzinfo) + _HALF_A_DAY).date()
        return _midnight(day, start.tzinfo).astimezone(UTC)
    return read.astimezone(UTC)


def _dated_uid(master: Item, whole: Item) -> str:
    zone = _zone_name(whole.get("originalStartTimeZone"))
    original = original_start(whole, _span(whole, zone)[0])
    return occurrence_uid(master.get("iCalUId") or master["id"], original, zone)


def occurrence_uid(series_uid: str, original: datetime | None, zone: str) -> str:
    """The iCalUId of one date of a series, which a delta leaves out.

    Exchange's own uids are global object ids: bytes 17 to 20 hold the date in the series' zone
    (MS-OXOCAL, PidLidGlobalObjectId). Another program's uid gets the original start behind it.
    """
    if original is None:
        return series_uid
    if not _GLOBAL_OBJECT_ID.fullmatch(series_uid):
        return f"{series_uid}:{original:%Y%m%dT%H%M%SZ}"
    day = original.astimezone(ZoneInfo(zone))
    return f"{series_uid[:32]}{day.year:04X}{day.month:02X}{day.day:02X}{series_uid[40:]}"


def _is_zone_known(name: str | None) -> bool:
    return not name or iana_name(name) is not None


def _zone_name(name: str | None) -> str:
    """The IANA name; "UTC" for a zone that has none (custom or unknown ones)."""
    return iana_name(name or "") or "UTC"
