"""What speaks for which kind, in words that can be told to the rep: rules in their order, the first
that knows decides. They explain; the `judge` decides."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from nudger.domain.coach import words as w
from nudger.domain.coach.grammar import (
    CAN_DO,
    FRAME,
    FROM_THEM,
    GERUND,
    GETS_THEM,
    HAVE_THEM,
    LETS,
    MAY_I,
    NAME_DOES,
    OUR_PAPER,
    OUR_PEOPLE,
    OUR_TURN,
    OWNER,
    PASSIVE_OURS,
    PASSIVE_THEIRS,
    SEVERAL_DO,
    SOMEBODY_DOES,
    THEIR_SIDE,
    THEY_WILL,
    TOWARDS_US,
    US_FIRST,
    WANTS_NOTHING,
    WHEN_CAN_YOU,
    WISH_TO_ACT,
)
from nudger.domain.coach.kinds import Kind
from nudger.domain.coach.words import at_the_start, words

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that we saw. `evidence` is the words of the sentence, `says` ours to the rep."""

    code: str
    evidence: str
    says: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """`whole` as it was given, on one line; `text` without the frame in which a C.O. is often put,
    `folded` that in lower case."""

    whole: str
    text: str
    folded: str


def read_sentence(text: str) -> Sentence:
    line = " ".join(text[:LONGEST].replace("’", "'").split()).strip("\"'“”„«»-–• ").strip()
    frame = FRAME.match(line.lower())
    start = frame.end() if frame else 0
    bare = line[start:].lstrip(" ,:")
    return Sentence(line, bare or line, (bare or line).lower())


def found(code: str, evidence: str, says: str) -> tuple[Finding, ...]:
    return (Finding(code, evidence.strip(), says),)


_Verdict = tuple[Kind, tuple[Finding, ...]]


def ruling(sentence: Sentence, us: Collection[str]) -> _Verdict:
    folded = sentence.folded
    if len(WANTS_NOTHING.findall(folded)) == 0 or _is_noise(folded):
        return Kind.UNCLEAR, found("no_sentence", sentence.text, "We cannot read a step in this.")
    for rule in (_by_owner, _by_our_paper, _by_agreement, _by_getting_them, _by_question,
                 _by_first_person, _by_vagueness, _by_learning, _by_their_act, _by_our_activity,
                 _by_what_is_granted):  # fmt: skip
        verdict = rule(sentence, us)
        if verdict is not None:
            return verdict
    return Kind.VAGUE, found("no_act", "", "We cannot tell what the customer would do.")


def _is_noise(folded: str) -> bool:
    """One word that is no word of selling."""
    if " " in folded.strip():
        return False
    known = "|".join((w.ADVANCES, w.SELLS, w.AGREES, w.LEARNS, w.VAGUE, w.ACTS))
    return words(known).search(folded) is None


def _commitment(evidence: str, says: str, code: str = "customer_acts") -> _Verdict:
    return Kind.COMMITMENT, found(code, evidence, says)


def _vague(evidence: str) -> _Verdict:
    says = "One could not see whether it happened: it is a mood, not a step."
    return Kind.VAGUE, found("not_observable", evidence, says)


def _learning(evidence: str) -> _Verdict:
    says = "This is what you want to learn or build; the customer does nothing yet."
    return Kind.CALL_OBJECTIVE, found("learning_verb", evidence, says)


def _ours(evidence: str) -> _Verdict:
    says = "This is something that we do; what does the customer do?"
    return Kind.SELLER_ACTIVITY, found("seller_acts", evidence, says)


def _by_owner(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    owner = OWNER.search(sentence.folded)
    if owner is None:
        return None
    if owner[1] in ("us", "we", "seller", "vendor"):
        return _ours(owner[0])
    return _commitment(owner[0], "The customer owns this step.")


def _by_our_paper(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    match = OUR_PAPER.match(sentence.folded)
    return _ours(match[0]) if match else None


def _by_agreement(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    """Somebody agrees, signs, approves; unless what they agree to is nothing one can see."""
    folded = sentence.folded
    agrees = words(w.AGREES).search(folded)
    if agrees is None or _wants_to_know(folded, agrees.start()):
        return None
    if _we_agree(folded, agrees.start()):
        return None
    rest = folded[agrees.end() :]
    hollow = words(w.VAGUE).match(
        re.sub(r"^\s*(?:to|that (?:they|he|she|we)|daran|,)?\s*", "", rest)
    )
    if hollow:
        return _vague(f"{agrees[0]} {hollow[0]}")
    return _commitment(agrees[0], "The customer agrees to something.", "customer_agrees")


def _we_agree(folded: str, at: int) -> bool:
    """Whether it is us who agree, and nobody of theirs."""
    theirs = re.search(r"\b(?:they|customer|client|prospect|he|she)\b", folded[:at])
    return bool(US_FIRST.match(folded)) and not FROM_THEM.search(folded) and at < 25 and not theirs


def _wants_to_know(folded: str, before: int) -> bool:
    """Whether the agreement is only what we want to find out about."""
    head = at_the_start(w.LEARNS).match(folded)
    return head is not None and head.start("head") <= before


def _by_getting_them(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    """ "Get Dana to sign": we ask, the customer acts."""
    folded = sentence.folded
    have = HAVE_THEM.match(folded)
    if have and not re.fullmatch(w.STATES, have["act"]):
        return _commitment(have[0], "You ask, and the customer acts.")
    match = GETS_THEM.search(folded)
    if match is None or match.start() > 30:
        return None
    act = folded[match.start("act") :]
    if match["link"] == "to" and words(w.VAGUE).match(act):
        return _vague(match[0])
    if at_the_start(
        r"like|trust|understand|see|know|realize|realise|feel|believe|want|think|be"
    ).match(act):
        return _vague(match[0])
    if re.match(r"(?:us|me|it|this|that|them all|all|everything|ready|in|up)\s", match["who"]):
        return None
    return _commitment(match[0], "You ask, and the customer acts.")


def _by_question(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    folded = sentence.folded
    if WHEN_CAN_YOU.match(folded):
        return _commitment(sentence.text, "It asks the customer for a step with a date.")
    may = MAY_I.match(folded)
    if may and "?" in folded:
        if words(w.VAGUE).search(folded) or not words(w.WHEN).search(folded):
            return _vague(sentence.text)
        return _commitment(sentence.text, "It asks the customer for a yes to a dated step.")
    return None


def _by_first_person(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    """I and we: mostly the seller, sometimes a customer who is quoted."""
    folded = sentence.folded
    if WISH_TO_ACT.match(folded) and not words(r"at some point|sometime|someday|dig deeper").search(
        folded
    ):
        return _commitment(sentence.text, "The customer wants to take this step.")
    lets = LETS.match(folded)
    if lets:
        return _joint(lets["rest"], sentence)
    first = US_FIRST.match(folded)
    if first is None:
        return None
    if words(w.VAGUE).search(first["rest"]):
        return _vague(sentence.text)
    rest = first["rest"].strip()
    if at_the_start(w.LEARNS).match(rest):
        return _learning(rest)
    return _ours(sentence.text)


def _joint(rest: str, sentence: Sentence) -> _Verdict:
    """ "Let's …": a step where both have fixed it, warm words where not."""
    if words(w.VAGUE).search(rest) or at_the_start(w.LEARNS).match(rest):
        return _vague(sentence.text)
    if words(w.WHEN).search(rest) and (THEIR_SIDE.search(rest) or CAN_DO.search(rest)):
        return _commitment(sentence.text, "Both fix the step.", "joint_act")
    if re.search(r"\b(?:reconnect|meet again|catch up|talk|speak|chat)\b", rest):
        return _vague(sentence.text)
    return _commitment(sentence.text, "Both fix the step.", "joint_act")


def _by_vagueness(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    match = words(w.VAGUE).search(sentence.folded)
    if match is None:
        return None
    if _acts_anyway(sentence, match):
        return None
    return _vague(match[0])


def _acts_anyway(sentence: Sentence, vague: re.Match[str]) -> bool:
    """Whether a nameable act stands before the warm words."""
    head = sentence.folded[: vague.start()]
    return bool(
        re.search(r"\b(?:attends?|joins?|introduces?|invites?|signs?|submits?|books?)\b", head)
    )


def _by_learning(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    folded = sentence.folded
    head = at_the_start(w.LEARNS).match(folded)
    if head:
        return _learning(head["head"])
    late = words(w.LEARNS).search(folded)
    if late and _speaks_elsewhere(folded) and not words(w.ACTS_ELSEWHERE).search(folded):
        return _learning(late[0])
    return None


def _speaks_elsewhere(folded: str) -> bool:
    """Whether the sentence is likely not English: verbs may come last."""
    english = re.search(rf"\b(?:{w.ENGLISH_MARKS})\b", folded)
    return bool(words(w.MARKS_ELSEWHERE).search(folded)) or english is None


def _by_their_act(sentence: Sentence, us: Collection[str]) -> _Verdict | None:
    folded = sentence.folded
    elsewhere = words(w.ACTS_ELSEWHERE).search(folded)
    if elsewhere and not US_FIRST.match(folded):
        return _commitment(elsewhere[0], "The customer acts.")
    named = _who_acts(sentence, us)
    if named:
        return _commitment(named, "The customer acts.")
    several = SEVERAL_DO.match(folded)
    if several:
        return _commitment(several[0], "The customer acts.")
    if TOWARDS_US.search(folded) and at_the_start(w.ACTS).match(folded):
        return _commitment(sentence.text, "The customer does it for us.")
    if (
        PASSIVE_THEIRS.search(folded)
        and not PASSIVE_OURS.search(folded)
        and not US_FIRST.match(folded)
    ):
        return _commitment(PASSIVE_THEIRS.search(folded)[0], "It is done by the customer.")  # type: ignore[index]
    return _by_bare_act(sentence)


def _who_acts(sentence: Sentence, us: Collection[str]) -> str:
    """The customer's subject and verb at the head of a sentence, empty where there is none."""
    for pattern in (THEY_WILL, SOMEBODY_DOES, NAME_DOES):
        match = pattern.match(sentence.text)
        if match is None or _is_us(match["who"], us):
            continue
        is_name = pattern is not NAME_DOES or _reads_as_a_name(match)
        if is_name and _is_their_verb(match["who"], match["act"]):
            return f"{match['who']} {match['act']}"
    return ""


def _reads_as_a_name(match: re.Match[str]) -> bool:
    """Whether a capital letter begins a name and not just the sentence: a verb in the third person
    follows, or one behind "will"."""
    first, whole = match["who"].split(maxsplit=1)[0].lower(), match.string.lower()
    verbs = (w.SELLS, w.ACTS, w.LEARNS, w.VAGUE)
    imperative = any(at_the_start(known).match(whole) for known in verbs)
    third = match["act"].endswith("s") or " will " in f"{match[0]} "
    third = third or (match["act"].endswith("t") and _speaks_elsewhere(whole))
    third = third and PASSIVE_OURS.fullmatch(match["act"]) is None
    return third and not imperative and re.fullmatch(w.STATES, first) is None


def _is_us(who: str, us: Collection[str]) -> bool:
    lower = who.lower()
    return bool(re.match(r"(?:i|we|our|us|my)\b", lower)) or any(u.lower() in lower for u in us)


def _is_their_verb(who: str, act: str) -> bool:
    """ "Dana joins", "the CFO attends", "they'll sign": somebody of theirs, and something that one
    can see them do."""
    head = who.rsplit(maxsplit=1)[-1].lower().strip(",")
    first = who.split(maxsplit=1)[0]
    is_somebody = (
        words(w.CUSTOMER).fullmatch(head) is not None
        or THEIR_SIDE.search(who.lower()) is not None
        or (first[:1].isupper() and not words(w.SELLS).fullmatch(first.lower()))
    )
    if not is_somebody or words(w.LEARNS).match(who.lower()) or words(w.ADVANCES).fullmatch(head):
        return False
    return re.fullmatch(w.STATES, act) is None


_THEIRS_ALONE = frozenset({
    "introduce", "intro", "invite", "bring", "nominate", "appoint", "grant", "sponsor", "loop in",
    "involve", "pilot", "order", "buy", "attend", "join", "deploy", "red-line", "redline",
    "allocate", "pay", "purchase", "sit down", "fund",
})  # fmt: skip


def _base_form(gerund: re.Match[str]) -> str:
    """ "sitting" -> "sit", "sharing" -> "share", "deploying" -> "deploy"."""
    stem = gerund["stem"]
    forms = (stem, f"{stem}e", stem[:-1])
    return next((form for form in forms if re.fullmatch(w.ACTS, form)), stem)


def _by_bare_act(sentence: Sentence) -> _Verdict | None:
    """An act without its subject: the customer's when somebody or something of theirs is in it."""
    folded = GERUND.sub(_base_form, sentence.folded, count=1)
    head = at_the_start(w.ACTS).match(folded)
    if head is None:
        return None
    verb = head["head"]
    rest = folded[head.end() :]
    ours = words(w.SELLS).fullmatch(verb)
    theirs = bool(
        re.search(r"\b(?:their|his|her|internal(?:ly)?|your)\b", rest) or TOWARDS_US.search(folded)
    )
    if verb in _THEIRS_ALONE:
        return _commitment(sentence.text, "Only the customer can do this.")
    advances = words(w.ADVANCES).search(rest)
    if theirs or (advances and not ours) or (verb in ("run", "start", "begin") and advances):
        return _commitment(sentence.text, "The customer's side has to act for this.")
    if verb in ("schedule", "book", "arrange", "set", "fix") and (
        words(w.WHEN).search(rest) or THEIR_SIDE.search(rest) or advances
    ):
        return _commitment(sentence.text, "Both fix a date for it.", "joint_act")
    return None


def _by_our_activity(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    folded = sentence.folded
    head = at_the_start(w.SELLS).match(folded)
    if head:
        return _ours(sentence.text)
    passive = PASSIVE_OURS.search(folded) or OUR_TURN.search(folded) or OUR_PEOPLE.match(folded)
    if passive:
        return _ours(passive[0])
    late = words(w.SELLS).search(folded)
    if late and _speaks_elsewhere(folded):
        return _ours(late[0])
    return None


def _by_what_is_granted(sentence: Sentence, _us: Collection[str]) -> _Verdict | None:
    """A bare noun phrase, such as "access to the IT team": the customer grants it."""
    match = words(w.ADVANCES).search(sentence.folded)
    if match:
        return _commitment(match[0], "The customer grants this.", "granted")
    return None
