"""What a reply says of each call, by its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from nudger.domain.clauses import CLAUSE_KINDS, ClauseKind, likelihood
from nudger.domain.commitment import Answer
from nudger.mail.commands import is_time, without_polite_end
from nudger.mail.message import Asked, Command, CommandName
from nudger.mail.milestones import LONGEST_FIELD, known_milestone
from nudger.mail.privacy import read_wish
from nudger.mail.segments.pointers import placed
from nudger.mail.segments.spans import Span
from nudger.mail.segments.tags import COMMANDS, Tag
from nudger.mail.vocabulary import all_of

LONGEST_CONTRAST = 24
Reading = Answer | Command
"""What is said of one call."""


@dataclass(slots=True)
class Said:
    """The parts that are about one call, in their order."""

    parts: list[Span] = field(default_factory=list)
    argument: Span | None = None

    def of_kind(self, tag: Tag) -> list[Span]:
        return [part for part in self.parts if part.tag is tag]

    @property
    def command(self) -> Span | None:
        return next((part for part in self.parts if part.tag in COMMANDS), None)

    @property
    def sure(self) -> float:
        """How likely the least likely part of an answer or a command is."""
        weighty = (Tag.COMMITMENT, Tag.FALLBACK, Tag.MILESTONE, *COMMANDS)
        return min((part.sure for part in self.parts if part.tag in weighty), default=0.0)


def said_of_calls(text: str, spans: Sequence[Span], asked: Asked) -> dict[int, Said]:
    """By the call's number, in the order of the mail."""
    found: dict[int, Said] = {}
    latest: tuple[int, ...] = ()
    for span, numbers in placed(text, spans, asked):
        if span.tag is Tag.ARGUMENT:
            for number in latest:
                found[number].argument = found[number].argument or span
        for number in numbers:
            found.setdefault(number, Said()).parts.append(span)
        latest = numbers or latest
    return dict(sorted(found.items()))


def reading_of(text: str, said: Said, asked: Asked) -> Reading | None:
    """The answer in what is said of a call, or the command, also that it stays private; `None`
    where it is neither or both, or longer than a field."""
    answer = Answer(
        commitment_objective=_joined(text, said.of_kind(Tag.COMMITMENT)),
        next_milestone=_milestone(text, said.of_kind(Tag.MILESTONE), asked),
        fallback=_joined(text, said.of_kind(Tag.FALLBACK)),
        private=any(_wishes_privacy(part.of(text)) for part in said.of_kind(Tag.WISH)),
        remark=_joined(text, said.of_kind(Tag.REMARK)),
    )
    if answer.is_empty:
        return _command(text, said, is_private=answer.private)
    longest = max(len(answer.commitment_objective or ""), len(answer.fallback or ""))
    return answer if said.command is None and longest <= LONGEST_FIELD else None


def _command(text: str, said: Said, *, is_private: bool) -> Command | None:
    if said.command is not None:
        return Command(COMMANDS[said.command.tag], _argument(text, said))
    return Command(CommandName.PRIVATE) if is_private else None


def _milestone(text: str, parts: Sequence[Span], asked: Asked) -> str | None:
    """The last that is named, but for one that is named as what it is not, and for what follows
    another without a word between."""
    listed = {b for a, b in pairwise(parts) if not text[a.end : b.start].strip()}
    meant = [part for part in parts if part not in listed and not _is_contrasted(text, part)]
    named = (known_milestone(part.of(text), asked.milestones) for part in reversed(meant))
    return next(filter(None, named), None)


def _is_contrasted(text: str, part: Span) -> bool:
    """Whether a part follows "not", "instead of" or their like."""
    before = text[max(0, part.start - LONGEST_CONTRAST) : part.start]
    return _instead_of().search(before) is not None


@cache
def _instead_of() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{all_of('instead_of')})\s(?:(?:{all_of('article')})\s)?\s*+\Z", re.IGNORECASE
    )


def _argument(text: str, said: Said) -> str | None:
    """The time or the address beside a command, where it takes one."""
    if said.argument is None or said.command is None:
        return None
    words = without_polite_end(" ".join(said.argument.of(text).split())).rstrip(" ?!.")
    if said.command.tag is Tag.NOT_ME:
        return next((word.strip("<>()[],;:") for word in words.split() if "@" in word), None)
    takes_time = said.command.tag in (Tag.LATER, Tag.PAUSE) and is_time(words)
    return words if takes_time else None


def _joined(text: str, spans: Sequence[Span]) -> str | None:
    """The words of some parts as one text, with the marks that ended them."""
    pieces: list[str] = []
    for at, span in enumerate(spans):
        if at:
            gap = text[spans[at - 1].end : span.start]
            mark = gap[:1] if gap[:1] in (".", "!", ";", ",") else "." if gap.strip() else ""
            pieces.append(f"{mark} ")
        pieces.append(" ".join(span.of(text).split()))
    return "".join(pieces) or None


def _wishes_privacy(words: str) -> bool:
    """Whether a wish about readers is that guests do not read, as nearly all are."""
    likely = dict(zip(CLAUSE_KINDS, likelihood(words), strict=True))
    is_public = likely[ClauseKind.PUBLISH] > likely[ClauseKind.PRIVATE]
    return not is_public or read_wish(words).is_certain
