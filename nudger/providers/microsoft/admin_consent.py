"""The link by which an admin consents for everybody.

Microsoft's default policy lets people consent to no app that reads mail or calendars (since
November 2025); then their own sign-in ends with "Need admin approval".
Source: learn.microsoft.com/entra/identity-platform/v2-admin-consent.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from nudger.providers.microsoft.auth import GRAPH_ROOT, PERSONAL_SCOPES, PersonalApp, graph_resource
from nudger.providers.microsoft.authority import authority_url

REDIRECT = "http://localhost"
"""As registered for "mobile and desktop applications"; the page behind it need not exist."""
_NO_DIRECTORY = ("common", "consumers")


def admin_consent_link(
    app: PersonalApp, *, authority: str | None = None, graph_root: str = GRAPH_ROOT
) -> str:
    """What an admin of the directory opens. Raises `ProviderError` for a wrong authority."""
    tenant = "organizations" if app.tenant in _NO_DIRECTORY else app.tenant
    resource = graph_resource(graph_root)
    asked = {
        "client_id": app.client_id,
        "scope": " ".join(f"{resource}/{scope}" for scope in PERSONAL_SCOPES),
        "redirect_uri": REDIRECT,
    }
    query = urlencode(asked, safe="/", quote_via=quote)
    return f"{authority_url(authority, tenant)}/v2.0/adminconsent?{query}"
