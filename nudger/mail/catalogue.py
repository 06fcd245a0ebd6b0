"""What our mails say, in the rep's language: a gettext catalogue (`de.po`) for each but English.

English needs none, since a message is known by its English text. An entry without a translation is
said in English. Adding a language is adding a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po

from nudger.mail.placeholders import fits


class CatalogueProblem(Exception):
    """A catalogue cannot be used; one line that names the file and the mistake."""


class Catalogue:
    """The words of one language. `say` fills in `%(name)s` places; values stay as they are.

    A translation with other places than its message is not used: it could not be filled in, or
    would leave out what the sentence is about.
    """

    def __init__(self, language: str, messages: Mapping[str, str]) -> None:
        self.language = language
        self._messages = messages
        self.locale = Locale.parse("en_GB" if language == "en" else language)

    def translate(self, message: str) -> str:
        translated = self._messages.get(message, "")
        return translated if translated and fits(translated, message) else message

    def say(self, message: str, **values: object) -> str:
        return self.translate(message) % values


def load_catalogue(language: str, folders: tuple[Path, ...]) -> Catalogue:
    """Read `<language>.po` from each folder that has one; the first folder's word counts.

    Raises `CatalogueProblem` for a file that cannot be read.
    """
    return _loaded(language, state_of(folder / f"{language}.po" for folder in folders))


FileState = tuple[Path, int, int]
"""A file with when it was changed, in nanoseconds, and its bytes: another once it is changed."""


def state_of(files: Iterable[Path]) -> tuple[FileState, ...]:
    """Of those that are there."""
    found: list[FileState] = []
    for file in files:
        with suppress(OSError):
            known = file.stat()
            found.append((file, known.st_mtime_ns, known.st_size))
    return tuple(found)


@lru_cache(maxsize=32)
def _loaded(language: str, files: tuple[FileState, ...]) -> Catalogue:
    messages: dict[str, str] = {}
    for file, _, _ in reversed(files):
        messages |= _read(file)
    return Catalogue(language, messages)


def languages_in(folders: tuple[Path, ...]) -> list[str]:
    """The languages that mails can be written in."""
    return sorted({"en", *(file.stem for folder in folders for file in folder.glob("??.po"))})


def is_language(name: str) -> bool:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _read(file: Path) -> dict[str, str]:
    try:
        with file.open("rb") as opened:
            catalogue = read_po(opened, abort_invalid=True)
    except (PoFileError, OSError, ValueError) as error:
        raise CatalogueProblem(f"{file}: {error}") from error
    return {
        entry.id: entry.string
        for entry in catalogue
        if isinstance(entry.id, str) and isinstance(entry.string, str) and entry.id and entry.string
    }
