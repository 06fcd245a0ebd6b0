"""To which addresses something may be sent."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.networks import Reach, may_connect, reach_of

CASES = [
    ("8.8.8.8", Reach.PUBLIC),
    ("2606:4700:4700::1111", Reach.PUBLIC),
    ("127.0.0.1", Reach.PRIVATE),
    ("127.8.9.1", Reach.PRIVATE),
    ("10.0.0.1", Reach.PRIVATE),
    ("172.16.0.1", Reach.PRIVATE),
    ("192.168.1.1", Reach.PRIVATE),
    ("100.64.0.1", Reach.PRIVATE),
    ("::1", Reach.PRIVATE),
    ("fd12::1", Reach.PRIVATE),
    ("192.0.2.1", Reach.PRIVATE),
    ("0.0.0.0", Reach.NEVER),  # noqa: S104
    ("::", Reach.NEVER),
    ("169.254.169.254", Reach.NEVER),
    ("169.254.1.1", Reach.NEVER),
    ("fd00:ec2::254", Reach.NEVER),
    ("100.100.100.200", Reach.NEVER),
    ("fe80::1", Reach.NEVER),
    ("fe80::1%eth0", Reach.NEVER),
    ("224.0.0.1", Reach.NEVER),
    ("ff02::1", Reach.NEVER),
    ("255.255.255.255", Reach.NEVER),
    ("240.0.0.1", Reach.NEVER),
    ("::ffff:8.8.8.8", Reach.PUBLIC),
    ("::ffff:127.0.0.1", Reach.PRIVATE),
    ("::ffff:169.254.169.254", Reach.NEVER),
    ("64:ff9b::8.8.8.8", Reach.PUBLIC),
    ("64:ff9b::10.0.0.1", Reach.PRIVATE),
    ("64:ff9b::169.254.169.254", Reach.NEVER),
    ("2002:7f00:1::", Reach.PRIVATE),
    ("2002:a9fe:a9fe::1", Reach.NEVER),
]


@pytest.mark.parametrize(("address", "expected"), CASES, ids=[c[0] for c in CASES])
def test_who_can_be_at_an_address(address, expected):
    assert reach_of(address) is expected


MAY = [
    ("8.8.8.8", False, True, True),
    ("8.8.8.8", True, True, True),
    ("8.8.8.8", True, False, False),
    ("10.0.0.1", False, True, False),
    ("10.0.0.1", True, True, True),
    ("10.0.0.1", True, False, True),
    ("169.254.169.254", True, True, False),
]


@pytest.mark.parametrize(("address", "allow_private", "is_encrypted", "may"), MAY)
def test_where_something_may_be_sent(address, allow_private, is_encrypted, may):
    found = may_connect(address, allow_private=allow_private, is_encrypted=is_encrypted)
    assert found is may


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_as_itself(inner):
    number = int(inner)
    wraps = [
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
    ]
    alone = reach_of(str(inner))
    assert [reach_of(str(one)) for one in wraps[:2]] == [alone, alone]
    if alone is not Reach.PUBLIC:
        assert reach_of(str(wraps[2])) is not Reach.PUBLIC


@given(st.ip_addresses())
def test_nobody_of_our_own_is_public(address):
    ours = address.is_private or address.is_loopback or address.is_link_local
    carries = isinstance(address, IPv6Address) and (address.ipv4_mapped or address.sixtofour)
    if ours and not carries:
        assert reach_of(str(address)) is not Reach.PUBLIC


@given(st.integers(min_value=0, max_value=2**24 - 1), st.sampled_from(["d", "o", "x", "short"]))
def test_however_loopback_is_written_it_is_judged_where_it_leads(low, form):
    """What a URL may say for 127.x.y.z: the system's resolver reads it, and what it read is
    judged."""
    number = (127 << 24) | low
    text = {"d": str(number), "o": f"0{number:o}", "x": hex(number), "short": f"127.{low}"}[form]
    (_, _, _, _, (address, *_)), *_ = socket.getaddrinfo(text, 80, type=socket.SOCK_STREAM)
    assert ip_address(address) == IPv4Address(number)
    assert reach_of(address) is Reach.PRIVATE


@given(st.text(max_size=40))
def test_what_is_no_address_is_none(text):
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        with pytest.raises(ValueError, match="address"):
            reach_of(text)
