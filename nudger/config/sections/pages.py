"""The pages, and how admins sign in to the console."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from nudger.config.sections.section import Section
from nudger.config.values import ListenAddress, Network, TenantId, WebAddress


class WebSettings(Section):
    """Pages are served, and linked to in the mails, where `public_url` is known. Whoever watches
    over us is answered at `address` where that is written down, and given numbers by `metrics`."""

    address: ListenAddress = Field(
        default="127.0.0.1:8025",
        description=(
            "where the pages listen; a proxy of yours ends TLS in front of it. Written down "
            "without `public_url`, only [health](operations.md#health-for-machines) is served "
            "there"
        ),
    )
    public_url: WebAddress | None = Field(
        default=None,
        description=(
            'where browsers reach the pages, as in `"https://nudger.ourco.com"`: with it `nudger '
            "run` serves them, questions link to their answer page, and each rep has [a "
            "page](how-it-works.md#the-reps-page) at `/me`"
        ),
    )
    proxies: tuple[Network, ...] = Field(
        default=("127.0.0.1/32", "::1/128"),
        description=(
            "from where your proxy comes: what it says of who asks is believed "
            "([why](operations.md#in-a-container))"
        ),
    )
    metrics: bool = Field(
        default=False,
        description=(
            "`true`: `/metrics` at `[web] address`, for "
            "[Prometheus](operations.md#health-for-machines)"
        ),
    )

    api: bool = Field(
        default=False,
        description="`true`: programs that have a token may [read calls](api.md) at `/api/v1`",
    )
    api_per_minute: int = Field(
        default=120, ge=1, le=1_000_000, description="how many requests each token has a minute"
    )

    @property
    def is_served(self) -> bool:
        """Whether we listen at all."""
        is_asked_for = self.public_url is not None or self.metrics or self.api
        return is_asked_for or "address" in self.model_fields_set


class ConsoleSettings(Section):
    """How admins sign in to the console; without `provider` they come in by `nudger admins code`
    alone."""

    provider: Literal["google", "microsoft"] | None = Field(
        default=None,
        description=(
            "where admins have the account that they sign in to [the console](console.md) with; "
            "without it they come in by `nudger admins code` alone"
        ),
    )
    client_id: str | None = Field(
        default=None,
        min_length=1,
        description="what the provider calls the application of [its set-up](console.md#sign-in)",
    )
    client_secret: str | None = Field(
        default=None,
        min_length=1,
        repr=False,
        description=(
            "its secret, best as `NUDGER_CONSOLE__CLIENT_SECRET` in the environment; else that of "
            "`console_app` in the credentials file counts"
        ),
    )
    tenant: TenantId | None = Field(
        default=None,
        description="Microsoft: the directory (tenant) whose accounts may sign in, by its id",
    )
    issuer: WebAddress | None = Field(
        default=None,
        description="another server than the provider's own that signs people in",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.provider is not None and self.client_id is None:
            raise ValueError("client_id is expected beside provider")
        if self.provider == "microsoft" and self.tenant is None and self.issuer is None:
            raise ValueError("tenant is expected beside provider")
        return self

    @property
    def issuer_address(self) -> str | None:
        """Who signs in; `None` where nobody does."""
        if self.issuer is not None or self.provider is None:
            return self.issuer
        if self.provider == "google":
            return "https://accounts.google.com"
        return f"https://login.microsoftonline.com/{self.tenant}/v2.0"
