"""Which milestone of the admin's list a reply names: by number, name or alias, or by a part of it,
in any of our languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from nudger.domain.commitment import Milestone
from nudger.domain.starter_milestones import also_called
from nudger.mail.plain_form import bare, folded_words
from nudger.mail.vocabulary import languages, spelled_out, whole

LONGEST_FIELD = 500
LONGEST_NAME = 90
ALIKE = 84
WORDS_ALIKE = 82
SHORTEST_PART = 4
SHORTEST_WORD = 3
SHORTEST_STEM = 5
MOST_WORDS = 9
FEWEST_WORDS_OF_A_SENTENCE = 3

_DIGITS = re.compile(r"(?:no\.?|nr\.?|n°|nº|#|m)?\s*+(\d{1,2})\s*+(?:[.):]|st|nd|rd|th|e|º|ª|\.º)?")
_LISTED = re.compile(r"#?(\d{1,2})\s*+[.):–—-]\s*+(.+)$")
_LEADING = re.compile(
    r"(?P<head>[^.,;:\n–—]{2,60}?)(?P<mark>\s?:|[.,](?=\s)|\s[–—-](?=\s))\s*+(?=\S)"
)
_MARKS = " .,;:!*_\"'“”()[]"


def match_milestone(text: str, milestones: Sequence[Milestone]) -> tuple[str | None, bool]:
    """The milestone that the text names, and whether it is one of the list; else the text."""
    known = known_milestone(text, milestones)
    if known is not None:
        return known, True
    wanted = " ".join(text.split()).strip(" .*_\"'“”()")
    return wanted[:LONGEST_FIELD] or None, False


def known_milestone(text: str, milestones: Sequence[Milestone]) -> str | None:
    """The one milestone of the list that the text names and says no more than; `None` for anything
    else."""
    wanted = " ".join(bare(text).split()).strip(_MARKS)
    if not wanted or len(wanted) > LONGEST_NAME:
        return None
    return _known(wanted, tuple(milestones))


def named_milestone(text: str, milestones: Sequence[Milestone]) -> str | None:
    """The milestone whose whole name, or nearly so, a text is; `None` for a number or a part."""
    return _nearest(" ".join(bare(text).split()).strip(_MARKS)[:LONGEST_NAME], milestones)


def led_by_milestone(text: str, milestones: Sequence[Milestone]) -> tuple[str, str] | None:
    """The milestone that a line begins with and the sentence behind it: "Demo: …", "Contract. They
    sign …", "number four, …"; `None` for any other line. A mere comma may as well be one of a
    list, and a mere number one of an enumeration."""
    match = _LEADING.match(text)
    if match is None:
        return None
    head, rest = match["head"], text[match.end() :].strip()
    is_sentence = match["mark"].strip() == ":" or len(rest.split()) >= FEWEST_WORDS_OF_A_SENTENCE
    if not rest or not is_sentence:
        return None
    if match["mark"] != "," and named_milestone(head, milestones):
        return head, rest
    number = read_number(bare(head).strip(_MARKS)) if len(head.split()) > 1 else None
    return (head, rest) if number and 1 < number <= len(milestones) else None


@lru_cache(maxsize=1024)
def _known(wanted: str, milestones: tuple[Milestone, ...]) -> str | None:
    shorter = _without_small_words(wanted)
    exact = _nearest(wanted, milestones)
    if exact is None and shorter != wanted:
        exact = _nearest(shorter, milestones)
    if exact is not None:
        return exact
    number = read_number(wanted)
    if number is not None:
        return milestones[number - 1].name if 1 <= number <= len(milestones) else None
    numbered = _LISTED.match(wanted)
    if numbered:
        return _nearest(numbered[2], milestones) or _by_part(numbered[2], milestones)
    return _by_part(wanted, milestones)


def is_number(text: str) -> bool:
    """Whether a text is a number and nothing else, in digits or in words."""
    return read_number(bare(text).strip(_MARKS)) is not None


@lru_cache(maxsize=2048)
def read_number(text: str) -> int | None:
    """As in "4", "#4", "four", "number four" or "the fourth one", in lower case."""
    digits = _DIGITS.fullmatch(text.strip())
    if digits:
        return int(digits[1])
    words = text.replace("-", " ").split()
    if not words or len(words) > MOST_WORDS:
        return None
    kept = _core(words)
    core = " ".join(kept)
    digits = _DIGITS.fullmatch(core)
    if digits:
        return int(digits[1])
    for pattern, number in _number_words():
        if pattern.fullmatch(core):
            return number
    return None


def _core(words: list[str]) -> list[str]:
    """Words without what leads to a number or follows it: "the … one on the list"."""
    kept = list(words)
    while len(kept) > 1 and whole("number_lead").fullmatch(kept[0].strip(_MARKS) or "-"):
        kept.pop(0)
    for length in (4, 3, 2, 1):
        while len(kept) > length and whole("number_tail").fullmatch(" ".join(kept[-length:])):
            del kept[-length:]
    return kept


@cache
def _number_words() -> tuple[tuple[re.Pattern[str], int], ...]:
    return tuple(
        (re.compile(row), number)
        for language in languages()
        for name in ("numbers", "ordinals")
        for number, row in enumerate(language.lists.get(name, ()), start=1)
    )


def _words_of(name: str) -> list[str]:
    """The words of a name, folded, with what is shortened spelled out."""
    return " ".join(spelled_out().get(word, word) for word in folded_words(name)).split()


@dataclass(frozen=True, slots=True)
class _Names:
    """What a milestone may be called, folded: in the admin's list, or in any language; and the
    words of each."""

    own: frozenset[str]
    known: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    own_words: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=512)
def _names_of(milestone: Milestone) -> _Names:
    own = [_words_of(name) for name in (milestone.name, *milestone.aliases)]
    every = [*own, *map(_words_of, also_called(milestone))]
    joined = tuple(dict.fromkeys(" ".join(name) for name in every if name))
    telling = (tuple(word for word in name if not _says_nothing(word)) for name in every)
    words = tuple(dict.fromkeys(name for name in telling if name))
    return _Names(frozenset(" ".join(name) for name in own), joined, words, tuple(map(tuple, own)))


@dataclass(frozen=True, slots=True)
class _Listed:
    """All that any milestone of a list may be called, and all words of it: what is like none of
    these names none."""

    names: tuple[str, ...]
    words: tuple[str, ...]


@lru_cache(maxsize=64)
def _listed(milestones: tuple[Milestone, ...]) -> _Listed:
    every = [_names_of(one) for one in milestones]
    names = dict.fromkeys(name for one in every for name in one.known)
    words = dict.fromkeys(
        word for one in every for name in (*one.words, *one.own_words) for word in name
    )
    return _Listed(tuple(names), tuple(words))


def _nearest(wanted: str, milestones: Sequence[Milestone]) -> str | None:
    """The milestone whose name, or one of whose other names, is the text or nearly so."""
    said = " ".join(_words_of(wanted))
    listed = _listed(tuple(milestones)).names
    if (
        len(said) < 2
        or process.extractOne(said, listed, scorer=fuzz.ratio, score_cutoff=ALIKE) is None
    ):
        return None
    scores = {one.name: _likeness(said, one) for one in milestones}
    best = _only_best(scores)
    score = max(scores.values())
    least = ALIKE if len(said) >= SHORTEST_PART else 100
    return best if score >= least else None


def _likeness(said: str, milestone: Milestone) -> float:
    """How like the text the most similar of its names is, in percent; more for one of its own."""
    names = _names_of(milestone)
    if said in names.own:
        return 101.0
    return max(fuzz.ratio(known, said, score_cutoff=ALIKE) for known in names.known)


def _only_best(scores: Mapping[str, float]) -> str | None:
    """The name with the highest score; `None` where several have it, or it is nothing."""
    highest = max(scores.values(), default=0.0)
    best = [name for name, score in scores.items() if score == highest]
    return best[0] if highest and len(best) == 1 else None


def _by_part(wanted: str, milestones: Sequence[Milestone]) -> str | None:
    """The one milestone in one of whose names every word is found that is said."""
    said = [word for word in _words_of(wanted) if not _says_nothing(word)]
    if not said or len(said) > MOST_WORDS or max(map(len, said)) < SHORTEST_WORD:
        return None
    listed = _listed(tuple(milestones)).words
    if not all(_is_part_of_any(word, listed) for word in said):
        return None
    by_own = _only_best({one.name: _covered(said, one, own=True) for one in milestones})
    if by_own or max(map(len, said)) < SHORTEST_PART:
        return by_own
    return _only_best({one.name: _covered(said, one, own=False) for one in milestones})


def _without_small_words(wanted: str) -> str:
    words = wanted.split()
    while words and _says_nothing(words[0]):
        words.pop(0)
    while words and _says_nothing(words[-1]):
        words.pop()
    return " ".join(words)


@lru_cache(maxsize=1024)
def _says_nothing(word: str) -> bool:
    return any(
        whole(name).fullmatch(word)
        for name in ("number_lead", "number_tail", "about", "is_word", "polite")
    )


def _covered(said: Sequence[str], milestone: Milestone, *, own: bool) -> float:
    """How much of the best of its names, or of its `own` in the admin's list, is said; 0 where
    something else is said as well."""
    best = 0.0
    names = _names_of(milestone)
    for words in names.own_words if own else names.words:
        if all(any(_is_part(one, word) for word in words) for one in said):
            length = sum(map(len, words))
            best = max(best, min(1.0, sum(map(len, said)) / length))
    return best


def _is_part_of_any(said: str, words: Sequence[str]) -> bool:
    """The same as `_is_part` of each, in one go."""
    if said in words:
        return True
    if len(said) < SHORTEST_STEM:
        return False
    alike = process.extractOne(said, words, scorer=fuzz.ratio, score_cutoff=WORDS_ALIKE)
    return alike is not None or any(word.startswith(said) for word in words)


def _is_part(said: str, word: str) -> bool:
    if said == word:
        return True
    if len(said) < SHORTEST_STEM:
        return False
    return word.startswith(said) or fuzz.ratio(said, word) >= WORDS_ALIKE
