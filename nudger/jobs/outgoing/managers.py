"""Who manages whom, and what they may read: gathered here, decided in `domain.manager_sight`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nudger.config import Settings
from nudger.domain.domains import DomainRules, PartyKind
from nudger.domain.manager_sight import Sharing, Sight, sight_of
from nudger.domain.reasons import Reason
from nudger.runtime.policies import manager_of
from nudger.store.people import Rep


def receiver(settings: Settings, rules: DomainRules, rep: Rep) -> str | None:
    """The rep's manager, as long as the address is at one of our domains: what is known of a rep
    never leaves the company."""
    manager = manager_of(settings, rep)
    is_ours = manager is not None and rules.classify(manager).kind is PartyKind.OURS
    return manager if is_ours else None


def first_led(settings: Settings, rules: DomainRules, reps: Sequence[Rep]) -> dict[str, Rep]:
    """Each manager's address with the first of their reps."""
    found: dict[str, Rep] = {}
    for rep in reps:
        manager = receiver(settings, rules, rep)
        if manager is not None:
            found.setdefault(manager, rep)
    return found


def sight_of_rep(
    settings: Settings, rules: DomainRules, rep: Rep, addresses: Collection[str]
) -> Sight:
    """What whoever has these addresses sees of the rep."""
    sharing = Sharing(
        manager=receiver(settings, rules, rep),
        told_of=rep.disclosed_manager,
        shared_with=rep.shared_with,
        wants_to_be_forgotten=rep.state_reason == Reason.ASKED_TO_BE_FORGOTTEN,
    )
    return sight_of(sharing, addresses)
