"""What the admin has decided, as the domain's decisions need it, and a version of it.

When the version changes, every calendar is read and judged anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from nudger.config import AskSettings, Settings
from nudger.domain.commitment import Milestone
from nudger.domain.domains import DomainKind, DomainRules, implied_ours
from nudger.domain.eligibility import Policy, judge
from nudger.domain.event import Event
from nudger.domain.series import EACH, FIRST_ONLY, Cadence, one_in
from nudger.domain.timing import AskTime, NotAsked, TimingPolicy, ask_time, span_in
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

K = TypeVar("K")

CADENCES = {"each": EACH, "first": FIRST_ONLY}


@dataclass(frozen=True)
class RepPolicy:
    """What holds for one rep: the settings of their team, with what is chosen for the rep alone.
    Whom the rep's team watches is not in it: see `Rules.judging`."""

    settings: Settings
    rep: Rep

    @property
    def ask(self) -> AskSettings:
        return self.settings.ask

    @cached_property
    def timing(self) -> TimingPolicy:
        return TimingPolicy(self.ask.lead, self.ask.least_notice, self.ask.time_to_answer)

    @cached_property
    def hours(self) -> ChosenHours:
        """The rep's zone and working hours, and where each is from."""
        told = self.rep.calendar_hours if self.asks_calendar_for_hours else NO_CALENDAR_HOURS
        return choose_hours(self._default_hours(), told, self.rep.time_zone)

    @property
    def asks_calendar_for_hours(self) -> bool:
        return self.ask.hours_from == "calendar"

    @property
    def working_hours(self) -> WorkingHours:
        return self.hours.hours

    @property
    def zone(self) -> ZoneInfo:
        return self.working_hours.zone

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """The steps of the sales process that the rep's team goes through."""
        return listed_milestones(self.settings)

    @property
    def language(self) -> str:
        return self.rep.language or self.settings.language

    @property
    def cadence(self) -> Cadence:
        """How often a series is asked about where nobody chose."""
        chosen = self.settings.meetings.series
        return one_in(chosen) if isinstance(chosen, int) else CADENCES[chosen]

    @property
    def manager(self) -> str | None:
        """The address that the rep's weekly numbers go to, beside the rep's own. Nobody's in the
        personal mode: there is no mailbox but the rep's own that could mail them."""
        team = self.settings.team(self.rep.team)
        manager = self.rep.manager or (team.manager if team else None)
        is_own = manager in self.rep.addresses
        return None if self.settings.mode == "personal" or is_own else manager

    def _default_hours(self) -> WorkingHours:
        return WorkingHours(
            zone=ZoneInfo(self.settings.time_zone),
            starts=self.ask.day_starts,
            ends=self.ask.day_ends,
            days=frozenset(WEEKDAYS.index(day) for day in self.ask.working_days),
            country=self.rep.country or self.ask.country,
            quiet_days=frozenset(self.ask.quiet_days),
        )


def for_rep(settings: Settings, rep: Rep) -> RepPolicy:
    """What holds for the rep; the settings are everybody's."""
    return RepPolicy(settings.of_team(rep.team), rep)


@dataclass(frozen=True, slots=True)
class KnownReps:
    """The reps by their ids, in their order, and by their addresses: an own address goes before
    another's alias, and who comes first before the rest."""

    by_id: Mapping[int, Rep]
    by_address: Mapping[str, Rep]

    @classmethod
    def of(cls, reps: Sequence[Rep]) -> KnownReps:
        aliases = {alias: rep for rep in reversed(reps) for alias in rep.aliases}
        by_address = aliases | {rep.email: rep for rep in reps}
        return cls({rep.id: rep for rep in reps}, by_address)

    def with_rep(self, changed: Rep) -> KnownReps:
        """The same, with what changed of a rep laid over them."""
        theirs = {
            address: changed
            for address in changed.addresses
            if (known := self.by_address.get(address)) is not None and known.id == changed.id
        }
        return KnownReps(
            _Overlaid({changed.id: changed}, self.by_id), _Overlaid(theirs, self.by_address)
        )


class _Overlaid(Mapping[K, Rep]):
    """The reps by what they are known by, in the same order, some of them as they are by now. Each
    guest of each event is looked up here, which takes a `ChainMap` ten times as long."""

    def __init__(self, changed: Mapping[K, Rep], all_known: Mapping[K, Rep]) -> None:
        """All that is `changed` is among `all_known`."""
        self._changed = changed
        self._all_known = all_known

    def __getitem__(self, key: K) -> Rep:
        found = self._changed.get(key)
        return self._all_known[key] if found is None else found

    def get(self, key: K, default: Any = None) -> Any:
        found = self._changed.get(key)
        return self._all_known.get(key, default) if found is None else found

    def __iter__(self) -> Iterator[K]:
        return iter(self._all_known)

    def __len__(self) -> int:
        return len(self._all_known)


@dataclass(frozen=True)
class Rules:
    """Everything that judging and planning need besides the event. `policies` are by team, the
    one of reps without a team under `None`."""

    policies: Mapping[str | None, Policy]
    settings: Settings
    known: KnownReps
    version: str

    @property
    def reps(self) -> Sequence[Rep]:
        """In the order in which they go before one another."""
        return list(self.reps_by_id.values())

    @property
    def reps_by_id(self) -> Mapping[int, Rep]:
        return self.known.by_id

    @property
    def reps_by_address(self) -> Mapping[str, Rep]:
        return self.known.by_address

    @cached_property
    def _by_rep(self) -> dict[int, RepPolicy]:
        return {}

    def for_rep(self, rep: Rep) -> RepPolicy:
        """What holds for the rep, as these rules know them."""
        found = self._by_rep.get(rep.id)
        if found is None:
            found = self._by_rep[rep.id] = for_rep(self.settings, self.reps_by_id[rep.id])
        return found

    def judging(self, rep: Rep) -> Policy:
        """Whom the rep's team watches."""
        return self.of_team(rep.team)

    def of_team(self, team: str | None) -> Policy:
        return self.policies.get(team) or self.policies[None]

    def span(self, event: Event, rep: Rep) -> tuple[datetime, datetime]:
        """Start and end of the event where the rep is."""
        return span_in(self.for_rep(rep).zone, event)

    def ask_time(self, start: datetime, rep: Rep, now: datetime) -> AskTime | NotAsked:
        own = self.for_rep(rep)
        return ask_time(start, own.working_hours, own.timing, now)

    def with_rep(self, changed: Rep) -> Rules:
        """The same rules, knowing this of the rep, who keeps their addresses. Nothing is built
        anew, since each calendar that is read for the first time tells something."""
        return replace(self, known=self.known.with_rep(changed))

    def may_ask(self, event: Event, scanned: Rep, now: datetime) -> Callable[[Rep], bool]:
        """Whether a rep can be asked about an event in the calendar of `scanned`: who does not
        want mails by then cannot, nor can one whose team does not watch these guests."""

        def may(rep: Rep) -> bool:
            if not rep.availability.is_free_before(event.start):
                return False
            alike = rep.team == scanned.team
            return alike or judge(event, rep.email, self.judging(rep), now, rep.aliases).asks

        return may


class _Latest:
    """The rules that were made last, which are made anew only where what they are made of changed:
    they are asked for every few seconds, and of thousands of reps."""

    def __init__(self) -> None:
        self._made: tuple[Settings, Mapping[str, str], Sequence[Rep], Rules] | None = None

    def rules(self, settings: Settings, entries: Mapping[str, str], reps: Sequence[Rep]) -> Rules:
        made = self._made
        if made is not None and made[0] is settings and made[1:3] == (entries, reps):
            return made[3]
        rules = _make_rules(settings, entries, reps)
        self._made = (settings, entries, reps, rules)
        return rules


_LATEST = _Latest()


def load_rules(tx: Connection, settings: Settings) -> Rules:
    return _LATEST.rules(settings, people.list_domains(tx), people.list_reps(tx))


def _make_rules(settings: Settings, entries: Mapping[str, str], reps: Sequence[Rep]) -> Rules:
    policies = policies_by_team(settings, entries, reps)
    judging = {"meetings", "ask", "google", "microsoft", "teams"}
    decided = settings.model_dump(mode="json", include=judging)
    known = [[*rep.addresses, rep.team] for rep in reps]
    shown = json.dumps([dict(entries), decided, known], sort_keys=True)
    version = hashlib.sha256(shown.encode()).hexdigest()[:16]
    return Rules(policies, settings, KnownReps.of(reps), version)


def policies_by_team(
    settings: Settings, entries: Mapping[str, str], reps: Sequence[Rep]
) -> dict[str | None, Policy]:
    """What holds for each team, and for reps of none under `None`, with these domains listed."""
    return {
        name: _policy(settings.of_team(name), _of_team(settings, name, entries), reps)
        for name in (None, *(team.name for team in settings.teams))
    }


def load_domain_rules(tx: Connection, settings: Settings, team: str | None = None) -> DomainRules:
    """What the domains are, for everybody or as a team sees it."""
    return load_rules(tx, settings).of_team(team).rules


def _of_team(settings: Settings, name: str | None, entries: Mapping[str, str]) -> Mapping[str, str]:
    team = settings.team(name)
    return entries if team is None else {**entries, **team.domains.entries()}


def _policy(settings: Settings, entries: Mapping[str, str], reps: Sequence[Rep]) -> Policy:
    kinds = {entry: DomainKind(kind) for entry, kind in entries.items()}
    addresses = [address for rep in reps for address in rep.addresses]
    for one in (*implied_ours(kinds, addresses), *addresses):
        kinds.setdefault(one, DomainKind.OURS)
    rules = DomainRules(
        entries=kinds,
        mailboxes=frozenset(shared_mailboxes(settings)),
        note_takers=frozenset(settings.meetings.note_takers),
    )
    return Policy(
        rules=rules,
        watch=settings.meetings.watch,
        ask_about_private=settings.meetings.private == "ask",
        longest=timedelta(hours=settings.meetings.max_hours),
        max_guests=settings.meetings.max_guests,
        all_day=settings.meetings.all_day,
        long=settings.meetings.long,
        title_words=bundled_title_words() if settings.meetings.bundled_title_words else (),
        own_title_words=settings.meetings.title_words,
        title_tells_trade=settings.meetings.bundled_title_words,
    )


def shared_mailboxes(settings: Settings) -> list[str]:
    return [box for box in (settings.google.mailbox, settings.microsoft.mailbox) if box]


def weekly_day(settings: Settings) -> int:
    """The weekday of the weekly mail, Monday is 0."""
    return WEEKDAYS.index(settings.weekly.day)


def listed_milestones(settings: Settings) -> tuple[Milestone, ...]:
    return tuple(Milestone(one.name, one.exit, one.aliases) for one in settings.milestones)


def timing_policy(settings: Settings, rep: Rep) -> TimingPolicy:
    return for_rep(settings, rep).timing


def working_hours(settings: Settings, rep: Rep) -> WorkingHours:
    return for_rep(settings, rep).working_hours


def zone_of(settings: Settings, rep: Rep) -> ZoneInfo:
    return for_rep(settings, rep).zone


def manager_of(settings: Settings, rep: Rep) -> str | None:
    return for_rep(settings, rep).manager


def milestones_of(settings: Settings, rep: Rep) -> tuple[Milestone, ...]:
    return for_rep(settings, rep).milestones
