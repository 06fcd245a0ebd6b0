from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.store.vault import Vault
from nudger.web.form_tokens import LASTING, is_form_token, new_form_token

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
VAULT, OTHER = Vault(b"k" * 32), Vault(b"o" * 32)


@pytest.mark.parametrize(
    ("vault", "purpose", "after", "counts"),
    [
        (VAULT, "answer:1", timedelta(0), True),
        (VAULT, "answer:1", LASTING, True),
        (VAULT, "answer:1", LASTING + timedelta(seconds=1), False),
        (VAULT, "answer:2", timedelta(0), False),
        (VAULT, "answer:1.", timedelta(0), False),
        (OTHER, "answer:1", timedelta(0), False),
    ],
)
def test_a_token_counts_for_its_page_and_its_time(vault, purpose, after, counts):
    token = new_form_token(VAULT, "answer:1", NOW)
    assert is_form_token(vault, token, purpose, NOW + after) is counts


@given(st.text())
def test_no_other_text_is_a_token(text):
    assert not is_form_token(VAULT, text, "answer:1", NOW)


def test_a_token_does_not_last_longer_by_writing_so():
    until, _, digest = new_form_token(VAULT, "answer:1", NOW).partition(".")
    assert not is_form_token(VAULT, f"{int(until) + 60}.{digest}", "answer:1", NOW)
