"""Where a sentence ends and where a clause of it does, in our languages."""

from __future__ import annotations

import re
from itertools import pairwise

from nudger.domain.time_words import any_of

FEWEST_WORDS = 3
"""A clause of fewer says who, when or how much, and nothing of its own."""

_ABBREVIATED = (
    "Dr", "Dra", "Fam", "Fr", "Hr", "Ing", "Lic", "Mme", "Mr", "Mrs", "Ms", "No", "Nr", "Prof",
    "Sig", "Sr", "Sra", "St", "approx", "bzw", "ca", "dept", "dhr", r"e\.g", "evtl", "excl", "exkl",
    "ggf", r"i\.e", "incl", "inkl", "mevr", "núm", r"p\.ex", "pág", "vs", r"z\.B", r"z\. B", "zzgl",
)  # fmt: skip
_NO_END = "".join(rf"(?<!\b{one})" for one in (*_ABBREVIATED, r"\d", r"\d\d"))
"""Before a full stop that ends a sentence: none after "Dr" or "15"; with `re.IGNORECASE`."""
_DASH = r"\s[-–—](?=\s)"
_SMILEY = "[:;]-?[)(DP](?=\\s)|[\U0001f300-\U0001faff\u263a]\ufe0f?(?=\\s)"
_NUMBERED = rf"(?:{any_of('months_of_the_year')}|{any_of('behind_ordinal')})(?!\w)"
_NUMBER_END = rf"(?:(?<=[^\W\d]\s\d)|(?<=[^\W\d]\s\d\d))\.(?=\s(?!\s*+(?:{_NUMBERED})))"
"""Behind a number of one or two digits, unless it says which one, as in "am 12. Mai"."""
SENTENCE_END = re.compile(rf"{_NO_END}\.(?=\s)|{_NUMBER_END}|[!?…](?=\s)|\n", re.IGNORECASE)
CLAUSE_END = re.compile(rf"[,;:](?=\s)|{_DASH}")
"""Where a clause ends that another of the same sentence follows."""
ANY_CLAUSE_END = re.compile(rf"[,;:.!?…](?=\s)|{_DASH}")
"""Where a clause ends, of the same sentence or with it."""
_SENTENCE_OR_SMILEY_END = re.compile(rf"{SENTENCE_END.pattern}|{_SMILEY}", re.IGNORECASE)


def sentences_of(text: str) -> list[str]:
    """Its sentences, each with the mark that ends it; a smiley ends one, too."""
    ends = [0, *(mark.end() for mark in _SENTENCE_OR_SMILEY_END.finditer(text)), len(text)]
    return [said for start, end in pairwise(ends) if (said := text[start:end].strip())]


def clauses_of(text: str, end: re.Pattern[str] = CLAUSE_END) -> list[str]:
    """What stands between such ends, where there are several clauses, and each could say something
    of its own."""
    found = [one.strip() for one in end.split(text)]
    return [one for one in found if len(one.split()) >= FEWEST_WORDS] if len(found) > 1 else []
