"""Who we are to Google: a service account with domain-wide delegation, or one person's consent.

Sources: https://developers.google.com/identity/protocols/oauth2/service-account,
https://developers.google.com/identity/protocols/oauth2/native-app
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials as oauth_credentials
from google.oauth2 import service_account
from google_auth_oauthlib.flow import InstalledAppFlow

from nudger.providers.base import AccessDenied, ProviderError, ReconnectNeeded

CALENDAR_SCOPE = "https://www.googleapis.com/auth/calendar.events"
MAIL_SCOPE = "https://www.googleapis.com/auth/gmail.modify"

SCOPES: Mapping[str, str] = {
    CALENDAR_SCOPE: "read events, write the note into a description, make the private companion",
    MAIL_SCOPE: "draft and send the question, read the replies (no mail is ever deleted)",
}


class CredentialsProblem(ProviderError):
    """The credentials file cannot be used; one line that says what to do."""


def read_credentials(file: Path) -> dict[str, Any]:
    """The content of a credentials file as a mapping. Raises `CredentialsProblem`."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CredentialsProblem(
            f"{file} cannot be read ({error.strerror}): copy credentials.example.json and fill it."
        ) from error
    except ValueError as error:
        raise CredentialsProblem(f"{file} is not valid JSON: {error}.") from error
    if not isinstance(content, dict):
        raise CredentialsProblem(f"{file} holds a list or a text where an object is expected.")
    return content


def service_account_info(content: Mapping[str, Any]) -> dict[str, Any]:
    """A service account's key, alone as Google gives it or inside Nudger's own file."""
    info = content if content.get("type") == "service_account" else None
    info = info or content.get("google_service_account")
    if not isinstance(info, Mapping):
        raise CredentialsProblem(
            "There is no Google service account in the credentials file: download its JSON key, "
            'or put it under "google_service_account" (docs/setup-google.md).'
        )
    return dict(info)


def oauth_client(content: Mapping[str, Any]) -> dict[str, Any]:
    """A desktop app's OAuth client, alone as Google gives it or inside Nudger's own file."""
    client = content if "installed" in content else content.get("google_oauth_client")
    if not isinstance(client, Mapping) or not isinstance(client.get("installed"), Mapping):
        raise CredentialsProblem(
            "There is no Google OAuth client of the desktop type in the credentials file: download "
            'its JSON, or put it under "google_oauth_client" (docs/setup-google.md).'
        )
    return dict(client)


class Delegation:
    """Credentials for any person of the organization, one object a person and scope."""

    def __init__(self, info: Mapping[str, Any]) -> None:
        try:
            self._account = service_account.Credentials.from_service_account_info(dict(info))
        except (ValueError, TypeError, GoogleAuthError) as error:
            raise CredentialsProblem(
                f"The Google service account key cannot be used: {error}."
            ) from error

    def credentials_for(self, person: str, scope: str) -> Credentials:
        return self._account.with_scopes([scope]).with_subject(person)


def personal_credentials(stored: str, client: Mapping[str, Any]) -> oauth_credentials.Credentials:
    """Credentials of a person who connected, from what `connect` returned."""
    try:
        refresh_token = json.loads(stored)["refresh_token"]
    except (ValueError, LookupError, TypeError) as error:
        raise ReconnectNeeded("The stored Google consent cannot be read.") from error
    try:
        installed = client["installed"]
        return oauth_credentials.Credentials(
            token=None,
            refresh_token=refresh_token,
            token_uri=installed["token_uri"],
            client_id=installed["client_id"],
            client_secret=installed["client_secret"],
            scopes=list(SCOPES),
        )
    except (ValueError, LookupError, TypeError) as error:
        raise CredentialsProblem(
            f"The Google OAuth client in the credentials file cannot be used: {error!r}."
        ) from error


def connect(
    client: Mapping[str, Any], login_hint: str, show: Callable[[str], None], port: int = 0
) -> str:
    """Have a person consent in a browser on this machine; returns what is to be stored, sealed.

    `show` is given the address to open. Raises `ProviderError`.
    """
    try:
        _allow_plain_http_on_loopback(client)
        flow = InstalledAppFlow.from_client_config(dict(client), scopes=list(SCOPES))
        show("Opening the browser; if none opens, follow the address that is printed.")
        granted = flow.run_local_server(
            port=port, login_hint=login_hint, access_type="offline", prompt="consent"
        )
    except Exception as error:  # the flow raises whatever its many layers raise
        raise ProviderError(f"Google did not connect: {error}") from error
    missing = set(SCOPES) - set(granted.granted_scopes or granted.scopes or ())
    if missing or not granted.refresh_token:
        raise AccessDenied(f"Google connected without {', '.join(sorted(missing)) or 'a token'}.")
    return json.dumps({"refresh_token": granted.refresh_token})


def _allow_plain_http_on_loopback(client: Mapping[str, Any]) -> None:
    """oauthlib refuses a token endpoint without TLS; one on this machine may do without."""
    address = urlsplit(str(client["installed"].get("token_uri", "")))
    if address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost", "::1"):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
