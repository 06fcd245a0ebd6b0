"""What of a reply is talk beside the answer, or a word to us, however it is put.

`nudger.domain.clauses` judges each sentence. Where a list of ours knows a phrase, that decides
before; this is for the many ways that no list holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from nudger.domain.clauses import (
    CLAUSE_KINDS,
    PLAN_FROM,
    ClauseKind,
    is_in_known_words,
    is_plan,
    likelihood,
)
from nudger.domain.coach.judge import is_commitment
from nudger.domain.sentences import ANY_CLAUSE_END, CLAUSE_END, FEWEST_WORDS, sentences_of
from nudger.domain.spoken_time import read_moment, read_pause
from nudger.mail.asides import is_filler
from nudger.mail.commands import is_polite, is_time
from nudger.mail.corrections import without_lead
from nudger.mail.labels import fallback_lead
from nudger.mail.message import Command, CommandName
from nudger.mail.quoting import is_greeting
from nudger.mail.signature_block import is_closing
from nudger.mail.visible import without_signs
from nudger.mail.vocabulary import all_of, label_pattern

LONGEST = 300
"""Characters; what is longer is no sentence that lists could miss."""
LONGEST_LINE = 2_000
MOST_SENTENCES = 60
"""A reply with more is judged by the lists alone."""
TALK_FROM = 0.8
MOST_PLAN = 0.03
PLAN_OF_A_REMARK = 0.35
COMMITMENT_FROM = 0.6
UNLIKELY_PLAN = 0.05
SURE_COMMITMENT_FROM = 0.95
COMMAND_FROM = 0.5
SURE_COMMAND_FROM = 0.9
STOP_FROM = 0.3
"""Of what looks like a pause and names no time."""
READERS_FROM = 0.905
PRIVATE_FROM = 0.2
DOUBTFUL_FROM = 0.014
"""How likely of readers a sentence is that keeps the guests waiting."""
LONGEST_COMMAND = 240
MOST_WORDS_OF_A_TIME = 7
MOST_WORDS_OF_A_GREETING = 2

_HEAD_END = re.compile(rf"(?:{CLAUSE_END.pattern})\s+")
_PIECES = re.compile(rf"((?:{ANY_CLAUSE_END.pattern})\s+)")
_BRACKETS = re.compile(r"\(([^()]{1,200})\)")
_LEFT = " \t,;:–—-"
_COMMANDS = {
    kind: CommandName(kind.value)
    for kind in (
        ClauseKind.SKIP, ClauseKind.LATER, ClauseKind.NOT_CUSTOMER, ClauseKind.STOP,
        ClauseKind.PAUSE, ClauseKind.PRIVATE, ClauseKind.UNDO,
    )
}  # fmt: skip
_ONLY_WHEN_SURE = (ClauseKind.PRIVATE, ClauseKind.UNDO, ClauseKind.NOT_CUSTOMER)
_UTC = ZoneInfo("UTC")
_ANY_MORNING = datetime(2026, 1, 7, 6, tzinfo=_UTC)
_TIMED = (ClauseKind.LATER, ClauseKind.PAUSE)
_NO_TALK = (ClauseKind.PLAN, ClauseKind.REMARK)
_ASIDES = (ClauseKind.ASIDE, ClauseKind.FILLER, ClauseKind.QUESTION)
_BESIDE = (ClauseKind.REMARK, *_ASIDES)


def talk(sentence: str) -> float:
    """How likely a sentence is talk or a word to us, rather than of the call or the customer."""
    plain = without_signs(sentence).strip()
    if not _can_be_judged(plain):
        return 0.0
    likely = _likely(plain)
    return 1.0 - sum(likely[kind] for kind in _NO_TALK)


def _can_be_judged(plain: str) -> bool:
    is_sentence = len(plain) <= LONGEST and len(plain.split()) >= FEWEST_WORDS
    return is_sentence and is_in_known_words(plain)


def _likely(text: str) -> Mapping[ClauseKind, float]:
    return dict(zip(CLAUSE_KINDS, likelihood(text), strict=True))


def is_talk(sentence: str) -> bool:
    """Whether a sentence is talk beyond doubt; nothing is that the coach takes for a commitment."""
    return talk(sentence) >= TALK_FROM and not _is_commitment(sentence)


def is_aside(sentence: str) -> bool:
    """Whether a sentence is talk that orders nothing; a mere time belongs to what it stands by."""
    if not is_talk(sentence) or _belongs_to_an_answer(sentence):
        return False
    likely = _likely(without_signs(sentence).strip())
    return max(likely, key=lambda one: likely[one]) in _ASIDES


def _belongs_to_an_answer(sentence: str) -> bool:
    """Whether it is a mere time, what is to happen otherwise, named for one of the fields, or the
    plan put right: "pardon, wrong one: Karim signs"."""
    is_field = _names_a_field().match(sentence) or _says_what_is_next().search(sentence)
    says_more = _puts_right(sentence) or fallback_lead(sentence) is not None
    return bool(is_field) or says_more or is_time(sentence.lower().rstrip(".! "))


def _puts_right(sentence: str) -> bool:
    """Whether a correction names a field or says what is planned in the place of what was said."""
    meant = without_lead(sentence)
    is_corrected = bool(meant) and meant != without_signs(sentence)
    return is_corrected and (_is_plan(meant) or _names_a_field().match(meant) is not None)


def _is_commitment(sentence: str) -> bool:
    """Whether the coach is rather sure of a commitment. It has learned of answers only: talk may
    look like a commitment to it, of no high probability, and what is hardly of the plan has to look
    very much like one."""
    plain = without_signs(sentence).strip()
    is_unlikely = _can_be_judged(plain) and _likely(plain)[ClauseKind.PLAN] < UNLIKELY_PLAN
    return is_commitment(sentence, SURE_COMMITMENT_FROM if is_unlikely else COMMITMENT_FROM)


def _is_plan(sentence: str) -> bool:
    return len(sentence) > LONGEST or is_plan(sentence)


def without_talk(lines: Sequence[str]) -> list[str]:
    """The lines without the sentences in them that are talk, and without a clause of talk that a
    line begins with: a line that is talk is empty. All of them as they are where no sentence would
    be left that says what anybody is to do."""
    if sum(len(sentences_of(line)) for line in lines) > MOST_SENTENCES:
        return list(lines)
    kept = [_without_talk(line) for line in lines]
    is_answer = any(_is_plan(one) for line in kept for one in sentences_of(line))
    return kept if is_answer else list(lines)


def _without_talk(line: str) -> str:
    said = sentences_of(line)
    kept = [one for one in said if not is_aside(one) and not _greets(one)]
    left = line if len(kept) == len(said) else " ".join(kept)
    head = _HEAD_END.search(left[:LONGEST])
    opening = left[: head.start()] if head else ""
    if head is None or not (is_aside(opening) or is_filler(opening)):
        return left
    rest = left[head.end() :]
    first = next(iter(sentences_of(rest)), "")
    return rest if len(first.split()) >= FEWEST_WORDS and _is_plan(first) else left


@dataclass(frozen=True, slots=True)
class Said:
    """What of a field is the answer, and what is a remark beside it, for nobody but the rep."""

    answer: str
    remark: str = ""


def without_remarks(text: str) -> Said:
    """Set apart the sentences that are no part of the plan, where another one is a commitment:
    "Dana signs by Friday. She always haggles, our floor is 80k." In doubt a sentence stays: guests
    read nothing that is no commitment."""
    brackets = [one for one in _BRACKETS.findall(text[:LONGEST_LINE]) if _is_beside_the_plan(one)]
    said = sentences_of(_without(text, brackets))
    firm = [one for one in said[:MOST_SENTENCES] if _is_clear_commitment(one)]
    if len(said) > MOST_SENTENCES or not firm:
        return Said(text)
    beside = [one for one in said if _is_beside_the_plan(one) and firm != [one]]
    kept = [one for one in said if one not in beside]
    return (
        Said(" ".join(kept), " ".join((*beside, *brackets))) if beside or brackets else Said(text)
    )


def _without(text: str, brackets: Sequence[str]) -> str:
    for one in brackets:
        text = " ".join(text.replace(f"({one})", " ").split())
    return text


@dataclass(frozen=True, slots=True)
class Upheld:
    """Lines as far as they count, and the sentences that were taken back, with those that did."""

    lines: list[str]
    taken_back: list[str] = field(default_factory=list)


def without_retracted(lines: Sequence[str]) -> Upheld:
    """The lines without what a sentence in them takes back, and without that sentence, where a
    commitment stands behind it: "Dana signs. Oh wait, that was the last one. Tom signs."."""
    if sum(map(len, lines)) > LONGEST_LINE or not _retracts().search("\n".join(lines)):
        return Upheld(list(lines))
    said = [(at, one) for at, line in enumerate(lines) for one in _sentences_and_rest(line)]
    ends = [n for n, (_, one) in enumerate(said) if _takes_back(one)]
    if not ends or not any(_says_something(one) for _, one in said[ends[-1] + 1 :]):
        return Upheld(list(lines))
    gone, kept = said[: ends[-1] + 1], said[ends[-1] + 1 :]
    left = [" ".join(one for where, one in kept if where == at) for at in range(len(lines))]
    return Upheld(left, [one.strip() for _, one in gone])


def takes_back(line: str) -> bool:
    """Whether a sentence of the line takes back what was said, here or elsewhere."""
    return len(line) <= LONGEST_LINE and any(map(_takes_back, sentences_of(line)))


def _sentences_and_rest(line: str) -> Iterator[str]:
    """Its sentences, and what stands behind the colon of "Scrap that: …" apart."""
    for one in sentences_of(line):
        head, mark, rest = one.partition(": ")
        yield from (head + mark, rest) if mark and _retracts().search(head) else (one,)


def _says_something(sentence: str) -> bool:
    is_long = len(sentence.split()) >= FEWEST_WORDS
    return is_long and (_is_plan(sentence) or _is_commitment(sentence))


def _takes_back(sentence: str) -> bool:
    is_one = _retracts().search(sentence) is not None and not _is_commitment(sentence)
    return is_one and not _is_plan(sentence)


@cache
def _retracts() -> re.Pattern[str]:
    """Said at the begin of a clause, with no more before it than "oh", "sorry" or "no"."""
    before = "|".join(map(all_of, ("hedge", "polite", "correction")))
    return re.compile(
        rf"(?:^|[,;:.!…–—-]|\n)\s*+(?:(?:{before})\s++){{0,2}}(?:{all_of('retracts')})(?!\w)",
        re.IGNORECASE,
    )


def _is_clear_commitment(sentence: str) -> bool:
    return _is_plan(sentence) and _is_commitment(sentence)


def _is_beside_the_plan(sentence: str) -> bool:
    plain = without_signs(sentence).strip()
    if len(plain.split()) < FEWEST_WORDS or len(plain) > LONGEST:
        return False
    if plain.endswith("?"):
        return True
    if _is_commitment(sentence) or _belongs_to_an_answer(sentence):
        return False
    likely = _likely(plain)
    is_beside = max(likely, key=lambda one: likely[one]) in _BESIDE
    return is_beside and likely[ClauseKind.PLAN] < PLAN_OF_A_REMARK


def _greets(sentence: str) -> bool:
    """Whether a sentence is a greeting or a farewell."""
    is_short = len(sentence.split()) <= MOST_WORDS_OF_A_GREETING
    return is_short and (is_greeting(sentence) or is_closing(sentence.rstrip(".! ")))


@dataclass(frozen=True, slots=True)
class Meant:
    """What a reply is that holds no answer: a `command`, or what it is beside that, as `kind`."""

    kind: ClauseKind
    command: Command | None = None


def meant_by(lines: Sequence[str]) -> Meant | None:
    """What a short reply is, each of whose sentences is talk or a word to us, and `None` for any
    other: a command where one of its sentences is likely one."""
    said = [one for line in lines for one in sentences_of(line)]
    if not said or sum(map(len, said)) > LONGEST_COMMAND:
        return None
    if not is_in_known_words(" ".join(said)):
        return None
    judged = [(sentence, _likely(without_signs(sentence).strip())) for sentence in said]
    if any(map(_is_commitment, said)) or any(map(_puts_right, said)):
        return None
    most_plan = max(likely[ClauseKind.PLAN] for _, likely in judged)
    asks = max(likely[ClauseKind.QUESTION] for _, likely in judged)
    if asks >= TALK_FROM and most_plan < PLAN_FROM:
        return Meant(ClauseKind.QUESTION)
    if most_plan > MOST_PLAN or not any(map(is_talk, said)):
        return None
    command = next(filter(None, (_command(*one) for one in judged)), None)
    if command is not None:
        return Meant(ClauseKind(command.name.value), command)
    fills = any(likely[ClauseKind.FILLER] >= PLAN_FROM for _, likely in judged)
    return Meant(ClauseKind.FILLER if fills else ClauseKind.ASIDE)


def _command(sentence: str, likely: Mapping[ClauseKind, float]) -> Command | None:
    kind = max(likely, key=lambda one: likely[one])
    least = SURE_COMMAND_FROM if kind in _ONLY_WHEN_SURE else COMMAND_FROM
    if kind not in _COMMANDS or likely[kind] < least:
        return None
    if kind not in _TIMED:
        return Command(_COMMANDS[kind])
    time = _time_in(sentence)
    if time is None and kind is ClauseKind.PAUSE and likely[ClauseKind.STOP] >= STOP_FROM:
        return Command(CommandName.STOP)
    return Command(_COMMANDS[kind], time) if time else None


def _time_in(sentence: str) -> str | None:
    """The longest run of words in a sentence that tells a time as `spoken_time` understands it."""
    words = [word.strip(".,;:!?()") for word in sentence.lower().split()]
    for length in range(min(MOST_WORDS_OF_A_TIME, len(words)), 0, -1):
        for at in range(len(words) - length + 1):
            run = " ".join(words[at : at + length])
            if read_moment(run, _ANY_MORNING, _UTC, _ANY_MORNING.time()) or read_pause(
                run, _ANY_MORNING, _UTC
            ):
                return run
    return None


def without_wish(line: str, *, is_expected: bool) -> str:
    """The line without the clauses that say who may read the answer, and nothing else. All of them
    are taken for the wish that guests may not: the model takes "not where guests see it" for the
    opposite at times, and what is kept from guests by mistake is put right by one word."""
    least = (0.0, PLAN_FROM) if is_expected else (PRIVATE_FROM, READERS_FROM)
    pieces = _PIECES.split(line[:LONGEST_LINE])
    if len(pieces) > 2 * MOST_SENTENCES or len(line) > LONGEST_LINE:
        return line
    pairs = [*zip(pieces[::2], [*pieces[1::2], ""], strict=True)]
    kept = [(said, mark) for said, mark in pairs if not _is_wish(said, *least)]
    if len(kept) == len(pairs):
        return line
    kept = [(said, mark) for said, mark in kept if not is_polite(said)]
    left = "".join(said + mark for said, mark in kept)
    return left if kept[-1:] == pairs[-1:] else left.rstrip(_LEFT)


def asks_who_reads(line: str) -> bool:
    """Whether a sentence that may be left out of the answer could be about who reads it: "Can you
    keep that from her?". It is no wish that is sure, and guests wait for the rep's word."""
    return any(map(_may_be_of_readers, sentences_of(line[:LONGEST_LINE])[:MOST_SENTENCES]))


def _may_be_of_readers(sentence: str) -> bool:
    plain = without_signs(sentence).strip()
    if len(plain) > LONGEST:
        return False
    likely = _likely(plain)
    if likely[ClauseKind.PLAN] >= PLAN_OF_A_REMARK or _is_commitment(plain):
        return False
    if plain.endswith("?") and _reads().search(plain):
        return True
    of_readers = likely[ClauseKind.PRIVATE] + likely[ClauseKind.PUBLISH]
    return len(plain.split()) >= FEWEST_WORDS and of_readers >= DOUBTFUL_FROM


@cache
def _reads() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('reads')})(?!\w)", re.IGNORECASE)


@cache
def _names_a_field() -> re.Pattern[str]:
    return re.compile(rf"(?:{label_pattern().pattern})(?!\w)", re.IGNORECASE)


@cache
def _says_what_is_next() -> re.Pattern[str]:
    return re.compile(rf"(?<=\w)\s(?:{all_of('is_next')})[\s.!]*+\Z", re.IGNORECASE)


def _is_wish(clause: str, least_private: float, least_of_readers: float) -> bool:
    plain = without_signs(clause).strip()
    if not _can_be_judged(plain) or _names_a_field().match(plain):
        return False
    likely = _likely(plain)
    of_readers = likely[ClauseKind.PRIVATE] + likely[ClauseKind.PUBLISH]
    is_one = likely[ClauseKind.PRIVATE] >= least_private and of_readers >= least_of_readers
    return is_one and not _is_commitment(plain)
