"""What a meeting's title alone says: that it is off, or that it is nothing to ask about.

The words of each language: data/titles.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_TOKEN = re.compile(r"\w+")
_ENDINGS = ("s", "es", "e", "en", "n")
_FORWARDED = r"(?:(?:re|fwd?|aw|wg|tr|rv|rif|sv|vs|vb|antw)\s*+:\s*+)*+"
_MARK = r"\s*(?:[\])】:：|]|\s[-–—]|[–—]|-\s|[.!](?:\s|$))"


def is_cancelled_title(title: str) -> bool:
    """Whether the title says that the meeting is off: as Outlook puts it before ("Canceled: Pilot
    review", forwarded or not), or as people put it before or after ("ABGESAGT Pilot review",
    "Pilot review (cancelled)"). A word without a mark beside it is part of the title."""
    title = _composed(title)
    before, after = _cancelled()
    if before.match(title) or after.search(title):
        return True
    shouted = _shouted_cancelled().match(title)
    return shouted is not None and title != title.upper()


def has_word(title: str, words: TitleWords) -> bool:
    """Whether one of the words stands in the title, with a plural ending or not."""
    text = _folded(title)
    return words.are_in(text) and words.are_in(_other_meanings().sub(" ", text))


@cache
def bundled_title_words() -> tuple[str, ...]:
    """The words of all languages for which nothing is asked (bundled list)."""
    return _words("nothing_asked")


def _composed(title: str) -> str:
    """Apple writes an accented letter as two characters; the lists have one."""
    return title if title.isascii() else unicodedata.normalize("NFC", title)


@cache
def _cancelled() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _either(_words("cancelled"))
    before = rf"\A\W*+{_FORWARDED}\W*+(?:{words}){_MARK}"
    after = rf"(?:[(\[【]\s*(?:{words})\s*[)\]】]|\s[-–—]\s*(?:{words}))\W*$"
    return re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)


@cache
def _shouted_cancelled() -> re.Pattern[str]:
    return re.compile(rf"\W*+(?:{_either(word.upper() for word in _words('cancelled'))})\s")


@dataclass(frozen=True, slots=True)
class TitleWords:
    """Words to look for, as `title_words` makes them: folded, sorted by how they are found. Whole
    words with each ending, the ends of compounds, phrases by their first word, and words of scripts
    without blanks."""

    whole: frozenset[str]
    ends: tuple[str, ...]
    phrases: re.Pattern[str]
    first_words: frozenset[str]
    together: re.Pattern[str]

    def are_in(self, text: str) -> bool:
        found = _TOKEN.findall(text)
        if not self.whole.isdisjoint(found) or any(one.endswith(self.ends) for one in found):
            return True
        if not self.first_words.isdisjoint(found) and self.phrases.search(text):
            return True
        return not text.isascii() and self.together.search(text) is not None


@lru_cache(maxsize=64)
def title_words(words: tuple[str, ...]) -> TitleWords:
    """These words, made ready once to be looked for in many titles: hundreds of them take longer to
    be known again than to be found. "*webinar" stands for compounds too, as in "Kundenwebinar"."""
    folded = [_folded(word) for word in words]
    together = [word for word in folded if _is_written_together(word)]
    apart = [word for word in folded if word not in together]
    ends = [word[1:] for word in apart if word.startswith("*")]
    plain = [word.removeprefix("*") for word in apart]
    phrases = [word for word in plain if not _TOKEN.fullmatch(word)]
    return TitleWords(
        frozenset(word + ending for word in plain for ending in ("", *_ENDINGS)),
        tuple(word + ending for word in ends for ending in ("", *_ENDINGS)),
        re.compile(rf"(?<!\w)(?:{_either(phrases)})(?:{'|'.join(_ENDINGS)})?(?!\w)"),
        frozenset(first for word in phrases for first in _TOKEN.findall(word)[:1]),
        re.compile(_either(together) if together else r"(?!)"),
    )


@cache
def _other_meanings() -> re.Pattern[str]:
    return re.compile(_either(_folded(word) for word in _words("other_meanings")))


def _folded(text: str) -> str:
    """Without capitals; the Turkish one folds to two characters."""
    return _composed(text).casefold().replace("i\u0307", "i")


def _is_written_together(word: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" or "\u3040" <= letter <= "\ud7ff" for letter in word)


def _either(words: Iterable[str]) -> str:
    chosen = sorted({_composed(word) for word in words}, key=len, reverse=True)
    return "|".join(re.escape(word) for word in chosen)


@cache
def _words(kind: str) -> tuple[str, ...]:
    text = (files("nudger.domain") / "data" / "titles.toml").read_text(encoding="utf-8")
    languages = tomllib.loads(text).values()
    return tuple(word for language in languages for word in language.get(kind, ()))
