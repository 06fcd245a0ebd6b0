"""The rep who is signed in."""

from __future__ import annotations

from fastapi import Request

from nudger.domain.reasons import Reason
from nudger.store.people import Rep
from nudger.web.signed_in import visitor_of


def rep_of(request: Request) -> Rep:
    """Whose pages these are; only reps are let in."""
    return visitor_of(request).person.reader


def asked_to_be_forgotten(rep: Rep) -> bool:
    return rep.state_reason == Reason.ASKED_TO_BE_FORGOTTEN
