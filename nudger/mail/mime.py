"""The parts of a MIME message: their headers, and where their bodies lie in the source.

Our own walker, because the standard parser recurses without a bound and needs quadratic time for
some mails. This one looks at each byte a few times, decodes nothing, and gives up at the limits.
It is made for judging: where readers disagree on what is a header, it reports more headers, not
fewer, so that a second From cannot hide (RFC 5322, RFC 2046).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SIGNED_OR_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
MOST_BYTES = 10_000_000
MOST_HEADER_BYTES = 64_000
LONGEST_HEADER_LINE = 8_000
MOST_ENCODED_WORDS = 200
LONGEST_CONTENT_TYPE = 4_000
MOST_PARTS = 50
DEEPEST_NESTING = 10
MOST_DELIMITER_LOOKALIKES = 1_000

_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[ \t\f\v]+")
_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)\s*(?:;|$)", re.IGNORECASE)
_PARAMETER = re.compile(
    r"[;\s]*([a-z0-9-]{1,40})\*?\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"]+))", re.IGNORECASE
)


class MailRejected(Exception):
    """The mail is set aside unread. `reason` is a code such as `mime_nesting`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in their order, topmost first: lower-case names, unfolded raw values.

    `sound` is false where readers could disagree on where a line ends. `lines` are the lines of
    each field as they stand in the source.
    """

    fields: tuple[tuple[str, str], ...]
    sound: bool = True
    lines: tuple[tuple[str, ...], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for field, value in self.fields if field == name)

    def first(self, name: str) -> str:
        return next((value for field, value in self.fields if field == name), "")

    def lines_of_first(self, name: str) -> tuple[str, ...]:
        of_fields = zip(self.fields, self.lines, strict=True)
        return next((lines for (field, _), lines in of_fields if field == name), ())


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds no other parts. `content_type` is lower-case; `body` is still encoded."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    body: bytes

    @property
    def is_attachment(self) -> bool:
        disposition = self.headers.first("content-disposition").strip().lower()
        return disposition.startswith("attachment") or "filename" in disposition


@dataclass(frozen=True, slots=True)
class Mime:
    """A whole message: its own headers and type, and its leaves in their order."""

    headers: Headers
    content_type: str
    parts: tuple[Part, ...]


def read_mime(raw: bytes) -> Mime:
    """Raises `MailRejected`: too_big, header_size, mime_nesting, mime_parts."""
    if len(raw) > MOST_BYTES:
        raise MailRejected("too_big")
    headers, _ = _split(raw, 0, len(raw))
    parts: list[Part] = []
    for part in _leaves(raw, 0, len(raw), 0):
        parts.append(part)
        if len(parts) > MOST_PARTS:
            raise MailRejected("mime_parts")
    return Mime(headers, content_type(headers.first("content-type"))[0], tuple(parts))


def _leaves(raw: bytes, start: int, end: int, depth: int) -> Iterator[Part]:
    headers, body = _split(raw, start, end)
    kind, parameters = content_type(headers.first("content-type"))
    boundary = parameters.get("boundary", "")
    if not kind.startswith("multipart/") or not boundary:
        yield Part(headers, kind, parameters, raw[body:end])
        return
    if depth >= DEEPEST_NESTING:
        raise MailRejected("mime_nesting")
    for inner_start, inner_end in _between(raw, body, end, boundary):
        yield from _leaves(raw, inner_start, inner_end, depth + 1)


def _between(raw: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Where the parts between the delimiter lines begin and end (RFC 2046, 5.1.1)."""
    needle = b"--" + boundary.encode()
    opened: int | None = None
    at = start - len(needle)
    for _ in range(MOST_DELIMITER_LOOKALIKES):
        at = raw.find(needle, at + len(needle), end)
        if at < 0:
            break
        line_end = _end_of_delimiter(raw, at, at + len(needle), start, end)
        if line_end is None:
            continue
        if opened is not None:
            yield opened, max(opened, at - 1)
        closes = raw.startswith(b"--", at + len(needle))
        opened = None if closes else line_end
        if closes:
            return
    else:
        raise MailRejected("mime_parts")
    if opened is not None:
        yield opened, end


def _end_of_delimiter(raw: bytes, at: int, after: int, start: int, end: int) -> int | None:
    """Where the next line begins if a delimiter line stands at `at`, else `None`."""
    if at > start and raw[at - 1] not in b"\r\n":
        return None
    rest = raw[after : min(end, after + 200)]
    line = rest.partition(b"\n")[0]
    if line.strip(b" \t\r") not in (b"", b"--"):
        return None
    return min(end, after + len(line) + 1)


def _split(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers that begin at `start`, and where the body begins."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return Headers(()), min(end, raw.index(b"\n", start) + 1)
    blank = _BLANK_LINE.search(raw, start, min(end, start + MOST_HEADER_BYTES + 4))
    header_end, body = (blank.start(), blank.end()) if blank else (end, end)
    if header_end - start > MOST_HEADER_BYTES:
        raise MailRejected("header_size")
    return read_headers(raw[start:header_end]), body


def read_head(raw: bytes) -> Headers:
    """The headers that a message begins with. Raises `MailRejected("header_size")`."""
    return _split(raw, 0, len(raw))[0]


def read_headers(block: bytes) -> Headers:
    """The fields of a header block. Raises `MailRejected("header_size")`."""
    if block.count(b"=?") > MOST_ENCODED_WORDS:
        raise MailRejected("header_size")
    lines = _LINE_END.split(block.decode("utf-8", "replace").replace("\0", "\ufffd"))
    if max(map(len, lines)) > LONGEST_HEADER_LINE:
        raise MailRejected("header_size")
    fields: list[tuple[str, list[str]]] = []
    for line in lines:
        field = None if line[:1] in (" ", "\t") else _FIELD.match(line)
        if field:
            fields.append((field[1].lower(), [field[2]]))
        elif fields and line[:1] in (" ", "\t"):
            fields[-1][1].append(line)
    bare = block.count(b"\r") - block.count(b"\r\n") - block.endswith(b"\r")
    unfolded = tuple((name, _BLANKS.sub(" ", "".join(value)).strip(" ")) for name, value in fields)
    lines_of_each = tuple(tuple(value) for _, value in fields)
    return Headers(unfolded, bare <= 0 and b"\0" not in block, lines_of_each)


def content_type(value: str) -> tuple[str, dict[str, str]]:
    """The type, `text/plain` where there is none to read, and its parameters."""
    if len(value) > LONGEST_CONTENT_TYPE:
        raise MailRejected("header_size")
    kind = _TYPE.match(value)
    if kind is None:
        return "text/plain", {}
    found: dict[str, str] = {}
    at = kind.end()
    while parameter := _PARAMETER.match(value, at):
        name, quoted, bare = parameter.groups()
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted or "") or bare or "")
        at = parameter.end()
    return kind[1].lower(), found
