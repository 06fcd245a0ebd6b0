"""Tokens bind a reply to the question it answers."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.mail.token import (
    find_token,
    is_header_stop,
    message_id,
    new_token,
    reply_address,
    stop_address,
    token_hash,
)


def test_a_token_survives_the_way_through_an_address():
    token = new_token(secrets.token_bytes)
    address = reply_address("nudger@ourco.com", token)
    assert find_token([address.upper()]) == token
    assert len(address.partition("@")[0]) <= 64


def test_tokens_have_128_bits_and_only_their_hash_is_kept():
    tokens = {new_token(secrets.token_bytes) for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) * 5 >= 128 for token in tokens)
    assert token_hash(next(iter(tokens))) not in tokens


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        ["nudger@ourco.com"],
        ["nudger+r-short@ourco.com"],
        ["nudger+r-@ourco.com"],
        ["ana+notes@ourco.com"],
        ["nudger+r-abcdefgh\u0130jklmnopqrstuvwxyz234567@ourco.com"],
        ["nudger+r-abcdefgh\u017fjklmnopqrstuvwxyz234567@ourco.com"],
    ],
)
def test_no_token(recipients):
    assert find_token(recipients) is None


@given(st.lists(st.text(max_size=120), max_size=5))
def test_any_recipients_can_be_read(recipients):
    find_token(recipients)


def test_a_message_id_is_ours():
    made = message_id(secrets.token_bytes, "nudger@ourco.com")
    assert made.startswith("<")
    assert made.endswith("@ourco.com>")


TOKEN = "abcdefghijklmnopqrstuvwxyz234567"
REPLY = reply_address("nudger@ourco.com", TOKEN)
STOP = stop_address("nudger@ourco.com", TOKEN)


def test_a_stop_is_bound_by_the_same_token_and_no_longer():
    assert find_token([STOP.upper()]) == TOKEN
    assert len(STOP) == len(REPLY)


@pytest.mark.parametrize(
    ("recipients", "is_one"),
    [
        ([STOP], True),
        ([STOP.upper(), "ben@ourco.com"], True),
        ([REPLY], False),
        ([STOP, REPLY], False),
        (["nudger@ourco.com"], False),
        (["nudger+s-stop@ourco.com"], False),
        ([], False),
    ],
)
def test_a_stop_by_header_is_told_from_what_was_typed(recipients, is_one):
    assert is_header_stop(recipients) is is_one
