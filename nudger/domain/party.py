"""Who is to be forgotten, or is told what we keep: one person, or everybody at a domain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from nudger.domain.addresses import mailbox_of, plain_address
from nudger.domain.domain_names import a_label, u_label

IN_ITS_PLACE = "…"


@dataclass(frozen=True)
class Party:
    """`addresses` and `names` of one person, plain, or a `domain` with all that lies in it."""

    addresses: frozenset[str] = frozenset()
    domain: str | None = None
    names: frozenset[str] = field(default_factory=frozenset)

    def includes(self, address: str) -> bool:
        """Whether mail to this address reaches the party."""
        plain = plain_address(address)
        if self.domain is not None:
            return self.owns(plain.rpartition("@")[2])
        return mailbox_of(plain) in {mailbox_of(one) for one in self.addresses}

    def owns(self, domain: str) -> bool:
        """Whether this domain is the party's, as a whole."""
        label = a_label(domain)
        return self.domain is not None and f".{label}".endswith(f".{self.domain}")

    def is_named_in(self, text: str) -> bool:
        return self._mentions.search(text) is not None

    def redact(self, text: str) -> str:
        """The text with an ellipsis in place of each mention."""
        kept, at = [], 0
        for match in self._mentions.finditer(text):
            start = match.start()
            while self.domain and start > at and _is_of_an_address(text[start - 1]):
                start -= 1
            kept += [text[at:start], IN_ITS_PLACE]
            at = match.end()
        return "".join(kept) + text[at:]

    @cached_property
    def _mentions(self) -> re.Pattern[str]:
        return re.compile("|".join(self._patterns()), re.IGNORECASE)

    def _patterns(self) -> Iterable[str]:
        for address in sorted(self.addresses, key=len, reverse=True):
            yield rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)"
        for domain in {d: None for d in (self.domain, u_label(self.domain or "")) if d}:
            yield rf"(?<![\w-]){re.escape(domain)}(?![\w-]|\.\w)"
        for name in sorted(self.names, key=len, reverse=True):
            if " " in name.strip():
                yield rf"(?<!\w){re.escape(name.strip())}(?!\w)"


def _is_of_an_address(character: str) -> bool:
    """Whether it may stand in an address before its domain."""
    return character.isalnum() or character in "._+-@"
