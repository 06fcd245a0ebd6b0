"""The mail within an S/MIME message that is signed and not encrypted (RFC 5652, RFC 8551).

The signature is not checked: who sent a mail is judged by its headers, and these are outside.
"""

from __future__ import annotations

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
SEQUENCE, SET, INTEGER, EXPLICIT = 0x30, 0x31, 0x02, 0xA0
OCTETS, OCTETS_IN_PIECES = 0x04, 0x24


def signed_content(data: bytes) -> bytes | None:
    """What was signed; `None` where it is something else, such as encrypted."""
    try:
        return _content(data)
    except (IndexError, ValueError):
        return None


def _content(data: bytes) -> bytes:
    """Raises `IndexError` and `ValueError`."""
    at = _past(data, _inside(data, 0, SEQUENCE), SIGNED_DATA)
    at = _inside(data, _inside(data, at, EXPLICIT), SEQUENCE)
    at = _after(data, _after(data, at, INTEGER), SET)
    at = _past(data, _inside(data, at, SEQUENCE), DATA)
    at = _inside(data, at, EXPLICIT)
    if data[at] == OCTETS:
        return _octets(data, at)[0]
    at = _inside(data, at, OCTETS_IN_PIECES)
    pieces: list[bytes] = []
    while at < len(data) and data[at] == OCTETS:
        piece, at = _octets(data, at)
        pieces.append(piece)
    return b"".join(pieces)


def _past(data: bytes, at: int, identifier: bytes) -> int:
    if not data.startswith(identifier, at):
        raise ValueError
    return at + len(identifier)


def _length(data: bytes, at: int, tag: int) -> tuple[int | None, int]:
    """The length of an element, `None` where it says none, and where its content begins."""
    if data[at] != tag:
        raise ValueError
    first = data[at + 1]
    if first < 0x80:
        return first, at + 2
    size = first & 0x7F
    if size > 8:
        raise ValueError
    start = at + 2 + size
    return (int.from_bytes(data[at + 2 : start], "big") if size else None), start


def _inside(data: bytes, at: int, tag: int) -> int:
    return _length(data, at, tag)[1]


def _after(data: bytes, at: int, tag: int) -> int:
    length, start = _length(data, at, tag)
    if length is None:
        raise ValueError
    return start + length


def _octets(data: bytes, at: int) -> tuple[bytes, int]:
    end = _after(data, at, OCTETS)
    return data[_inside(data, at, OCTETS) : end], end
