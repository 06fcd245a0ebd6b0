"""What a change of domains, or of what is watched, would change of coming meetings: told before it
is done.

It is judged by what is kept of a meeting, so that no calendar is read: who comes, by their domains,
and the title where it is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nudger.domain.domains import DomainRules, PartyKind
from nudger.domain.eligibility import Policy
from nudger.domain.event import Event
from nudger.domain.reasons import Reason
from nudger.domain.verdict import Verdict
from nudger.domain.watching import HELD_BACK, Visit, why_not_watched

BY_WHO_COMES = HELD_BACK | {Reason.NOT_WATCHED, Reason.NEVER}
"""Why nothing is asked, where another list of domains would change that."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A meeting that is ahead: the outside domains (or freemail addresses) that come, whether it is
    asked about, and why. `title` is empty where it is not kept."""

    customers: tuple[str, ...]
    asks: bool
    reason: Reason
    title: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """The meetings that would no longer be asked about, and those that would be from now on."""

    stops: tuple[Coming, ...] = ()
    starts: tuple[Coming, ...] = ()

    def __add__(self, other: Impact) -> Impact:
        return Impact(self.stops + other.stops, self.starts + other.starts)


def impact(coming: Iterable[Coming], before: Policy, after: Policy) -> Impact:
    """What changes for these meetings when `after` takes the place of `before`."""
    changed = [one for one in coming if _may_change(one, before, after)]
    stops = tuple(one for one in changed if one.asks and not _would_ask(one, after))
    starts = tuple(one for one in changed if not one.asks and _would_ask(one, after))
    return Impact(stops, starts)


def domains_of(meetings: Sequence[Coming]) -> list[str]:
    """The domains that come to these meetings, each once."""
    return sorted({customer for one in meetings for customer in one.customers})


def outsiders(event: Event, verdict: Verdict, rules: DomainRules) -> tuple[str, ...]:
    """What is kept of who comes to an event that is not asked about because of who comes: their
    domains, and of people at freemail services nothing."""
    if verdict.asks or verdict.reason not in BY_WHO_COMES:
        return ()
    everybody = (event.organizer, *event.attendees)
    parties = [rules.classify(one.email) for one in everybody if one and "@" in one.email]
    found = (party.customer for party in parties)
    return tuple(dict.fromkeys(one for one in found if one is not None and "@" not in one))


def _may_change(one: Coming, before: Policy, after: Policy) -> bool:
    """Whether the change is about who comes here: all else is judged by the calendar alone."""
    if not one.asks and one.reason not in BY_WHO_COMES:
        return False
    return before.watch != after.watch or _kinds(one, before) != _kinds(one, after)


def _would_ask(one: Coming, policy: Policy) -> bool:
    kinds = _kinds(one, policy)
    if PartyKind.CUSTOMER in kinds:
        return True
    pairs = zip(one.customers, kinds, strict=True)
    outside = [customer for customer, kind in pairs if kind is PartyKind.OUTSIDE]
    visit = Visit(outside, one.title, title_tells=policy.title_tells_trade)
    return bool(outside) and why_not_watched(policy.watch, visit) is None


def _kinds(one: Coming, policy: Policy) -> list[PartyKind]:
    return [kind_of(customer, policy.rules) for customer in one.customers]


def kind_of(customer: str, rules: DomainRules) -> PartyKind:
    """What a customer is, known by a domain or, at a freemail service, by the whole address."""
    return rules.classify(customer if "@" in customer else f"somebody@{customer}").kind
