"""What browsers may load for the pane, and who may show it.

Microsoft publishes no list: Office.js and what it loads come from one host, hosts need inline
styles, and Outlook on the web frames add-ins from the addresses below. Elsewhere the pane is a
window's own page.

Sources: https://learn.microsoft.com/office/dev/add-ins/concepts/addins-security;
https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from nudger.config import Settings
from nudger.providers.microsoft.authority import PUBLIC_CLOUD

OUTLOOK = (
    "https://outlook.office.com",
    "https://outlook.office365.com",
    "https://outlook.cloud.microsoft",
    "https://*.outlook.office.com",
    "https://outlook.live.com",
)


def policy_of(settings: Settings) -> str:
    """The pane's Content-Security-Policy."""
    chosen = settings.outlook_addin
    office = [] if chosen.office_folder else [origin_of(chosen.office_js)]
    sign_in = origin_of(settings.microsoft.authority or PUBLIC_CLOUD)
    parts = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *office],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", *office, sign_in],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": [*OUTLOOK, *map(origin_of, chosen.frame_ancestors)],
    }
    return "; ".join(f"{name} {' '.join(dict.fromkeys(of))}" for name, of in parts.items())


def origin_of(address: str) -> str:
    """Scheme, host and port of a web address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
