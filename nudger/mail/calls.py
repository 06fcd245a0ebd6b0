"""Which call of a digest some words name: by its letter, number, customer, title or guests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nudger.domain.customer_names import customer_name
from nudger.domain.event import Attendee
from nudger.mail.message import AskedMeeting
from nudger.mail.milestones import read_number
from nudger.mail.plain_form import bare, folded_words
from nudger.mail.vocabulary import whole

MOST_WORDS_OF_A_NAME = 7
SHORTEST_STEM = 4
SHORTEST_NAME = 3
LONGEST_ENDING = 2
MARKS = " .,;:!?()[]#*_\"'“”-–—"
CUT = re.compile(
    r"(?:[,;.!]|\s-)\s++(?=\S)|\s(?=\(?[A-Z\d]\)\s)|\s(?=[A-Z][:/]\s)|(?<=:)\s(?=[A-Z]\s?[=:)])"
)
"""Where in a line another call may be named."""
_LETTER = re.compile(r"#?\(?([a-z])[.):]?")


@dataclass(frozen=True, slots=True)
class Names:
    """The words that name one call and no other of the digest: `own` are its `customers`' and its
    guests', who are `persons`; `title` the other words of its title."""

    number: int
    own: frozenset[str]
    customers: frozenset[str]
    persons: frozenset[str]
    title: frozenset[str]


def letter_of(number: int) -> str:
    """The letter of a call in a digest, from its number: 1 is "A"."""
    return chr(ord("A") + number - 1) if 1 <= number <= 26 else str(number)


def number_of(letter: str, count: int) -> int | None:
    """The call that a capital letter names, out of so many; `None` for any other text."""
    if len(letter) != 1 or not letter.isascii() or not letter.isupper():
        return None
    number = ord(letter) - ord("A") + 1
    return number if number <= count else None


@lru_cache(maxsize=64)
def names_of(meetings: tuple[AskedMeeting, ...]) -> tuple[Names, ...]:
    gathered = [_words_of(meeting) for meeting in meetings]
    often = Counter(
        word for customers, persons, title in gathered for word in {*customers, *persons, *title}
    )
    return tuple(
        Names(
            meeting.number,
            frozenset(word for word in (*customers, *persons) if often[word] == 1),
            frozenset(word for word in customers if often[word] == 1),
            frozenset(word for word in persons if often[word] == 1),
            frozenset(word for word in title if often[word] == 1),
        )
        for meeting, (customers, persons, title) in zip(meetings, gathered, strict=True)
    )


def _words_of(meeting: AskedMeeting) -> tuple[set[str], set[str], set[str]]:
    """The words of a call's customers, of its guests, and the others of its title."""
    customers: set[str] = set()
    hosts = []
    for customer in meeting.customers:
        host = customer.rpartition("@")[2].partition(".")[0]
        hosts.append("".join(folded_words(host)))
        customers |= {*folded_words(host), hosts[-1], *folded_words(_called(customer, meeting))}
    persons = {word for guest in meeting.guests for word in _person(guest)}
    title = {word for word in folded_words(meeting.title) if not _is_common(word)}
    of_customer = {word for word in title if any(word in host for host in hosts) and len(word) > 2}
    keep = SHORTEST_NAME
    return (
        {word for word in customers | of_customer if len(word) >= keep and not _is_common(word)},
        {word for word in persons if len(word) >= keep or _is_short_name(word)},
        {word for word in title - of_customer if len(word) >= keep},
    )


def _is_short_name(word: str) -> bool:
    """Whether two letters are a name, "Bo" or "Li", and no small word of any of our languages."""
    small = ("about", "goes_on", "article", "determiner", "pronoun", "time_particle", "polite")
    return len(word) == 2 and not any(whole(name).fullmatch(word) for name in small)


def _called(customer: str, meeting: AskedMeeting) -> str:
    """What the mail called the customer."""
    return customer_name(customer, [_read(guest) for guest in meeting.guests], meeting.title)


def _read(guest: str) -> Attendee:
    """From "Dana Reyes <dana@acme.example>", whatever stands in the name, or from either alone."""
    name, _, address = guest.rpartition("<")
    address = address.rstrip(">").strip()
    return Attendee(address, name.strip()) if "@" in address else Attendee("", guest)


def _person(guest: str) -> list[str]:
    return [
        word for word in folded_words(_read(guest).name) if not whole("honorific").fullmatch(word)
    ]


def named_call(text: str, meetings: Sequence[AskedMeeting]) -> int | None:
    """The call that a few words name and nothing else: "A", "2", "the first", "Acme", "Frau
    Keller"; `None` for anything else."""
    plain = bare(text).strip(MARKS)
    if not plain or len(plain.split()) > MOST_WORDS_OF_A_NAME:
        return None
    words = plain.split()
    while len(words) > 1 and _says_nothing(words[0]):
        words.pop(0)
    plain = " ".join(words)
    letter = _LETTER.fullmatch(plain)
    if letter and ord(letter[1]) - ord("a") < len(meetings):
        return ord(letter[1]) - ord("a") + 1
    if whole("last").fullmatch(plain.removesuffix(" one")):
        return len(meetings)
    number = read_number(plain)
    if number is not None:
        return number if 1 <= number <= len(meetings) else None
    return named_by_words(plain, meetings)


def named_by_words(text: str, meetings: Sequence[AskedMeeting]) -> int | None:
    """The one call that every word of a text names."""
    left = _without_domains(text, meetings)
    words = [word for word in folded_words(left) if not _says_nothing(word)]
    if not words:
        return None
    found: set[int] | None = None
    specific = False
    for word in words:
        calls = _calls_of(word, meetings)
        if not calls:
            if _is_common(word):
                continue
            return None
        specific = True
        found = calls if found is None else found & calls
    return next(iter(found)) if specific and found and len(found) == 1 else None


def _without_domains(text: str, meetings: Sequence[AskedMeeting]) -> str:
    """A text with each customer's domain cut down to its name."""
    left = text.lower()
    for customer in (one for meeting in meetings for one in meeting.customers):
        domain = customer.rpartition("@")[2]
        left = left.replace(domain, domain.partition(".")[0])
    return left


def _calls_of(word: str, meetings: Sequence[AskedMeeting]) -> set[int]:
    names = names_of(tuple(meetings))
    exact = {one.number for one in names if word in one.own or word in one.title}
    if exact:
        return exact
    if len(word) < SHORTEST_STEM:
        return set()
    return {
        one.number
        for one in names
        if any(_is_form(word, known) for known in (*one.own, *one.title))
        or any(known.endswith(word) for known in one.customers)
    }


def _is_form(word: str, known: str) -> bool:
    """Whether a word is the beginning of a name, or the name with an ending."""
    if known.startswith(word):
        return True
    is_longer = len(word) - len(known) <= LONGEST_ENDING and len(known) > SHORTEST_STEM
    return is_longer and word.startswith(known)


def is_person(text: str, meetings: Sequence[AskedMeeting]) -> bool:
    """Whether a name is a guest's, so that words behind it may speak of them."""
    words = [word for word in folded_words(text) if not _says_nothing(word)]
    names = names_of(tuple(meetings))
    persons = {word for one in names for word in one.persons - one.customers}
    return bool(words) and all(word in persons for word in words)


def _is_common(word: str) -> bool:
    return whole("title_word").fullmatch(word) is not None


def _says_nothing(word: str) -> bool:
    return (
        whole("honorific").fullmatch(word) is not None or whole("about").fullmatch(word) is not None
    )


def mentioned(text: str, meetings: Sequence[AskedMeeting]) -> list[int]:
    """The calls whose customer or guests a text speaks of, each once, in the text's order."""
    found: list[int] = []
    for word, joined in _joined(folded_words(text)):
        for one in names_of(tuple(meetings)):
            if (word in one.own or joined in one.customers) and one.number not in found:
                found.append(one.number)
    return found


def customers_mentioned(text: str, meetings: Sequence[AskedMeeting]) -> set[int]:
    """The calls whose customer a text names."""
    said = {form for pair in _joined(folded_words(text)) for form in pair}
    return {one.number for one in names_of(tuple(meetings)) if said & one.customers}


def _joined(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word alone, and together with the one that follows, as domains have them."""
    return ((word, word + after) for word, after in pairwise([*words, ""]))


def begins_with_call(text: str, meetings: Sequence[AskedMeeting]) -> int | None:
    """The call whose customer or guest is what a sentence begins with."""
    words = [word for word in folded_words(text[:80]) if not _says_nothing(word)]
    first, joined = next(_joined(words[:2]), ("", ""))
    for one in names_of(tuple(meetings)):
        if first in one.own or joined in one.customers:
            return one.number
    return None


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def each_word(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text as written, each with its bare form."""
    for word in filter(_has_words, text.split()):
        yield word, word.strip(MARKS).lower()
