"""What the rep's page shows, in the rep's words."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_day_names

from nudger.admin.chat_choice import AskedIn
from nudger.admin.rep_page import Agreed, Numbers, PastCall, RepOverview
from nudger.domain.availability import RepState
from nudger.domain.translatable import N_
from nudger.domain.working_hours import HoursSource
from nudger.jobs.outgoing.facts import MeetingFacts
from nudger.jobs.outgoing.render import shown_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import OUTCOME_WORDS, long_day, meeting_values, short_day
from nudger.mail.display import display_address, display_text
from nudger.mail.templates import languages_of
from nudger.runtime.context import Context
from nudger.runtime.policies import for_rep
from nudger.store import channels, chat
from nudger.store.people import Rep
from nudger.web.rep.forms import LENGTHS, UNTIL_I_START, UNTIL_I_START_SAYS

FROM = {
    HoursSource.REP: N_("chosen for you"),
    HoursSource.CALENDAR: N_("as your calendar says"),
    HoursSource.SETTINGS: N_("as your company chose"),
}
COUNTED = (
    (N_("Calls we asked about"), "asked"),
    (N_("Answered before the call"), "answered_in_time"),
    (N_("With a real Commitment Objective"), "valid"),
    (N_("Agreed"), "agreed"),
    (N_("Agreed in part"), "partly"),
    (N_("Not agreed"), "not_agreed"),
    (N_("Milestones reached"), "reached"),
)
STANDS = {
    RepState.ACTIVE: N_("You are asked before your customer calls."),
    RepState.STOPPED: N_("You are not asked until you start again."),
}
PAUSED_UNTIL = N_("You are not asked until %(day)s.")
NOT_CONNECTED = N_(
    "Your calendar cannot be read at the moment: your admin knows how to connect it."
)


def overview_values(ctx: Context, words: Catalogue, rep: Rep, seen: RepOverview) -> dict[str, Any]:
    return {
        "ahead": [_call(ctx, words, rep, one) for one in seen.ahead],
        "bare": sum(not _planned(one) for one in seen.ahead),
        "behind": [_past_call(ctx, words, rep, one) for one in seen.behind],
        "days": [one.days for one in seen.numbers],
        "numbers": _numbers(words, seen.numbers),
        **pause_values(ctx, words, rep),
    }


def pause_values(ctx: Context, words: Catalogue, rep: Rep) -> dict[str, Any]:
    lengths = [(value, words.say(says)) for value, says in LENGTHS.items()]
    return {
        "stands": _stands(ctx, words, rep),
        "may_pause": _is_asked(ctx, rep),
        "may_start": not _is_asked(ctx, rep) and rep.state is not RepState.RECONNECT,
        "lengths": [*lengths, (UNTIL_I_START, words.say(UNTIL_I_START_SAYS))],
    }


def _is_asked(ctx: Context, rep: Rep) -> bool:
    until = rep.paused_until
    is_over = rep.state is RepState.PAUSED and until is not None and until <= ctx.clock()
    return is_over or rep.state is RepState.ACTIVE


def _stands(ctx: Context, words: Catalogue, rep: Rep) -> str:
    if _is_asked(ctx, rep):
        return words.say(STANDS[RepState.ACTIVE])
    if rep.state is RepState.PAUSED and rep.paused_until is not None:
        local = rep.paused_until.astimezone(for_rep(ctx.settings, rep).zone)
        return words.say(PAUSED_UNTIL, day=long_day(words, local))
    return words.say(STANDS.get(rep.state, NOT_CONNECTED))


def _call(ctx: Context, words: Catalogue, rep: Rep, facts: MeetingFacts) -> dict[str, Any]:
    shown = meeting_values(words, shown_of(ctx, rep, facts))
    return {**shown, "id": facts.meeting.id, "planned": _planned(facts)}


def _past_call(ctx: Context, words: Catalogue, rep: Rep, past: PastCall) -> dict[str, Any]:
    outcome = past.outcome and words.say(OUTCOME_WORDS[past.outcome])
    return {**_call(ctx, words, rep, past.facts), "outcome": outcome}


def _planned(facts: MeetingFacts) -> str:
    return display_text((facts.planned and facts.planned.commitment_objective) or "", 300)


def _numbers(words: Catalogue, numbers: tuple[Numbers, ...]) -> list[tuple[str, list[str]]]:
    """A line for each count: what it counts, and the count of each period."""
    lines = [
        (words.say(says), [str(getattr(one.counts, name)) for one in numbers])
        for says, name in COUNTED
    ]
    rates = ["–" if one.hit_rate is None else f"{one.hit_rate}\u202f%" for one in numbers]
    return [*lines, (words.say(N_("Of those you told us of, agreed")), rates)]


def agreed_values(
    ctx: Context, words: Catalogue, rep: Rep, agreed: dict[str, list[Agreed]]
) -> list[dict[str, str]]:
    """For each customer the list as plain text, to be copied into a mail to them."""
    return [
        {"customer": display_address(customer), "text": _as_text(ctx, words, rep, said)}
        for customer, said in agreed.items()
    ]


def _as_text(ctx: Context, words: Catalogue, rep: Rep, said: list[Agreed]) -> str:
    zone = for_rep(ctx.settings, rep).zone
    return "\n".join(
        f"- {short_day(words, one.start.astimezone(zone))}: {display_text(one.commitment, 500)}"
        for one in said
    )


def settings_values(
    ctx: Context, words: Catalogue, rep: Rep, manager: str | None
) -> dict[str, Any]:
    """`manager` is whom the rep may let read their calls."""
    own = for_rep(ctx.settings, rep)
    chosen, hours = own.hours, own.working_hours
    default = ctx.settings.of_team(rep.team).language
    return {
        "languages": [(one, _name(one)) for one in languages_of(ctx.settings.templates)],
        "language_chosen": rep.language or "",
        "as_company": words.say(
            N_("As your company chose (%(language)s)"), language=_name(default)
        ),
        "zones": _zones(),
        "zone_chosen": rep.time_zone or "",
        "zone": f"{hours.zone.key} ({words.say(FROM[chosen.zone_from])})",
        "hours": f"{hours.starts:%H:%M}–{hours.ends:%H:%M} ({words.say(FROM[chosen.hours_from])})",
        "weekdays": f"{_days(words, hours.days)} ({words.say(FROM[chosen.days_from])})",
        **_asked_in(ctx, words, rep),
        "channels": _channels(ctx, rep),
        "manager": manager or "",
        "manager_shown": display_address(manager) if manager else "",
        "is_told": manager is not None and manager == rep.disclosed_manager,
        "shares": manager is not None and manager == rep.shared_with,
    }


def _asked_in(ctx: Context, words: Catalogue, rep: Rep) -> dict[str, Any]:
    """Where the rep is asked, empty where there is nothing to choose."""
    if not ctx.settings.slack.is_configured:
        return {"ways": ()}
    with ctx.database.read() as tx:
        person = chat.find_person(tx, rep.id)
    return {
        "ways": [
            (AskedIn.MAIL.value, words.say(N_("By mail"))),
            (AskedIn.SLACK.value, words.say(N_("In Slack"))),
        ],
        "way_chosen": (AskedIn.MAIL if person is None else AskedIn.SLACK).value,
        "is_refused": person is not None and person.refused_at is not None,
    }


def _channels(ctx: Context, rep: Rep) -> list[tuple[str, bool]]:
    """Each channel, and whether it sees when the rep's calls are."""
    if not ctx.settings.teams_channels:
        return []
    with ctx.database.read() as tx:
        shared = channels.shared_by(tx, rep.id)
    return [(one.name, one.name in shared) for one in ctx.settings.teams_channels]


def _days(words: Catalogue, days: frozenset[int]) -> str:
    names = get_day_names("abbreviated", locale=words.locale)
    return " ".join(str(names[day]) for day in sorted(days))


def _name(language: str) -> str:
    """What a language calls itself."""
    return Locale.parse(language).get_display_name(language) or language


@cache
def _zones() -> tuple[str, ...]:
    """Those that are called after a place."""
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
              "Pacific/")  # fmt: skip
    return tuple(sorted(one for one in available_timezones() if one.startswith(places)))
