"""Is it a Commitment Objective? A small model judges, rules explain; no network, never in the way.

A C.O. is an act of the customer that one could see happen. The same words change kind with their
owner: "a demo" given by us is our activity; "the CFO attends a demo on Tuesday" is a commitment.
Asking for a person and a date is fine, requiring them is wrong: most good ones carry none. Where
the rules do not see what the model sees, nothing is claimed about the sentence: the rep is asked
who does what.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nudger.domain.coach import words as w
from nudger.domain.coach.explanations import Finding, Sentence, found, read_sentence, ruling
from nudger.domain.coach.judge import Judgement, model
from nudger.domain.coach.kinds import Kind
from nudger.domain.coach.who_is_named import who
from nudger.domain.coach.words import words
from nudger.domain.commitment import Milestone
from nudger.domain.translatable import N_

__all__ = ["Advice", "Finding", "Kind", "coach"]


@dataclass(frozen=True, slots=True)
class Advice:
    """`question` is one friendly question back, `None` where there is nothing to sharpen; `asks`
    the message that it was made from, with the rep's own words, for other languages. `is_certain`
    says whether we would let a customer read the words on the strength of this, `probability` how
    likely the kind is right."""

    kind: Kind
    findings: tuple[Finding, ...]
    question: str | None
    asks: tuple[str, str] | None = None
    is_certain: bool = False
    probability: float = 1.0

    @property
    def is_commitment(self) -> bool:
        return self.kind is Kind.COMMITMENT

    @property
    def may_be_published(self) -> bool:
        """Whether this is a Commitment Objective beyond doubt."""
        return self.is_commitment and self.is_certain


def coach(
    text: str,
    *,
    milestone: Milestone | None = None,
    milestones: Sequence[Milestone] = (),
    us: Collection[str] = (),
) -> Advice:
    """What this is, what speaks for it, and at most one question. Never raises.

    `milestone` is the next one that the rep named out of `milestones`; `us` are names of our own
    people, who are never the customer.
    """
    sentence = read_sentence(text)
    kind, findings, judgement = _judged(sentence, us)
    likely = 1.0 if judgement is None else judgement.probability
    certain = likely >= model().certain_from[0]
    more = (*_sharpness(sentence), *_fit(sentence, milestone, milestones))
    seen = (*findings, *(more if kind is Kind.COMMITMENT else ()))
    message = _message(kind, seen, explained=bool(findings))
    if message is None:
        return Advice(kind, seen, None, is_certain=certain, probability=likely)
    quoted = sentence.text if len(sentence.text) <= 120 else sentence.text[:119] + "…"
    question = message % {"words": quoted, "act": _act_for(sentence)}
    return Advice(kind, seen, question, (message, quoted), certain, likely)


def _judged(
    sentence: Sentence, us: Collection[str]
) -> tuple[Kind, tuple[Finding, ...], Judgement | None]:
    """The kind, and what the rules found where they come to the same; no judgement on what has no
    words."""
    ruled, findings = ruling(sentence, us)
    if any(finding.code == "no_sentence" for finding in findings):
        return ruled, findings, None
    judgement = model().judge(_with_us(sentence.whole, us))
    return judgement.kind, findings if ruled is judgement.kind else (), judgement


def _with_us(text: str, us: Collection[str]) -> str:
    """The sentence with our own people as what they are, whatever their names."""
    for name in us:
        if name.strip():
            whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            text = whole.sub("our colleague", text)
    return text


def _sharpness(sentence: Sentence) -> tuple[Finding, ...]:
    """Where a word may be a name, nothing is claimed."""
    named, when = who(sentence.text), words(w.WHEN).search(sentence.folded)
    dated = (
        found("has_when", when[0], "It says when.")
        if when
        else found("no_when", "", "It does not say by when.")
    )
    if named is None:
        return (*found("no_who", "", "It does not say who on their side."), *dated)
    return (*(found("has_who", named, "It says who.") if named else ()), *dated)


def _fit(
    sentence: Sentence, milestone: Milestone | None, milestones: Sequence[Milestone]
) -> tuple[Finding, ...]:
    """The order itself belongs to the last milestone."""
    closes = words(w.CLOSES).search(sentence.folded)
    if closes is None or milestone is None or len(milestones) < 3:
        return ()
    names = [one.name for one in milestones]
    at = names.index(milestone.name) if milestone.name in names else len(names)
    if at >= len(names) - 2:
        return ()
    says = f"The order itself is far ahead of “{milestone.name}”."
    return found("closes_too_early", closes[0], says)


_QUESTIONS = {
    Kind.CALL_OBJECTIVE: N_(
        "“%(words)s” is what you want to know. When you know it, what will the "
        "customer agree to do next? For example: “The customer agrees to %(act)s.”"
    ),
    Kind.SELLER_ACTIVITY: N_(
        "“%(words)s” is your own task. What will the customer do because of it? "
        "For example: “The customer agrees to %(act)s.”"
    ),
    Kind.VAGUE: N_(
        "How would you see that “%(words)s” happened? For example: “The customer agrees to "
        "%(act)s.”"
    ),
    Kind.UNCLEAR: N_(
        "What will the customer have agreed to do by the end of this call? For example: "
        "“Dana agrees to bring the CFO to a 30-minute review.” (You wrote: “%(words)s”)"
    ),
}


WHO_DOES_WHAT = N_(
    "“%(words)s”: who on their side does that, and what exactly? For example: “The customer agrees "
    "to %(act)s.”"
)
SMALLER_STEP = N_("“%(words)s”: what smaller step would the customer agree to in this call?")
WHO_AND_WHEN = N_(
    "“%(words)s”: who on their side, and by when? (If you know; it is saved either way.)"
)
BY_WHEN = N_("“%(words)s”: by when? (If you know; it is saved either way.)")


def _message(kind: Kind, findings: Sequence[Finding], *, explained: bool) -> str | None:
    """The question to ask, with places for the rep's `words` and an example's `act`. What no rule
    explains is not named."""
    if kind is not Kind.COMMITMENT:
        return _QUESTIONS[kind] if explained or kind is Kind.UNCLEAR else WHO_DOES_WHAT
    codes = {finding.code for finding in findings}
    if "closes_too_early" in codes:
        return SMALLER_STEP
    if {"no_who", "no_when"} <= codes:
        return WHO_AND_WHEN
    if "no_when" in codes and "granted" not in codes and "joint_act" not in codes:
        return BY_WHEN
    return None


DEFAULT_ACT = N_("a 30-minute review with the CFO next week")
_EXAMPLES = {
    r"budget|price|pricing|quote|proposal|offer|angebot|preis": (
        "review the proposal with their CFO on Thursday"
    ),
    r"demo|present|pitch|show|präsent|vorführ": (
        "attend a demo with the people who will use it, on Tuesday"
    ),
    r"decision|decide|who|process|entscheid": ("introduce us to the person who signs, by Friday"),
    r"need|requirement|pain|problem|bedarf|besoin": (
        "a needs analysis with two of their team leads next week"
    ),
    r"pilot|trial|test": "start a pilot with two named users on Monday",
    r"legal|contract|vertrag|contrat": "send us their lawyer's changes by Wednesday",
    r"interest|think|consider|look|internal": (
        "discuss it with the CFO on Monday and tell us yes or no on Tuesday"
    ),
}


def _act_for(sentence: Sentence) -> str:
    """An example near the rep's own subject."""
    for pattern, act in _EXAMPLES.items():
        if re.search(pattern, sentence.folded):
            return act
    return DEFAULT_ACT
