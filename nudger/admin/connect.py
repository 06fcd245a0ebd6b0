"""Keeping a person's consent, and watching their calendar from then on."""

from __future__ import annotations

from nudger.domain.availability import RepState
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason, StepName
from nudger.runtime.consents import consent_name
from nudger.runtime.context import Context
from nudger.store import audit, people
from nudger.store.people import NewRep


def keep_consent(ctx: Context, provider: Provider, email: str, consent: str) -> None:
    """Keep what a consent returned, sealed. The rep is new, or active again where only the consent
    was missing: who paused or stopped us has not asked for more by it."""
    now = ctx.clock()
    with ctx.database.begin() as tx:
        ctx.secrets.put(tx, consent_name(provider, email), consent, now)
        rep = people.find_rep(tx, email)
        if rep is None:
            rep = people.add_rep(tx, NewRep(email, provider), now)
        if rep.state is RepState.RECONNECT:
            people.set_state(tx, rep.id, RepState.ACTIVE)
        audit.record(tx, audit.Step(StepName.CONNECT, Reason.CONNECTED, rep_id=rep.id), now)
