"""The cards that are about no single call: the coming ones, and what there is to say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nudger.domain.translatable import N_
from nudger.jobs.outgoing.facts import MeetingFacts
from nudger.jobs.outgoing.render import shown_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import meeting_values
from nudger.mail.display import display_text
from nudger.providers.google.addon.card import (
    Button,
    Buttons,
    Calls,
    Card,
    Labelled,
    Opens,
    Paragraph,
    Section,
    section,
)
from nudger.providers.google.addon.endpoints import Endpoints
from nudger.runtime.context import Context
from nudger.store.people import Rep
from nudger.web.answer.desk import ALL_MY_CALLS
from nudger.web.signed_in import REP_HOME

MOST_LISTED = 15
OPEN, HOME = "open", "home"
WELCOME = N_(
    "Before each customer call, say in one line what the customer will have agreed to do by its "
    "end. Open a call in your calendar, or one of these, and write it here; replying to the mail "
    "that asks works as well."
)
NONE_AHEAD = N_("None that we know of. They appear here as soon as they stand in your calendar.")
NOTHING_HERE = N_("Nudger asks you nothing about this event.")
NOTHING_YET = N_(
    "It asks about your customer calls. One that was saved just now is known in a few minutes."
)
NO_REP = N_("Nudger does not ask you about calls. Your admin decides whom it asks.")
SWITCHED_OFF = N_("Your admin has switched Nudger off for now. Nothing was saved: try again later.")


@dataclass(frozen=True, slots=True)
class HomeCards:
    """Draws them in the visitor's words."""

    ctx: Context
    endpoints: Endpoints
    words: Catalogue

    def home(self, rep: Rep, ahead: Sequence[MeetingFacts], *, is_first: bool = False) -> Card:
        """The rep's coming calls, those without a Commitment Objective first; with a word of
        welcome where they never saw it."""
        say = self.words.say
        bare = [one for one in ahead if not _planned(one)]
        done = [one for one in ahead if _planned(one)]
        without = say(N_("Without a Commitment Objective so far: %(count)s"), count=len(bare))
        sections = (
            section(Paragraph(say(WELCOME)) if is_first else None),
            section(Paragraph(say(NONE_AHEAD)) if not ahead else None),
            section(*(self._call(rep, one) for one in bare[:MOST_LISTED]), header=without),
            section(
                *(self._call(rep, one) for one in done[:MOST_LISTED]),
                header=say(N_("With a Commitment Objective: %(count)s"), count=len(done)),
                is_folded=bool(bare),
            ),
            self._page(),
        )
        return Card("home", say(N_("Your coming customer calls")), sections)

    def nothing_here(self) -> Card:
        """For an event that is no call of the rep's: the same, whosever it is."""
        coming = Button(
            self.words.say(N_("Your coming customer calls")),
            Calls(self.endpoints.act, {"do": HOME}),
        )
        told = [Paragraph(self.words.say(one)) for one in (NOTHING_HERE, NOTHING_YET)]
        return Card("nothing", "Nudger", (section(*told, Buttons((coming,))),))

    def no_rep(self) -> Card:
        return self._says(NO_REP)

    def switched_off(self) -> Card:
        return self._says(SWITCHED_OFF)

    def _says(self, message: str) -> Card:
        return Card("nothing", "Nudger", (section(Paragraph(self.words.say(message))),))

    def _call(self, rep: Rep, facts: MeetingFacts) -> Labelled:
        shown = meeting_values(self.words, shown_of(self.ctx, rep, facts))
        opens = Calls(self.endpoints.act, {"do": OPEN, "call": str(facts.meeting.id)})
        planned = display_text(_planned(facts), 200)
        remark = f"✓ {planned}" if planned else shown["customer"]
        return Labelled(shown["title"], shown["when"], remark, opens)

    def _page(self) -> Section:
        page = Opens(f"{self.endpoints.public_url}{REP_HOME}")
        return section(Buttons((Button(self.words.say(ALL_MY_CALLS), page),)))


def _planned(facts: MeetingFacts) -> str:
    return (facts.planned and facts.planned.commitment_objective) or ""
