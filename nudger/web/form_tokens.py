"""What a page puts into its forms, so that only who saw the page can send them.

A token names what it is for and until when, under a keyed digest: nothing has to be stored.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from nudger.store.vault import Vault

LASTING = timedelta(hours=12)


def new_form_token(vault: Vault, purpose: str, now: datetime) -> str:
    """A token for the forms of one page; `purpose` says which page of whom."""
    until = str(int((now + LASTING).timestamp()))
    return f"{until}.{_digest(vault, purpose, until)}"


def is_form_token(vault: Vault, token: str, purpose: str, now: datetime) -> bool:
    """Whether the token was made for this purpose and still counts."""
    until, _, digest = token.partition(".")
    is_ours = hmac.compare_digest(digest.encode(), _digest(vault, purpose, until).encode())
    return is_ours and until.isdigit() and now.timestamp() <= int(until)


def _digest(vault: Vault, purpose: str, until: str) -> str:
    return vault.digest(f"form:{purpose}:{until}")
