"""From the bytes of an exported file to the lines of its components (RFC 5545, 3.1 and 3.4).

Lenient on purpose: exports are cut, re-encoded and edited by hand. What cannot be a line of a
component is left out and counted; the events around it are kept. Quoted-printable values are those
of vCalendar 1.0, which old phones still write.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE_END = re.compile(rb"(?<!\r)\r++\n|\r|\n")
_INDENTED = re.compile(rb"^[ \t]+BEGIN:V(?:CALENDAR|EVENT)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
"""Written by hand or from a program's source; a fold never splits off a whole BEGIN line."""
_INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)
_BEGINS_A_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]*[;:]")
_CONTENT_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?:")
_UNCLOSED_QUOTE = re.compile(r"(?<==)\"(?=[^\"]*$)")
_QUOTED_PRINTABLE = re.compile(rb";(?:ENCODING=)?QUOTED-PRINTABLE\b", re.IGNORECASE)
_OLD_PARAMETERS = re.compile(
    r";(?:ENCODING=)?QUOTED-PRINTABLE|;CHARSET=(?P<charset>[^;:]*)", re.IGNORECASE
)
LONGEST_LINE = 100_000
MOST_LINES_OF_A_COMPONENT = 5_000
CUT_FROM = 70
"""Writers fold at 75 octets; a line this long whose rest stands bare on the next was cut there."""


@dataclass(slots=True)
class Component:
    """One VEVENT or VTIMEZONE: its content lines, without BEGIN and END of its own."""

    name: str
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CalendarContent:
    """One VCALENDAR: its components, and its own properties by upper-case name."""

    components: list[Component] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FileContent:
    """A file's calendars, how many lines were left out as broken, how many because their component
    has too many, and whether the last component has no end, as in a file that was cut."""

    calendars: list[CalendarContent] = field(default_factory=lambda: [CalendarContent()])
    dropped: int = 0
    cut: int = 0
    is_calendar: bool = False
    ends_within: bool = False


def content_lines(raw: bytes) -> Iterator[str]:
    """The unfolded lines. A fold may stand inside a letter, so that bytes are joined before they
    are decoded. Never raises."""
    if (wide := _wide_encoding(raw)) is not None:
        raw = raw.decode(wide, errors="replace").encode()
    raw = raw.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")
    if _INDENTED.search(raw):
        raw = _INDENT.sub(b"", raw)
    for line in _unfolded(raw):
        yield _decoded_old(line) if _is_quoted_printable(line) else _decoded(line)


def _wide_encoding(raw: bytes) -> str | None:
    """Which UTF-16 this is, by its mark or by every other byte being empty; else `None`."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = raw[:200]
    if len(head) < 20 or head.count(0) < len(head) // 3:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _unfolded(raw: bytes) -> Iterator[bytes]:
    """A line that begins with a blank continues the one before."""
    pieces: list[bytes] = [b""]
    last = b""
    for line in _LINE_END.split(raw):
        if line[:1] in (b" ", b"\t"):
            pieces.append(line[1:])
        elif last.endswith(b"=") and _is_quoted_printable(pieces[0]):
            pieces[-1] = pieces[-1].removesuffix(b"=")
            pieces.append(line)
        elif len(last) >= CUT_FROM and line and not _BEGINS_A_LINE.match(line):
            pieces.append(line)
        else:
            yield b"".join(pieces)
            pieces = [line]
        last = line
    yield b"".join(pieces)


def _is_quoted_printable(line: bytes) -> bool:
    parameters, colon, _ = line.partition(b":")
    return bool(colon) and _QUOTED_PRINTABLE.search(parameters) is not None


def _decoded(line: bytes) -> str:
    """UTF-8, else Windows-1252."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _decoded_old(line: bytes) -> str:
    head, _, value = line.partition(b":")
    parameters = _decoded(head)
    named = [match["charset"] for match in _OLD_PARAMETERS.finditer(parameters) if match["charset"]]
    text = _in_charset(quopri.decodestring(value), named[0] if named else "utf-8")
    escaped = text.replace("\\", "\\\\").replace("\r\n", "\\n").replace("\n", "\\n")
    return f"{_OLD_PARAMETERS.sub('', parameters)}:{escaped}"


def _in_charset(value: bytes, charset: str) -> str:
    if charset.lower().replace("_", "-") not in ("utf-8", "iso-8859-1", "iso-8859-15", "us-ascii"):
        return _decoded(value)
    return value.decode(charset, errors="replace")


def read_content(raw: bytes) -> FileContent:
    """Sort the lines of a file into its components. Never raises."""
    content = FileContent()
    open_component: Component | None = None
    inside: list[str] = []
    for given in content_lines(raw):
        if not given.strip():
            continue
        line = given if _CONTENT_LINE.match(given) else _UNCLOSED_QUOTE.sub("", given)
        name, _, value = line.partition(":")
        name, value = name.strip().upper(), value.strip()
        if name == "BEGIN":
            if value.upper() == "VCALENDAR":
                content.is_calendar = True
                content.calendars.append(CalendarContent())
            open_component = _begin(content, open_component, inside, value.upper(), line)
        elif name == "END":
            open_component = _end(open_component, inside, value.upper(), line)
        elif not _CONTENT_LINE.match(line) or len(line) > LONGEST_LINE:
            content.dropped += 1
        elif open_component is not None:
            _append(content, open_component, line)
        else:
            content.calendars[-1].properties.setdefault(name.partition(";")[0], value)
    content.ends_within = open_component is not None
    return content


def _append(content: FileContent, component: Component, line: str) -> None:
    if len(component.lines) < MOST_LINES_OF_A_COMPONENT:
        component.lines.append(line)
    else:
        content.cut += 1


def _begin(
    content: FileContent, current: Component | None, inside: list[str], kind: str, line: str
) -> Component | None:
    """A VEVENT always begins anew, so that a lost END costs one event, not the rest."""
    if kind == "VCALENDAR":
        return None
    if kind == "VEVENT" or (current is None and kind == "VTIMEZONE"):
        inside.clear()
        made = Component(kind)
        content.calendars[-1].components.append(made)
        return made
    if current is not None:
        inside.append(kind)
        current.lines.append(line)
    return current


def _end(current: Component | None, inside: list[str], kind: str, line: str) -> Component | None:
    if current is None or kind == current.name:
        inside.clear()
        return None
    if inside and inside[-1] == kind:
        inside.pop()
        current.lines.append(line)
    return current
