"""What Nudger needs of a calendar and of a mailbox, and how they say no.

One contract suite (tests/providers/contract/) runs against every implementation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol

from nudger.domain.event import Event
from nudger.domain.roster import Member
from nudger.domain.working_hours import CalendarHours
from nudger.mail.message import IncomingMail


class ProviderError(Exception):
    """A provider did not do what we asked; the message is one line that an admin can act on."""


class ReconnectNeeded(ProviderError):
    """A person's own consent is gone (personal mode): only that person can give it anew."""


SIGN_IN = "sign-in "
"""Begins what is said of each fault of signing in, whether it is refused or nobody answers."""


class SignInFailed(ProviderError):
    """The application is refused: it gets no token, or a fresh one is not accepted.

    Nobody's consent is at fault: a clock, a secret, an authority or a proxy is. It passes or an
    admin mends it, for everybody at once; so it is waited out, and never kept on a rep. `endpoint`
    and `status` tell what answered.
    """

    def __init__(self, message: str, endpoint: str, status: int) -> None:
        super().__init__(f"{SIGN_IN}refused by {endpoint} ({status}): {message}")
        self.endpoint = endpoint
        self.status = status


SIGN_IN = "sign-in "
"""Begins what is said of each fault of signing in, whether it is refused or nobody answers."""


class AccessDenied(ProviderError):
    """The provider refuses this call for this identity (403): a scope or a right is missing."""


class NotFound(ProviderError):
    """There is no such calendar, event, draft or message (404, or 410 `deleted`)."""


class CalendarGone(NotFound):
    """The whole calendar is not there, or not to be seen by us: it was deleted, is not shared any
    more, or went with its owner."""


class CursorExpired(ProviderError):
    """The cursor is no longer valid: read everything again from no cursor (410, 404 on history)."""


class WriteConflict(ProviderError):
    """Somebody changed the event since we read it (412): read, splice and write again."""


class WriteRefused(ProviderError):
    """This calendar copy may not be changed by us (403 for a non-organizer, locked events)."""


class AlreadyExists(ProviderError):
    """An event with this id exists already (409): an earlier try of ours had succeeded."""


class Unavailable(ProviderError):
    """The provider is busy or down (429, 5xx, no connection): try later.

    `retry_after` is what the provider asked for, `None` where it did not say. `in_doubt` is true
    where the call may have taken effect all the same: ask the provider before repeating it.
    """

    def __init__(
        self, message: str, retry_after: timedelta | None = None, *, in_doubt: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.in_doubt = in_doubt


class Directory(Protocol):
    """Who is in the groups of an organization."""

    def members(self, group: str) -> list[Member]:
        """Everybody in the group and in the groups within it, each once. Raises `ProviderError`."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time that a full reading covers, zone-aware, `start` < `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of a calendar's changes.

    `removed` holds event ids (an occurrence's, an event's or a whole series'). `cursor` is `None`
    on all pages but the last: it may be stored only when every page was applied.
    """

    events: tuple[Event, ...]
    removed: tuple[str, ...] = ()
    cursor: str | None = None


def with_cursor(pages: Iterable[ChangePage]) -> Iterator[ChangePage]:
    """The same pages; raises `ProviderError` at their end where there is nothing to go on from."""
    cursor = None
    for page in pages:
        cursor = page.cursor
        yield page
    if cursor is None:
        raise ProviderError("The calendar's list ended without a token to go on from.")


@dataclass(frozen=True, slots=True)
class CompanionDraft:
    """A private event on the rep's own calendar that carries the note of a meeting.

    `id` is ours, made from the meeting, so that creating it twice makes one (letters a-v and
    digits, 5 to 1024 of them: RFC 2938 base32hex, as Google asks). No guests, shown as free.
    `all_day`: from the midnight of `start` to that of `end`, in `time_zone`.
    """

    id: str
    title: str = field(repr=False)
    description: str = field(repr=False)
    start: datetime
    end: datetime
    time_zone: str
    meeting_link: str = field(default="", repr=False)
    all_day: bool = False


class Calendar(Protocol):
    """One person's calendar."""

    @property
    def description_limit(self) -> int | None:
        """How many characters a description may have, `None` where there is no limit."""
        ...

    @property
    def hours_cost_a_call(self) -> bool:
        """Whether `calendar_hours` makes a call; else it knows what the last page read told."""
        ...

    def calendar_hours(self) -> CalendarHours:
        """What the calendar tells of its owner's zone and working hours, as it stands there.

        Raises `AccessDenied` where we may read events but not this.
        """
        ...

    def full(self, window: Window) -> Iterator[ChangePage]:
        """Every occurrence that touches `window`, undescribed; the last page has a cursor."""
        ...

    def peek(self, window: Window) -> Iterator[ChangePage]:
        """As `full`, for looking only: there may be no cursor."""
        ...

    def changes(self, cursor: str) -> Iterator[ChangePage]:
        """What changed since `cursor`. May name occurrences outside the first window.

        Raises `CursorExpired` where a full reading is needed.
        """
        ...

    def get(self, event_id: str) -> Event:
        """The occurrence with its description. Raises `NotFound`."""
        ...

    def write_description(self, event: Event, description: str) -> Event | None:
        """Put `description` into `event` if it is still at `event.etag`, mailing no guest; returns
        the event as the provider answers that it is now, `None` where the answer does not tell.

        Raises `WriteConflict`, `WriteRefused`, `NotFound`. Success does not prove the effect: a
        provider may answer 200 and change nothing, so the caller looks at what came back, and reads
        the event where that does not show it.
        """
        ...

    def write_notifies_guests(self, event: Event) -> bool:
        """Whether the provider would mail somebody about `write_description` on this event."""
        ...

    def create_companion(self, draft: CompanionDraft) -> Event:
        """Create the companion event, or return the one that this draft made before."""
        ...

    def update_companion(self, event_id: str, draft: CompanionDraft) -> None:
        """Bring the companion to `draft`'s times and text. Raises `NotFound`."""
        ...

    def delete_companion(self, event_id: str) -> None:
        """Remove the companion; one that is gone already is success."""
        ...


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """A channel that we want: `name` is ours, what is told goes to `address` and shows `secret`.
    `until` is aware; a provider may end it sooner."""

    name: str
    address: str
    secret: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class OpenedChannel:
    """What the provider made of a wish: its own id, and until when it tells."""

    provider_id: str
    expires_at: datetime


class Channels(Protocol):
    """How a provider is asked to tell us when one calendar or mailbox changed."""

    @property
    def longest(self) -> timedelta:
        """For how long a channel may be asked for."""
        ...

    @property
    def replaces_former(self) -> bool:
        """Whether there is one channel at most, so that opening another ends it, and closing the
        former would end the new one."""
        ...

    def open(self, wish: ChannelWish) -> OpenedChannel:
        """Open a channel. A provider may call `wish.address` before it answers."""
        ...

    def extend(self, provider_id: str, until: datetime) -> OpenedChannel | None:
        """Have the channel last longer; `None` where there is no such thing, and another is to be
        opened before it ends. Raises `NotFound`."""
        ...

    def close(self, name: str, provider_id: str) -> None:
        """End the channel; one that is gone already is success."""
        ...


@dataclass(frozen=True, slots=True)
class SentMail:
    """Where our mail ended up: the provider's ids, and the Message-ID that it really carries.

    `rfc_message_id` is empty where the provider's answer does not tell it.
    """

    message_id: str
    thread_id: str
    rfc_message_id: str = ""


@dataclass(frozen=True, slots=True)
class MailRef:
    """A message that came, wherever it lies, before anything of it was read but its ids. One that
    `is_sent` lies only where the mailbox keeps what its owner sent."""

    message_id: str
    thread_id: str
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class MailPage:
    """One page of arrivals; `cursor` only on the last, stored when every page was applied."""

    arrivals: tuple[MailRef, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a mail lies in somebody's mailbox: the folder as its owner sees it called, and whether
    it is the inbox; there `tab` is "focused" or "other" where the mailbox has these."""

    folder: str
    in_inbox: bool
    tab: str | None = None


class SortedMailbox(Protocol):
    """A mailbox that sorts what comes, and lets senders be pinned to the tab that is read."""

    def whereabouts(self, rfc_message_id: str) -> Whereabouts | None:
        """Where the mail with this Message-ID was put when it came; `None` where it did not come
        yet. Nothing of its content is read."""
        ...

    def pin_sender(self, address: str) -> None:
        """Have what comes from this address lie under "focused" from now on."""
        ...


class Mailbox(Protocol):
    """One mailbox that asks and listens."""

    def create_draft(self, message: EmailMessage) -> str:
        """Put `message` among the drafts; returns the draft's id, to be stored before sending."""
        ...

    def find_draft(self, rfc_message_id: str) -> str | None:
        """The id of the draft that carries this Message-ID, or `None`.

        To be asked only before the draft's id was known to anybody, so that nothing has sent it.
        """
        ...

    def discard_draft(self, draft_id: str) -> None:
        """Delete a draft that this process itself made a moment ago and that nobody will send.

        Only a draft: what was sent meanwhile stays. One that is gone already is success.
        """
        ...

    def send_draft(self, draft_id: str) -> SentMail:
        """Send the draft. Raises `NotFound` when no such draft is left: it may have been sent."""
        ...

    def find_sent(self, rfc_message_id: str, draft_id: str | None = None) -> SentMail | None:
        """The sent mail that carries this Message-ID (or came of this draft), or `None`."""
        ...

    def arrivals(self, cursor: str | None) -> Iterator[MailPage]:
        """What came since `cursor`, wherever it lies, spam included; with `None`, just a cursor for
        "from now on". What came lately may be told again.

        Raises `CursorExpired`; then `arrivals_since` finds what was missed.
        """
        ...

    def arrivals_since(self, since: datetime) -> Iterator[MailPage]:
        """What came since a moment, by search; the last page has a cursor."""
        ...

    def fetch(self, ref: MailRef) -> IncomingMail:
        """The message itself. Raises `NotFound` where it was deleted meanwhile."""
        ...
