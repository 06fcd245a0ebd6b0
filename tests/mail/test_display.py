"""What strangers are called is shown so that it cannot pass for something else."""

from __future__ import annotations

import pytest

from nudger.mail.display import display_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("dana@acme.example", "dana@acme.example"),
        ("acme.example", "acme.example"),
        ("аcme.example", "xn--cme-5cd.example"),
        ("dana@аcme.example", "dana@xn--cme-5cd.example"),
        (" acme.example\r\n", "acme.example"),
    ],
)
def test_a_domain_cannot_pass_for_another_alone_or_in_an_address(address, shown):
    assert display_address(address) == shown
