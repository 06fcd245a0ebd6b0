"""Our note in an event's description: rendered, found, put in, taken out.

The note is a block between two visible marker lines at the top. Markers are text, because
providers turn plain text into HTML and back, and may drop comments and unknown attributes; they
are found in every language, whatever a provider has put between their words (`note_markers`).
Everything outside the block stays as it was, byte for byte. A block that is doubled or broken is
left alone: only a person can say which part is whose. Sources: docs/internals.md#the-note.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nudger.domain.event import TextFormat
from nudger.domain.note_markers import ENGLISH, PATTERNS, Markers, Side, belong_together

_START, _END = PATTERNS[Side.START], PATTERNS[Side.END]
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]{0,2000}>")
_BODY = re.compile(r"<body\b[^<>]{0,5000}>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<(?:br|/p|/div|/li|p|div|li)\b[^<>]{0,2000}>", re.IGNORECASE)
_BEGINS_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_VOID = frozenset({"br", "hr", "img", "wbr", "meta", "link", "input"})
_SEPARATORS = {TextFormat.PLAIN: "\n\n", TextFormat.HTML: "<br><br>"}


@dataclass(frozen=True, slots=True)
class Spliced:
    description: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoteProblem:
    """Why nothing may be written: `block_conflict` or `desc_full`."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int


def splice(
    description: str,
    text_format: TextFormat,
    lines: Sequence[str],
    limit: int | None = None,
    markers: Markers = ENGLISH,
) -> Spliced | NoteProblem:
    """The description with a note of these plain-text lines in it, in place of any older note, in
    whatever language that is.

    `limit` is how many characters the provider takes; nothing is ever cut off to meet it.
    """
    block = _locate(description)
    if isinstance(block, NoteProblem):
        return block
    rendered = render(lines, text_format, markers)
    if block is not None:
        old = description[block.start : block.end]
        new = rendered + _unpaired_tags(old, text_format)
        result = description[: block.start] + new + description[block.end :]
    else:
        result = _put_on_top(description, text_format, rendered)
    if not isinstance(_locate(result), _Block):  # what stood there makes of our markers others
        return NoteProblem("block_conflict")
    if limit is not None and len(result) > limit:
        return NoteProblem("desc_full")
    return Spliced(result)


def remove(description: str, text_format: TextFormat) -> str:
    """The description without our note, or as it is where there is none that we can tell."""
    block = _locate(description)
    if not isinstance(block, _Block):
        return description
    rest = description[block.end :].removeprefix(_SEPARATORS[text_format])
    left_over = _unpaired_tags(description[block.start : block.end], text_format)
    return description[: block.start] + left_over + rest


def find(description: str, text_format: TextFormat) -> tuple[str, ...] | None:
    """The lines of the note that stands in the description, or `None`."""
    block = _locate(description)
    if not isinstance(block, _Block):
        return None
    inner = _START.sub("", _END.sub("", description[block.start : block.end]))
    return tuple(_text_lines(inner, text_format))


def holds(description: str, text_format: TextFormat, lines: Sequence[str]) -> bool:
    """Whether the note stands there with these lines, however the provider has wrapped it."""
    found = find(description, text_format)
    if found is None:
        return False
    return [*map(_compared, found)] == [_compared(clean_line(line)) for line in lines]


def render(lines: Sequence[str], text_format: TextFormat, markers: Markers = ENGLISH) -> str:
    """The block alone."""
    cleaned = [markers.start, *map(clean_line, lines), markers.end]
    if text_format is TextFormat.PLAIN:
        return "\n".join(map(_without_tags, cleaned))
    return "<br>".join(html.escape(line, quote=False) for line in cleaned)


def clean_line(line: str) -> str:
    """One line that can neither break the block nor reorder what is around it."""
    kept = "".join(c if _is_harmless(c) else " " for c in line)
    return re.sub("={2,}", "=", " ".join(kept.split()))


def _without_tags(line: str) -> str:
    """Google shows plain text and pages from one field, and takes for a page what has a tag in it:
    what an answer says must not be one."""
    return _BEGINS_TAG.sub("‹", line)


def _is_harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _locate(description: str) -> _Block | NoteProblem | None:
    starts = list(_START.finditer(description))
    ends = list(_END.finditer(description))
    if not starts and not ends:
        return None
    if len(starts) != 1 or len(ends) != 1 or starts[0].end() > ends[0].start():
        return NoteProblem("block_conflict")
    if not belong_together(starts[0], ends[0]):
        return NoteProblem("block_conflict")
    return _Block(starts[0].start(), ends[0].end())


def _put_on_top(description: str, text_format: TextFormat, rendered: str) -> str:
    if not description:
        return rendered
    at = 0
    if text_format is TextFormat.HTML and (body := _BODY.search(description)):
        at = body.end()
    return description[:at] + rendered + _SEPARATORS[text_format] + description[at:]


def _unpaired_tags(old: str, text_format: TextFormat) -> str:
    """The tags in an old block whose other half lies outside it, so that nesting stays whole.

    A provider that wraps each line in <p> leaves "</p>…<p>" in the block: those cancel out.
    """
    if text_format is TextFormat.PLAIN:
        return ""
    closing: list[str] = []
    opening: list[re.Match[str]] = []
    for tag in _TAG.finditer(old):
        name = tag[2].lower()
        if name in _VOID:
            continue
        if not tag[1]:
            opening.append(tag)
        elif opening and opening[-1][2].lower() == name:
            opening.pop()
        else:
            closing.append(name)
    if closing == [tag[2].lower() for tag in reversed(opening)]:
        return ""
    return "".join(f"</{name}>" for name in closing) + "".join(tag[0] for tag in opening)


def _text_lines(inner: str, text_format: TextFormat) -> Iterator[str]:
    if text_format is TextFormat.HTML:
        inner = html.unescape(_TAG.sub("", _LINE_BREAK.sub("\n", inner)))
    return (line.strip() for line in inner.splitlines() if line.strip())


def _compared(line: str) -> str:
    return _without_tags(" ".join(html.unescape(line).split()))
