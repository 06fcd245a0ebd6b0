"""Verdicts on exported events, by the rules that the worker goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from nudger.domain.domains import DomainKind, DomainRules, PartyKind
from nudger.domain.eligibility import Policy, judge
from nudger.domain.event import Event
from nudger.domain.meeting_copies import meeting_key
from nudger.domain.timing import AskTime, TimingPolicy, ask_time, span_in
from nudger.domain.verdict import Decision, Verdict
from nudger.domain.watching import Watch
from nudger.domain.working_hours import WorkingHours


@dataclass(frozen=True)
class TrialRules:
    """Whose calendar it is, what the domains are, the zone of the working hours, and which
    unlisted domains are watched."""

    me: str
    entries: Mapping[str, str]
    zone: ZoneInfo
    watch: Watch = Watch.REVIEW

    @cached_property
    def policy(self) -> Policy:
        kinds = {entry: DomainKind(kind) for entry, kind in self.entries.items()}
        kinds.setdefault(self.me, DomainKind.OURS)
        return Policy(DomainRules(kinds), watch=self.watch)

    @cached_property
    def hours(self) -> WorkingHours:
        return WorkingHours(self.zone)


@dataclass(frozen=True, slots=True)
class Judged:
    """An event with its verdict, which is not to ask where it is too late for that. `unlisted` are
    the outside domains that no entry names."""

    event: Event
    verdict: Verdict
    rep: str | None
    ask_at: tuple[datetime, ...] = ()
    unlisted: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return self.verdict.reason.value

    def as_json(self) -> dict[str, Any]:
        return {
            "uid": self.event.ical_uid,
            "start": self.event.start.isoformat(),
            "title": self.event.title,
            "verdict": self.verdict.decision.value,
            "reason": self.reason,
            "customer": list(self.verdict.customers),
            "rep": self.rep,
            "lookalike": self.verdict.lookalike,
            "ask_at": [at.isoformat() for at in self.ask_at],
            "time_zone": self.event.time_zone,
            "unlisted": list(self.unlisted),
        }


def judge_all(events: Iterable[Event], rules: TrialRules, now: datetime) -> list[Judged]:
    """Each meeting once, in the order of their starts."""
    found: dict[str, Judged] = {}
    for event in events:
        found.setdefault(meeting_key(event), _judged(event, rules, now))
    return sorted(found.values(), key=lambda one: (one.event.start, one.event.title))


def _judged(event: Event, rules: TrialRules, now: datetime) -> Judged:
    verdict = judge(event, rules.me, rules.policy, now)
    unlisted = _unlisted(verdict, rules.policy.rules)
    if not verdict.asks:
        return Judged(event, verdict, None, (), unlisted)
    start, _ = span_in(rules.zone, event)
    asking = ask_time(start, rules.hours, TimingPolicy(), now)
    if not isinstance(asking, AskTime):
        late = replace(verdict, decision=Decision.SKIP, reason=asking.reason)
        return Judged(event, late, None, (), unlisted)
    return Judged(event, verdict, rules.me, (asking.at.astimezone(rules.zone),), unlisted)


def _unlisted(verdict: Verdict, rules: DomainRules) -> tuple[str, ...]:
    parties = (rules.classify(guest.email) for guest in verdict.guests)
    outside = (one.customer for one in parties if one.kind is PartyKind.OUTSIDE and one.customer)
    return tuple(dict.fromkeys(outside))


def count_unlisted(judged: Iterable[Judged]) -> list[tuple[str, int]]:
    """The outside domains that no entry names, with their meetings, most first."""
    counted = Counter(domain for one in judged for domain in one.unlisted)
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))
