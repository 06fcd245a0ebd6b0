"""What the admin has decided, as the domain's decisions need it, and a version of it.

When the version changes, every calendar is read and judged anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from nudger.config import AskSettings, Settings
from nudger.domain.audience import Policy, judge
from nudger.domain.commitment import Milestone
from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.event import Event
from nudger.domain.series import EACH, FIRST_ONLY
from nudger.domain.timing import AskTime, NotAsked, TimingPolicy, ask_time
from nudger.domain.titles import bundled_title_words
from nudger.domain.working_hours import (
    NO_CALENDAR_HOURS,
    WEEKDAYS,
    ChosenHours,
    WorkingHours,
    choose_hours,
)
from nudger.store import people
from nudger.store.people import Rep

EVERY = {"each": EACH, "first": FIRST_ONLY}


@dataclass(frozen=True)
class Rules:
    """Everything that judging and planning need besides the event. `policies` are by team, the
    one of reps without a team under `None`."""

    policies: Mapping[str | None, Policy]
    settings: Settings
    reps: Sequence[Rep]
    version: str

    @cached_property
    def reps_by_id(self) -> Mapping[int, Rep]:
        return {rep.id: rep for rep in self.reps}

    @cached_property
    def reps_by_address(self) -> Mapping[str, Rep]:
        """A rep's own address goes before another's alias, and who comes first before the rest."""
        aliases = {alias: rep for rep in reversed(self.reps) for alias in rep.aliases}
        return aliases | {rep.email: rep for rep in self.reps}

    @cached_property
    def _hours(self) -> dict[int, WorkingHours]:
        return {}

    def policy_of(self, rep: Rep) -> Policy:
        return self.policies.get(rep.team) or self.policies[None]

    def every(self, rep: Rep) -> int:
        """How often a series is asked about, as in `domain.series.Cadence`."""
        chosen = self.settings.of_team(rep.team).meetings.series
        return chosen if isinstance(chosen, int) else EVERY[chosen]

    def ask_time(self, start: datetime, rep: Rep, now: datetime) -> AskTime | NotAsked:
        hours = self._hours.get(rep.id)
        if hours is None:
            hours = self._hours[rep.id] = working_hours(self.settings, self.reps_by_id[rep.id])
        return ask_time(start, hours, timing_policy(self.settings, rep), now)

    def with_rep(self, changed: Rep) -> Rules:
        """The same rules, knowing this of the rep."""
        reps = [changed if rep.id == changed.id else rep for rep in self.reps]
        return replace(self, reps=reps)

    def may_ask(self, event: Event, scanned: Rep, now: datetime) -> Callable[[Rep], bool]:
        """Whether a rep can be asked about an event in the calendar of `scanned`: who does not
        want mails by then cannot, nor can one whose team does not watch these guests."""

        def may(rep: Rep) -> bool:
            if not rep.availability.is_free_before(event.start):
                return False
            alike = rep.team == scanned.team
            return alike or judge(event, rep.email, self.policy_of(rep), now, rep.aliases).asks

        return may


def load_rules(tx: Connection, settings: Settings) -> Rules:
    entries = people.list_domains(tx)
    reps = people.list_reps(tx)
    policies = {
        name: _policy(settings.of_team(name), _of_team(settings, name, entries), reps)
        for name in (None, *(team.name for team in settings.teams))
    }
    judging = {"meetings", "ask", "google", "microsoft", "teams"}
    decided = settings.model_dump(mode="json", include=judging)
    known = [[*rep.addresses, rep.team] for rep in reps]
    shown = json.dumps([dict(entries), decided, known], sort_keys=True)
    version = hashlib.sha256(shown.encode()).hexdigest()[:16]
    return Rules(policies, settings, reps, version)


def load_domain_rules(tx: Connection, settings: Settings, team: str | None = None) -> DomainRules:
    """What the domains are, for everybody or as a team sees it."""
    entries = _of_team(settings, team, people.list_domains(tx))
    return _policy(settings.of_team(team), entries, people.list_reps(tx)).rules


def _of_team(settings: Settings, name: str | None, entries: Mapping[str, str]) -> Mapping[str, str]:
    team = settings.team(name)
    return entries if team is None else {**entries, **team.domains.entries()}


def _policy(settings: Settings, entries: Mapping[str, str], reps: Sequence[Rep]) -> Policy:
    kinds = {entry: DomainKind(kind) for entry, kind in entries.items()}
    for rep in reps:
        for address in rep.addresses:
            kinds.setdefault(address, DomainKind.OURS)
    rules = DomainRules(
        entries=kinds,
        mailboxes=frozenset(shared_mailboxes(settings)),
        note_takers=frozenset(settings.meetings.note_takers),
    )
    return Policy(
        rules=rules,
        listed_only=_listed_only(settings, kinds),
        ask_about_private=settings.meetings.private == "ask",
        longest=timedelta(hours=settings.meetings.max_hours),
        max_guests=settings.meetings.max_guests,
        title_words=_title_words(settings),
    )


def _title_words(settings: Settings) -> tuple[str, ...]:
    own = settings.meetings.title_words
    return (*bundled_title_words(), *own) if settings.meetings.bundled_title_words else own


def _listed_only(settings: Settings, kinds: Mapping[str, DomainKind]) -> bool:
    """What the admin chose; without a choice, customers that are listed are the ones watched."""
    if settings.meetings.watch is not None:
        return settings.meetings.watch == "listed"
    return DomainKind.CUSTOMER in kinds.values()


def shared_mailboxes(settings: Settings) -> list[str]:
    return [box for box in (settings.google.mailbox, settings.microsoft.mailbox) if box]


def timing_policy(settings: Settings, rep: Rep) -> TimingPolicy:
    ask = settings.of_team(rep.team).ask
    return TimingPolicy(ask.lead, ask.least_notice, ask.time_to_answer)


def working_hours(settings: Settings, rep: Rep) -> WorkingHours:
    return hours_of(settings, rep).hours


def zone_of(settings: Settings, rep: Rep) -> ZoneInfo:
    return working_hours(settings, rep).zone


def hours_of(settings: Settings, rep: Rep) -> ChosenHours:
    """The rep's zone and working hours, and where each is from."""
    own = settings.of_team(rep.team)
    ask = own.ask
    default = WorkingHours(
        zone=ZoneInfo(own.time_zone),
        starts=ask.day_starts,
        ends=ask.day_ends,
        days=frozenset(WEEKDAYS.index(day) for day in ask.working_days),
        country=rep.country or ask.country,
        quiet_days=_quiet_days(ask),
    )
    told = rep.calendar_hours if ask.hours_from == "calendar" else NO_CALENDAR_HOURS
    return choose_hours(default, told, rep.time_zone)


def weekly_day(settings: Settings) -> int:
    """The weekday of the weekly mail, Monday is 0."""
    return WEEKDAYS.index(settings.weekly.day)


def manager_of(settings: Settings, rep: Rep) -> str | None:
    """The address that the rep's weekly numbers go to, beside the rep's own. Nobody's in the
    personal mode: there is no mailbox but the rep's own that could mail them."""
    team = settings.team(rep.team)
    manager = rep.manager or (team.manager if team else None)
    return None if settings.mode == "personal" or manager in rep.addresses else manager


def _quiet_days(ask: AskSettings) -> frozenset[date]:
    return frozenset(ask.quiet_days)


def milestones_of(settings: Settings, rep: Rep) -> tuple[Milestone, ...]:
    """The steps of the sales process that the rep's team goes through."""
    return listed_milestones(settings.of_team(rep.team))


def listed_milestones(settings: Settings) -> tuple[Milestone, ...]:
    return tuple(Milestone(one.name, one.exit, one.aliases) for one in settings.milestones)
