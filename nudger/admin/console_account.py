"""Signing in to the console with an account at Google or Microsoft, as the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nudger.admin.page_sign_in import site_url
from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.domain.vouched_address import vouched_address
from nudger.mail.token import new_token
from nudger.providers.google.auth import CredentialsProblem, read_credentials
from nudger.providers.openid import Application, Attempt, OpenId, SignInRefused
from nudger.runtime.context import Context
from nudger.store.admins import Account

NAMES = {"google": "Google", "microsoft": "Microsoft"}
CALLBACK = "/console/callback"
IN_CREDENTIALS = "console_app"


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in; `address` is theirs where the provider vouches for it."""

    account: Account
    address: str | None = field(repr=False)


@dataclass(frozen=True)
class ConsoleAccount:
    """The sign-in at the provider of the settings, or none."""

    ctx: Context

    @property
    def provider_name(self) -> str | None:
        """What the provider is called; `None` where none is set."""
        provider = self.ctx.settings.console.provider
        return None if provider is None else NAMES[provider]

    def new_attempt(self) -> Attempt:
        state, nonce, first, second = (new_token(self.ctx.random_bytes) for _ in range(4))
        return Attempt(state, nonce, verifier=first + second)

    def begin(self, attempt: Attempt) -> str:
        """Where the browser is sent to. Raises `SignInRefused`."""
        return self._open_id.begin(attempt)

    def finish(self, attempt: Attempt, code: str) -> Person:
        """Who came back with this code. Raises `SignInRefused`."""
        claims = self._open_id.finish(attempt, code)
        provider = Provider(self.ctx.settings.console.provider or "google")
        account = Account(str(claims["iss"]), str(claims["sub"]))
        return Person(account, vouched_address(provider, claims))

    @cached_property
    def _open_id(self) -> OpenId:
        settings = self.ctx.settings
        issuer, client_id = settings.console.issuer_address, settings.console.client_id
        if issuer is None or client_id is None:
            raise SignInRefused("[console] names no provider to sign in at.")
        redirect_uri = f"{site_url(self.ctx)}{CALLBACK}"
        secret = client_secret_of(settings)
        return OpenId(Application(issuer, client_id, secret, redirect_uri), self.ctx.clock)


def client_secret_of(settings: Settings) -> str:
    """From the environment or the settings, else from the credentials file. Raises
    `SignInRefused`."""
    if settings.console.client_secret:
        return settings.console.client_secret
    try:
        part = read_credentials(settings.credentials).get(IN_CREDENTIALS)
    except CredentialsProblem as problem:
        raise SignInRefused(str(problem)) from problem
    secret = part.get("client_secret") if isinstance(part, Mapping) else None
    if not isinstance(secret, str) or not secret:
        raise SignInRefused(
            "The console's client secret is missing: set NUDGER_CONSOLE__CLIENT_SECRET, or put it "
            f'as "client_secret" under "{IN_CREDENTIALS}" into {settings.credentials}.'
        )
    return secret
