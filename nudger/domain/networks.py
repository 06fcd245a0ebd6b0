"""Whether we may connect to an address: a pure function of the address itself, never of a name.

Sources: the IANA special-purpose address registries; OWASP, Server-Side Request Forgery.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

METADATA = frozenset(map(ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200")))
"""Where clouds tell a machine its secrets."""
_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = IPv6Network("::/96")


class Reach(StrEnum):
    """Who can be at an address."""

    PUBLIC = "public"
    PRIVATE = "private"
    """Somebody within: this machine, or a network of one's own."""
    NEVER = "never"
    """Nobody whom we have to do with: link-local, metadata, multicast, reserved."""


def reach_of(text: str) -> Reach:
    """Who can be at this IP address. An address that carries another within (mapped, translated,
    tunnelled) is only as good as that one. Raises `ValueError` for what is no address."""
    worst = {_reach(one) for one in _carried(ip_address(text.partition("%")[0]))}
    return next(one for one in (Reach.NEVER, Reach.PRIVATE, Reach.PUBLIC) if one in worst)


def may_connect(address: str, *, allow_private: bool, is_encrypted: bool) -> bool:
    """Whether what we send may go there. What is not encrypted stays within."""
    reach = reach_of(address)
    if reach is Reach.PUBLIC:
        return is_encrypted
    return reach is Reach.PRIVATE and allow_private


def _carried(address: Address) -> Iterator[Address]:
    if isinstance(address, IPv4Address):
        yield address
        return
    within = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 0xFFFF):
        within.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    found = [one for one in within if one is not None]
    is_only_a_wrap = address.ipv4_mapped is not None or address in _NAT64
    if not is_only_a_wrap:
        yield address
    yield from found


def _reach(address: Address) -> Reach:
    if address in METADATA or address.is_link_local or address.is_unspecified:
        return Reach.NEVER
    if address.is_loopback:
        return Reach.PRIVATE
    if address.is_multicast or address.is_reserved:
        return Reach.NEVER
    return Reach.PUBLIC if address.is_global else Reach.PRIVATE
