"""Whom a mail goes to: mostly its rep, sometimes somebody who is none."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from nudger.domain.addresses import name_in
from nudger.store import people
from nudger.store.outbox import Mail
from nudger.store.people import Rep

NO_REP = 0


def recipient_of(tx: Connection, mail: Mail) -> Rep:
    rep = people.get_rep(tx, mail.rep_id)
    return rep if mail.recipient is None else as_rep(mail.recipient, rep, people.list_reps(tx))


def as_rep(address: str, about: Rep, reps: Sequence[Rep]) -> Rep:
    """Who reads at this address, with the hours, zone and language of a rep: their own where they
    are one, else the settings' defaults. `about` is whom they are mailed about; the mail goes
    through the same provider."""
    known = next((rep for rep in reps if address in rep.addresses), None)
    return known or Rep(NO_REP, address, name_in(address), about.provider, about.position)
