"""Every language says everything, with the same places, and names commands that are understood."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import normalize, read_po

import nudger
from nudger.admin.samples import SAMPLES, sample
from nudger.domain.commitment import Milestone
from nudger.mail import compose, phrases
from nudger.mail.commands import read_command
from nudger.mail.html_reply import page_text
from nudger.mail.outcome import read_outcome
from nudger.mail.reply_text import folded, text_words
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import TemplateProblem, Templates, languages_of, shipped_templates
from nudger.mail.vocabulary import whole
from nudger.sandbox.plain_forms import plain_of_page

LANGUAGES = [language for language in languages_of(None) if language != "en"]
MILESTONES = (Milestone("First call"), Milestone("Decision"))
PROVIDERS = ("google", "microsoft")
START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
PLACE = re.compile(r"%\(\w+\)s")


SAID = {"say": None, "_": None, "N_": None}
CODE = [("cli/**", "ignore"), ("demo/**", "ignore"), ("**.py", "python")]
"""What is said to an admin is said in English."""
TEMPLATES = [("**.j2", "jinja2.ext:babel_extract")]


@cache
def messages() -> set[str]:
    """All that is said: in templates, where code says it, and where a constant is marked."""
    code = extract_from_dir(Path(nudger.__file__).parent, CODE, keywords=SAID)
    folders = (shipped_templates() / "en", Path(nudger.__file__).parent / "web" / "templates")
    templates = [
        found for folder in folders for found in extract_from_dir(folder, TEMPLATES, keywords=SAID)
    ]
    return {message for _, _, message, _, _ in (*code, *templates)}


def translations(language):
    with (shipped_templates() / f"{language}.po").open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if entry.id}


def test_seven_languages_ship():
    assert set(LANGUAGES) >= {"de", "fr", "es", "pt", "it", "nl"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_every_language(language):
    known = translations(language)
    assert messages() - known.keys() == set(), "not translated"
    assert known.keys() - messages() == set(), "nobody says it any more"
    for message, translated in known.items():
        assert sorted(PLACE.findall(message)) == sorted(PLACE.findall(translated)), message


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_every_command_that_help_names_is_understood(language):
    words = templates_for(None, language).words
    lead = [re.split(r"\s?:", words.say(line))[0] for line in phrases.HELP_LINES[3:]]
    said = [one.strip() for part in lead for one in ([part] if "@" in part else part.split(","))]
    unknown = [one for one in said if read_command(one) is None and not whole("same").match(one)]
    assert unknown == []


@pytest.mark.parametrize("footer", ["_commands.txt.j2", "_commands_for_all.txt.j2"])
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_the_footer_names_commands(language, footer):
    text = templates_for(None, language).render(footer, {"colleague": "b@x.example"})
    for said in re.split(r"\s?: ", text, maxsplit=1)[1].strip().split(" · "):
        assert read_command(said) is not None, said


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_yes_partly_and_no_are_understood_as_they_are_offered(language):
    words = templates_for(None, language).words
    for outcome, word in compose.OUTCOME_WORDS.items():
        assert read_outcome(words.say(word)) == (outcome, "")


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("kind", SAMPLES)
def test_every_mail_is_written_and_quoted_back_leaves_nothing(kind, language):
    shown = sample(kind, templates_for(None, language), MILESTONES, START)
    assert "%(" not in shown.text + shown.subject + shown.html
    if kind != "note":
        ours = [
            folded(line) for line in (*shown.text.splitlines(), *page_text(shown.html).split("\n"))
        ]
        for quoted in (shown.text, *(plain_of_page(shown.html, one) for one in PROVIDERS)):
            assert text_words(f"Dana agrees\n\n{quoted}", ours) == "Dana agrees"


def test_an_own_catalogue_adds_a_language_and_changes_a_word(tmp_path):
    (tmp_path / "sv.po").write_text('msgid "C.O."\nmsgstr "Löfte"\n')
    (tmp_path / "de.po").write_text('msgid "C.O."\nmsgstr "Zusage"\n')
    assert "sv" in languages_of(tmp_path)
    assert Templates(tmp_path, "sv").words.say("C.O.") == "Löfte"
    assert Templates(tmp_path, "sv").words.say("Fallback") == "Fallback"
    german = Templates(tmp_path, "de").words
    assert (german.say("C.O."), german.say("Fallback")) == ("Zusage", "Rückfallziel")


GUESTS = "With %(guests)s"


@pytest.mark.parametrize(
    ("message", "translated", "shown"),
    [
        (GUESTS, "Mit %(guests)s", "Mit Dana"),
        (GUESTS, "Mit %(guests)s (%(guests)s)", "Mit Dana (Dana)"),
        (GUESTS, "Zu 100 %% mit %(guests)s", "Zu 100 % mit Dana"),
        (GUESTS, "Mit %(gäste)s", "With Dana"),
        (GUESTS, "Mit %(guest)s", "With Dana"),
        (GUESTS, "Mit Gästen", "With Dana"),
        (GUESTS, "Mit %(guests)", "With Dana"),
        (GUESTS, "Mit %(guests", "With Dana"),
        (GUESTS, "Mit %(guests)d", "With Dana"),
        (GUESTS, "Mit %(guests)999999999s", "With Dana"),
        (GUESTS, "Mit %s", "With Dana"),
        (GUESTS, "Mit %", "With Dana"),
        (GUESTS, "Mit %(guests)s und %(title)s", "With Dana"),
        ("C.O.", "100 %", "C.O."),
        ("C.O.", "%(guests)s", "C.O."),
    ],
)
def test_a_translation_that_cannot_be_filled_in_is_not_used(tmp_path, message, translated, shown):
    (tmp_path / "de.po").write_text(f'msgid "{message}"\nmsgstr "{translated}"\n')
    assert Templates(tmp_path, "de").words.say(message, guests="Dana") == shown


@pytest.mark.parametrize("translated", ["%(x)s", "EEEEEEEEEEE", "bbb", "100 %", "dddddddd"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_no_broken_catalogue_stops_a_mail(tmp_path, kind, translated):
    """Whatever its messages are translated to, a mail of each kind is written."""
    entries = [f'msgid {normalize(one)}\nmsgstr "{translated}"\n' for one in sorted(messages())]
    (tmp_path / "de.po").write_text("\n".join(entries))
    shown = sample(kind, Templates(tmp_path, "de"), MILESTONES, START)
    assert shown.text
    assert "%(" not in shown.text


def test_a_catalogue_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "de.po").write_bytes(b'msgid "C.O."\nmsgstr "\xff"\n')
    with pytest.raises(TemplateProblem, match=r"de\.po"):
        Templates(tmp_path, "de")
