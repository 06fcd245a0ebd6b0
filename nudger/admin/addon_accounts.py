"""Which rep somebody is who opens an add-on: by their account at the provider, once it is known."""

from __future__ import annotations

from sqlalchemy import Connection

from nudger.domain.event import Provider
from nudger.domain.reasons import Reason, StepName
from nudger.mail.token import token_hash
from nudger.runtime.context import Context
from nudger.store import addon_accounts, audit, people
from nudger.store.people import Rep


def known_rep(tx: Connection, subject: str) -> Rep | None:
    """The rep who opened an add-on with this account before; `subject` stays the same for good."""
    rep_id = addon_accounts.rep_of(tx, token_hash(subject))
    return None if rep_id is None else people.get_rep(tx, rep_id)


def bind_rep(
    ctx: Context, tx: Connection, provider: Provider, subject: str, address: str
) -> Rep | None:
    """Make the account the rep's whose address it has, for good: somebody who gets the address
    later is somebody else. `None` where it is no rep's, or the rep has another account.

    `address` must be proven to be the account's own, by the provider's word.
    """
    of_provider = (one for one in people.list_reps(tx) if one.provider is provider)
    rep = next((one for one in of_provider if address in one.addresses), None)
    if rep is None:
        return None
    if not addon_accounts.bind(tx, token_hash(subject), rep.id, ctx.clock()):
        return known_rep(tx, subject)
    step = audit.Step(StepName.ADDON, Reason.ADDON_ACCOUNT, rep_id=rep.id)
    audit.record(tx, step, ctx.clock())
    return rep
