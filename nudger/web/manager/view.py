"""What the manager's page shows, in the manager's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from babel.dates import format_time

from nudger.admin.persons import Person
from nudger.admin.team_page import Commented, PastTeamCall, TeamCall, TeamOverview
from nudger.domain.mails import UNSENT, MailState
from nudger.domain.reasons import Reason, reason_of
from nudger.domain.translatable import N_
from nudger.jobs.outgoing.coaching import coaching
from nudger.jobs.outgoing.render import shown_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import OUTCOME_WORDS, customer_shown, long_day, meeting_values, short_day
from nudger.mail.display import display_text
from nudger.mail.kinds.comment import LONGEST_COMMENT, LONGEST_NAME, MOST_LINES
from nudger.runtime.context import Context
from nudger.runtime.policies import zone_of
from nudger.store.people import Rep

TODAY, TOMORROW = N_("Today, %(day)s"), N_("Tomorrow, %(day)s")
NOT_IN_TIME = {
    Reason.TOO_LATE: N_(
        "A mail would not reach %(name)s before the call any more: it has begun, is about to, or "
        "another mail has just come or comes first."
    ),
    Reason.REP_PAUSED: N_("%(name)s has paused all mails: none is sent."),
    Reason.REP_STOPPED: N_("%(name)s has stopped all mails: none is sent."),
    Reason.REP_RECONNECT: N_("%(name)s cannot be mailed until their account is connected again."),
    Reason.SENDING_PAUSED: N_("Your admin has paused the mails: none is sent."),
    Reason.UNREACHABLE: N_("Mails to %(name)s came back: none is sent."),
    Reason.COMMENTED_ENOUGH: N_("You have said enough about this call."),
    Reason.NOT_SHARED: N_("%(name)s does not let you read it any more."),
}
NOT_IN_TIME_DEFAULT = N_("The call is not on any more, or is somebody else's.")


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form of one call, and what is wrong with it."""

    meeting_id: int
    text: str = field(repr=False)
    problem: str


def team_values(
    ctx: Context, words: Catalogue, person: Person, seen: TeamOverview
) -> dict[str, Any]:
    """All that `manager/home.html.j2` shows but for the forms' own."""
    return {
        "days": [
            {
                "title": _day(words, says, one.day),
                "calls": [_call(ctx, words, person, call) for call in one.calls],
            }
            for says, one in zip((TODAY, TOMORROW), seen.days, strict=True)
        ],
        "closed": [_name(rep) for rep in seen.closed],
        "knows_somebody": bool(seen.opened or seen.closed),
        "has_opened": bool(seen.opened),
        "longest": LONGEST_COMMENT,
    }


def _day(words: Catalogue, says: str, day: date) -> str:
    return words.say(says, day=long_day(words, day))


def _name(rep: Rep) -> str:
    return display_text(rep.name, LONGEST_NAME)


def _call(ctx: Context, words: Catalogue, person: Person, call: TeamCall) -> dict[str, Any]:
    planned = call.facts.planned
    zone = zone_of(ctx.settings, person.reader)
    return {
        **meeting_values(words, shown_of(ctx, person.reader, call.facts)),
        "id": call.meeting.id,
        "rep": _name(call.rep),
        "is_kept": call.is_kept,
        "objective": display_text((planned and planned.commitment_objective) or "", 500),
        "milestone": display_text((planned and planned.next_milestone) or "", 80),
        "fallback": display_text((planned and planned.fallback) or "", 500),
        "is_commitment": call.advice is not None and call.advice.is_commitment,
        "question": coaching(words, call.advice) if call.advice else "",
        "comments": [
            {"lines": one.remark.lines, **_standing(words, call, one, zone)}
            for one in call.commented
        ],
    }


def _standing(words: Catalogue, call: TeamCall, one: Commented, zone: Any) -> dict[str, Any]:
    """Where a comment stands: sent, on its way, or why it is not sent."""
    mail, name = one.mail, _name(call.rep)
    if mail.state is MailState.SENT and mail.sent_at is not None:
        says, is_sent = N_("Sent on %(day)s at %(time)s."), True
        return {"says": _at(words, says, mail.sent_at.astimezone(zone)), "is_sent": is_sent}
    if mail.state in UNSENT:
        says = N_("Goes out on %(day)s, from %(time)s on.")
        return {"says": _at(words, says, mail.due_at.astimezone(zone)), "is_sent": True}
    why = NOT_IN_TIME.get(reason_of(mail.reason), NOT_IN_TIME_DEFAULT)
    told = words.say(N_("Not sent."))
    return {"says": f"{told} {words.say(why, name=name)}", "is_sent": False}


def _at(words: Catalogue, says: str, local: datetime) -> str:
    time = format_time(local, "HH:mm", locale=words.locale)
    return words.say(says, day=short_day(words, local), time=time)


def not_in_time(words: Catalogue, call: TeamCall, reason: Reason) -> str:
    return words.say(NOT_IN_TIME.get(reason, NOT_IN_TIME_DEFAULT), name=_name(call.rep))


def problem_of_text(words: Catalogue, problem: str) -> str:
    return words.say(problem, most=LONGEST_COMMENT, lines=MOST_LINES)


def customers_values(
    ctx: Context, words: Catalogue, person: Person, past: Mapping[str, Sequence[PastTeamCall]]
) -> list[dict[str, Any]]:
    """A table for each customer."""
    return [
        {
            "name": customer_shown(shown_of(ctx, person.reader, calls[0].facts), customer),
            "calls": [_past_call(ctx, words, person, one) for one in calls],
        }
        for customer, calls in past.items()
    ]


def _past_call(
    ctx: Context, words: Catalogue, person: Person, past: PastTeamCall
) -> dict[str, str]:
    start = past.facts.meeting.start.astimezone(zone_of(ctx.settings, person.reader))
    return {
        "day": short_day(words, start),
        "rep": _name(past.rep),
        "milestone": display_text(past.milestone or "–", 80),
        "outcome": words.say(OUTCOME_WORDS[past.outcome]) if past.outcome else "–",
    }
