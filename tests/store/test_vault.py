"""What is sealed opens only with the key, at the place it belongs to, unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.store.vault import KeyProblem, SealBroken, Vault, load_vault, new_key, read_key

VAULT = Vault(read_key(new_key()))


@given(st.binary(max_size=500), st.text(max_size=50))
def test_what_is_sealed_opens(value, owner):
    sealed = VAULT.seal(value, owner)
    assert VAULT.open(sealed, owner) == value
    assert sealed != VAULT.seal(value, owner)


def test_a_moved_changed_or_foreign_value_does_not_open():
    sealed = VAULT.seal(b"secret", "answer:1")
    for broken, owner, vault in (
        (sealed, "answer:2", VAULT),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "answer:1", VAULT),
        (b"\x02" + sealed[1:], "answer:1", VAULT),
        (sealed, "answer:1", Vault(read_key(new_key()))),
    ):
        with pytest.raises(SealBroken):
            vault.open(broken, owner)


@pytest.mark.parametrize("text", ["", "short", "ÄÖÜ", "a" * 100])
def test_a_wrong_key_is_refused(text):
    with pytest.raises(KeyProblem):
        Vault(read_key(text))


def test_without_a_key_the_refusal_says_what_to_do(tmp_path):
    with pytest.raises(KeyProblem, match="nudger key --write"):
        load_vault(None, tmp_path / "nudger.key")
