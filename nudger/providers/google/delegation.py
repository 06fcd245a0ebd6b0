"""How the organization's service account is acted as: with its key, or without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from google.auth.credentials import Credentials

from nudger.providers.google.auth import CredentialsProblem, Delegation, service_account_info
from nudger.providers.google.keyless import (
    KEYLESS_TYPES,
    KeylessDelegation,
    source_of,
    target_of,
)

ATTACHED = "the identity attached to this machine"


class Delegates(Protocol):
    """Gives credentials for any person of the organization, one object a person and scope."""

    def credentials_for(self, person: str, scope: str) -> Credentials: ...


def delegation(
    content: Mapping[str, Any], sign_as: str | None, *, iam_root: str, token_uri: str
) -> Delegates:
    """The way to act as the service account that the credentials file and `sign_as` name.

    Raises `CredentialsProblem`.
    """
    identity = identity_in(content)
    if identity is None and sign_as is None:
        return Delegation(service_account_info(content))
    account = signs_as(content, sign_as)
    if account is None:
        raise CredentialsProblem(
            "The Google identity does not say which service account to sign as: set `sign_as` "
            "under [google] in nudger.toml (docs/setup-google.md#without-a-key)."
        )
    source = source_of(identity)
    return KeylessDelegation(source, account, iam_root=iam_root, token_uri=token_uri)


def identity_in(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Who runs Nudger, alone as Google gives it or inside Nudger's own file; `None` where the file
    does not say."""
    info = content if content.get("type") in KEYLESS_TYPES else content.get("google_identity")
    return info if isinstance(info, Mapping) else None


def signs_as(content: Mapping[str, Any], sign_as: str | None) -> str | None:
    """The service account that is signed for without a key, `None` where a key is used."""
    identity = identity_in(content)
    return sign_as or (target_of(identity) if identity is not None else None)


def described(content: Mapping[str, Any], sign_as: str | None) -> str:
    """In a few words, for an admin."""
    account, identity = signs_as(content, sign_as), identity_in(content)
    if account is not None:
        by = ATTACHED if identity is None else str(identity.get("type"))
        return f"signs as {account}, without a key, by {by}"
    if content.get("type") == "service_account":
        return "a service account's key"
    return ", ".join(name for name in content if not name.startswith("_"))
