"""What the Microsoft app may do, and what it must not: for `nudger doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from nudger.admin.doctor_checks import Check
from nudger.providers.base import ProviderError
from nudger.providers.microsoft.auth import OPTIONAL_PERMISSION, ORGANIZATION_PERMISSIONS
from nudger.providers.microsoft.permissions import (
    Reach,
    granted_permissions,
    missing_permissions,
    probe,
)
from nudger.runtime.microsoft_accounts import MicrosoftAccounts

APP = "microsoft app"
OPTIONAL = "optional: with it Outlook tells reps' zones and hours; the probes below tell"
SCOPED = (
    "granted in Exchange for some mailboxes, or missing: the probes below tell "
    "(docs/setup-microsoft.md)"
)


def check_microsoft(accounts: MicrosoftAccounts, out_of_reach: str | None) -> Iterator[Check]:
    """The app's permissions, and that the mailbox `out_of_reach` is refused."""
    try:
        granted = granted_permissions(accounts.tokens.token())
    except ProviderError as error:
        yield Check(APP, ok=False, says=str(error))
        return
    without = dict.fromkeys(ORGANIZATION_PERMISSIONS, SCOPED) | {OPTIONAL_PERMISSION: OPTIONAL}
    missing = missing_permissions(granted, list(without))
    for permission, otherwise in without.items():
        says = otherwise if permission in missing else "granted for every mailbox"
        yield Check(f"permission {permission}", ok=True, says=says)
    if out_of_reach is not None:
        yield from _refused(accounts, out_of_reach)


def _refused(accounts: MicrosoftAccounts, address: str) -> Iterator[Check]:
    try:
        probes = probe(accounts.organization, address)
    except ProviderError as error:
        yield Check(f"out of reach {address}", ok=False, says=str(error))
        return
    for one in probes:
        refused = one.reach is Reach.REFUSED
        says = "is refused, as it must be" if refused else _REACHED[one.reach]
        yield Check(f"{one.kind} of {address}", ok=refused, says=says)


_REACHED = {
    Reach.REACHED: "can be opened: limit the app to the reps' mailboxes (docs/setup-microsoft.md)",
    Reach.NO_MAILBOX: "has no mailbox: name one that exists in microsoft.out_of_reach",
}
