"""Which domains were made to be mistaken for ours?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.lookalike import imitates, mixes_scripts

OURS = "northwind.com"


@pytest.mark.parametrize(
    "domain",
    [
        "n0rthwind.com",
        "northwlnd.com",
        "nоrthwind.com",
        "xn--nrthwind-nbh.com",
        "nörthwind.com",
        "northvvind.com",
        "northwind.com.evil.io",
        "mail.northwind.com.evil.io",
        "northwind.com.au",
        "northwind-com.io",
        "login.northwind-com.io",
        "northwindcom.net",
        "north-wind.com",
        "northwnid.com",
        "norrthwind.com",
        "northwind.co",
        "northwind.cm",
    ],
)
def test_imitations(domain):
    assert imitates(domain, OURS)


@pytest.mark.parametrize(
    "domain",
    [
        "northwind.com",
        "mail.northwind.com",
        "acme.com",
        "northwind.de",
        "northwind.zendesk.com",
        "northwinds.com",
        "southwind.com",
        "",
    ],
)
def test_honest_domains(domain):
    assert not imitates(domain, OURS)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("amce.com", "acme.com"), ("ourco.be", "ourco.de"), ("aacme.com", "acme.com")],
)
def test_a_slip_in_a_short_name_is_often_another_company(theirs, ours):
    assert not imitates(theirs, ours)


@pytest.mark.parametrize(
    ("domain", "mixed"),
    [
        ("acme.com", False),
        ("müller.de", False),
        ("аcme.com", True),
        ("xn--cme-7cd.com", True),
        ("пример.рф", False),
        ("山田商事.jp", False),
        ("xn--\u00e9.com", False),
    ],
)
def test_mixed_scripts(domain, mixed):
    assert mixes_scripts(domain) is mixed


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_pair_is_compared(domain, ours):
    assert imitates(domain, ours) in (True, False)
    assert mixes_scripts(domain) in (True, False)
