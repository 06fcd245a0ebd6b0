"""The card of one call: how it stands, what can be answered, and what else can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nudger.admin.answering import AnswerSheet, look_at
from nudger.domain.commitment import Answer, MeetingState, Outcome
from nudger.domain.translatable import N_
from nudger.jobs.outgoing.render import shown_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import OUTCOME_WORDS, meeting_values
from nudger.mail.message import CommandName
from nudger.providers.google.addon.card import (
    Button,
    Buttons,
    Calls,
    Card,
    ChoiceField,
    Labelled,
    Opens,
    Paragraph,
    Section,
    TextField,
    Widget,
    section,
)
from nudger.providers.google.addon.endpoints import Endpoints
from nudger.runtime.context import Context
from nudger.web.answer.desk import ALL_MY_CALLS
from nudger.web.answer.form import ELSEWHERE, LONGEST, Typed
from nudger.web.answer.view import (
    CLOSED,
    WHO_READS,
    elsewhere_of,
    last_time,
    left_out,
    look_values,
    status_of,
    typed_before,
)
from nudger.web.google_addon.acts import LOOK, NO_MILESTONE, OUTCOME, SAVE
from nudger.web.google_addon.calls import OpenCall
from nudger.web.signed_in import REP_HOME


@dataclass(frozen=True, slots=True)
class CallCard:
    """Draws cards of calls, in the rep's words."""

    ctx: Context
    endpoints: Endpoints
    words: Catalogue

    def draw(self, opened: OpenCall, typed: Typed | None = None) -> Card:
        """With what is `typed` in the fields, or the answer that stands."""
        sheet, fields = opened.sheet, typed or typed_before(opened.sheet)
        shown = meeting_values(self.words, shown_of(self.ctx, sheet.link.rep, sheet.facts))
        asks_outcome = sheet.is_open and sheet.is_over
        sections = [self._how_it_stands(sheet, shown)]
        if asks_outcome:
            sections.append(self._outcome(opened))
        elif sheet.is_open:
            sections += [self._answer(opened, fields), self._look(sheet, fields)]
            sections.append(self._fallback(fields))
        if sheet.is_open:
            sections.append(self._elsewhere(opened))
        sections.append(self._more())
        return Card("call", shown["title"], tuple(sections), shown["when"])

    def _how_it_stands(self, sheet: AnswerSheet, shown: Mapping[str, Any]) -> Section:
        say = self.words.say
        guests = say(N_("With %(guests)s"), guests=", ".join(shown["guests"]))
        status = status_of(self.words, sheet)
        remarks = (
            last_time(self.words, sheet),
            "" if sheet.is_open else say(CLOSED[sheet.is_called_off]),
            left_out(self.words, sheet),
            f"✓ {status}" if status else "",
        )
        return section(Paragraph(guests), *(Paragraph(one) for one in remarks if one))

    def _answer(self, opened: OpenCall, fields: Typed) -> Section:
        say, sheet, values = self.words.say, opened.sheet, fields.values
        is_for_guests = sheet.audience not in WHO_READS
        place = self._place(values) if is_for_guests else Paragraph(say(WHO_READS[sheet.audience]))
        return section(
            TextField(
                "commitment_objective",
                "Commitment Objective",
                values["commitment_objective"],
                longest=LONGEST,
                has_lines=True,
            ),
            self._milestone(sheet, values["next_milestone"]),
            place,
            Buttons(
                (
                    Button(say(N_("Save")), self._does(opened, SAVE), is_main=True),
                    Button(say(N_("Look at it first")), self._does(opened, LOOK)),
                )
            ),
            header=say(N_("By the end of this call, what will the customer have agreed to do?")),
        )

    def _milestone(self, sheet: AnswerSheet, chosen: str) -> Widget:
        label = self.words.say(N_("And the next milestone?"))
        listed = [one.name for one in sheet.milestones]
        if not listed:
            return TextField("next_milestone", label, chosen, longest=LONGEST)
        names = listed if not chosen or chosen in listed else [*listed, chosen]
        options = [("", self.words.say(N_("Not said"))), *((one, one) for one in names)]
        sealed = tuple((f"{NO_MILESTONE}{value}", text) for value, text in options)
        return ChoiceField("next_milestone", label, sealed, f"{NO_MILESTONE}{chosen}")

    def _place(self, values: Mapping[str, str]) -> ChoiceField:
        say = self.words.say
        options = (
            ("meeting", say(N_("The guests: it goes into the meeting"))),
            ("private", say(N_("Only I: it goes into a private event"))),
        )
        return ChoiceField("place", say(N_("Who may read it?")), options, values["place"])

    def _fallback(self, fields: Typed) -> Section:
        say, value = self.words.say, fields.values["fallback"]
        return section(
            TextField("fallback", say(N_("Fallback")), value, longest=LONGEST, has_lines=True),
            header=say(N_("If they do not agree: what is good as well?")),
            is_folded=not value,
        )

    def _look(self, sheet: AnswerSheet, fields: Typed) -> Section:
        """The coach's word on what stands in the fields, and what would be written where."""
        say = self.words.say
        answer = Answer(
            fields.values["commitment_objective"] or None,
            fields.values["next_milestone"] or None,
            fields.values["fallback"] or None,
            private=fields.values["place"] == "private",
        )
        if answer.is_empty:
            return section()
        look = look_values(self.ctx, self.words, sheet, look_at(self.ctx, sheet, answer), fields)
        good = N_("That is something the customer will do, and one can see it happen.")
        advice = look["question"] or (f"✓ {say(good)}" if look["is_commitment"] else "")
        return section(
            Paragraph(advice) if advice else None,
            Labelled("\n".join(look["note_lines"]), self._who_reads(look)),
        )

    def _who_reads(self, look: Mapping[str, Any]) -> str:
        if look["for_guests"]:
            return self.words.say(N_("This is what %(guest)s can read:"), guest=look["guest"])
        if look["kept_back"]:
            return self.words.say(N_("This is kept to you, until you say otherwise:"))
        return self.words.say(N_("This is what you alone can read:"))

    def _outcome(self, opened: OpenCall) -> Section:
        say, sheet = self.words.say, opened.sheet
        planned = sheet.answer and sheet.answer.commitment_objective
        told = sheet.outcome and say(OUTCOME_WORDS[sheet.outcome])
        options = tuple((one.value, say(OUTCOME_WORDS[one])) for one in Outcome)
        chosen = sheet.outcome.value if sheet.outcome else ""
        return section(
            Paragraph(planned) if planned else None,
            Paragraph(say(N_("So far you said: %(outcome)s"), outcome=told)) if told else None,
            ChoiceField("outcome", say(N_("Your answer")), options, chosen, shows_all=True),
            TextField(
                "words",
                say(N_("Anything else?")),
                hint=say(N_("What happened instead, or when? (not needed)")),
                longest=LONGEST,
            ),
            Buttons((Button(say(N_("Save")), self._does(opened, OUTCOME), is_main=True),)),
            header=say(N_("Did they agree?")),
        )

    def _elsewhere(self, opened: OpenCall) -> Section:
        """Handing a call over needs an address: that is done on the rep's page."""
        sheet = opened.sheet
        choices = dict(elsewhere_of(self.words, sheet))
        buttons = [
            Buttons((Button(says, self._does(opened, choice)),))
            for choice, says in choices.items()
            if ELSEWHERE[choice][1].name is not CommandName.HAND_OVER
        ]
        is_folded = sheet.meeting.state is not MeetingState.WITHDRAWN
        header = self.words.say(N_("Something else"))
        return section(*buttons, header=header, is_folded=is_folded)

    def _more(self) -> Section:
        page = Opens(f"{self.endpoints.public_url}{REP_HOME}")
        return section(Buttons((Button(self.words.say(ALL_MY_CALLS), page),)))

    def _does(self, opened: OpenCall, what: str) -> Calls:
        number = str(opened.sheet.meeting.id)
        return Calls(self.endpoints.act, {"do": what, "call": number, "seal": opened.seal})
