"""Whether the add-in in Outlook can be shown and its sign-in verified: for `nudger doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from nudger.admin.doctor_checks import Check
from nudger.admin.outlook_addin import why_not_installable
from nudger.config import Settings
from nudger.providers.base import ProviderError, Unavailable
from nudger.providers.microsoft.addin.access_tokens import AccessTokens
from nudger.runtime.context import current_time

ADDIN, KEYS = "outlook add-in", "outlook add-in's keys"
PERSONAL = (
    'the pane knows a rep by whose mailbox the directory says it is: mode = "organization" is '
    "needed (docs/addin-outlook.md)"
)


def check_outlook_addin(settings: Settings) -> Iterator[Check]:
    """Nothing where no add-in is set up."""
    chosen = settings.outlook_addin
    if not chosen.model_fields_set:
        return
    impossible = why_not_installable(settings)
    if impossible is None and settings.mode != "organization":
        impossible = PERSONAL
    if impossible is None and chosen.office_folder and not _has_office(settings):
        impossible = f"{chosen.office_folder} has no office.js"
    if impossible is not None:
        yield Check(ADDIN, ok=False, says=impossible)
        return
    yield Check(ADDIN, ok=True, says=f"Outlook shows {settings.web.public_url}/addin/outlook/pane")
    yield from _keys(settings)


def _has_office(settings: Settings) -> bool:
    folder = settings.outlook_addin.office_folder
    return folder is not None and (folder / "office.js").is_file()


def _keys(settings: Settings) -> Iterator[Check]:
    chosen = settings.outlook_addin
    authority = settings.microsoft.authority
    tokens = AccessTokens.of(chosen.client_id or "", chosen.tenants, authority, current_time)
    for tenant, signed in tokens.by_tenant.items():
        try:
            signed.keys.find("")
        except (ProviderError, Unavailable) as error:
            yield Check(KEYS, ok=False, says=f"{error}: is {tenant} the directory's id?")
        else:
            yield Check(KEYS, ok=True, says=f"can be read at {signed.keys.address}")
