"""Lines that only a signature has: phones, addresses, registers, titles, the sender's own name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from nudger.mail.ours import folded
from nudger.mail.vocabulary import all_of

LONGEST_LINE = 160
LONGEST_TITLE = 70
FEWEST_DIGITS_OF_A_PHONE = 9
FEWEST_DIGITS_BEHIND_A_LETTER = 6
LONGEST_SHORT_LABEL = 3
MOST_WORDS_BESIDE_AN_ADDRESS = 4
MOST_WORDS_OF_A_TITLE = 9
MOST_WORDS_OF_A_POSTAL_ADDRESS = 14
FEWEST_SMALL_WORDS_OF_A_SENTENCE = 2

_ADDRESS = re.compile(
    r"[<(\[\"']?(?:mailto:)?[^\s<>@]{1,64}+@[^\s<>@]{1,100}+[>)\]\"']?"
    r"|[<(\[]?(?:https?://|www\.)\S{1,300}+"
    r"|[\w-]{1,40}(?:\.[\w-]{1,40}){0,3}"
    r"\.(?:com|de|fr|es|it|nl|pt|eu|io|org|net|ch|at|co|biz|example)(?:/\S{0,200}+)?[,;.]?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<!\w)[+(]{0,2}\d[\d\s().\-–/]{5,25}\d(?!\w)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_PARENTHESES = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]")
_PARTS = re.compile(r"[,|·•/–—]|\s-\s")
_NAME = re.compile(r"[A-ZÀ-ÞŠŽ][\w'’.-]{0,25}")
_BETWEEN_PARTS = ("|", "·", "•", " -- ")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PARTICLES = frozenset({
    "aan", "al", "alla", "am", "an", "and", "at", "au", "aux", "bei", "da", "das", "de", "dei",
    "del", "della", "delle", "dem", "den", "der", "des", "di", "die", "do", "dos", "du", "el",
    "en", "et", "het", "im", "in", "la", "las", "le", "les", "los", "of", "op", "sous", "sur",
    "ten", "the", "und", "van", "vom", "von", "zu", "zum", "zur",
})  # fmt: skip
_RULE = re.compile(r"[-_*=~–—·•|.\s]{2,}")


@cache
def _job() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])(?:{all_of('job')})(?!\w)", re.IGNORECASE)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{all_of('contact_label')})\.?\s{{0,4}}(?:[:：.|+(\d]|[A-Z]{{2}}\d)", re.IGNORECASE
    )


@cache
def _street() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('street')})(?!\w)", re.IGNORECASE)


def names_of(*names: str) -> frozenset[str]:
    """How a person may sign, of the names by which they are known: in full, either way round."""
    return frozenset(way for name in names for way in _ways(folded(_PARENTHESES.sub("", name))))


def _ways(name: str) -> Iterator[str]:
    words = name.split()
    if len(words) > 1 and "@" not in name:
        yield name
        yield " ".join((*words[1:], words[0]))
        yield " ".join((words[-1], *words[:-1]))
        yield f"{words[0]} {words[-1]}"


def is_own_name(line: str, names: Collection[str]) -> bool:
    """Whether the line is the sender's whole name, maybe with a title behind it."""
    if not names or len(line) > LONGEST_LINE:
        return False
    bare = _PARENTHESES.sub("", line)
    parts = [part for part in _PARTS.split(bare.strip(" \t*_-–—/~")) if part.strip()]
    return bool(parts) and (folded(parts[0]) in names or folded(bare) in names)


def is_short_name(line: str, names: Collection[str]) -> bool:
    """Whether the line is the sender's first name or initials, as in "Ana", "A." and "/AW"."""
    bare = folded(line)
    if not bare or len(bare) > 30 or len(line.split()) > 2:
        return False
    for name in names:
        words = name.split()
        initials = "".join(word[0] for word in words)
        if bare in (
            words[0],
            words[0][0],
            initials,
            " ".join(initials),
            f"{words[0]} {words[-1][0]}",
        ):
            return True
    return False


def is_contact(line: str) -> bool:
    """Whether the line holds a phone, an address or a register, and hardly a word more."""
    bare = line.strip(" \t*_")
    if not bare or len(bare) > LONGEST_LINE:
        return False
    pieces = bare.split()
    beside = [piece for piece in pieces if not _ADDRESS.fullmatch(piece)]
    if beside != pieces and len(_words(" ".join(beside))) <= MOST_WORDS_BESIDE_AN_ADDRESS:
        return True
    has_digits = any(c.isdigit() for c in bare)
    label = _label().match(bare)
    if has_digits and label and len(_words(bare)) <= MOST_WORDS_OF_A_TITLE:
        return label.end() > LONGEST_SHORT_LABEL or _digits(bare) >= FEWEST_DIGITS_BEHIND_A_LETTER
    return has_digits and (_is_phone(bare) or _is_postal(bare))


def is_bare_contact(line: str) -> bool:
    """Whether it is a contact line and no sentence that holds a contact, as "Send it to ana@…"."""
    return is_contact(line) and not _is_sentence(line.strip(" \t*_"))


def _is_sentence(bare: str) -> bool:
    """Whether small words stand in it as in a sentence, beside labels and what they lead to."""
    if any(mark in bare for mark in _BETWEEN_PARTS):
        return False
    beside = " ".join(piece for piece in bare.split() if not _ADDRESS.fullmatch(piece))
    small = [word for word in _WORD.findall(beside) if word.islower() and not _is_labelling(word)]
    if _is_postal(bare):
        return any(word not in _PARTICLES for word in small)
    return len(small) >= FEWEST_SMALL_WORDS_OF_A_SENTENCE


def _is_labelling(word: str) -> bool:
    return _label().match(f"{word}:") is not None or _street().fullmatch(word) is not None


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _is_phone(bare: str) -> bool:
    without_dates = _DATE.sub(" ", bare)
    found = max((len(re.sub(r"\D", "", m[0])) for m in _PHONE.finditer(without_dates)), default=0)
    beside = _PHONE.sub(" ", without_dates)
    return found >= FEWEST_DIGITS_OF_A_PHONE and len(_words(beside)) <= MOST_WORDS_BESIDE_AN_ADDRESS


def _is_postal(bare: str) -> bool:
    words = bare.split()
    return (
        len(words) <= MOST_WORDS_OF_A_POSTAL_ADDRESS
        and _street().search(bare) is not None
        and ("," in bare or "|" in bare or "·" in bare or len(words) <= 5)
        and _begins_large(words)
    )


def _begins_large(words: list[str]) -> bool:
    """Whether names stand in it, and no sentence: most of its words begin with a capital."""
    letters = [word for word in words if word[0].isalpha() and len(word) > 3]
    return bool(letters) and sum(word[0].isupper() for word in letters) * 3 >= len(letters) * 2


def is_title(line: str) -> bool:
    """Whether the line may be a name, a title or a company, as beside contact lines."""
    bare = _PARENTHESES.sub("", line).strip(" \t*_")
    return not bare or _RULE.fullmatch(bare) is not None or _is_name(bare) or is_job(line)


def _is_name(bare: str) -> bool:
    words = bare.split()
    return 2 <= len(words) <= 4 and all(map(_NAME.fullmatch, words))


def is_job(line: str) -> bool:
    """Whether the line says what somebody is, or a company's form."""
    bare = line.strip(" \t*_(")
    is_short = len(bare) <= LONGEST_TITLE and len(bare.split()) <= MOST_WORDS_OF_A_TITLE
    ends_a_sentence = bare.endswith(("?", "!"))
    return is_short and bare[:1].isupper() and not ends_a_sentence and bool(_job().search(line))


def _words(text: str) -> list[str]:
    """The words of more than a letter or two that are no labels."""
    return [word for word in re.findall(r"[^\W\d_]{3,}", text) if not _label().match(f"{word}:")]
