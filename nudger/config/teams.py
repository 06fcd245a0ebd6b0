"""The sections that a team can change for its reps, and a team.

Descriptions are the reference in docs/configuration.md (`make reference`): links in them lead on
from there.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field

from nudger.config.sections.section import Section
from nudger.config.values import (
    Country,
    DomainOrAddress,
    Language,
    MailAddress,
    TitleWords,
    Weekday,
    Zone,
    as_named_today,
)
from nudger.domain.extent import Onsites
from nudger.domain.publishing import PublishRule
from nudger.domain.watching import Watch

S = TypeVar("S", bound=Section)


class AskSettings(Section):
    day_starts: time = Field(
        default=time(9, 0),
        description="when a rep's working hours begin, local",
    )
    day_ends: time = Field(default=time(17, 30), description="when they end")
    working_days: tuple[Weekday, ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri"),
        description="the days on which a rep works",
    )
    hours_from: Literal["calendar", "settings"] = Field(
        default="calendar",
        description=(
            '`"calendar"`: a rep\'s own calendar goes before `time_zone`, `day_starts`, '
            "`day_ends` and `working_days`, as far as it tells ([how](how-it-works.md#timing)); "
            '`"settings"` leaves calendars unasked'
        ),
    )
    country: Country | None = Field(
        default=None,
        description='public holidays, as in `"DE"` or `"DE-BY"`',
    )
    quiet_days: tuple[date, ...] = Field(default=(), description="dates on which nothing is sent")
    lead_hours: float | None = Field(
        default=None,
        gt=0,
        le=80,
        description=(
            "working hours between the question and the call; without it the question comes on "
            "the morning of the working day before"
        ),
    )
    least_notice_minutes: int = Field(
        default=120,
        ge=0,
        le=7 * 24 * 60,
        description="a planned question goes out at least this long before the call",
    )
    time_to_answer_minutes: int = Field(
        default=30,
        ge=0,
        le=24 * 60,
        description="below this, nothing is asked any more",
    )
    remind: bool = Field(default=True, description="one reminder")
    follow_up: bool = Field(
        default=True,
        description="after a call with an answer, ask whether the customer agreed",
    )
    tell_colleagues: bool = Field(
        default=False,
        description="tell other reps who take part in a meeting, once, that a colleague was asked",
    )

    @property
    def lead(self) -> timedelta | None:
        """Working time between the question and the call; `None` for the morning of the working
        day before."""
        return None if self.lead_hours is None else timedelta(hours=self.lead_hours)

    @property
    def least_notice(self) -> timedelta:
        return timedelta(minutes=self.least_notice_minutes)

    @property
    def time_to_answer(self) -> timedelta:
        return timedelta(minutes=self.time_to_answer_minutes)


class MeetingSettings(Section):
    watch: Annotated[Watch, BeforeValidator(as_named_today)] = Field(
        default=Watch.REVIEW,
        description=(
            'which outside domains are watched that you have not listed: `"review"`: those that '
            'the [start list](how-it-works.md#which-meetings) does not hold back; `"everybody"`; '
            '`"listed"`: none. `nudger domains watch listed` tells what a change would do'
        ),
    )
    private: Literal["skip", "ask"] = Field(
        default="skip",
        description='`"ask"` asks about events marked private',
    )
    all_day: Onsites = Field(
        default=Onsites.CUSTOMERS,
        description=(
            "whether whole days are asked about ([onsites](how-it-works.md#onsites)): "
            '`"customers"`: where a listed customer\'s guest accepted or organizes it; '
            '`"ask"`: where a guest of anybody watched did'
        ),
    )
    long: Onsites = Field(
        default=Onsites.CUSTOMERS,
        description="the same of what is longer than `max_hours`",
    )
    max_hours: float = Field(default=8, gt=0, le=24, description="what is longer is a long meeting")
    max_guests: int = Field(
        default=30,
        ge=1,
        le=1000,
        description=(
            "with more guests, colleagues not counted, nothing is asked, unless at least half "
            "come from one listed customer"
        ),
    )
    publish: PublishRule = Field(
        default=PublishRule.COMMITMENTS,
        description=(
            'what guests read at once: `"commitments"` (what the coach is sure of; the rest '
            'waits in the rep\'s private event for `publish`) or `"everything"`'
        ),
    )
    series: Literal["each", "first"] | Annotated[int, Field(ge=2, le=52)] = Field(
        default="each",
        description=(
            "which dates of a series are asked about: each, the first that deserves it, or, as a "
            "number, every n-th. What a rep replies goes before"
        ),
    )
    title_words: TitleWords = Field(
        default=(),
        description=(
            "more words like `interview` in a title for which nothing is asked, whoever comes: "
            '`["audit"]`, or a table of languages, `{de = ["Messe"], en = ["audit"]}`. Whole '
            'words or phrases, plural endings are found; `"*webinar"` finds compounds too'
        ),
    )
    bundled_title_words: bool = Field(
        default=True,
        description=(
            "the bundled words count where no listed customer takes part; `false`: only your own "
            "`title_words`, as for a recruiting firm whose customers' calls are about candidates"
        ),
    )
    note_takers: tuple[DomainOrAddress, ...] = Field(
        default=(),
        description=(
            "more domains or addresses that are nobody: bots that join meetings, services that "
            "record them"
        ),
    )


class MilestoneSettings(Section):
    name: str = Field(
        min_length=1,
        max_length=80,
        description="a step of your sales process; they stand in its order",
    )
    exit: str = Field(default="", description="what the buyer has done when it is reached")
    aliases: tuple[str, ...] = Field(default=(), description="what reps may call it, too")


class TeamDomains(Section):
    """What a team says of domains and addresses, beside and before what holds for all."""

    ours: tuple[DomainOrAddress, ...] = Field(default=(), description="colleagues")
    partner: tuple[DomainOrAddress, ...] = Field(default=(), description="partners")
    customer: tuple[DomainOrAddress, ...] = Field(
        default=(),
        description="customers, who are always watched",
    )
    never: tuple[DomainOrAddress, ...] = Field(default=(), description="never to be asked about")

    def entries(self) -> dict[str, str]:
        """Entry -> kind."""
        kinds = type(self).model_fields
        return {entry: kind for kind in kinds for entry in getattr(self, kind)}


class TeamSettings(Section):
    """What is different for a team's reps; what it leaves out is as for everybody."""

    name: str = Field(
        min_length=1,
        max_length=80,
        description="what `nudger reps add --team` calls it",
    )
    manager: MailAddress | None = Field(
        default=None,
        description="who gets the numbers of the team's reps",
    )
    language: Language | None = Field(default=None, description="of the mails")
    time_zone: Zone | None = Field(default=None, description="where the team's reps live")
    domains: TeamDomains = Field(
        default=TeamDomains(),
        description="What a team says of domains and addresses, before what holds for all.",
    )
    ask: AskSettings = Field(default=AskSettings(), description="when the team's reps are asked")
    meetings: MeetingSettings = Field(default=MeetingSettings(), description="about which meetings")
    milestones: tuple[MilestoneSettings, ...] = Field(
        default=(),
        description="the team's own sales process, in place of the one for all",
    )


def changed(section: S, by: S) -> S:
    """The section with what was written down in `by`."""
    return section.model_copy(update={name: getattr(by, name) for name in by.model_fields_set})
