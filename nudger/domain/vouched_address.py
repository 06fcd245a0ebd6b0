"""Which mail address of a sign-in may invite: only one that its provider vouches for.

Sources: OpenID Connect Core 5.1 and 5.7; learn.microsoft.com/entra/identity-platform,
id-token-claims-reference (`preferred_username`, `idp`), optional-claims-reference (`xms_edov`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nudger.domain.addresses import read_address
from nudger.domain.event import Provider

_YES = (True, 1, "1", "true")


def vouched_address(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    """The address, or `None`.

    Google verifies addresses and says so. Microsoft does not: `email` is whatever a directory's
    admin wrote, unless it says that the domain's owner was verified; the user name of a member is
    in a domain that the directory owns, that of a guest in anybody's.
    """
    if provider is Provider.GOOGLE:
        return _address(claims, "email") if claims.get("email_verified") in _YES else None
    if claims.get("xms_edov") in _YES:
        return _address(claims, "email")
    is_guest = claims.get("idp", claims.get("iss")) != claims.get("iss")
    return None if is_guest else _address(claims, "preferred_username")


def _address(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return read_address(value) if isinstance(value, str) else None
