"""The note in a description: nothing that is not ours ever changes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from nudger.domain.event import TextFormat
from nudger.domain.note import (
    NoteProblem,
    Spliced,
    clean_line,
    find,
    holds,
    remove,
    render,
    splice,
)
from nudger.domain.note_markers import ENGLISH, FORMER, KNOWN, MARKERS
from tests.fuzz.target import Target, promise

START_MARKER, END_MARKER = ENGLISH.start, ENGLISH.end
EVERY_MARKER = tuple({line for pair in KNOWN for line in (pair.start, pair.end)})
DIVIDER = b"\n%%\n"
LINES = ("C.O.: Dana agrees to <join> & sign", "Next: 2")
HTML_NOTE = render(LINES, TextFormat.HTML)
SEEDS = (
    b"", b"Agenda\n1. Demo\n2. Questions", render(LINES, TextFormat.PLAIN).encode() + b"\n\nAgenda",
    b"Before\n" + render(("x",), TextFormat.PLAIN).encode() + b"\nAfter", HTML_NOTE.encode() + b"<br><br><b>Agenda</b>",
    b"<html><body lang=de>" + HTML_NOTE.encode() + b"<br><br><p>Agenda</p></body></html>", b"<p>Agenda &amp; <a href='x'>link</a></p>",
    b"".join(b"<p>%s</p>" % line.encode() for line in HTML_NOTE.split("<br>")),
    b"<div>" + HTML_NOTE.replace(" ", "&nbsp;").encode() + b"</div>", START_MARKER.encode(), END_MARKER.encode(),
    *(render(LINES, TextFormat.PLAIN, pair).encode() for pair in (*FORMER, *MARKERS.values())),
    f"{START_MARKER} x {END_MARKER} {START_MARKER} y {END_MARKER}".encode(),
    b"Agenda" + DIVIDER + b"C.O.: ==== \xe2\x80\xa8 x", b"a" + DIVIDER + END_MARKER.encode(),
)  # fmt: skip
WORDS = (
    *(line.encode() for line in EVERY_MARKER), b"===", b"==", b"Commitment", b"Objective", b"Note", b"Ende der Notiz", b"(Nudger)", b"End of note", b"&nbsp;", b"<br>",
    b"<p>", b"</p>", b"<div>", b"</div>", b"<b>", b"</b>", b"<body>", b"<span style='x'>", b"</span>", b"\n", DIVIDER, b"&amp;", b"&lt;",
)  # fmt: skip


def read_description(data: bytes) -> Hashable:
    head, _, tail = data.decode("utf-8", "replace").partition(DIVIDER.decode())
    lines = tuple(tail.split("\n")) if tail else LINES
    return tuple(_spliced(head, text_format, lines) for text_format in TextFormat)


def _spliced(before: str, text_format: TextFormat, lines: Sequence[str]) -> str:
    shown = [line for line in map(clean_line, lines) if line]
    result = splice(before, text_format, shown)
    if isinstance(result, NoteProblem):
        promise(remove(before, text_format) == before, "a broken block is left alone")
        return result.reason
    _hold(before, text_format, shown, result)
    had = find(before, text_format) is not None
    without = remove(result.description, text_format)
    if not had:
        promise(without == before, "taken out, all is as it was")
    again = splice(result.description, text_format, shown)
    promise(again == result, "put in twice is put in once")
    full = splice(before, text_format, shown, limit=len(result.description) - 1)
    promise(full == NoteProblem("desc_full"), "nothing is cut off to fit")
    return "replaced" if had else "added"


def _hold(before: str, text_format: TextFormat, shown: Sequence[str], result: Spliced) -> None:
    after = result.description
    rendered = render(shown, text_format)
    promise(after.count(rendered) == 1, "the note stands there once")
    head, _, tail = after.partition(rendered)
    promise(before.startswith(head), "what stands above is as it was")
    if find(before, text_format) is None:
        rest = before[len(head) :]
        promise(
            tail.endswith(rest) and len(tail) <= len(rest) + 8, "what stands below is as it was"
        )
    else:
        kept = _common_end(before, tail)
        promise(_is_tags(tail[: len(tail) - kept]), "what stands below is as it was")
    found = find(after, text_format)
    promise(found is not None, "the note is found again")
    if shown == [" ".join(line.split()) for line in shown]:
        promise(holds(after, text_format, shown), "the note is held to say what it says")


def _common_end(one: str, other: str) -> int:
    shared = 0
    while shared < min(len(one), len(other)) and one[-1 - shared] == other[-1 - shared]:
        shared += 1
    return shared


def _is_tags(text: str) -> bool:
    """Whether it is but the tags whose other half stands outside of the block."""
    return text == "" or (text.startswith("<") and text.endswith(">"))


TARGETS = (Target("note", read_description, lambda: SEEDS, WORDS, 16, ".txt"),)
