"""The two cookies of the console: the session, and what a browser keeps while somebody signs in at
a provider. The latter is sealed, so that nothing has to be stored until they come back."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response

from nudger.domain.sign_in_lifetimes import SIGN_IN_LASTS
from nudger.providers.openid import Attempt
from nudger.store.vault import SealBroken, Vault
from nudger.web.cookies import CookieJar

SESSION, SIGN_IN = "nudger-console", "nudger-console-sign-in"
BELONGS_TO = "console:sign-in"
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Begun:
    """A try to sign in that this browser began, and the section that it came for."""

    attempt: Attempt
    then: str


@dataclass(frozen=True, slots=True)
class ConsoleCookies(CookieJar):
    """Sets, reads and clears them."""

    def session(self, request: Request) -> str:
        return self.get(request, SESSION)

    def keep_session(self, response: Response, session: str) -> None:
        """Until the browser is closed; how long it counts is kept here."""
        self.put(response, SESSION, session)
        self.drop(response, SIGN_IN)

    def clear_session(self, response: Response) -> None:
        self.drop(response, SESSION)

    def keep_begun(self, response: Response, vault: Vault, begun: Begun, now: datetime) -> None:
        content = {**asdict(begun.attempt), "then": begun.then, "at": now.timestamp()}
        sealed = base64.urlsafe_b64encode(vault.seal_json(content, BELONGS_TO)).decode()
        self.put(response, SIGN_IN, sealed, int(SIGN_IN_LASTS.total_seconds()))

    def begun(self, request: Request, vault: Vault, now: datetime) -> Begun | None:
        """What this browser began lately; `None` for nothing, or what we did not seal."""
        text = self.get(request, SIGN_IN)[:LONGEST]
        try:
            content = json.loads(vault.open(base64.urlsafe_b64decode(text), BELONGS_TO))
        except (SealBroken, binascii.Error, ValueError):
            return None
        if now.timestamp() - content["at"] >= SIGN_IN_LASTS.total_seconds():
            return None
        attempt = Attempt(content["state"], content["nonce"], content["verifier"])
        return Begun(attempt, content["then"])

    def forget_begun(self, response: Response) -> None:
        self.drop(response, SIGN_IN)
