"""Whether the add-on in Google Calendar can be called and verified: for `nudger doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from nudger.admin.doctor_checks import Check
from nudger.admin.google_addon import why_not_deployable
from nudger.config import Settings
from nudger.providers.base import Unavailable
from nudger.providers.signing_keys import SigningKeys
from nudger.runtime.context import current_time

ADDON, KEYS = "google add-on", "google add-on's keys"
BOTH = "service_account and oauth_client are needed, both: gcloud workspace-add-ons "
BOTH += "get-authorization prints them (docs/addon-google.md)"
HERE_ALONE = "the pages are served on this machine alone, so Google does not reach the add-on: "
HERE_ALONE += "it needs an https address as [web] public_url (docs/addon-google.md)"


def check_google_addon(settings: Settings) -> Iterator[Check]:
    """Nothing where no add-on is set up."""
    chosen = settings.google_addon
    if not chosen.model_fields_set:
        return
    if not chosen.is_installed:
        yield Check(ADDON, ok=False, says=BOTH)
        return
    if _is_here_alone(settings.web.public_url or ""):
        yield Check(ADDON, ok=True, warns=True, says=HERE_ALONE)
        return
    impossible = why_not_deployable(settings)
    if impossible is not None:
        yield Check(ADDON, ok=False, says=impossible)
        return
    yield Check(ADDON, ok=True, says=f"Google calls {settings.web.public_url}/addon/google/…")
    try:
        SigningKeys(chosen.certificates, current_time).find("")
    except Unavailable as error:
        yield Check(KEYS, ok=False, says=str(error))
    else:
        yield Check(KEYS, ok=True, says=f"can be read at {chosen.certificates}")


def _is_here_alone(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
