"""The mailboxes of the sandbox: drafts, threads, delivery, and what a server stamps on receipt."""

from __future__ import annotations

import email.header
import email.utils
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from enum import Enum

from nudger.sandbox.entries import Draft, Person, StoredMessage
from nudger.sandbox.ledger import Delivery, Ledger

SERVER = "mx.google.com"


def base_address(address: str) -> str:
    """The mailbox behind a plus-address."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


class Search(Enum):
    """What a search finds: what it should, nothing yet (an index lags), or anything."""

    EXACT = "exact"
    LAGS = "lags"
    CARELESS = "careless"


class Mailboxes:
    """Every person's mail. `now` is the sandbox's clock. Without `plus_addresses` a mail to one
    on Outlook comes back: an Exchange organization can switch them off."""

    def __init__(
        self, ledger: Ledger, now: Callable[[], datetime], people: Mapping[str, Person]
    ) -> None:
        self._ledger = ledger
        self._now = now
        self._people = people
        self._messages: dict[str, dict[str, StoredMessage]] = {}
        self._drafts: dict[str, dict[str, Draft]] = {}
        self.history = 1000
        self.oldest_history = 0
        self.rewrites_message_ids = False
        self.keeps_original_message_ids = True
        self.search = Search.EXACT
        self.plus_addresses = True

    def _provider_of(self, owner: str) -> str:
        person = self._people.get(owner)
        return person.provider if person else "google"

    def of(self, owner: str) -> dict[str, StoredMessage]:
        return self._messages.setdefault(owner, {})

    def drafts_of(self, owner: str) -> dict[str, Draft]:
        return self._drafts.setdefault(owner, {})

    def create_draft(self, owner: str, raw: bytes) -> Draft:
        message = self._stored(owner, raw, {"DRAFT"})
        draft = Draft(f"r-{secrets.randbits(62)}", owner, message)
        self.drafts_of(owner)[draft.id] = draft
        return draft

    def send_draft(self, owner: str, draft_id: str) -> StoredMessage | None:
        """Deliver the draft; `None` when there is none, as after it was sent."""
        draft = self.drafts_of(owner).pop(draft_id, None)
        if draft is None:
            return None
        return self.send(owner, draft.message.raw, draft.message.thread_id)

    def thread(self, owner: str, thread_id: str) -> list[StoredMessage]:
        """Its messages in the order they came, drafts among them."""
        drafts = [draft.message for draft in self.drafts_of(owner).values()]
        every = [*self.of(owner).values(), *drafts]
        found = [message for message in every if message.thread_id == thread_id]
        return sorted(found, key=lambda message: message.history_id)

    def send(self, owner: str, raw: bytes, thread_id: str | None = None) -> StoredMessage:
        if self.rewrites_message_ids:
            raw = _with_new_message_id(raw, keep_old=self.keeps_original_message_ids)
        headers = _headers(raw)
        recipients = _recipients(headers)
        to_self = owner in map(base_address, recipients)
        # Gmail keeps one copy of a mail to oneself, Outlook two.
        one_copy = to_self and self._provider_of(owner) == "google"
        labels = {"SENT", "INBOX", "UNREAD"} if one_copy else {"SENT"}
        sent = self._keep(self._stored(owner, raw, labels))
        sent.thread_id = thread_id or sent.thread_id
        self._deliver(owner, raw, recipients, _subject(headers))
        if to_self and not one_copy:
            tagged = next(one for one in recipients if base_address(one) == owner)
            self._receive(tagged, raw, owner, "pass")
        return sent

    def _deliver(self, owner: str, raw: bytes, recipients: list[str], subject: str) -> None:
        for recipient in recipients:
            if base_address(recipient) != owner:
                self._receive(recipient, raw, owner, "pass")
            self._ledger.delivered(Delivery(base_address(recipient), owner, subject, "mail"))

    def keep_draft(self, owner: str, raw: bytes, properties: dict[str, str]) -> StoredMessage:
        """A draft that is a message of its own and keeps its id when it is sent, as in Outlook."""
        draft = self._stored(owner, raw, {"DRAFT"})
        draft.properties = properties
        return self._keep(draft)

    def send_kept(self, message: StoredMessage) -> None:
        headers = _headers(message.raw)
        recipients = _recipients(headers)
        to_self = message.owner in map(base_address, recipients)
        self.history += 1
        message.history_id = self.history
        message.received_at = self._now()
        message.labels = {"SENT"}
        self._deliver(message.owner, message.raw, recipients, _subject(headers))
        if to_self:
            tagged = next(one for one in recipients if base_address(one) == message.owner)
            self._receive(tagged, message.raw, message.owner, "pass")

    def receive(self, raw: bytes, dmarc: str = "pass") -> list[StoredMessage]:
        """Mail from outside the sandbox arrives, with this verdict of the receiving server."""
        headers = _headers(raw)
        sender = getaddresses([str(headers.get("From", ""))])[0][1]
        return [self._receive(to, raw, sender, dmarc) for to in _recipients(headers)]

    def receive_stamped(self, owner: str, raw: bytes) -> StoredMessage:
        """A mail arrives with all that servers have stamped on it already."""
        return self._keep(self._stored(owner, raw, {"INBOX", "UNREAD"}))

    def _receive(self, recipient: str, raw: bytes, sender: str, dmarc: str) -> StoredMessage:
        at = email.utils.format_datetime(self._now())
        owner = base_address(recipient)
        is_tagged = "+" in recipient.partition("@")[0]
        if is_tagged and not self.plus_addresses and self._provider_of(owner) == "microsoft":
            return self._come_back(recipient, raw, sender)
        if self._provider_of(owner) == "microsoft":
            stamp = _exchange_stamp(sender, owner, dmarc, at)
        else:
            stamp = _gmail_stamp(sender, recipient, dmarc, at)
        person = self._people.get(owner)
        is_junk = person is not None and sender in person.junk
        labels = {"SPAM", "UNREAD"} if is_junk else {"INBOX", "UNREAD"}
        message = self._stored(owner, stamp + raw, labels)
        if person is not None:
            message.tab = person.tabs.get(sender, person.usual_tab)
        return self._keep(message)

    def _come_back(self, recipient: str, raw: bytes, sender: str) -> StoredMessage:
        """What Exchange sends back for an address that it does not know."""
        head = raw.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
        report = (
            f"From: postmaster@{recipient.rpartition('@')[2]}\r\nTo: {sender}\r\n"
            "Subject: Undeliverable\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mx.example\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.10\r\n\r\n"
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        )
        whole = report.encode() + head + b"\r\n--b--\r\n"
        return self._keep(self._stored(base_address(sender), whole, {"INBOX", "UNREAD"}))

    def _stored(self, owner: str, raw: bytes, labels: set[str]) -> StoredMessage:
        headers = _headers(raw)
        message_id = str(headers.get("Message-ID", "")).strip()
        self.history += 1
        return StoredMessage(
            id=secrets.token_hex(8),
            thread_id=self._thread(owner, headers),
            owner=owner,
            raw=raw,
            labels=labels,
            history_id=self.history,
            received_at=self._now(),
            rfc_message_id=message_id,
            headers={name.lower(): str(value) for name, value in headers.items()},
        )

    def _keep(self, message: StoredMessage) -> StoredMessage:
        self.of(message.owner)[message.id] = message
        return message

    def _thread(self, owner: str, headers: Message) -> str:
        known = {m.rfc_message_id: m.thread_id for m in self.of(owner).values()}
        fields = ("Message-ID", "In-Reply-To", "References")
        named = " ".join(str(headers.get(field, "")) for field in fields).split()
        return next((known[one] for one in named if one in known), secrets.token_hex(8))


def _gmail_stamp(sender: str, recipient: str, dmarc: str, at: str) -> bytes:
    domain = sender.rpartition("@")[2]
    return (
        f"Delivered-To: {recipient}\r\n"
        f"Received: by 2002:a05:6402:1234 with SMTP id x1; {at}\r\n"
        f"Return-Path: <{sender}>\r\n"
        f"Received: from mail.{domain} by {SERVER} with ESMTPS id y2; {at}\r\n"
        f"Authentication-Results: {SERVER};\r\n"
        f"       dkim={dmarc} header.i=@{domain} header.s=s1;\r\n"
        f"       spf={dmarc} (sandbox) smtp.mailfrom={sender};\r\n"
        f"       dmarc={dmarc} (p=REJECT sp=REJECT dis=NONE) header.from={domain}\r\n"
    ).encode()


def _exchange_stamp(sender: str, owner: str, dmarc: str, at: str) -> bytes:
    """Exchange Online's: no server's name, and within the organization no verdict but a mark."""
    domain = sender.rpartition("@")[2]
    received = (
        f"Received: from AM0PR.eurprd.prod.outlook.com by DB8PR.eurprd.prod.outlook.com; {at}"
    )
    if domain == owner.rpartition("@")[2] and dmarc == "pass":
        return (
            f"{received}\r\n"
            "Authentication-Results: dkim=none (message not signed)\r\n"
            f" header.d=none;dmarc=none action=none header.from={domain};\r\n"
            "X-MS-Exchange-Organization-AuthAs: Internal\r\n"
        ).encode()
    return (
        f"{received}\r\n"
        f"Authentication-Results: spf={dmarc} (sender IP is 10.0.0.1)\r\n"
        f" smtp.mailfrom={domain}; dkim={dmarc} (signature was verified)\r\n"
        f" header.d={domain};dmarc={dmarc} action=none header.from={domain};\r\n"
        f" compauth={dmarc} reason=100\r\n"
        "X-MS-Exchange-Organization-AuthAs: Anonymous\r\n"
    ).encode()


def _headers(raw: bytes) -> Message:
    """Of a mail whose parts are left alone: they may be nested deeper than a parser can go."""
    return BytesHeaderParser(policy=compat32).parsebytes(raw)


def _recipients(headers: Message) -> list[str]:
    values = [str(v) for name in ("To", "Cc", "Bcc") for v in headers.get_all(name, [])]
    return [address.lower() for _, address in getaddresses(values) if "@" in address]


def _subject(headers: Message) -> str:
    return str(
        email.header.make_header(email.header.decode_header(str(headers.get("Subject", ""))))
    )


def _with_new_message_id(raw: bytes, *, keep_old: bool) -> bytes:
    message = message_from_bytes(raw, policy=compat32)
    old = message["Message-ID"]
    del message["Message-ID"]
    message["Message-ID"] = f"<CA{secrets.token_hex(12)}@mail.gmail.com>"
    if keep_old:
        message["X-Google-Original-Message-ID"] = old
    return message.as_bytes()
