"""Whether the reps' domains say what becomes of mail in their name (DMARC, RFC 7489).

A reply counts where the mail server says `dmarc=pass`. For a domain without a record no server says
so: then only the domain's own signature can speak for the rep, and Outlook takes mail from within
the organization alone. See docs/internals.md#replies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from nudger.admin.doctor_checks import Check
from nudger.domain.domain_names import a_label, registrable
from nudger.mail.dkim_check import KeyUnreachable

FindTxt = Callable[[str], bytes | None]
"""The text of a name's TXT record, `None` where there is none; raises `KeyUnreachable`."""

_RESERVED = (".example", ".test", ".invalid", ".localhost", ".local")
"""Names that nobody publishes anything under (RFC 6761, RFC 6762)."""


def check_dmarc(domains: Collection[str], find_txt: FindTxt) -> Iterator[Check]:
    """One line for each domain that can be looked up; where no name server answers, a single one
    that says so."""
    for domain in sorted({a_label(one) for one in domains}):
        if domain.endswith(_RESERVED):
            continue
        try:
            is_published = _has_record(domain, find_txt)
        except KeyUnreachable:
            says = f"not looked up, no name server answers: does _dmarc.{domain} have a record?"
            yield Check("DMARC", ok=True, says=says, warns=True)
            return
        yield _published(domain) if is_published else _missing(domain)


def _has_record(domain: str, find_txt: FindTxt) -> bool:
    """A sub-domain without one has that of the domain that it belongs to (RFC 7489, 6.6.3)."""
    names = dict.fromkeys((domain, registrable(domain)))
    return any(_is_dmarc(find_txt(f"_dmarc.{name}")) for name in names)


def _is_dmarc(record: bytes | None) -> bool:
    return (record or b"").replace(b" ", b"").startswith(b"v=DMARC1")


def _published(domain: str) -> Check:
    says = "published: replies from it can be told from forged ones"
    return Check(f"DMARC {domain}", ok=True, says=says)


def _missing(domain: str) -> Check:
    says = (
        "no record: replies count only where the domain's own signature (DKIM) is confirmed, the "
        f'rest is quarantined. Publish _dmarc.{domain} TXT "v=DMARC1; p=none" and sign with DKIM'
    )
    return Check(f"DMARC {domain}", ok=True, says=says, warns=True)
