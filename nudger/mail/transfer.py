"""Bodies as they were before they were encoded for the way (RFC 2045, 6)."""

from __future__ import annotations

import binascii
import re

from nudger.mail.mime import Part

MOST_BODY_BYTES = 1_000_000
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]++")


def decoded_body(part: Part) -> bytes:
    """The body's first megabyte, decoded. Never raises: what is no base64 in base64 is left out."""
    encoding = part.headers.first("content-transfer-encoding").lower()
    data = part.body[:MOST_BODY_BYTES]
    if encoding == "base64":
        return _from_base64(data)
    return binascii.a2b_qp(data) if encoding == "quoted-printable" else data


def _from_base64(data: bytes) -> bytes:
    letters = _NO_BASE64.sub(b"", data)
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
