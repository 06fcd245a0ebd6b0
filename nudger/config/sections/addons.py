"""The add-on in Google Calendar and the pane in Outlook."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from nudger.config.sections.section import Section
from nudger.config.values import ExactAddress, MailAddress, TenantId, WebAddress


class GoogleAddonSettings(Section):
    """The add-on in Google Calendar's side panel answers once both accounts are known."""

    service_account: MailAddress | None = Field(
        default=None,
        description=(
            "the service account as which Google calls the add-on, one of your project alone "
            "([where it stands](addon-google.md#3-tell-nudger-who-calls))"
        ),
    )
    oauth_client: str | None = Field(
        default=None,
        min_length=1,
        description="the OAuth client id of the add-on, for which Google tells who clicked",
    )
    audiences: tuple[ExactAddress, ...] = Field(
        default=(),
        description=(
            "further addresses that Google may say it calls, to the letter, beside those below "
            "`[web] public_url`"
        ),
    )
    certificates: WebAddress = Field(
        default="https://www.googleapis.com/oauth2/v3/certs",
        description="where the keys are that Google signs with, as a JSON Web Key Set",
    )

    @property
    def is_installed(self) -> bool:
        """Whether we know who calls."""
        return self.service_account is not None and self.oauth_client is not None


class OutlookAddinSettings(Section):
    """The pane in Outlook's calendar answers once its app and whose people it serves are known."""

    client_id: TenantId | None = Field(
        default=None,
        description=(
            "the application id of the add-in's own app in Entra, for which people sign in "
            "([each click](addin-outlook.md#1-an-app-for-the-sign-in))"
        ),
    )
    tenants: tuple[TenantId, ...] = Field(
        default=(), description="the directories whose people may use the pane, by their ids"
    )
    office_js: WebAddress = Field(
        default="https://appsforoffice.microsoft.com/lib/1/hosted/office.js",
        description=(
            "where the pane takes Office.js from; Microsoft allows a copy of one's own for "
            "deployment inside a company alone"
        ),
    )
    office_folder: Path | None = Field(
        default=None,
        description="a folder with a copy of Office.js, served with the pane instead",
    )
    frame_ancestors: tuple[WebAddress, ...] = Field(
        default=(),
        description="further addresses whose pages may show the pane, beside those of Outlook",
    )

    @property
    def is_installed(self) -> bool:
        """Whether we know who signs in, and for what."""
        return self.client_id is not None and bool(self.tenants)
