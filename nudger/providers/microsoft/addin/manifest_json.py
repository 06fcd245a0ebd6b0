"""The unified manifest for Microsoft 365, which newer Outlooks on Windows and the web take.

Source: learn.microsoft.com/microsoft-365/extensibility/schema (version 1.23).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from nudger.providers.microsoft.addin.access_tokens import SCOPE
from nudger.providers.microsoft.addin.endpoints import Endpoints
from nudger.providers.microsoft.addin.identity import (
    BUTTON,
    NAME,
    PERMISSION_JSON,
    SAYS,
    SAYS_MORE,
    id_of,
)

SCHEMA_VERSION = "1.23"
COLOR, OUTLINE = "color.png", "outline.png"
"""The pictures that lie beside manifest.json, of 192 and 32 pixels."""
_CONTEXTS = ("meetingDetailsOrganizer", "meetingDetailsAttendee")
_ICONS = (16, 32, 80)


def manifest_json(public_url: str, client_id: str, version: str) -> dict[str, Any]:
    """The content of manifest.json."""
    at = Endpoints(public_url)
    schemas = "https://developer.microsoft.com/json-schemas/teams"
    return {
        "$schema": f"{schemas}/v{SCHEMA_VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "id": id_of(public_url),
        "version": version,
        "name": {"short": NAME, "full": NAME},
        "description": {"short": SAYS, "full": SAYS_MORE},
        "developer": {
            "name": NAME,
            "websiteUrl": f"{public_url}/me",
            "privacyUrl": f"{public_url}/me",
            "termsOfUseUrl": f"{public_url}/me",
        },
        "icons": {"color": COLOR, "outline": OUTLINE},
        "accentColor": "#2F6FDD",
        "validDomains": [urlsplit(public_url).netloc],
        "webApplicationInfo": {"id": client_id, "resource": f"api://{client_id}/{SCOPE}"},
        "authorization": {
            "permissions": {
                "resourceSpecific": [{"name": PERMISSION_JSON, "type": "Delegated"}],
            }
        },
        "extensions": [_extension(at)],
    }


def _extension(at: Endpoints) -> dict[str, Any]:
    needed = [{"name": "Mailbox", "minVersion": "1.3"}]
    return {
        "requirements": {"scopes": ["mail"], "capabilities": needed},
        "runtimes": [
            {
                "id": "pane",
                "type": "general",
                "code": {"page": at.pane},
                "lifetime": "short",
                "actions": [{"id": "openPane", "type": "openPage", "view": "pane"}],
            }
        ],
        "ribbons": [
            {"contexts": [context], "tabs": [_tab(at, number)]}
            for number, context in enumerate(_CONTEXTS)
        ],
    }


def _tab(at: Endpoints, number: int) -> dict[str, Any]:
    icons = [{"size": size, "url": at.icon(size)} for size in _ICONS]
    button = {
        "id": f"button{number}",
        "type": "button",
        "label": BUTTON,
        "icons": icons,
        "supertip": {"title": BUTTON, "description": SAYS},
        "actionId": "openPane",
    }
    group = {"id": f"group{number}", "label": NAME, "icons": icons, "controls": [button]}
    return {"builtInTabId": "TabDefault", "groups": [group]}
