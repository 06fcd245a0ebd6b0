"""The review of outside domains that nobody listed: what each answer would change; giving one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from nudger.admin.domain_changes import change_domains, impacts_of
from nudger.domain.domains import DomainKind
from nudger.domain.impact import Impact
from nudger.jobs.outgoing.unknown_domains import PUT_OFF_FOR, UnknownDomain, waiting_for_review
from nudger.runtime.context import Context
from nudger.store import outside, people

ANSWERS = {"c": DomainKind.CUSTOMER, "p": DomainKind.PARTNER, "n": DomainKind.NEVER}
"""What can be said of a domain, by its key."""


@dataclass(frozen=True, slots=True)
class Review:
    """What waits, the first of them first, and what each answer about that would change."""

    waiting: tuple[UnknownDomain, ...]
    would: Mapping[DomainKind, Impact]


def review(ctx: Context) -> Review:
    waiting = tuple(waiting_for_review(ctx))
    if not waiting:
        return Review((), {})
    answers = tuple(ANSWERS.values())
    choices = [{waiting[0].domain: one.value} for one in answers]
    with ctx.database.read() as tx:
        changed = impacts_of(tx, ctx.settings, choices, ctx.clock())
    return Review(waiting, dict(zip(answers, changed, strict=True)))


def say_kind(tx: Connection, domain: str, kind: DomainKind, now: datetime) -> bool:
    """Say what the domain is; false, and nothing is changed, where somebody else just did."""
    if domain in people.list_domains(tx):
        return False
    change_domains(tx, {domain: kind.value}, now)
    return True


def put_off(tx: Connection, domain: str, now: datetime) -> None:
    """Show the domain again in a month."""
    outside.put_off(tx, domain, now + PUT_OFF_FOR)


def take_back(tx: Connection, domain: str, now: datetime) -> None:
    """Have the domain wait again, whatever was said of it."""
    if domain in people.list_domains(tx):
        change_domains(tx, {domain: None}, now)
    else:
        outside.put_off(tx, domain, None)
