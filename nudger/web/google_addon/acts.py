"""What the buttons of a call's card do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.admin.answering import (
    ADDON,
    AnswerRefused,
    AnswerSheet,
    obey,
    save_answer,
    save_outcome,
)
from nudger.domain.commitment import Answer
from nudger.domain.translatable import N_
from nudger.mail.catalogue import Catalogue
from nudger.runtime.context import Context
from nudger.web.answer.form import (
    ELSEWHERE,
    LONGEST,
    WRITE_ONE_LINE,
    AnswerForm,
    FormRefused,
    OutcomeForm,
    Typed,
)
from nudger.web.answer.view import COMMANDS_TOLD
from nudger.web.google_addon.calls import is_as_shown

SAVE, LOOK, OUTCOME = "save", "look", "outcome"
ACTS = frozenset({SAVE, LOOK, OUTCOME, *ELSEWHERE})
NO_MILESTONE = ":"
"""Values of the milestones' list begin with it: an empty one would get lost on the way."""

SAVED = N_("Saved.")
CHANGED_MEANWHILE = N_("It changed meanwhile: look at how it stands, then press again.")
REFUSED = N_("Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Done:
    """What is said about it, and what stays typed where it was not done, or was only a look."""

    toast: str = ""
    typed: Typed | None = None


NOTHING_DONE = Done()


@dataclass(frozen=True, slots=True)
class Act:
    """A click: what it asks for, the seal of its card, and what stood in the fields."""

    name: str
    seal: str
    fields: Mapping[str, str]

    @property
    def answer(self) -> AnswerForm:
        given = {name: self.fields.get(name, "") for name in ("commitment_objective", "fallback")}
        place = self.fields.get("place", "meeting")
        milestone = self.fields.get("next_milestone", "").removeprefix(NO_MILESTONE)
        return AnswerForm(**given, next_milestone=milestone, place=place)

    @property
    def typed(self) -> Typed | None:
        if self.name not in (SAVE, LOOK):
            return None
        names = {"commitment_objective", "next_milestone", "fallback", "place"}
        return Typed(self.answer.model_dump(include=names))


def do(ctx: Context, tx: Connection, words: Catalogue, sheet: AnswerSheet, act: Act) -> Done:
    """Do it, unless what the card shows is out of date."""
    try:
        if act.name == OUTCOME:
            return _give_outcome(ctx, tx, words, sheet, act)
        if act.name in (SAVE, LOOK):
            return _answer(ctx, tx, words, sheet, act)
        return _obey(ctx, tx, words, sheet, act)
    except FormRefused as refused:
        says = (words.say(one, most=LONGEST) for one in refused.problems.values())
        return Done(" ".join(says), act.typed)
    except AnswerRefused:
        return Done(words.say(REFUSED))


def _answer(ctx: Context, tx: Connection, words: Catalogue, sheet: AnswerSheet, act: Act) -> Done:
    answer = act.answer.answer(sheet.milestones)
    if answer.is_empty:
        raise FormRefused(commitment_objective=WRITE_ONE_LINE)
    if act.name == LOOK:
        return Done(typed=act.typed)
    if not _stands(sheet, answer) and not is_as_shown(ctx, tx, sheet, act.seal):
        return Done(words.say(CHANGED_MEANWHILE), act.typed)
    save_answer(ctx, tx, sheet, answer, ADDON)
    return Done(words.say(SAVED))


def _stands(sheet: AnswerSheet, answer: Answer) -> bool:
    return answer == sheet.answer


def _give_outcome(
    ctx: Context, tx: Connection, words: Catalogue, sheet: AnswerSheet, act: Act
) -> Done:
    fields = {name: act.fields.get(name, "") for name in ("outcome", "words")}
    given = OutcomeForm(**fields).given()
    if not is_as_shown(ctx, tx, sheet, act.seal):
        return Done(words.say(SAVED if given[0] is sheet.outcome else CHANGED_MEANWHILE))
    save_outcome(ctx, tx, sheet, given, ADDON)
    return Done(words.say(SAVED))


def _obey(ctx: Context, tx: Connection, words: Catalogue, sheet: AnswerSheet, act: Act) -> Done:
    if not is_as_shown(ctx, tx, sheet, act.seal):
        return Done(words.say(CHANGED_MEANWHILE))
    reason = obey(ctx, tx, sheet, ELSEWHERE[act.name][1], ADDON)
    return Done(words.say(COMMANDS_TOLD.get(reason, SAVED)))
