"""Verdicts on exported events, by the rules that the worker goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from nudger.domain.domains import DomainKind, DomainRules
from nudger.domain.eligibility import Policy, judge
from nudger.domain.event import Event
from nudger.domain.identity import meeting_key
from nudger.domain.timing import AskTime, TimingPolicy, ask_time, span_in
from nudger.domain.verdict import Verdict
from nudger.domain.working_hours import WorkingHours


@dataclass(frozen=True)
class TrialRules:
    """Whose calendar it is, what the domains are, and the zone of the working hours."""

    me: str
    entries: Mapping[str, str]
    zone: ZoneInfo

    @cached_property
    def policy(self) -> Policy:
        kinds = {entry: DomainKind(kind) for entry, kind in self.entries.items()}
        kinds.setdefault(self.me, DomainKind.OURS)
        listed_only = DomainKind.CUSTOMER in kinds.values()
        return Policy(DomainRules(kinds), listed_only=listed_only)

    @cached_property
    def hours(self) -> WorkingHours:
        return WorkingHours(self.zone)


@dataclass(frozen=True, slots=True)
class Judged:
    """An event with its verdict. `reason` is the verdict's code, or why it is too late to ask."""

    event: Event
    verdict: Verdict
    reason: str
    rep: str | None
    ask_at: tuple[datetime, ...] = ()

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
        }


def judge_all(events: Iterable[Event], rules: TrialRules, now: datetime) -> list[Judged]:
    """Each meeting once, in the order of their starts."""
    found: dict[str, Judged] = {}
    for event in events:
        found.setdefault(meeting_key(event), _judged(event, rules, now))
    return sorted(found.values(), key=lambda one: (one.event.start, one.event.title))


def _judged(event: Event, rules: TrialRules, now: datetime) -> Judged:
    verdict = judge(event, rules.me, rules.policy, now)
    if not verdict.asks:
        return Judged(event, verdict, verdict.reason.value, None)
    start, _ = span_in(rules.zone, event)
    asking = ask_time(start, rules.hours, TimingPolicy(), now)
    at = (asking.at.astimezone(rules.zone),) if isinstance(asking, AskTime) else ()
    return Judged(event, verdict, verdict.reason.value, rules.me, at)
