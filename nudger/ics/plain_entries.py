"""Single events that are written as nearly all are, read without the library's parser, which looks
at every letter of every line.

What is odd in any way is left to the library, and so is every series. What nobody reads is not
looked at. Source: RFC 5545, 3.1 and 3.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from icalendar import Event as Entry
from icalendar import vCalAddress, vDDDTypes, vInt, vText
from icalendar.parser import Parameters

_TEXTS = frozenset(
    ("UID", "SUMMARY", "DESCRIPTION", "STATUS", "CLASS", "TRANSP",
     "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-MSNCALENDAR-BUSYSTATUS",
     "X-MICROSOFT-CDO-INTENDEDSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT",
     "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT")
)  # fmt: skip
_ADDRESSES = frozenset(("ORGANIZER", "ATTENDEE"))
_TIMES = frozenset(("DTSTART", "DTEND", "DTSTAMP"))
READ = _TEXTS | _ADDRESSES | _TIMES | {"SEQUENCE"}
_OF_SERIES = frozenset(("RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "DURATION"))

_NAME = re.compile(r"[A-Z][A-Z0-9-]*", re.IGNORECASE)
_PLAIN = r"[^\";:,=\\^%\s\x00-\x1f\x7f](?:[^\";:,=\\^%\x00-\x1f\x7f]*[^\";:,=\\^%\s\x00-\x1f\x7f])?"
_QUOTED = r"\"[^\"\\^%\x00-\x1f\x7f]*\""
_PARAMETER = re.compile(rf";(?P<name>[A-Za-z][A-Za-z0-9-]*)=(?P<value>{_PLAIN}|{_QUOTED})(?=[;:])")
_MOMENT = re.compile(r"\d{8}(?:T\d{6}Z?)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_ESCAPED = re.compile(r"\\([\\,;:nN])")


def plain_entry(lines: Sequence[str]) -> Entry | None:
    """The entry with what is read of it; `None` where the library has to look at it."""
    found: dict[str, Any] = {}
    guests: list[vCalAddress] = []
    inside = 0
    for line in lines:
        named = _NAME.match(line)
        name = named[0].upper() if named else ""
        inside += (name == "BEGIN") - (name == "END")
        if name in _OF_SERIES or not name or inside < 0:
            return None
        if inside or name not in READ:
            continue
        value = _address(name, line) if name in _ADDRESSES else _value(name, line)
        if value is None or name in found:
            return None
        if name == "ATTENDEE":
            guests.append(value)
        else:
            found[name] = value
    if inside or "DTSTART" not in found:
        return None
    entry = Entry()
    if guests:
        found["ATTENDEE"] = guests if len(guests) > 1 else guests[0]
    entry.update(found)
    return entry


@lru_cache(maxsize=1024)
def _address(name: str, line: str) -> Any:
    """Whose calendar it is stands in every event."""
    return _value(name, line)


def _value(name: str, line: str) -> Any:
    """What a line says; `None` where it is odd."""
    parameters, at = Parameters(), len(name)
    while (one := _PARAMETER.match(line, at)) is not None:
        parameters[one["name"]] = one["value"].strip('"')
        at = one.end()
    if line[at : at + 1] != ":":
        return None
    text = line[at + 1 :]
    value: Any
    if name in _TIMES:
        value = _moment(text, parameters)
    elif "VALUE" in parameters or "ENCODING" in parameters:
        return None
    elif name == "SEQUENCE":
        value = vInt(text) if _NUMBER.fullmatch(text) else None
    elif name in _ADDRESSES:
        value = None if "\\" in text else vCalAddress(text)
    else:
        value = None if "\\" in text and name.startswith("X-") else vText(_unescaped(text))
    if value is not None:
        value.params = parameters
    return value


def _moment(text: str, parameters: Parameters) -> Any:
    kind = parameters.get("VALUE", "DATE" if len(text) == len("20261123") else "DATE-TIME")
    is_day = "T" not in text
    if not _MOMENT.fullmatch(text) or "TZID" in parameters or (kind == "DATE") is not is_day:
        return None
    read: Any = vDDDTypes.from_ical
    try:
        return vDDDTypes(read(text))
    except ValueError:
        return None


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], text)
