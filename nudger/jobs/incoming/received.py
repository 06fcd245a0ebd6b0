"""A reply bound to what it answers, and how dealing with a mail ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from nudger.domain.lifecycle import takes_answers
from nudger.domain.source import Source
from nudger.jobs.commands.managers_mail import is_to_manager
from nudger.jobs.commands.unsolicited import UnsolicitedReply, asks_nothing
from nudger.mail.message import Disposition, Inbound
from nudger.mail.token import is_header_stop
from nudger.store.inbox import InboundState, StoredMail
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail
from nudger.store.people import Rep


class Heard(Protocol):
    """A rep's words about meetings that we asked about, in whatever they came."""

    @property
    def rep(self) -> Rep: ...

    @property
    def meetings(self) -> tuple[Meeting, ...]: ...

    @property
    def source(self) -> Source: ...


@dataclass(frozen=True, slots=True)
class Received:
    """A reply together with what it answers: our mail, who got it, as a rep, and its meetings in
    order."""

    stored: StoredMail
    inbound: Inbound
    mail: Mail
    rep: Rep
    meetings: tuple[Meeting, ...]

    @property
    def source(self) -> Source:
        return Source.of_reply(self.stored.id)

    @property
    def is_header_stop(self) -> bool:
        """Whether a mail program sent it, by the header that our mails name for this."""
        has_header = self.mail.recipient is None or is_to_manager(self.mail)
        return has_header and is_header_stop(self.inbound.recipients)

    @property
    def unsolicited(self) -> UnsolicitedReply | None:
        """The reply, where the mail that it answers asked nothing."""
        if not asks_nothing(self.mail, self.meetings):
            return None
        return UnsolicitedReply(self.mail, self.rep, self.meetings, self.source)


@dataclass(frozen=True, slots=True)
class End:
    """How dealing with a mail ended."""

    state: InboundState
    reason: str
    disposition: Disposition | None = None


def of_numbers(received: Heard, numbers: Collection[int]) -> tuple[Meeting, ...]:
    return tuple(one for n, one in enumerate(received.meetings, start=1) if n in numbers)


def takes_answer(meeting: Meeting) -> bool:
    return takes_answers(meeting.state, meeting.reason)
