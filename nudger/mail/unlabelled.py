"""The lines of a reply that no label claims: which field of the answer each of them belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nudger.domain.commitment import Milestone
from nudger.mail.asides import (
    SENTENCE_ENDS,
    goes_on,
    is_chatter,
    is_filler,
    without_small_talk,
    without_small_talk_behind,
)
from nudger.mail.labels import fallback_lead, without_bullet, without_courtesy
from nudger.mail.milestones import is_number, known_milestone
from nudger.mail.tails import split_tail
from nudger.mail.talk import without_talk

WRAPPED = 65
WRAPPED_SMALL = 45
NARROWEST = 72
"""Characters a line, of programs that wrap (RFC 3676, 4.2: 78 or fewer)."""
MOST_WORDS_OF_A_NAME = 4
LONGEST_BARE_MILESTONE = 60
MOST_WORDS_OF_A_MILESTONE = 8


@dataclass(slots=True)
class Found:
    """What has been read so far. `bare` are lines that no label claims, in their order; `gaps` are
    those of them before which an empty line stands. `is_put_right` says that a later line changed a
    field."""

    fields: dict[str, str] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    gaps: set[int] = field(default_factory=set)
    header: list[str] = field(default_factory=list)
    private: bool = False
    language: str | None = None
    open_field: str | None = None
    last_line: str = ""
    guessed: bool = False
    has_filler: bool = False
    is_put_right: bool = False


def place_unlabelled(
    found: Found, milestones: Sequence[Milestone], labelled: frozenset[str], *, loose: bool
) -> None:
    """Put the lines without a label where they belong; `labelled` are the fields that a label
    filled, `loose` says that a bare number at the end of a line is a milestone."""
    as_said = list(found.bare)
    found.bare = _without_openings(found, milestones)
    _drop_below_a_whole_answer(found, milestones, loose=loose)
    joined = _without_talk(_joined(found.bare, milestones, as_said), found, milestones)
    lines = _without_chatter(joined, found, milestones)
    for line in lines:
        if "next_milestone" not in found.fields and names_milestone(line, milestones):
            found.fields["next_milestone"] = without_bullet(line) or line
            lines = [one for one in lines if one is not line]
            break
    for line in lines:
        _place(found, line, milestones, labelled)
    _split_objective(found, milestones, loose=loose)


def _without_openings(found: Found, milestones: Sequence[Milestone]) -> list[str]:
    """The lines without the small talk that they begin with. What follows an apology may be its
    reason where other lines hold an answer: after a mere comma it is left with it, after a full
    stop it is called a guess."""
    is_said_elsewhere = any(
        not is_chatter(line) and not names_milestone(line, milestones) for line in found.bare
    )
    lines: list[str] = []
    for line in found.bare:
        left = without_small_talk_behind(without_small_talk(line))
        is_unsure = left != line and is_said_elsewhere and is_chatter(line)
        goes_with_it = is_unsure and not line.removesuffix(left).rstrip().endswith(SENTENCE_ENDS)
        found.guessed = found.guessed or is_unsure
        lines.append(line if goes_with_it else left)
    return lines


def _drop_below_a_whole_answer(
    found: Found, milestones: Sequence[Milestone], *, loose: bool
) -> None:
    """Leave out further paragraphs below a line that ends with its milestone, and call that a
    guess: a footer stands there rather than more of the answer."""
    for at in sorted(found.gaps & set(range(1, len(found.bare)))):
        below = [line for line in found.bare[at:] if not is_chatter(line)]
        is_whole = split_tail(found.bare[at - 1], milestones, loose=loose).milestone is not None
        if is_whole and not any(_says_a_field(line, milestones) for line in below):
            found.guessed = found.guessed or bool(below)
            del found.bare[at:]
            return


def _says_a_field(line: str, milestones: Sequence[Milestone]) -> bool:
    return names_milestone(line, milestones) or fallback_lead(without_bullet(line)) is not None


def names_milestone(line: str, milestones: Sequence[Milestone]) -> bool:
    said = {line, without_bullet(line)}
    if not milestones:
        return any(map(is_number, said))
    return any(known_milestone(one, milestones) for one in said)


def _without_talk(lines: Sequence[str], found: Found, milestones: Sequence[Milestone]) -> list[str]:
    """Without what is talk beside the answer; a labelled answer loses what is talk in it."""
    objective = found.fields.get("commitment_objective")
    at = [n for n, line in enumerate(lines) if not _says_a_field(line, milestones)]
    *kept, labelled = without_talk([*(lines[n] for n in at), objective or ""])
    if labelled:
        found.fields["commitment_objective"] = labelled
    said = dict(zip(at, kept, strict=True))
    return [line for n, whole in enumerate(lines) if (line := said.get(n, whole))]


def _without_chatter(
    lines: Sequence[str], found: Found, milestones: Sequence[Milestone]
) -> list[str]:
    """Without small talk, unless nothing else is there to be the answer."""
    kept = [one for one in lines if names_milestone(one, milestones) or not is_chatter(one)]
    has_words = any(not names_milestone(one, milestones) for one in kept)
    if has_words or found.fields.get("commitment_objective"):
        return kept
    found.guessed = found.guessed or len(kept) < len(lines)
    return list(lines)


def _place(
    found: Found, line: str, milestones: Sequence[Milestone], labelled: frozenset[str]
) -> None:
    text = without_bullet(line)
    objective = found.fields.get("commitment_objective")
    if is_filler(text):
        found.has_filler = True
    elif is_number(line) or is_number(text):
        found.guessed = True
    elif (fallback := fallback_lead(text)) and (objective or len(found.bare) > 1):
        found.fields.setdefault("fallback", fallback)
    elif not objective:
        found.fields["commitment_objective"] = without_courtesy(text)
    elif names_milestone(text, milestones):
        return
    elif not milestones and not labelled and _may_be_milestone(found, text):
        found.fields["next_milestone"] = text
        found.guessed = True
    elif not labelled and (text == line) and _belongs(objective, text):
        found.guessed = found.guessed or not goes_on(objective, text)
        found.fields["commitment_objective"] = f"{objective} {without_courtesy(text)}"
    elif text != line and not is_chatter(text):
        add_item(found, line)
    elif "commitment_objective" in labelled and goes_on(objective, text):
        found.fields["commitment_objective"] = f"{objective} {text}"
    else:
        found.guessed = True


def add_item(found: Found, line: str) -> None:
    """Keep a line of a list below the objective: numbers stay, bullets become dashes."""
    text, objective = without_bullet(line), found.fields["commitment_objective"]
    continues = goes_on("", text)
    as_said = line.strip() if line.strip()[:1].isalnum() else f"- {text}"
    found.guessed = found.guessed or not continues
    found.fields["commitment_objective"] = f"{objective} {text if continues else as_said}"


def _may_be_milestone(found: Found, text: str) -> bool:
    """Whether a second line may be a milestone where there is no list to hold it against."""
    short = len(text) <= LONGEST_BARE_MILESTONE and len(text.split()) <= MOST_WORDS_OF_A_MILESTONE
    objective = found.fields["commitment_objective"]
    return short and "next_milestone" not in found.fields and not goes_on(objective, text)


def _belongs(objective: str, text: str) -> bool:
    """Whether a further line is more of the answer, rather than a name or a step of its own."""
    return goes_on(objective, text) or len(text.split()) > MOST_WORDS_OF_A_NAME


def _split_objective(found: Found, milestones: Sequence[Milestone], *, loose: bool) -> None:
    """One sentence that holds more than the objective: "…, next step is legal review"."""
    line = found.fields.get("commitment_objective")
    if not line:
        return
    tail = split_tail(line, milestones, loose=loose)
    if tail.fallback and "fallback" not in found.fields:
        found.fields["fallback"] = tail.fallback
    if tail.milestone and not found.fields.get("next_milestone"):
        found.fields["next_milestone"] = tail.milestone
        found.guessed = found.guessed or tail.guessed
    is_said = found.fields.get("next_milestone") == tail.milestone
    if tail.milestone is None or is_said or found.is_put_right:
        found.fields["commitment_objective"] = tail.objective


def _joined(
    lines: Sequence[str], milestones: Sequence[Milestone], as_said: Sequence[str]
) -> list[str]:
    """Wrapped lines put together again; a milestone stands alone. `as_said` are the lines with the
    small talk that some began with, for it counts where a line was wrapped."""
    joined: list[str] = []
    before = written = ""
    for line, whole_line in zip(lines, as_said, strict=False):
        alone = without_bullet(line) != line or names_milestone(line, milestones)
        apart = alone or is_filler(line) or fallback_lead(line) or is_chatter(line)
        if joined and not apart and wraps(written, line) and not _stands_alone(before, milestones):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        before, written = line, whole_line
    return joined


def _stands_alone(line: str, milestones: Sequence[Milestone]) -> bool:
    return names_milestone(line, milestones) or is_chatter(line)


def wraps(before: str, line: str) -> bool:
    """Whether a line goes on with the one before it: it was wrapped, or begins small."""
    if before.rstrip().endswith((".", "!", "?", ":")):
        return False
    if line[:1].islower() and len(before) >= WRAPPED_SMALL:
        return True
    first_word = line.partition(" ")[0]
    had_room = line[:1].isupper() and len(f"{before} {first_word}") <= NARROWEST
    return (len(before) >= WRAPPED and not had_room) or goes_on(before, line)
