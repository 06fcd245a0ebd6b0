"""How long a code or a link to sign in counts, and how long somebody stays signed in."""

from __future__ import annotations

from datetime import timedelta

SIGN_IN_LASTS = timedelta(minutes=10)
"""A code or a link, from when it was asked for: for a page of one's own and for the console."""

SESSION_IDLES = timedelta(hours=12)
"""How long somebody stays signed in who does nothing."""

PAGE_SESSION_LASTS = timedelta(days=7)
"""How long at most on a page of one's own, as a rep or a manager."""

CONSOLE_SESSION_LASTS = timedelta(days=1)
"""How long at most in the console."""
