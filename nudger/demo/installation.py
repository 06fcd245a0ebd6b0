"""Nudger installed beside a sandbox, as an admin would: files in a folder, people in the database.

The demonstration, the tests, the simulation and the benchmarks all begin here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nudger.runtime.context import Context
from nudger.sandbox.google.addons import ADDON_ACCOUNT, ADDON_CLIENT
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.microsoft.addins import OFFICE_JS
from nudger.sandbox.microsoft.identity import TENANT, app_credentials
from nudger.sandbox.microsoft.user_tokens import ADDIN_CLIENT
from nudger.sandbox.scenario import ZONE
from nudger.store import people
from nudger.store.people import NewRep
from nudger.store.vault import new_key

OUR_DOMAIN: Mapping[str, str] = {"ourco.example": "ours"}


@dataclass(frozen=True, slots=True)
class Installation:
    """What an admin writes into nudger.toml: the shared mailbox (or none) at each provider in use,
    whether Outlook may mail guests about a write, whether there are add-ons in the calendars,
    how much is done `at_once` where that matters, the folder of own `templates`, and `tables` for
    the rest of the file."""

    mailboxes: Mapping[str, str | None]
    outlook_may_notify_guests: bool = False
    tables: str = ""
    has_google_addon: bool = False
    has_outlook_addin: bool = False
    at_once: int | None = None
    templates: str | None = None

    def nudger_toml(self, url: str) -> str:
        """The file for a sandbox at `url`."""
        lines = ['write_back = "meeting"', f'time_zone = "{ZONE}"']
        if self.at_once is not None:
            lines.append(f"at_once = {self.at_once}")
        if self.templates is not None:
            lines.append(f'templates = "{self.templates}"')
        for provider, mailbox in self.mailboxes.items():
            lines.append(f"[{provider}]")
            if mailbox is not None:
                lines.append(f'mailbox = "{mailbox}"')
            lines += self._endpoints(provider, url)
        if self.has_google_addon:
            lines += _google_addon(url)
        if self.has_outlook_addin:
            lines += _outlook_addin(url)
        return "\n".join([*lines, self.tables])

    def _endpoints(self, provider: str, url: str) -> list[str]:
        if provider == "google":
            return [f'api_root = "{url}"']
        may_notify = str(self.outlook_may_notify_guests).lower()
        return [
            f'graph_root = "{url}/v1.0"',
            f'authority = "{url}"',
            f"outlook_may_notify_guests = {may_notify}",
        ]


def _google_addon(url: str) -> list[str]:
    return [
        "[google_addon]",
        f'service_account = "{ADDON_ACCOUNT}"',
        f'oauth_client = "{ADDON_CLIENT}"',
        f'certificates = "{url}/oauth2/v3/certs"',
    ]


def _outlook_addin(url: str) -> list[str]:
    return [
        "[outlook_addin]",
        f'client_id = "{ADDIN_CLIENT}"',
        f'tenants = ["{TENANT}"]',
        f'office_js = "{url}{OFFICE_JS}"',
        f'frame_ancestors = ["{url}"]',
    ]


def install(folder: Path, url: str, installation: Installation) -> Path:
    """Write nudger.toml, the credentials of the sandbox at `url` and a new key into the folder;
    returns the path of nudger.toml."""
    file = folder / "nudger.toml"
    file.write_text(installation.nudger_toml(url), encoding="utf-8")
    if installation.templates is not None:
        (folder / installation.templates).mkdir()
    credentials = json.dumps(credentials_of(url))
    (folder / "credentials.json").write_text(credentials, encoding="utf-8")
    (folder / "nudger.key").write_text(new_key(), encoding="utf-8")
    for secret in (file.name, "credentials.json", "nudger.key"):
        (folder / secret).chmod(0o600)
    return file


def credentials_of(url: str) -> dict[str, Any]:
    """What opens the accounts of the running sandbox at `url`, for a credentials file."""
    return {
        "google_service_account": new_service_account(url),
        "microsoft_app": app_credentials(),
    }


def introduce(
    ctx: Context, reps: Iterable[NewRep], domains: Mapping[str, str] = OUR_DOMAIN
) -> None:
    """Make the reps known, and what each domain is to us."""
    with ctx.database.begin() as tx:
        for domain, kind in domains.items():
            people.set_domains(tx, [domain], kind, ctx.clock())
        for rep in reps:
            people.add_rep(tx, rep, ctx.clock())
