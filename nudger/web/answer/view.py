"""What the answer page shows of a call, in the rep's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nudger.admin.answering import AnswerSheet, Link, Look, Standing
from nudger.domain.commitment import Answer, MeetingState, Outcome
from nudger.domain.reasons import Reason
from nudger.domain.translatable import N_
from nudger.jobs.outgoing.coaching import coaching
from nudger.jobs.outgoing.facts import MeetingFacts
from nudger.jobs.outgoing.render import note_of, shown_of
from nudger.mail.calls import letter_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import OUTCOME_WORDS, Audience, first_guest, meeting_values
from nudger.mail.display import display_text
from nudger.mail.kinds.question import PLANNED_LAST_TIME
from nudger.mail.message import CommandName
from nudger.mail.phrases import NOT_A_CUSTOMER, SKIPPED
from nudger.runtime.context import Context
from nudger.web.answer.form import ELSEWHERE, LONGEST, Typed

WHERE_IT_STANDS = {
    Standing.ON_ITS_WAY: N_("Saved. It is being written into your calendar."),
    Standing.MEETING: N_("It stands in the meeting's description, where the guests can read it."),
    Standing.OWN_COPY: N_("It stands in your own copy of the meeting; the guests do not see it."),
    Standing.PRIVATE: N_(
        "It stands in a private event on your calendar, at the same time; the guests do not see it."
    ),
    Standing.KEPT_BACK: N_(
        "Saved, and kept to you: guests read only what is a commitment beyond doubt."
    ),
    Standing.FAILED: N_("Saved, but it could not be written into your calendar. A mail tells why."),
}
WHO_READS = {
    Audience.REP: N_("You alone can read it, in a private event on your calendar."),
    Audience.OWN_COPY: N_("You alone can read it, in your own copy of the meeting."),
}
CLOSED = {
    True: N_("This call was called off: there is nothing to answer any more."),
    False: N_("This call was more than thirty days ago: its question is closed."),
}


def typed_before(sheet: AnswerSheet) -> Typed:
    """The fields as the answer that stands fills them."""
    answer = sheet.facts.planned or Answer()
    return Typed(
        {
            "commitment_objective": answer.commitment_objective or "",
            "next_milestone": answer.next_milestone or "",
            "fallback": answer.fallback or "",
            "place": "private" if answer.private else "meeting",
        }
    )


COMMANDS_TOLD: Mapping[Reason, str] = {
    Reason.SKIP: SKIPPED,
    Reason.NOT_CUSTOMER: NOT_A_CUSTOMER,
    Reason.LATER: N_("You are asked again then."),
    Reason.TOO_LATE: N_("By then the call has begun. Reply whenever you like before it."),
    Reason.UNDO: N_("Taken back."),
    Reason.PUBLISHED: N_("The answer goes where the guests can read it."),
    Reason.NOTHING_SAVED: N_("There is nothing to take back for this call."),
    Reason.ONLY_YOURS: N_(
        "Your company keeps answers out of the meetings: it stays where you alone read it."
    ),
}
"""What is said to who just had it done."""
CHOSEN_BY_REP: Mapping[str, str] = {
    Reason.SKIP: N_("You wanted no question about this call."),
    Reason.NOT_CUSTOMER: N_("You said that this is no customer meeting."),
}


def sheet_values(
    ctx: Context, words: Catalogue, sheet: AnswerSheet, typed: Typed, look: Look | None = None
) -> dict[str, Any]:
    """All that `answer/sheet.html.j2` shows."""
    shown = shown_of(ctx, sheet.link.rep, sheet.facts)
    listed = [one.name for one in sheet.milestones]
    chosen = typed.values["next_milestone"]
    return {
        **meeting_values(words, shown),
        "title_of_page": words.say(N_("Your answer")),
        "last": last_time(words, sheet),
        "who_reads": words.say(WHO_READS[sheet.audience]) if sheet.audience in WHO_READS else "",
        "guests_can_read": sheet.audience is Audience.GUESTS,
        "milestones": listed if not chosen or chosen in listed else [*listed, chosen],
        "typed": typed.values,
        "problems": {name: words.say(text, most=LONGEST) for name, text in typed.problems.items()},
        "longest": LONGEST,
        "status": status_of(words, sheet),
        "told": left_out(words, sheet) or just_done(words, sheet),
        "is_open": sheet.is_open,
        "closed": "" if sheet.is_open else words.say(CLOSED[sheet.is_called_off]),
        "asks_outcome": sheet.is_over or sheet.link.asks_outcome,
        "outcome": sheet.outcome and words.say(OUTCOME_WORDS[sheet.outcome]),
        "outcomes": [(one.value, words.say(OUTCOME_WORDS[one])) for one in Outcome],
        "elsewhere": elsewhere_of(words, sheet),
        "look": look and look_values(ctx, words, sheet, look, typed),
    }


def look_values(
    ctx: Context, words: Catalogue, sheet: AnswerSheet, look: Look, typed: Typed
) -> dict[str, Any]:
    """What `answer/look.html.j2` shows: the coach's word, and what would stand where."""
    answer = Answer(
        typed.values["commitment_objective"] or None,
        typed.values["next_milestone"] or None,
        typed.values["fallback"] or None,
    )
    guest = first_guest(words, shown_of(ctx, sheet.link.rep, sheet.facts))
    return {
        "is_commitment": look.advice.is_commitment,
        "question": coaching(words, look.advice) if answer.commitment_objective else "",
        "for_guests": look.is_for_guests,
        "kept_back": look.kept_back is not None,
        "guest": guest,
        "note_lines": _note_lines(ctx, sheet, answer),
    }


def _note_lines(ctx: Context, sheet: AnswerSheet, answer: Answer) -> tuple[str, ...]:
    """The note as it would be written now."""
    if answer.is_empty:
        return ()
    return note_of(ctx, sheet.link.rep, sheet.meeting, [(ctx.clock(), answer)], None).lines


def list_values(
    ctx: Context, words: Catalogue, link: Link, facts: Sequence[MeetingFacts]
) -> list[dict[str, Any]]:
    """What the list of a digest's calls shows of each."""
    return [
        {
            **meeting_values(words, shown_of(ctx, link.rep, one)),
            "letter": letter_of(number),
            "number": number,
            "planned": one.planned and one.planned.commitment_objective,
        }
        for number, one in enumerate(facts, start=1)
    ]


def last_time(words: Catalogue, sheet: AnswerSheet) -> str:
    """What was planned with this customer before, and what came of it."""
    answer = sheet.facts.planned_before
    if answer is None or not answer.commitment_objective:
        return ""
    planned = display_text(answer.commitment_objective, 200)
    return words.say(PLANNED_LAST_TIME[sheet.facts.outcome_before], planned=planned)


def status_of(words: Catalogue, sheet: AnswerSheet) -> str:
    """Where the answer stands; empty where there is none."""
    says = WHERE_IT_STANDS.get(sheet.standing)
    return words.say(says) if says else ""


def left_out(words: Catalogue, sheet: AnswerSheet) -> str:
    """That the rep wanted no question about the call; empty where they did not say so."""
    meeting = sheet.meeting
    says = CHOSEN_BY_REP.get(meeting.reason) if meeting.state is MeetingState.WITHDRAWN else None
    return words.say(says) if says else ""


def just_done(words: Catalogue, sheet: AnswerSheet) -> str:
    """What became of the command that the rep just gave; empty where they gave none."""
    says = COMMANDS_TOLD.get(sheet.commanded) if sheet.commanded else None
    return words.say(says) if says else ""


def elsewhere_of(words: Catalogue, sheet: AnswerSheet) -> list[tuple[str, str]]:
    """What can be done beside answering now."""
    if sheet.meeting.state is MeetingState.WITHDRAWN:
        return [("undo", words.say(N_("Ask me about this call after all")))]
    return [
        (choice, words.say(says))
        for choice, (says, command) in ELSEWHERE.items()
        if command.name is not CommandName.UNDO or sheet.answer is not None
        if command.name is not CommandName.PUBLISH or sheet.standing is Standing.KEPT_BACK
        if command.name is not CommandName.LATER or not sheet.is_over
    ]
