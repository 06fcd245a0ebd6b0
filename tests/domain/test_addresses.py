"""What somebody types as an address."""

from __future__ import annotations

import pytest

from nudger.domain.addresses import name_in, read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@ourco.com", "ana@ourco.com"),
        (" Ana.Weber@OurCo.com\n", "ana.weber@ourco.com"),
        ("ana+calls@eu.ourco.com", "ana+calls@eu.ourco.com"),
        ("", None),
        ("ana", None),
        ("ourco.com", None),
        ("@ourco.com", None),
        ("ana@", None),
        ("ana@ourco", None),
        ("ana@ourco.", None),
        ("ana@@ourco.com", None),
        ("ana@ben@ourco.com", None),
        ("ana weber@ourco.com", None),
        ("ana@ourco.com ben@ourco.com", None),
    ],
)
def test_an_address_is_read_as_typed(text, address):
    assert read_address(text) == address


def test_an_address_suggests_a_name():
    assert name_in("ana.weber@ourco.com") == "Ana Weber"
