"""Sends the mails that somebody waits for at a page, beside the requests: how long a request takes
does not tell whether anybody gets one."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from nudger.admin.page_sign_in import SignInMail, send_sign_in
from nudger.mail.templates import TemplateProblem
from nudger.providers.base import ProviderError
from nudger.runtime.context import Context
from nudger.runtime.holds import Held

log = logging.getLogger(__name__)

MOST_WAITING = 50


class Postman:
    """One mail after the other. What cannot be sent is logged, and who waits asks for a new one."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._room = threading.BoundedSemaphore(MOST_WAITING)
        self._thread = ThreadPoolExecutor(1, "sign-in mails")

    def post(self, mail: SignInMail) -> None:
        if not self._room.acquire(blocking=False):
            log.warning("a sign-in mail was not sent: too many wait")
            return
        self._thread.submit(self._send, mail)

    def _send(self, mail: SignInMail) -> None:
        try:
            send_sign_in(self._ctx, mail)
        except (ProviderError, Held, TemplateProblem) as error:
            log.warning("a sign-in mail was not sent: %s", error)
        except Exception:
            log.exception("a sign-in mail was not sent")
        finally:
            self._room.release()
