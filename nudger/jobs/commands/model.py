"""A rep's command about one meeting, as its handlers see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nudger.domain.reasons import Reason
from nudger.domain.source import Source
from nudger.store.meetings import Meeting
from nudger.store.people import Rep

Result = tuple[Reason, str]
"""The reason code, and what was done in a sentence."""


@dataclass(frozen=True, slots=True)
class MeetingCommand:
    """The command about one meeting; about the rep as a whole, the first meeting stands for all.
    `say` puts a message into the rep's language."""

    rep: Rep
    meeting: Meeting
    argument: str | None
    source: Source
    say: Callable[..., str]


@dataclass(frozen=True, slots=True)
class RepCommand:
    """A command about all calls of the rep, given in reply to a mail that asked about none."""

    rep: Rep
    argument: str | None
    source: Source
    say: Callable[..., str]
