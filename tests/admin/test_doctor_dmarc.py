"""What the doctor says of the domains that reps answer from."""

from __future__ import annotations

import pytest

from nudger.admin.doctor_dmarc import check_dmarc
from nudger.mail.dkim_check import KeyUnreachable

RECORD = b"v=DMARC1; p=none"


def checked(domains, **records):
    published = {f"_dmarc.{name.replace('__', '.')}": text for name, text in records.items()}
    return [(one.what, one.ok, one.warns) for one in check_dmarc(domains, published.get)]


@pytest.mark.parametrize(
    ("domain", "records", "warns"),
    [
        ("ourco.com", {"ourco__com": RECORD}, False),
        ("eu.ourco.com", {"ourco__com": RECORD}, False),
        ("eu.ourco.com", {"eu__ourco__com": b"v = DMARC1 ;p=reject"}, False),
        ("ourco.com", {}, True),
        ("ourco.com", {"ourco__com": b"v=spf1 -all"}, True),
        ("ourco.com", {"ourco__com": b""}, True),
        ("ourco.com", {"eu__ourco__com": RECORD}, True),
    ],
)
def test_a_missing_record_is_a_warning_and_no_failure(domain, records, warns):
    assert checked([domain], **records) == [(f"DMARC {domain}", True, warns)]


def test_it_says_what_it_means_and_what_to_publish():
    (found,) = check_dmarc(["bücher.de"], {}.get)
    assert found.what == "DMARC xn--bcher-kva.de"
    assert "quarantined" in found.says
    assert '_dmarc.xn--bcher-kva.de TXT "v=DMARC1; p=none"' in found.says


def test_without_a_name_server_there_is_one_line():
    def unreachable(name):
        raise KeyUnreachable(name)

    (found,) = check_dmarc(["a.com", "b.com"], unreachable)
    assert (found.ok, found.warns) == (True, True)
    assert "not looked up" in found.says


def test_reserved_names_are_not_looked_up():
    assert list(check_dmarc(["ourco.example", "ourco.test"], None)) == []
