"""Google's key sets: which keys are taken from one, and that odd ones are left out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.providers.signing_keys import _kept_for, read_keys

N = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
KEY = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "one", "n": N, "e": "AQAB"}


def keys(*listed):
    return list(read_keys(json.dumps({"keys": listed}).encode()))


def test_rsa_keys_for_signatures_are_taken():
    assert keys(KEY, {**KEY, "kid": "two"}) == ["one", "two"]
    assert keys({name: KEY[name] for name in ("kty", "kid", "n", "e")}) == ["one"]


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC"},
        {"use": "enc"},
        {"alg": "HS256"},
        {"n": ""},
        {"n": None},
        {"e": "!"},
    ],
)
def test_others_are_left_out_and_spoil_nothing(change):
    assert keys({**KEY, **change}, {**KEY, "kid": "two"}) == ["two"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("public, max-age=21600, must-revalidate", 21_600),
        ("max-age=5", 60),
        ("max-age=999999999", 86_400),
        ("no-store", 3_600),
        ("", 3_600),
    ],
)
def test_they_are_kept_as_long_as_is_said_within_limits(said, seconds):
    assert _kept_for(said).total_seconds() == seconds


def test_a_key_without_an_id_is_left_out():
    assert keys({name: value for name, value in KEY.items() if name != "kid"}) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys": 1}', b"\xff", b"<html>"])
def test_what_is_no_key_set_is_said_to_be_none(body):
    with pytest.raises(ValueError, match=r"."):
        read_keys(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*KEY, "x"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_whatever_is_listed_never_fails(listed):
    read_keys(json.dumps({"keys": [listed, KEY]}).encode())
