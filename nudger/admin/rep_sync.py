"""Reps from a directory's group: what it means for them is said first, then done in one step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from nudger.config import Settings
from nudger.domain.domains import DomainKind, PartyKind
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason, StepName
from nudger.domain.roster import Known, Person, Roster, compare
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules, shared_mailboxes
from nudger.store import audit, controls, people
from nudger.store.people import NewRep


class NoGroup(ValueError):
    """No group can be compared with the reps; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group, and where it is."""

    provider: Provider
    name: str


def configured_groups(settings: Settings) -> list[Group]:
    """The groups that the settings name."""
    named = (
        (Provider.GOOGLE, settings.google.reps_group),
        (Provider.MICROSOFT, settings.microsoft.reps_group),
    )
    return [Group(provider, name) for provider, name in named if name is not None]


def group_meant(settings: Settings, name: str | None, provider: Provider | None) -> Group:
    """The group that was named, or else the one of the settings. Raises `NoGroup`."""
    if provider not in (None, Provider.GOOGLE, Provider.MICROSOFT):
        raise NoGroup("groups are at google or microsoft.")
    groups = [one for one in configured_groups(settings) if provider in (None, one.provider)]
    if name is None:
        if len(groups) == 1:
            return groups[0]
        why = "name one of both with --provider" if groups else "name it, or set `reps_group`"
        raise NoGroup(f"which group? {why} (docs/configuration.md).")
    own = (settings.google.directory_admin, settings.microsoft.mailbox)
    if provider is None and all(own):
        raise NoGroup("is the group at Google or at Microsoft? Say --provider google or microsoft.")
    is_google = own[0] is not None or own[1] is None
    return Group(provider or (Provider.GOOGLE if is_google else Provider.MICROSOFT), name)


def roster_of(ctx: Context, group: Group) -> Roster:
    """What the group means for the reps now; nothing is changed. Raises `ProviderError`, and
    `NoGroup` where nobody can be told from a guest."""
    with ctx.database.read() as tx:
        listed = people.list_domains(tx).values()
    if DomainKind.OURS.value not in listed:
        raise NoGroup(
            "none of your own domains is listed, and only members there become reps:  "
            "nudger domains add ours yourcompany.com"
        )
    members = ctx.accounts.directory(group.provider).members(group.name)
    with ctx.database.read() as tx:
        reps = people.list_reps(tx)
        rules = load_domain_rules(tx, ctx.settings)
    known = [
        Known(one.email, one.name, one.aliases, one.provider is group.provider) for one in reps
    ]
    mailboxes = frozenset(shared_mailboxes(ctx.settings))

    def is_ours(address: str) -> bool:
        return rules.classify(address).kind is PartyKind.OURS

    return compare(members, known, is_ours, mailboxes)


def apply(ctx: Context, group: Group, roster: Roster) -> None:
    """Add and change the reps, all or none."""
    now = ctx.clock()
    with ctx.database.begin() as tx:
        for person in roster.added:
            new = NewRep(person.email, group.provider, person.name, aliases=person.aliases)
            people.add_rep(tx, new, now)
        for person in roster.changed:
            _change(tx, person, now)


def _change(tx: Connection, person: Person, now: datetime) -> None:
    rep = people.find_rep(tx, person.email)
    if rep is not None:
        entered = replace(people.as_entered(rep), name=person.name, aliases=person.aliases)
        people.add_rep(tx, entered, now)


def pause_gone(ctx: Context, roster: Roster) -> list[str]:
    """Send nothing more to those who are not in the group; returns who was not paused before."""
    now = ctx.clock()
    paused = []
    with ctx.database.begin() as tx:
        for email in roster.gone:
            rep = people.find_rep(tx, email)
            if rep is not None and controls.pause(tx, rep.id, now):
                step = audit.Step(StepName.CONTROL, Reason.SENDING_PAUSED, rep_id=rep.id)
                audit.record(tx, step, now)
                paused.append(email)
    return paused


def is_suspicious(roster: Roster) -> bool:
    """Whether a group that has hardly anybody in it would have most reps paused: it may be the
    wrong one, or be read in part."""
    stays = len(roster.same) + len(roster.changed)
    return bool(roster.gone) and stays < len(roster.gone)
