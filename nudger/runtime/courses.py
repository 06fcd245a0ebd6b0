"""Where pieces of work go along: in which line, and through whose mailbox or calendar.

See `domain.turns` for what becomes of it.
"""

from __future__ import annotations

from collections.abc import Hashable

from nudger.domain.turns import Course
from nudger.providers.base import ProviderError
from nudger.runtime.context import Context
from nudger.store.people import Rep


def calendar_course(step: str, rep: Rep) -> Course:
    """Through the rep's own calendar, one piece of the step at a time."""
    return Course((step, rep.id), rep.provider, rep.email)


def mailbox_course(ctx: Context, line: Hashable, rep: Rep | None) -> Course:
    """Through the mailbox that asks this rep; a rep who cannot be asked is in nobody's way."""
    if rep is None:
        return Course(line)
    try:
        address = ctx.accounts.mailbox_for(rep)
    except ProviderError:
        return Course(line)
    provider = rep.provider if address == rep.email else ctx.accounts.provider_of(address)
    return Course(line, provider, address)
