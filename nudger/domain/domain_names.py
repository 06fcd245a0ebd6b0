"""Domain names: how they are compared, and whose they are.

Compared as IDNA 2008 A-labels (RFC 5891, by UTS 46 non-transitional). Who registered one is read
from the Public Suffix List; an Exchange tenant counts as a registration of its own.
"""

from __future__ import annotations

from functools import cache, lru_cache

import idna
from publicsuffixlist import PublicSuffixList

_TENANTS = ("mail.onmicrosoft.com", "onmicrosoft.com")


def a_label(domain: str) -> str:
    """The domain as ASCII labels, lower-case; what IDNA refuses stays as it was written."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def u_label(domain: str) -> str:
    """The domain as it is shown to people, label by label; what cannot be read stays."""
    return ".".join(_shown(label) for label in domain.split("."))


def _shown(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


@lru_cache(maxsize=50_000)
def registrable(domain: str) -> str:
    """The part of the domain that somebody registered: "acme.co.uk" for "eu.acme.co.uk"."""
    tenant = tenant_of(domain)
    if tenant is not None:
        return f"{tenant}.{_TENANTS[-1]}"
    return suffix_list().privatesuffix(domain) or domain


def tenant_of(domain: str) -> str | None:
    """The name of the Exchange tenant whose address this is: "acme" for "acme.onmicrosoft.com"."""
    for suffix in _TENANTS:
        if domain.endswith("." + suffix):
            return domain.removesuffix("." + suffix).rpartition(".")[2]
    return None


def parents(domain: str) -> list[str]:
    """The domain and all that it lies in, the longest first."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]


@cache
def suffix_list() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)
