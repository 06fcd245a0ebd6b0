"""A received mail, decoded and not yet judged, and what a reply turned out to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from nudger.domain.commitment import Answer, Milestone, Outcome


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A message as it lies in the mailbox. `raw` is the MIME source.

    `sent_by_owner` is the provider's own word that the mailbox's owner wrote it from inside, as
    when a rep answers a mail to themself.
    """

    message_id: str
    thread_id: str
    raw: bytes = field(repr=False)
    received_at: datetime
    sent_by_owner: bool = False


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """Somebody whom a mail did not, or not yet, reach: by which addresses, lower-cased, what was
    done ("failed", "delayed") and the status code ("5.1.1"; RFC 3463), empty where none is told."""

    addresses: tuple[str, ...] = field(repr=False)
    action: str
    status: str

    @property
    def is_permanent(self) -> bool:
        return self.action == "failed" and self.status.startswith("5.")


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail server says of a mail that it could not deliver.

    `returned_ids` and `returned_reply_to` are what the mail that came back says of itself: its
    Message-ID and its Reply-To, each as often as it has one.
    """

    recipients: tuple[ReportedRecipient, ...]
    returned_ids: tuple[str, ...] = ()
    returned_reply_to: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A received mail after decoding.

    `sender_name` is what From says beside the address, unproven.
    `sender` is the one address of From, lower-cased, or `None` with `sender_problem` saying why
    (`from_missing`, `from_multiple`, `from_malformed`). `recipients` are the addresses of To, Cc,
    Delivered-To and X-Original-To. `headers` maps lower-case names to their raw values in the order
    of the message, topmost first, for the names that a judgement needs. `plain` and `html` are
    the first part of each kind, line ends as "\\n". `trace` holds the fields that mail servers
    stamp on the way (`received`, `authentication-results`, `arc-authentication-results`), topmost
    first; `result_lines` are the lines of the topmost `authentication-results` in the source.
    `report` is what a mail server's report on another mail says.
    """

    rfc_message_id: str
    subject: str = field(repr=False)
    sender: str | None = field(repr=False)
    sender_problem: str
    recipients: tuple[str, ...] = field(repr=False)
    references: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]] = field(repr=False)
    content_type: str
    part_types: tuple[str, ...] = ()
    plain: str | None = field(default=None, repr=False)
    html: str | None = field(default=None, repr=False)
    trace: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    result_lines: tuple[str, ...] = field(default=(), repr=False)
    sender_name: str = field(default="", repr=False)
    report: DeliveryReport | None = None


class Disposition(StrEnum):
    """What a reply is; only an `ANSWER` is written and only a `COMMAND` carried out."""

    ANSWER = "answer"
    COMMAND = "command"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    CALENDAR_RESPONSE = "calendar_response"
    FORWARD = "forward"
    EMPTY = "empty"
    UNCLEAR = "unclear"


class CommandName(StrEnum):
    SKIP = "skip"
    NOT_CUSTOMER = "not_customer"
    LATER = "later"
    PAUSE = "pause"
    STOP = "stop"
    START = "start"
    MUTE_SERIES = "mute_series"
    FIRST_ONLY = "first_only"
    EVERY_NTH = "every_nth"
    HAND_OVER = "hand_over"
    PRIVATE = "private"
    PUBLISH = "publish"
    UNDO = "undo"
    HELP = "help"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Command:
    name: CommandName
    argument: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AskedMeeting:
    """One meeting of the mail that is answered, numbered from 1 as the mail shows it ("A" is 1).
    `guests` are as in "Dana Reyes <dana@acme.example>"."""

    number: int
    title: str = field(repr=False)
    customers: tuple[str, ...] = ()
    suggestion: str | None = field(default=None, repr=False)
    last: Answer | None = field(default=None, repr=False)
    guests: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """The mail that is answered: its milestones in their numbered order, and its meetings.

    `lines` are its own lines in their order, as `ours.folded` gives them, `rep_name` is whom it was
    sent to; `about_outcome` says that it asked whether the customer agreed.
    """

    milestones: tuple[Milestone, ...] = ()
    meetings: tuple[AskedMeeting, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)
    rep_name: str = ""
    about_outcome: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What a mail says to us.

    `text` is the sender's own new words. `answers` maps a meeting's number in the mail (1 where it
    holds one) to the answer for it. `command` is about the mail as a
    whole, `commands` are about single meetings of it, `outcomes` say whether the customer agreed,
    with the words beside it. `reason` is a code that says how the disposition was found.
    `listed_milestone` tells whether `next_milestone` is one of the admin's list.
    `language` is an ISO 639-1 code or `None` where nothing gave it away.
    `doubtful` are the numbers of the meetings whose answer was guessed rather than read: such words
    are kept, and stand nowhere where a guest reads them before the rep has looked.
    `unread` are words that could not be read, by the meeting that they are about; 0 is for none.
    `fillers` are the numbers of the meetings for which something like "tbd" stands in an answer's
    place.
    """

    disposition: Disposition
    reason: str
    text: str = field(repr=False)
    answers: Mapping[int, Answer] = field(default_factory=dict)
    command: Command | None = None
    commands: Mapping[int, Command] = field(default_factory=dict)
    outcomes: Mapping[int, tuple[Outcome, str]] = field(default_factory=dict, repr=False)
    language: str | None = None
    listed_milestone: bool = False
    doubtful: frozenset[int] = frozenset()
    unread: Mapping[int, str] = field(default_factory=dict, repr=False)
    fillers: frozenset[int] = frozenset()
