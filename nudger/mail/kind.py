"""What makes a kind of mail: what its row says, how that is rendered, and samples of it.

Each kind is one module of `nudger.mail.kinds`, which says all of this in its `KIND`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from nudger.domain.commitment import Answer, Milestone
from nudger.domain.mails import MailKind
from nudger.mail.catalogue import Catalogue
from nudger.mail.compose import Audience, Envelope, MeetingShown, PreviousCall
from nudger.mail.templates import Templates


class Content(BaseModel):
    """What a mail says beyond its meetings, fixed when its row is written; by itself nothing. Which
    model reads a stored row is told by the row's kind."""

    model_config = ConfigDict(frozen=True)


C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True)
class Call:
    """A meeting that a mail is about: who will read an answer, what is planned for it, and what
    came of the call before it with the same customer."""

    meeting_id: int
    shown: MeetingShown
    audience: Audience = Audience.GUESTS
    planned: Answer | None = None
    previous: PreviousCall | None = None


@dataclass(frozen=True, slots=True)
class Letter(Generic[C]):
    """All that a mail is written from. `zone` and `milestones` are the reader's."""

    content: C
    calls: tuple[Call, ...]
    milestones: tuple[Milestone, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Scene:
    """Made-up calls of a made-up rep, for samples; `words` are of the reader's language."""

    calls: tuple[Call, ...]
    milestones: tuple[Milestone, ...]
    words: Catalogue

    def letter(self, content: C, *calls: Call) -> Letter[C]:
        """A letter about these calls, in the scene's zone."""
        return Letter(content, calls, self.milestones, self.calls[0].shown.zone)


@dataclass(frozen=True, slots=True)
class Kind(Generic[C]):
    """`samples` has one sample for each set of templates (`name.subject.j2`, `name.txt.j2`,
    `name.html.j2`) that `render` may use, by that name."""

    name: MailKind
    content: type[C]
    render: Callable[[Letter[C], Templates, Envelope], EmailMessage]
    samples: Mapping[str, Callable[[Scene], Letter[C]]]


AnyKind = Kind[Any]
