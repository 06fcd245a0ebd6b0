"""Characters that nobody sees."""

from __future__ import annotations

import pytest

from nudger.mail.visible import visible, without_signs


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\ufeffsk\u00adip\u200b", "skip"),
        ("100\u202f000\u00a0€", "100 000 €"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("4\ufe0f\u20e3", "4"),
        ("end\u200c\u200c", "end"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_visible(text, seen):
    assert visible(text) == seen


@pytest.mark.parametrize(
    ("line", "bare"),
    [("👍 skip", "skip"), ("private 🔒", "private"), ("⚠️", ""), ("👍🏽", ""), ("a 👍 b", "a 👍 b")],
)
def test_without_signs(line, bare):
    assert without_signs(line) == bare
