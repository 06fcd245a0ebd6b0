"""What a customer is called: the company behind a domain, the person behind a freemail address.

A company's name is its domain's, never what somebody writes beside an address: from titles and
guests' names comes only how it is spelled ("Sägewerk Ott" for saegewerk-ott.de), letter by letter
the domain. So no text of strangers can make one company look like another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from nudger.domain.addresses import plain_address
from nudger.domain.domain_names import a_label, registrable, u_label
from nudger.domain.domains import DomainRules
from nudger.domain.event import Attendee
from nudger.domain.lookalike import skeleton

LONGEST_NAME = 40
LEGAL_FORMS = frozenset({
    "gmbh", "mbh", "ag", "kg", "ohg", "ug", "ev", "eg", "se", "inc", "llc", "llp", "ltd", "limited",
    "plc", "corp", "co", "bv", "nv", "sa", "sas", "sarl", "srl", "spa", "sl", "slu", "lda", "ltda",
    "as", "aps", "ab", "oy", "oyj", "gbr",
})  # fmt: skip
_LONGEST_TEXT = 200
_LONGEST_OF_ONE_WORD = 8
"""With that many letters, what a hyphen joins in a domain is joined in the name ("T-Systems")."""

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[ \-&+'’.]{1,3}")
_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_VIA = re.compile(r" (?:via|über|por|tramite) .*", re.IGNORECASE | re.DOTALL)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d"})
_VOWELS = frozenset("aeiouyäöü")
_MOST_WORDS_OF_A_PERSON = 4


def customer_name(customer: str, guests: Sequence[Attendee], title: str = "") -> str:
    """What to call a customer, who is known by a registrable domain or by a freemail address, in at
    most `LONGEST_NAME` harmless characters: "Acme" for acme.de, "Dana Reyes" for dana@gmail.com.
    The domain or address itself where there is nothing better."""
    if "@" in customer:
        own = (person_name(one.name) for one in guests if plain_address(one.email) == customer)
        return next(filter(None, own), customer)
    label = _label(customer)
    if not _is_latin(label):
        return customer
    texts = (title, *(one.name for one in guests))
    spelled = (found for text in texts for found in _spellings(label, text))
    return _cut(next(spelled, None) or _capitalized(label))


def person_name(shown: str) -> str:
    """The name of a person as in "Dana Reyes", from what is shown beside an address: "Reyes, Dana
    (ACME)", "Dana Reyes via Calendly". Empty where it may be anything else."""
    text = _composed(shown)
    plain = _VIA.sub("", _BRACKETS.sub(" ", text)).strip(" '\"")
    family, comma, given = plain.partition(",")
    words = f"{given} {family}".split() if comma else plain.split()
    is_person = 2 <= len(words) <= _MOST_WORDS_OF_A_PERSON and all(map(_is_of_a_person, words))
    return _cut(" ".join(words)) if is_person else ""


def misleading(
    customers: Collection[str], guests: Sequence[Attendee], rules: DomainRules
) -> frozenset[str]:
    """Those of the customers that are shown as they are, since their name could be taken for that
    of another whom we know: a look-alike, the same name with another ending, a freemail guest who
    calls themself like a listed company."""
    known = {registrable(domain) for domain in rules.known_domains}
    names = {skeleton(_label(domain)) for domain in known}
    alike = {_customer_of(one) for one in guests if rules.classify(one.email).lookalike}
    unlisted = (one for one in customers if one not in known)
    return frozenset(alike.intersection(customers)) | {
        one for one in unlisted if not names.isdisjoint(_looks(one, guests))
    }


def _looks(customer: str, guests: Sequence[Attendee]) -> set[str]:
    """What the words of the name look like that this customer would bear."""
    if "@" not in customer:
        return {skeleton(_label(customer))}
    words = _WORD.findall(customer_name(customer, guests))
    return {skeleton(one) for word in words for one in (word.lower(), *_folds(word))}


def _customer_of(guest: Attendee) -> str:
    return registrable(a_label(plain_address(guest.email).rpartition("@")[2]))


def _label(domain: str) -> str:
    """The name in a domain, as people see it: "acme" of eu.acme.co.uk."""
    return u_label(registrable(domain).partition(".")[0])


def _is_latin(label: str) -> bool:
    return all(
        one in "-0123456789" or unicodedata.name(one, "").startswith("LATIN") for one in label
    )


def _capitalized(label: str) -> str:
    """ "Nordhaff Werften" of nordhaff-werften; a short name is one word ("Nord-Bau"). Without a
    legal form at its end."""
    parts = [part for part in label.split("-") if part]
    if len(parts) > 1 and parts[-1] in LEGAL_FORMS:
        parts.pop()
    between = "-" if sum(map(len, parts)) <= _LONGEST_OF_ONE_WORD else " "
    return between.join(map(_capital, parts)) or label


def _capital(part: str) -> str:
    is_short = len(part) <= 2 or (len(part) == 3 and _VOWELS.isdisjoint(part))
    return part.upper() if is_short else part[:1].upper() + part[1:]


def _spellings(label: str, text: str) -> Iterator[str]:
    """How a text writes what folds to the label, word by word."""
    text = _composed(text)[:_LONGEST_TEXT]
    wanted = label.replace("-", "")
    sought = {wanted, _plain(wanted)}
    words = list(_WORD.finditer(text))
    for at, first in enumerate(words):
        for last in _run(text, words[at:], len(label)):
            written = text[first.start() : last.end()]
            if not sought.isdisjoint(_folds(written)):
                yield _as_a_name(written, text)


def _run(text: str, words: Sequence[re.Match[str]], longest: int) -> Iterator[re.Match[str]]:
    """The words that may end a name which begins with the first one."""
    yield words[0]
    for before, word in pairwise(words):
        together = word.end() - words[0].start() <= 2 * longest
        if not together or not _BETWEEN.fullmatch(text[before.end() : word.start()]):
            return
        yield word


def _as_a_name(written: str, text: str) -> str:
    """As written, unless somebody wrote it small, or shouted all of the text."""
    is_spelled = not written.islower() and (not written.isupper() or not text.isupper())
    return written if is_spelled else " ".join(map(_capital, written.lower().split()))


def _folds(text: str) -> set[str]:
    """The letters and digits alone, small, in both ways in which names become domains."""
    small = text.casefold() if text.isascii() else text.lower()
    letters = "".join(_WORD.findall(small))
    return {_plain(letters), _plain(letters.translate(_GERMAN))}


def _plain(letters: str) -> str:
    decomposed = unicodedata.normalize("NFD", letters.translate(_LETTERS))
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _is_of_a_person(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "").removesuffix(".")
    return letters.isalpha() and letters.casefold() not in LEGAL_FORMS


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
