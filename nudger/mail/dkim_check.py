"""Our own check of a DKIM signature (RFC 6376), beside the word of the mailbox's server.

Keys come through `find_key`, so that nothing here touches the network.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from enum import StrEnum

import dkim

MOST_SIGNATURES = 5
SMALLEST_KEY_BITS = 1024

FindKey = Callable[[str], bytes | None]
"""The TXT record of a name, `None` where there is none. Raises `KeyUnreachable`."""

_TAG = re.compile(r"(?:^|;)\s*+([a-z]+)\s*+=\s*+([^;]*+)", re.IGNORECASE)
logging.getLogger("dkimpy").setLevel(logging.CRITICAL)


class KeyUnreachable(Exception):
    """Nobody answers who could give the key."""


class SignatureCheck(StrEnum):
    """`NONE`: the domain did not sign. `UNKNOWN`: its key cannot be had at the moment."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NONE = "none"
    UNKNOWN = "unknown"


def signing_domain(signature: str) -> str:
    """The `d=` of a DKIM-Signature, lower-cased; empty where it is not given just once."""
    given = [value for tag, value in _TAG.findall(signature) if tag.lower() == "d"]
    return given[0].strip().rstrip(".").lower() if len(given) == 1 else ""


def check_signatures(raw: bytes, domain: str, find_key: FindKey) -> SignatureCheck:
    """Whether `domain` itself signed this mail, whole. Never raises."""
    try:
        message = dkim.DKIM(raw, minkey=SMALLEST_KEY_BITS)
    except Exception:  # as below
        return SignatureCheck.FAIL
    signatures = [value for name, value in message.headers if name.lower() == b"dkim-signature"]
    verdicts = {
        _check(message, at, find_key)
        for at, value in enumerate(signatures[:MOST_SIGNATURES])
        if _may_say(value.decode("ascii", "replace"), domain)
    }
    best = (SignatureCheck.PASS, SignatureCheck.UNKNOWN, SignatureCheck.FAIL)
    return next((one for one in best if one in verdicts), SignatureCheck.NONE)


def _may_say(signature: str, domain: str) -> bool:
    """Whether a signature is this domain's, in the one algorithm that everybody signs with."""
    algorithms = [value.strip().lower() for tag, value in _TAG.findall(signature) if tag == "a"]
    return signing_domain(signature) == domain and algorithms == ["rsa-sha256"]


def _check(message: dkim.DKIM, at: int, find_key: FindKey) -> SignatureCheck:
    def text(name: bytes, timeout: int = 0) -> bytes | None:  # noqa: ARG001 - the library's form
        return find_key(name.decode("ascii", "replace").rstrip("."))

    try:
        passed = message.verify(at, dnsfunc=text)
    except KeyUnreachable:
        return SignatureCheck.UNKNOWN
    except (
        Exception
    ):  # the library raises what its parsers raise; such a signature is worth nothing
        return SignatureCheck.FAIL
    # With l= anybody could have added a text below the one that was signed.
    is_whole = b"l" not in (message.signature_fields or {})
    return SignatureCheck.PASS if passed and is_whole else SignatureCheck.FAIL
