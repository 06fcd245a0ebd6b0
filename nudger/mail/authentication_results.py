"""Reading one Authentication-Results field (RFC 8601), or Exchange Online's form of it.

Values in the field come in part from whoever sent the mail: a quoted local part may hold `;
dmarc=pass`. So comments and quoted strings are told apart character by character, and a field
that cannot be told apart for certain is not `sound`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_METHOD = re.compile(r"([a-z][a-z0-9_-]*)(?:/[0-9]+)?=([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)?)=(.*)", re.IGNORECASE | re.DOTALL)
_SPACED_EQUALS = re.compile(r" ?([=/]) ?")
_QUOTED = "\0"
_BLANKS = " \t\r\n\f\v"


@dataclass(frozen=True, slots=True)
class AuthResult:
    """One method's result, as in `dmarc=pass header.from=acme.com`, lower-cased.

    A property that is given twice has no value.
    """

    method: str
    result: str
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class AuthResults:
    """One field. `server` is the authserv-id, `None` in Exchange's form, which has none."""

    server: str | None
    results: tuple[AuthResult, ...] = ()
    sound: bool = True

    def of(self, method: str) -> tuple[AuthResult, ...]:
        return tuple(result for result in self.results if result.method == method)


def read_results(value: str) -> AuthResults:
    """Never raises; linear in the length of `value`."""
    text, sound = _bare(value)
    head, *rest = text.split(";")
    words = head.split()
    exchange = bool(words) and "=" in head
    server = None if exchange else _server(words)
    results: list[AuthResult] = []
    for segment in [head, *rest] if exchange else rest:
        result = _read_result(segment)
        if result is not None:
            results.append(result)
        elif "dmarc" in segment.lower():
            sound = False
    return AuthResults(server, tuple(results), sound and (exchange or server != ""))


def _bare(value: str) -> tuple[str, bool]:
    """The value without comments and with each quoted string as one mark; whether both closed."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif char == '"' and not depth:
            quoted = True
            kept.append(_QUOTED)
        elif char == "(":
            depth += 1
            kept.append(" ")
        elif char == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(_bare_letter(char))
    return "".join(kept), not (quoted or depth or escaped)


def _bare_letter(char: str) -> str:
    """Blanks of other scripts part nothing: a local part may hold them unquoted (RFC 6532)."""
    if char in _BLANKS:
        return " "
    return "\ufffd" if char.isspace() else char


def _server(words: list[str]) -> str:
    """The authserv-id in front of an optional version; empty where it is no such thing."""
    if not words or len(words) > 2 or (len(words) == 2 and not words[1].isdigit()):
        return ""
    return "" if _QUOTED in words[0] else words[0].lower()


def _read_result(segment: str) -> AuthResult | None:
    words = _SPACED_EQUALS.sub(r"\1", " ".join(segment.split())).split()
    method = _METHOD.fullmatch(words[0]) if words else None
    if method is None:
        return None
    properties: dict[str, str] = {}
    for word in words[1:]:
        found = _PROPERTY.fullmatch(word)
        if found:
            name = found[1].lower()
            properties[name] = "" if name in properties else found[2].lower()
    return AuthResult(method[1].lower(), method[2].lower(), properties)
