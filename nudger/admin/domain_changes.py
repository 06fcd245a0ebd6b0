"""What a change of domains, or of `meetings.watch`, would change of coming meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from nudger.config import Settings
from nudger.domain.eligibility import Policy
from nudger.domain.impact import Coming, Impact, domains_of, impact
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.domain.watching import Watch
from nudger.runtime.context import Context
from nudger.runtime.policies import policies_by_team
from nudger.store import audit, calendars, outside, people
from nudger.store.outside import SeenMeeting

Entries = Mapping[str, str | None]
"""Kinds by entry; `None` for one that is forgotten."""
MOST_NAMED = 5
ByTeam = Mapping[str | None, Policy]


def impact_of(tx: Connection, settings: Settings, changes: Entries, now: datetime) -> Impact:
    """What these changes of the list would change of coming meetings. An entry that is a single
    address at a company is not counted: of meetings, the companies are kept in clear."""
    return impacts_of(tx, settings, [changes], now)[0]


def impacts_of(
    tx: Connection, settings: Settings, choices: Sequence[Entries], now: datetime
) -> list[Impact]:
    """The same of each of several changes, of which one may be made."""
    known, reps = people.list_domains(tx), people.list_reps(tx)
    before, coming = policies_by_team(settings, known, reps), _coming(tx, now)
    after = [policies_by_team(settings, _changed(known, one), reps) for one in choices]
    return [_impact(tx, coming, before, one) for one in after]


def impact_of_watch(ctx: Context, watch: Watch) -> Impact:
    """What it would change if `meetings.watch` said this. Teams that chose for themselves stay."""
    meetings = ctx.settings.meetings.model_copy(update={"watch": watch})
    settings = ctx.settings.model_copy(update={"meetings": meetings})
    with ctx.database.read() as tx:
        known, reps = people.list_domains(tx), people.list_reps(tx)
        before = policies_by_team(ctx.settings, known, reps)
        after = policies_by_team(settings, known, reps)
        coming = _coming(tx, ctx.clock())
        titles = ctx.meetings.find_ids(tx, [one.id for one in coming if one.id is not None])
        named = {one.id: one.known_title or "" for one in titles.values()}
        return _impact(tx, coming, before, after, named)


def change_domains(tx: Connection, changes: Entries, now: datetime) -> None:
    """Make the changes, have every calendar judged anew, and record how many entries changed."""
    by_kind: dict[str, list[str]] = {}
    for entry, kind in changes.items():
        if kind is None:
            people.remove_domain(tx, entry)
        else:
            by_kind.setdefault(kind, []).append(entry)
    for kind, entries in by_kind.items():
        people.set_domains(tx, entries, kind, now)
    calendars.wake_calendars(tx, now)
    forgotten = sum(kind is None for kind in changes.values())
    detail = {"listed": len(changes) - forgotten, "forgotten": forgotten}
    audit.record(tx, audit.Step(StepName.CONTROL, Reason.DOMAINS_CHANGED, detail=detail), now)


def in_words(meetings: Sequence[Coming]) -> str:
    """How many meetings of which domains, as in "2 meetings of 1 domain (acme.com)"."""
    named = domains_of(meetings)
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return (
        f"{counted(len(meetings), 'meeting')} of {counted(len(named), 'domain')} "
        f"({', '.join(named[:MOST_NAMED])}{more})"
    )


def counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _changed(known: Mapping[str, str], changes: Entries) -> dict[str, str]:
    merged = {**known, **changes}
    return {entry: kind for entry, kind in merged.items() if kind is not None}


def _coming(tx: Connection, now: datetime) -> list[SeenMeeting]:
    """What is ahead, as far as nothing was answered yet."""
    found = outside.seen_meetings(tx, after=now)
    return [one for one in found if one.id is None or one.is_open]


def _impact(
    tx: Connection,
    coming: Iterable[SeenMeeting],
    before: ByTeam,
    after: ByTeam,
    titles: Mapping[int, str] | None = None,
) -> Impact:
    team_of = {rep.id: rep.team if rep.team in before else None for rep in people.list_reps(tx)}
    by_team: dict[str | None, list[Coming]] = {}
    for one in coming:
        title = (titles or {}).get(one.id or 0, "")
        by_team.setdefault(team_of[one.rep_id], []).append(_as_coming(one, title))
    changed = (impact(some, before[team], after[team]) for team, some in by_team.items())
    return sum(changed, Impact())


def _as_coming(one: SeenMeeting, title: str) -> Coming:
    asks = one.id is not None
    return Coming(one.customers, asks, Reason.OUTSIDE if asks else reason_of(one.reason), title)
