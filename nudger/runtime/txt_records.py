"""TXT records, where the keys of mail signatures and the policies of domains are published."""

from __future__ import annotations

import dns.exception
import dns.resolver

from nudger.mail.dkim_check import KeyUnreachable

LONGEST_WAIT_SECONDS = 2.0


def find_txt(name: str) -> bytes | None:
    """The record's text, `None` where the name has none. Raises `KeyUnreachable`."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=LONGEST_WAIT_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except (dns.exception.DNSException, OSError, ValueError) as error:
        raise KeyUnreachable(name) from error
    return b"".join(next(iter(answer)).strings)
