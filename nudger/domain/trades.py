"""What an outside company does, where that makes it no customer to most who sell: a supplier, a
recruiter, a bank, a dentist.

Known by a start list of domains, by what a domain's name or ending says, or by the words of a
title: data/start_list. A guess that saves questions, never a certainty: what an admin lists goes
before.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from nudger.domain.bundled import freemail_domains
from nudger.domain.domain_names import parents, suffix_list
from nudger.domain.titles import TitleWords, has_word, title_words


class Trade(StrEnum):
    """The kinds of the start list, in the order in which a title is searched for them."""

    RECRUITING = "recruiting"
    HEALTH = "health"
    ADVISER = "adviser"
    FINANCE = "finance"
    EDUCATION = "education"
    PUBLIC_SERVICE = "public_service"
    TRAVEL = "travel"
    UTILITY = "utility"
    VENDOR = "vendor"
    PRIVATE_LIFE = "private_life"


class Sale(StrEnum):
    """How surely a title speaks of a sale of ours."""

    SURE = "sure"
    PERHAPS = "perhaps"


_LISTS = {
    Trade.RECRUITING: "recruiting", Trade.HEALTH: "health", Trade.ADVISER: "advisers",
    Trade.FINANCE: "finance", Trade.EDUCATION: "education", Trade.PUBLIC_SERVICE: "public",
    Trade.TRAVEL: "travel", Trade.UTILITY: "utilities", Trade.VENDOR: "vendors",
}  # fmt: skip
_PART = re.compile(r"[a-z]+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Labels:
    """Parts of names that say a trade: whole, how a part begins, how it ends."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    ends: tuple[str, ...]

    @classmethod
    def of(cls, words: Collection[str]) -> _Labels:
        return cls(
            frozenset(word for word in words if "*" not in word),
            tuple(word[:-1] for word in words if word.endswith("*")),
            tuple(word[1:] for word in words if word.startswith("*")),
        )

    def say(self, parts: Collection[str]) -> bool:
        return not self.whole.isdisjoint(parts) or any(
            part.startswith(self.begins) or part.endswith(self.ends) for part in parts
        )


@lru_cache(maxsize=50_000)
def trade_of(customer: str) -> Trade | None:
    """The trade of a customer as `domains.Party` names it: a registrable domain, or the whole
    address of somebody at a freemail service. `None` where nothing tells."""
    if is_freemail(customer):
        return _said_by(_PART.findall(customer.rpartition("@")[0]))
    domain = customer.rpartition("@")[2]
    found = (_domains().get(one) or _endings().get(one) for one in parents(domain))
    listed = next((trade for trade in found if trade is not None), None)
    return listed or _said_by(_PART.findall(name_of(domain)))


def trade_in_title(title: str) -> Trade | None:
    """The trade that the words of a title tell of; of most titles one look says that none does."""
    if not has_word(title, _title_words_of_all()):
        return None
    return next((trade for trade in Trade if has_word(title, _sought(trade, "title"))), None)


def is_private_title(title: str) -> bool:
    """Whether the title tells of friends or family, where all who come write from a freemail
    service."""
    return has_word(title, _sought(Trade.PRIVATE_LIFE, "freemail_title"))


def sale_in_title(title: str, ours: Collection[str] = ()) -> Sale | None:
    """Whether the title speaks of a demo, a pilot and the like, as who sells does, or of an offer
    and the like, as others do too. Straight beside one of our own names (`ours`, folded words), an
    offer is a sale."""
    if has_word(title, _sought("selling", "sure")) or _speaks_of_ours(title, ours):
        return Sale.SURE
    return Sale.PERHAPS if has_word(title, _sought("selling", "perhaps")) else None


def _speaks_of_ours(title: str, ours: Collection[str]) -> bool:
    pairs = list(pairwise(_WORD.findall(title.casefold())))
    before = " ".join(word for word, name in pairs if name in ours)
    after = " ".join(word for name, word in pairs if name in ours)
    kinds = [(before, "before_own"), (after, "perhaps"), (after, "own")]
    return any(words and has_word(words, _sought("selling", kind)) for words, kind in kinds)


def without_names(title: str, customers: Collection[str]) -> str:
    """The title without the words of names, those of the customers and of people who are called Mr
    or Ms: "Bank" says nothing of what is done with Acme Bank, nor does "Frau Bank"."""
    names = {part for one in customers for part in _PART.findall(name_of(one))}
    return _WORD.sub(
        lambda word: "" if word[0].casefold() in names else word[0], _person().sub("", title)
    )


@cache
def _person() -> re.Pattern[str]:
    titles = "|".join(map(re.escape, _words("people", "titles")))
    return re.compile(rf"\b(?:{titles})\b\.? \w+", re.IGNORECASE)


def is_freemail(customer: str) -> bool:
    return customer.rpartition("@")[2] in freemail_domains()


@lru_cache(maxsize=50_000)
def name_of(domain: str) -> str:
    """The name that somebody registered: "north-wind" for "north-wind.co.uk"."""
    suffix = suffix_list().publicsuffix(domain) or ""
    return domain.removesuffix(f".{suffix}")


def _said_by(parts: Collection[str]) -> Trade | None:
    return next((trade for trade, labels in _labels().items() if labels.say(parts)), None)


@cache
def _domains() -> dict[str, Trade]:
    return {
        line: trade
        for trade, name in _LISTS.items()
        for line in _text(f"{name}.txt").splitlines()
        if line and not line.startswith("#")
    }


@cache
def _endings() -> dict[str, Trade]:
    return {one: trade for trade in Trade for one in _words(trade, "endings")}


@cache
def _labels() -> dict[Trade, _Labels]:
    return {trade: _Labels.of(_words(trade, "labels")) for trade in Trade}


@cache
def _title_words_of_all() -> TitleWords:
    return title_words(tuple(word for trade in Trade for word in _words(trade, "title")))


@cache
def _sought(kind: str, of: str) -> TitleWords:
    return title_words(_words(kind, of))


@cache
def _words(kind: str, of: str) -> tuple[str, ...]:
    return tuple(_kinds()[kind].get(of, ()))


@cache
def _kinds() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_text("kinds.toml"))


def _text(name: str) -> str:
    folder = files("nudger.domain") / "data" / "start_list"
    return (folder / name).read_text(encoding="utf-8")
