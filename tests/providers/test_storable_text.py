"""What providers say, fit to be kept."""

from __future__ import annotations

import json

import pytest

from nudger.providers.storable_text import storable_text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (json.loads('"ACME"'), "ACME"),
        (json.loads('"Müller \\ud83d\\ude00"'), "Müller 😀"),
        (json.loads('"cut \\ud83d"'), "cut \ufffd"),
        (json.loads('"\\ude00 cut"'), "\ufffd cut"),
        (json.loads('"a\\u0000b"'), "ab"),
        (json.loads('"ä\\u0000b"'), "äb"),
        (None, ""),
        (5, ""),
        (["ACME"], ""),
    ],
)
def test_a_text_can_be_kept_whatever_was_said(given, kept):
    assert storable_text(given) == kept
    storable_text(given).encode()
