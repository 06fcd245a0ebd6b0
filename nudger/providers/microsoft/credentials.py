"""The Microsoft app registration in the credentials file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nudger.providers.base import ProviderError
from nudger.providers.microsoft.auth import Certificate, OrganizationApp, PersonalApp


def organization_app(content: Mapping[str, Any], folder: Path) -> OrganizationApp:
    """The app that acts by itself; files that it names are relative to `folder`.

    Raises `ProviderError` with a line that says what is missing.
    """
    app = _app(content)
    certificate = app.get("certificate")
    return OrganizationApp(
        tenant=_text(app, "tenant_id"),
        client_id=_text(app, "client_id"),
        certificate=_certificate(certificate, folder) if certificate else None,
        secret=str(app.get("client_secret") or "") or None,
    )


def personal_app(content: Mapping[str, Any]) -> PersonalApp:
    """The app that acts for a person who connected; it needs no secret."""
    app = _app(content)
    return PersonalApp(_text(app, "client_id"), str(app.get("tenant_id") or "common"))


def _app(content: Mapping[str, Any]) -> Mapping[str, Any]:
    app = content.get("microsoft_app")
    if not isinstance(app, Mapping):
        raise ProviderError(
            'There is no "microsoft_app" in the credentials file (docs/setup-microsoft.md).'
        )
    return app


def _text(app: Mapping[str, Any], name: str) -> str:
    value = app.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ProviderError(f'"microsoft_app" in the credentials file has no "{name}".')
    return value.strip()


def _certificate(given: Mapping[str, Any], folder: Path) -> Certificate:
    return Certificate(
        private_key=_file(given, "private_key_file", folder),
        public=_file(given, "certificate_file", folder) if given.get("certificate_file") else "",
        thumbprint=str(given.get("thumbprint") or ""),
    )


def _file(given: Mapping[str, Any], name: str, folder: Path) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise ProviderError(f'"certificate" in the credentials file has no "{name}".')
    try:
        return (folder / value).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ProviderError(f"{folder / value} cannot be read as a PEM file: {error}.") from error
