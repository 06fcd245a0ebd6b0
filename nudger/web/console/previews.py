"""Mails as templates make them, each shown in a frame of its own: at an address that counts for the
session that made it, as long as it is among the latest."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from fastapi.responses import HTMLResponse, Response

MOST_KEPT = 60
_ALONE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
_MAIL = f"{_ALONE}; style-src 'unsafe-inline'; img-src data:"
"""Mails have their styles in themselves. Nothing of them runs, sends or loads anything."""
_GONE = "<!doctype html><html lang=en><title>Gone</title><p>It is gone: look at it again.</p>"


class Previews:
    """What this process has made lately, and nothing of it anywhere else."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, session: str, page: str) -> str:
        """The last part of its address."""
        name = hashlib.sha256(page.encode()).hexdigest()[:32]
        with self._lock:
            self._pages[session, name] = page
            self._pages.move_to_end((session, name))
            while len(self._pages) > MOST_KEPT:
                self._pages.popitem(last=False)
        return name

    def show(self, session: str, name: str) -> Response:
        with self._lock:
            page = self._pages.get((session, name))
        if page is None:
            return HTMLResponse(_GONE, 404, {"content-security-policy": _ALONE})
        return HTMLResponse(page, headers={"content-security-policy": _MAIL})
