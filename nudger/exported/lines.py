"""From the bytes of an exported file to the lines of its components (RFC 5545, 3.1 and 3.4).

Lenient on purpose: exports are cut, re-encoded and edited by hand. What cannot be a line of a
component is left out and counted; the events around it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTENT_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?:")
LONGEST_LINE = 100_000


@dataclass(slots=True)
class Component:
    """One VEVENT or VTIMEZONE: its content lines, without BEGIN and END of its own."""

    name: str
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FileContent:
    """A file's components, the calendar's own properties by upper-case name, and how many lines
    were left out."""

    components: list[Component] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    dropped: int = 0
    is_calendar: bool = False


def decode(raw: bytes) -> str:
    """UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252. Never raises."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def unfold(text: str) -> Iterator[str]:
    """Content lines; a line that begins with a blank continues the one before."""
    pieces: list[str] = []
    for line in _LINE_END.split(text):
        if line[:1] in (" ", "\t") and pieces:
            pieces.append(line[1:])
            continue
        if pieces:
            yield "".join(pieces)
        pieces = [line]
    if pieces:
        yield "".join(pieces)


def read_content(raw: bytes) -> FileContent:
    """Sort the lines of a file into its components. Never raises."""
    content = FileContent()
    open_component: Component | None = None
    inside: list[str] = []
    for line in unfold(decode(raw).replace("\0", "")):
        if not line.strip():
            continue
        name, _, value = line.partition(":")
        name, value = name.strip().upper(), value.strip()
        if name == "BEGIN":
            content.is_calendar |= value.upper() == "VCALENDAR"
            open_component = _begin(content, open_component, inside, value.upper(), line)
        elif name == "END":
            open_component = _end(open_component, inside, value.upper(), line)
        elif not _CONTENT_LINE.match(line) or len(line) > LONGEST_LINE:
            content.dropped += 1
        elif open_component is not None:
            open_component.lines.append(line)
        else:
            content.properties.setdefault(name.partition(";")[0], value)
    return content


def _begin(
    content: FileContent, current: Component | None, inside: list[str], kind: str, line: str
) -> Component | None:
    """A VEVENT always begins anew, so that a lost END costs one event, not the rest."""
    if kind == "VEVENT" or (current is None and kind == "VTIMEZONE"):
        inside.clear()
        made = Component(kind)
        content.components.append(made)
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
