"""What binds a reply to its question: a random token in the address that it is sent to.

Replies have one form of it, and the stop that mail programs send by our List-Unsubscribe header
has another, so that what a rep typed is told from what one tap, or a tool for a hundred senders at
once, said. Both are as long as each other.

160 random bits, lower-case base32 because mail servers may fold case; only the hash is stored.
The local part of an address has at most 64 octets (RFC 5321, 4.5.3.1.1).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable

TOKEN_BYTES = 20
MOST_LOCAL_OCTETS = 64
_OUR_ID = re.compile(r"<nudger\.[0-9a-f]{32}@[^<>@\s]{1,255}>", re.IGNORECASE)
_KEYS = re.compile(r"(?:/answer/|/me/link/|\+[rs]-)[a-z2-7]{32}", re.IGNORECASE | re.ASCII)
_TOKEN = re.compile(r"\+[rs]-([a-z2-7]{32})@", re.IGNORECASE | re.ASCII)
_STOP = re.compile(r"\+s-[a-z2-7]{32}@", re.IGNORECASE | re.ASCII)


def new_token(random_bytes: Callable[[int], bytes]) -> str:
    """32 characters of a-z and 2-7."""
    return base64.b32encode(random_bytes(TOKEN_BYTES)).decode().lower()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.lower().encode()).hexdigest()


def reply_address(mailbox: str, token: str) -> str:
    """`mailbox` with the token in its plus part. Raises `ValueError` when that is too long."""
    return _tagged(mailbox, f"r-{token}")


def stop_address(mailbox: str, token: str) -> str:
    """The same for the stop that is sent by a header."""
    return _tagged(mailbox, f"s-{token}")


def _tagged(mailbox: str, tag: str) -> str:
    local, _, domain = mailbox.rpartition("@")
    tagged = f"{local}+{tag}"
    if len(tagged.encode()) > MOST_LOCAL_OCTETS:
        raise ValueError(f"{mailbox}: the part before @ is too long to carry a reply token.")
    return f"{tagged}@{domain}"


def find_token(recipients: Iterable[str]) -> str | None:
    """The token in the first of these addresses that has one."""
    found = (_TOKEN.search(address) for address in recipients)
    return next((match[1].lower() for match in found if match), None)


def is_header_stop(recipients: Iterable[str]) -> bool:
    """Whether it is sent to where only our header points, and to no address for replies."""
    ours = [address for address in recipients if _TOKEN.search(address)]
    return bool(ours) and all(map(_STOP.search, ours))


def without_keys(line: str) -> str:
    """The line without the words that open something of ours, a link to a page or an address for
    replies: a mail program that breaks up our lines leaves them among the rep's own, and whoever
    reads them could answer in the rep's place."""
    if _KEYS.search(line) is None:
        return line
    return " ".join(word for word in line.split(" ") if _KEYS.search(word) is None)


def is_our_id(rfc_message_id: str) -> bool:
    """Whether this is a Message-ID as we make them; whether we made it, our records tell."""
    return _OUR_ID.fullmatch(rfc_message_id) is not None


def message_id(random_bytes: Callable[[int], bytes], mailbox: str) -> str:
    """A Message-ID of ours that nobody can foresee, angle brackets included."""
    return f"<nudger.{random_bytes(16).hex()}@{mailbox.rpartition('@')[2]}>"
