"""Domains that were made to be mistaken for another one.

A crude form of UTS 39 (Unicode Security Mechanisms): enough to notice, never to accuse. The mark is
a hint for people; nothing is decided by it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

from nudger.domain.domain_names import a_label, registrable, u_label

_SHORTEST_NAME = 5
"""Of a name shorter than this, a slip of the pen is often another company's."""

_ALIKE = {
    "a": "аαɑ", "b": "ьƅв", "c": "сϲ", "d": "ԁ", "e": "еεє", "g": "ɡց", "h": "һհн", "i": "іιɩı",
    "j": "јϳ", "k": "кκ", "l": "ӏ1|ɭł", "m": "м", "n": "ոпη", "o": "оοօσ0ø", "p": "рρ", "q": "ԛզ",
    "r": "гґ", "s": "ѕʂ", "t": "тτ", "u": "υսʋц", "v": "νѵ", "w": "ԝшω", "x": "хχ", "y": "уүγ",
    "z": "ʐ",
}  # fmt: skip
_CONFUSABLE = str.maketrans({odd: plain for plain, odds in _ALIKE.items() for odd in odds})
_RUNS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("i", "l"))
_REPEATED = re.compile(r"(.)\1+")
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def imitates(domain: str, ours: str) -> bool:
    """Whether `domain`, which is not ours, was made to be mistaken for `ours`: by letters that look
    alike, by our whole name inside another ("ourco.com.evil.io", "ourco-com.io"), by a hyphen, a
    slip of the pen, or an ending that differs by one letter ("ourco.co")."""
    mine, theirs = registrable(ours), registrable(domain)
    if mine == theirs:
        return False
    return skeleton(theirs) == skeleton(mine) or _carries(domain, mine) or _is_a_slip(theirs, mine)


def mixes_scripts(domain: str) -> bool:
    """Whether a label mixes scripts that share letters, as no honest one does (UTS 39, 5.1)."""
    if domain.isascii() and "xn--" not in domain:
        return False
    return any(len(_scripts(label)) > 1 for label in u_label(a_label(domain)).split("."))


def _scripts(label: str) -> frozenset[str]:
    return _SCRIPTS & {unicodedata.name(letter, "").partition(" ")[0] for letter in label}


def _carries(domain: str, mine: str) -> bool:
    labels, own = skeleton(domain).split("."), skeleton(mine).split(".")
    inside = any(labels[at : at + len(own)] == own for at in range(len(labels) - len(own) + 1))
    run_together = "".join(own).replace("-", "")
    return inside or any(label.replace("-", "") == run_together for label in labels)


def _is_a_slip(theirs: str, mine: str) -> bool:
    name, _, ending = skeleton(theirs).partition(".")
    own_name, _, own_ending = skeleton(mine).partition(".")
    if name.replace("-", "") == own_name.replace("-", ""):
        return ending == own_ending or _is_near(ending, own_ending)
    if ending != own_ending or len(own_name) < _SHORTEST_NAME:
        return False
    swapped = sorted(name) == sorted(own_name) and OSA.distance(name, own_name) == 1
    return swapped or _REPEATED.sub(r"\1", name) == _REPEATED.sub(r"\1", own_name)


def _is_near(ending: str, own: str) -> bool:
    """One letter apart, as in "co" and "com"; two countries' endings may be, and mean nothing."""
    return len(ending + own) > 4 and OSA.distance(ending, own) == 1


@lru_cache(maxsize=50_000)
def skeleton(domain: str) -> str:
    """The domain with each letter as the plain one that it looks like."""
    decomposed = unicodedata.normalize("NFKD", u_label(domain))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_CONFUSABLE)
    for run, single in _RUNS:
        bare = bare.replace(run, single)
    return bare
