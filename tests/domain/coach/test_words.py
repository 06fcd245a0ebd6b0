"""The lists of words, a file a language."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from nudger.domain.coach import words

FOLDER = Path(words.__file__).parents[1] / "data" / "coach"
LANGUAGES = sorted(FOLDER.glob("*.toml"))
DESCRIBED = set(re.findall(r"^\| `(\w+)` \|", (FOLDER / "README.md").read_text("utf-8"), re.M))


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_a_language_has_the_lists_that_are_described_and_no_entry_twice(file):
    lists = tomllib.loads(file.read_text("utf-8"))
    assert set(lists) <= DESCRIBED
    for name, entries in lists.items():
        assert len(set(entries)) == len(entries), name
        for entry in entries:
            re.compile(entry)


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_the_small_words_of_each_language_are_known(file):
    lists = tomllib.loads(file.read_text("utf-8"))
    assert {"titles", "joins", "small", "leads", "marks", "we", "us", "goal", "papers"} <= set(
        lists
    )


@pytest.mark.parametrize(
    ("alternatives", "text"),
    [
        (words.ROLES, "geschäftsführerin"),
        (words.AGREES, "gaat akkoord"),
        (words.ACTS_ELSEWHERE, "nos presenta"),
        (words.WHEN, "la prossima settimana"),
        (words.LEARNS, "compreender"),
        (words.SELLS, "rédiger"),
    ],
)
def test_each_language_is_read(alternatives, text):
    assert words.words(alternatives).fullmatch(text)


def test_english_acts_are_told_apart_from_the_others():
    assert words.at_the_start(words.ACTS).match("to introduce us")
    assert not words.words(words.ACTS).search("stellt uns vor")
