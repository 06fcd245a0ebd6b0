"""The words of replies, a file a language."""

from __future__ import annotations

import re

import pytest

from nudger.domain.commitment import Milestone
from nudger.mail.milestones import known_milestone
from nudger.mail.plain_form import folded_words
from nudger.mail.vocabulary import all_of, languages, rows_of, spelled_out

READ_WHOLE = [language for language in languages() if language.commands]
"""Those in which replies are understood; of the others only what mail programs write."""
ENGLISH, *OTHERS = READ_WHOLE
IN_ENGLISH_ALONE = {"pointing"}


def test_replies_are_understood_in_our_languages():
    assert {language.code for language in READ_WHOLE} == {"en", "de", "es", "fr", "it", "nl", "pt"}


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_a_language_has_each_list_of_english(language):
    assert set(language.lists) == set(ENGLISH.lists) - IN_ENGLISH_ALONE
    assert set(language.labels) == set(ENGLISH.labels)
    assert set(language.commands) == set(ENGLISH.commands)


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.code)
def test_its_rows_are_patterns(language):
    for rows in (language.lists | language.labels | language.commands).values():
        assert all(re.compile(row) for row in rows)


def test_a_list_is_read_in_all_languages_the_longest_first():
    assert rows_of("and_word") == {"and", "und", "et", "y", "e", "en"}
    assert all_of("and_word") == "and|und|en|et|e|y"


def test_what_is_shortened_is_folded_and_no_shortened_word_again():
    for short, long in spelled_out().items():
        assert list(folded_words(short)) == [short]
        assert " ".join(folded_words(long)) == long
        assert not set(long.split()) & set(spelled_out())


@pytest.mark.parametrize(
    ("said", "name"),
    [("mgmt mtg", "Management meeting"), ("RDV avec le DM", "Rendez-vous decision maker")],
)
def test_a_milestone_is_known_by_shortened_words(said, name):
    assert known_milestone(said, (Milestone("Contract", ""), Milestone(name, ""))) == name
