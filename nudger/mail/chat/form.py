"""The form in which a rep answers for one call."""

from __future__ import annotations

from typing import Any

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.catalogue import Catalogue
from nudger.mail.chat.blocks import (
    LONGEST_TITLE,
    MOST_OPTIONS,
    Block,
    option,
    plain,
    section,
)
from nudger.mail.compose import Audience, meeting_values
from nudger.mail.display import display_text
from nudger.mail.kind import Call

CALLBACK = "nudger_answer"
LONGEST_ANSWER = 500
MEETING, PRIVATE = "meeting", "private"


def form_of(
    words: Catalogue, call: Call, milestones: tuple[Milestone, ...], metadata: str
) -> Block:
    """A modal as `views.open` takes it, filled in with what is answered so far. `metadata` comes
    back with what is typed."""
    answer, shown = call.planned or Answer(), meeting_values(words, call.shown)
    ask = words.say("By the end of this call, what will the customer have agreed to do?")
    blocks = [
        section(f"{shown['customer']} · {shown['when']}", shown["title"]),
        _line("commitment", ask, answer.commitment_objective, is_needed=True),
        _milestone(words, milestones, answer.next_milestone),
        _line("fallback", words.say("Fallback"), answer.fallback, is_needed=False),
    ]
    if call.audience is Audience.GUESTS:
        blocks.append(_place(words, is_private=answer.private))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": metadata,
        "title": plain(words.say("Your answer"), LONGEST_TITLE),
        "submit": plain(words.say("Save"), LONGEST_TITLE),
        "blocks": blocks,
    }


def _line(name: str, label: str, filled: str | None, *, is_needed: bool) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": is_needed,
        "max_length": LONGEST_ANSWER,
    }
    if filled:
        element["initial_value"] = filled[:LONGEST_ANSWER]
    return _input(name, label, element, is_needed=is_needed)


def _milestone(words: Catalogue, milestones: tuple[Milestone, ...], chosen: str | None) -> Block:
    label = words.say("And the next milestone?")
    if not milestones:
        return _line("milestone", label, chosen, is_needed=False)
    options = [option(display_text(one.name, 75), str(at)) for at, one in enumerate(milestones)]
    element: Block = {
        "type": "static_select",
        "action_id": "milestone",
        "options": options[:MOST_OPTIONS],
    }
    names = [one.name for one in milestones[:MOST_OPTIONS]]
    if chosen in names:
        element["initial_option"] = options[names.index(chosen)]
    return _input("milestone", label, element, is_needed=False)


def _place(words: Catalogue, *, is_private: bool) -> Block:
    options = [
        option(words.say("The guests: in the meeting"), MEETING),
        option(words.say("Only me: in a private event"), PRIVATE),
    ]
    element = {
        "type": "radio_buttons",
        "action_id": "place",
        "options": options,
        "initial_option": options[is_private],
    }
    return _input("place", words.say("Who may read it?"), element, is_needed=True)


def _input(name: str, label: str, element: Block, *, is_needed: bool) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": element,
        "optional": not is_needed,
    }


def answer_in(values: dict[str, Any], milestones: tuple[Milestone, ...]) -> Answer:
    """What was typed and chosen, `values` as `view_submission` has them; what is none of the list
    counts as not chosen."""

    def typed(name: str) -> str | None:
        element = (values.get(name) or {}).get(name) or {}
        return display_text(str(element.get("value") or ""), LONGEST_ANSWER) or None

    def chosen(name: str) -> str:
        element = (values.get(name) or {}).get(name) or {}
        return str((element.get("selected_option") or {}).get("value") or "")

    at = chosen("milestone")
    listed = milestones[int(at)].name if at.isdecimal() and int(at) < len(milestones) else None
    return Answer(
        commitment_objective=typed("commitment"),
        next_milestone=listed if milestones else typed("milestone"),
        fallback=typed("fallback"),
        private=chosen("place") == PRIVATE,
    )
