"""Changed copies of what was read before: bytes, lines, words and the structure of JSON.

Everything comes from the `Random` that is given, so that a seed makes the same inputs again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

LONGEST = 30_000
MOST_STEPS = 4

Mutator = Callable[[Random, bytes, Sequence[bytes], Sequence[bytes]], bytes]
"""(chance, an input, other inputs, words that matter to the target) to a new input."""

ODD = (
    b"\0", b"\r", b"\n", b"\r\n", b"\t", b" " * 40, b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80",
    "\u00a0".encode(), "\u200b".encode(), "\u2028".encode(), "\u202e".encode(), "\ufeff".encode(),
    "İ".encode(), "ß".encode(), "ﬁ".encode(), "😀".encode(), "\U000e0041".encode(), "e\u0301".encode(),
    b"\\", b'"', b"'", b"<", b">", b"(", b")", b"[", b"]", b";", b":", b"=", b"--", b"%00", b"&#0;",
    b"&#x110000;", b"&nbsp;", b"0", b"-1", b"99999999999999999999", b"1e999", b"NaN", b"A" * 300,
)  # fmt: skip


def mutate_bytes(
    chance: Random, given: bytes, others: Sequence[bytes], words: Sequence[bytes]
) -> bytes:
    """One to four changes of bytes, words or lines."""
    data = given
    for _ in range(chance.randint(1, MOST_STEPS)):
        data = chance.choice(_STEPS)(chance, data, others, words)
    return data[:LONGEST]


def _somewhere(chance: Random, data: bytes) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice((1, 1, 2, 4, 16, 64, 400)))


def _insert(chance: Random, data: bytes, _others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    at, word = chance.randint(0, len(data)), chance.choice(words if chance.random() < 0.7 else ODD)
    return data[:at] + word + data[at:]


def _replace(
    chance: Random, data: bytes, _others: Sequence[bytes], words: Sequence[bytes]
) -> bytes:
    start, end = _somewhere(chance, data)
    return data[:start] + chance.choice(words if chance.random() < 0.5 else ODD) + data[end:]


def _drop(chance: Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, end = _somewhere(chance, data)
    return data[:start] + data[end:]


def _flip(chance: Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes((data[at] ^ (1 << chance.randrange(8)),)) + data[at + 1 :]


def _repeat(
    chance: Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]
) -> bytes:
    start, end = _somewhere(chance, data)
    times = chance.choice((1, 2, 3, 10)) if chance.random() < 0.98 else 2_000
    return data[:end] + data[start:end] * times + data[end:]


def _cross(chance: Random, data: bytes, others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    start, end = _somewhere(chance, other)
    at = chance.randint(0, len(data))
    if chance.random() < 0.3:
        return data[:at] + other[start:]
    return data[:at] + other[start:end] + data[at:]


def _move_line(
    chance: Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]
) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    line = lines[chance.randrange(len(lines))]
    if chance.random() < 0.5:
        lines.remove(line)
    lines.insert(chance.randint(0, len(lines)), line)
    return b"".join(lines)


def _drop_line(
    chance: Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]
) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def _change_case(
    chance: Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]
) -> bytes:
    start, end = _somewhere(chance, data)
    return data[:start] + data[start:end].swapcase() + data[end:]


_STEPS = (_insert, _insert, _replace, _replace, _drop, _drop, _flip, _repeat, _cross, _move_line,
          _drop_line, _change_case)  # fmt: skip

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, 10**30, "", " ", "x", "UTC", "2026-02-30", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2026-11-24T14:00:00.0000000", "2026-11-24", [], {}, [None], [[]], {"id": 1},
    "\ud800", "a" * 3_000,
)  # fmt: skip


def mutate_json(
    chance: Random, given: bytes, others: Sequence[bytes], words: Sequence[bytes]
) -> bytes:
    """One to four changes of values, names and places; now and then of the bytes themselves."""
    if chance.random() < 0.02:
        return mutate_bytes(chance, given, others, words)
    try:
        document = json.loads(given)
        if not isinstance(document, dict | list):
            return given
    except (ValueError, RecursionError):
        return given
    for _ in range(chance.randint(1, MOST_STEPS)):
        places = list(_places(document))
        if not places:
            break
        holder, key = chance.choice(places)
        _change(chance, holder, key, others, words)
    try:
        return json.dumps(document).encode()[:LONGEST]
    except RecursionError:
        return given


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Everything in it, as what holds it and its name or number there."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in list(items):
            yield node, key
            if isinstance(value, dict | list):
                waiting.append(value)


def _change(
    chance: Random, holder: Any, key: Any, others: Sequence[bytes], words: Sequence[bytes]
) -> None:
    what = chance.random()
    if what < 0.35:
        holder[key] = deepcopy(chance.choice(_VALUES))
    elif what < 0.5:
        del holder[key]
    elif what < 0.65 and isinstance(holder[key], str):
        text = mutate_bytes(chance, holder[key].encode("utf-8", "replace"), others, words)
        holder[key] = text.decode("utf-8", "replace")[:2_000]
    elif what < 0.75 and isinstance(holder, list):
        holder.insert(chance.randint(0, len(holder)), holder[key])
    elif what < 0.85 and isinstance(holder, dict):
        holder[chance.choice(words).decode("utf-8", "replace")] = holder[key]
    else:
        _graft(chance, holder, key, others)


def _graft(chance: Random, holder: Any, key: Any, others: Sequence[bytes]) -> None:
    """A piece of another document in this place."""
    try:
        other = json.loads(chance.choice(others))
    except (ValueError, RecursionError):
        return
    places = list(_places(other)) if isinstance(other, dict | list) else []
    if places:
        source, name = chance.choice(places)
        holder[key] = source[name]
