"""Who has a page of their own: reps, and the managers of reps, who need not be reps themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.jobs.outgoing.managers import first_led
from nudger.jobs.outgoing.recipient import NO_REP, as_rep
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules
from nudger.store import people
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the reader of what we show and mail, with the zone and language of a rep; `leads`
    says that they are some rep's manager."""

    reader: Rep
    leads: bool

    @property
    def is_rep(self) -> bool:
        return self.reader.id != NO_REP

    @property
    def rep_id(self) -> int | None:
        return self.reader.id if self.is_rep else None

    @property
    def address_alone(self) -> str | None:
        """By what they are known where that is no rep's row."""
        return None if self.is_rep else self.reader.email

    @property
    def addresses(self) -> tuple[str, ...]:
        return self.reader.addresses


def find_person(ctx: Context, tx: Connection, address: str) -> Person | None:
    """Whose address it is; nobody's where it is neither a rep's nor a manager's. The same
    statements whoever it is."""
    reps = people.list_reps(tx)
    led = first_led(ctx.settings, load_domain_rules(tx, ctx.settings), reps)
    known = {one: rep for rep in reversed(reps) for one in rep.addresses}
    if address in known:
        return _person(known[address], led)
    return Person(as_rep(address, led[address], reps), leads=True) if address in led else None


def person_of_rep(ctx: Context, tx: Connection, rep: Rep) -> Person:
    """The others are looked at only where one of them might be led by this rep."""
    teams = [team.name for team in ctx.settings.teams if team.manager in rep.addresses]
    led = people.led_by(tx, rep.addresses, teams)
    if not led:
        return Person(rep, leads=False)
    return _person(rep, first_led(ctx.settings, load_domain_rules(tx, ctx.settings), led))


def _person(rep: Rep, led: Collection[str]) -> Person:
    return Person(rep, leads=any(one in led for one in rep.addresses))
