"""A text in words, marks and line ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.mail.segments.tokens import tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Dana signs.", ["Dana", "signs", "."]),
        ("ask kim@ourco.example", ["ask", "kim@ourco.example"]),
        ("3.5 % by 9.30", ["3.5", "%", "by", "9.30"]),
        ("l'offre d’achat", ["l'offre", "d’achat"]),
        ("wait... ok--go", ["wait", "...", "ok", "--", "go"]),
        ("A:\n\n  B", ["A", ":", "\n\n  ", "B"]),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokens_of(text)] == tokens


@given(st.text())
def test_nothing_but_spaces_lies_between_them(text: str) -> None:
    end = 0
    for token in tokens_of(text):
        assert not text[end : token.start].strip()
        assert text[token.start : token.end] == token.text
        end = token.end
    assert not text[end:].strip()
