"""What the admin has decided, as the domain's decisions need it, and a version of it.

When the version changes, every calendar is read and judged anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from nudger.config import AskSettings, Settings
from nudger.domain.audience import Policy
from nudger.domain.commitment import Milestone
from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.series import EACH, FIRST_ONLY
from nudger.domain.timing import AskTime, NotAsked, TimingPolicy, WorkingHours, ask_time
from nudger.store import people
from nudger.store.people import Rep

EVERY = {"each": EACH, "first": FIRST_ONLY}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Rules:
    """Everything that judging and planning need besides the event."""

    policy: Policy
    timing: TimingPolicy
    settings: Settings
    reps: Sequence[Rep]
    version: str

    @cached_property
    def reps_by_id(self) -> Mapping[int, Rep]:
        return {rep.id: rep for rep in self.reps}

    @cached_property
    def reps_by_address(self) -> Mapping[str, Rep]:
        return {address: rep for rep in self.reps for address in rep.addresses}

    @cached_property
    def _hours(self) -> dict[int, WorkingHours]:
        return {rep.id: working_hours(self.settings, rep) for rep in self.reps}

    def policy_of(self, _rep: Rep) -> Policy:
        return self.policy

    def every(self, _rep: Rep) -> int:
        """How often a series is asked about, as in `domain.series.Cadence`."""
        return EVERY.get(str(self.settings.meetings.series)) or int(self.settings.meetings.series)

    def ask_time(self, start: datetime, rep: Rep, now: datetime) -> AskTime | NotAsked:
        return ask_time(start, self._hours[rep.id], self.timing, now)


def load_rules(tx: Connection, settings: Settings) -> Rules:
    entries = people.list_domains(tx)
    reps = people.list_reps(tx)
    policy = _policy(settings, entries, reps)
    decided = settings.model_dump(mode="json", include={"meetings", "ask", "google", "microsoft"})
    shown = json.dumps([dict(entries), decided, [rep.email for rep in reps]], sort_keys=True)
    version = hashlib.sha256(shown.encode()).hexdigest()[:16]
    return Rules(policy, timing_policy(settings), settings, reps, version)


def load_domain_rules(tx: Connection, settings: Settings) -> DomainRules:
    return _policy(settings, people.list_domains(tx), people.list_reps(tx)).rules


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
        most_guests=settings.meetings.max_guests,
        title_words=settings.meetings.title_words,
    )


def _listed_only(settings: Settings, kinds: Mapping[str, DomainKind]) -> bool:
    """What the admin chose; without a choice, customers that are listed are the ones watched."""
    if settings.meetings.watch is not None:
        return settings.meetings.watch == "listed"
    return DomainKind.CUSTOMER in kinds.values()


def shared_mailboxes(settings: Settings) -> list[str]:
    return [box for box in (settings.google.mailbox, settings.microsoft.mailbox) if box]


def timing_policy(settings: Settings) -> TimingPolicy:
    return TimingPolicy(settings.ask.least_notice, settings.ask.time_to_answer)


def working_hours(settings: Settings, rep: Rep) -> WorkingHours:
    ask = settings.ask
    return WorkingHours(
        zone=zone_of(settings, rep),
        starts=ask.day_starts,
        ends=ask.day_ends,
        days=frozenset(_WEEKDAYS.index(day) for day in ask.working_days),
        country=rep.country or ask.country,
        quiet_days=_quiet_days(ask),
    )


def zone_of(settings: Settings, rep: Rep) -> ZoneInfo:
    return ZoneInfo(rep.time_zone or settings.time_zone)


def _quiet_days(ask: AskSettings) -> frozenset[date]:
    return frozenset(ask.quiet_days)


def milestones_of(settings: Settings) -> tuple[Milestone, ...]:
    return tuple(Milestone(one.name, one.exit, one.aliases) for one in settings.milestones)
