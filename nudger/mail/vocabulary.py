"""The words of replies in many languages, from languages/*.toml: adding one is adding a file.

Each list in a file holds patterns for `re`, matched whole and in lower case. A file may leave out
what it does not know.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from nudger.mail.message import CommandName
from nudger.mail.plain_form import without_accents

LONG = 5
"""Characters."""
LEAVE_OUT_ACCENTS = ("es", "fr", "it", "pt")
"""Elsewhere a letter with a mark is another letter: Swedish "bästa" is no "basta"."""


@dataclass(frozen=True, slots=True)
class Language:
    """One file. `code` is ISO 639-1; `shortened` has folded words spelled out."""

    code: str
    lists: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, tuple[str, ...]]
    commands: Mapping[str, tuple[str, ...]]
    shortened: Mapping[str, str]


@cache
def languages() -> tuple[Language, ...]:
    """English first, then in alphabetical order."""
    folder = files("nudger.mail") / "languages"
    found = [
        _language(file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda one: (one.code != "en", one.code)))


def _language(code: str, content: Mapping[str, Any]) -> Language:
    tables = {"labels", "commands", "shortened"}
    return Language(
        code,
        {name: _as_typed(code, rows) for name, rows in content.items() if name not in tables},
        {name: _with_and_without_accents(rows) for name, rows in content.get("labels", {}).items()},
        {name: _as_typed(code, rows) for name, rows in content.get("commands", {}).items()},
        content.get("shortened", {}),
    )


def _as_typed(code: str, rows: Iterable[str]) -> tuple[str, ...]:
    """The patterns, and where people leave accents out the longer ones without them, too: a short
    one, as Portuguese "é", would be another word."""
    long = (without_accents(row) for row in rows if len(row) >= LONG and code in LEAVE_OUT_ACCENTS)
    return tuple(dict.fromkeys((*rows, *long)))


def _with_and_without_accents(rows: Iterable[str]) -> tuple[str, ...]:
    """The patterns, and each that has accents once more as people type it without them."""
    return tuple(dict.fromkeys(one for row in rows for one in (row, without_accents(row))))


@cache
def rows_of(name: str) -> frozenset[str]:
    """The rows of a list in all languages, as they stand."""
    return frozenset(row for language in languages() for row in language.lists.get(name, ()))


@cache
def all_of(name: str) -> str:
    """The alternatives of a list in all languages, the longest first."""
    return "|".join(sorted(rows_of(name), key=lambda row: (-len(row), row)))


@cache
def spelled_out() -> Mapping[str, str]:
    """What people shorten, folded, and what it is short for, in all languages."""
    return {short: long for one in languages() for short, long in one.shortened.items()}


@cache
def whole(name: str) -> re.Pattern[str]:
    """A line that is one of a list's alternatives and nothing else."""
    marks = r"[\s.,;:!)(-]"
    return re.compile(rf"(?:{all_of(name)})(?:(?<!{marks}){marks}++)?", re.IGNORECASE)


@cache
def the_rest() -> re.Pattern[str]:
    """Words such as "the rest" and "the other two"."""
    return re.compile(rf"(?<!\w)(?:{all_of('rest')})(?!\w)", re.IGNORECASE)


def language_of(name: str, text: str) -> str | None:
    """The first language in whose list `text` is, whole."""
    bare = text.strip().strip(".,;:! ").lower()
    return next((code for code, row in _rows(name) if row.fullmatch(bare)), None)


@cache
def _rows(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (language.code, re.compile(row))
        for language in languages()
        for row in language.lists.get(name, ())
    )


@dataclass(frozen=True, slots=True)
class Label:
    """A word that names a field, as in "Next:"."""

    language: str
    field: str
    pattern: str


@cache
def labels() -> tuple[Label, ...]:
    """Every label, the longest first, so that "next milestone" is not read as "next"."""
    found = [
        Label(language.code, field, row)
        for language in languages()
        for field, rows in language.labels.items()
        for row in rows
    ]
    return tuple(sorted(found, key=lambda label: -len(label.pattern)))


@cache
def label_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{label.pattern})" for label in labels()), re.IGNORECASE)


@lru_cache(maxsize=512)
def find_label(text: str) -> Label | None:
    """The label that `text` is, whole; English where several languages share it."""
    bare = text.strip().lower()
    known = [label for label, pattern in _label_patterns() if pattern.fullmatch(bare)]
    return min(known, key=lambda label: label.language != "en", default=None)


@cache
def _label_patterns() -> tuple[tuple[Label, re.Pattern[str]], ...]:
    return tuple((label, re.compile(label.pattern)) for label in labels())


@dataclass(frozen=True, slots=True)
class CommandWords:
    language: str
    name: CommandName
    pattern: re.Pattern[str]


@cache
def command_words() -> tuple[CommandWords, ...]:
    return tuple(_commands(languages()))


def _commands(known: Iterable[Language]) -> Iterator[CommandWords]:
    for language in known:
        for name, rows in language.commands.items():
            for row in rows:
                yield CommandWords(language.code, CommandName(name), re.compile(row))
