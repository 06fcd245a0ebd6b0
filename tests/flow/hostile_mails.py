"""Mails as attackers make them, with what the receiving servers stamped on them."""

from __future__ import annotations

import email
from email.policy import default

from tests.office import ANA, Office

OURS = "ourco.example"
EXTERNAL_HOP = "Received: from mx.evil.example by mx.google.com with ESMTPS id y2"
FOREIGN_HOP = "Received: from mx.evil.example by relay.evil.example with SMTP id z1"
SAID = "Dana agrees to a pilot"


def gmail(dmarc: str = "pass", domain: str = OURS, server: str = "mx.google.com") -> str:
    return (
        f"Authentication-Results: {server}; dkim={dmarc} header.i=@{domain}; "
        f"spf={dmarc} smtp.mailfrom=x@{domain}; dmarc={dmarc} header.from={domain}"
    )


def exchange(dmarc: str = "pass", domain: str = OURS, compauth: str = "pass") -> str:
    return (
        f"Authentication-Results: spf={dmarc} smtp.mailfrom={domain}; dkim={dmarc} "
        f"header.d={domain}; dmarc={dmarc} action=none header.from={domain}; "
        f"compauth={compauth} reason=109"
    )


def stamp(office: Office, dmarc: str = "pass", domain: str = OURS) -> str:
    """What the server says that keeps our mailbox."""
    return exchange(dmarc, domain, dmarc) if office.is_outlook else gmail(dmarc, domain)


def question(office: Office, mail: int = 0) -> email.message.EmailMessage:
    """A mail in Ana's inbox, the first unless told otherwise."""
    return email.message_from_bytes(office.inbox(ANA)[mail].raw, policy=default)


def reply_address_of(office: Office) -> str:
    return str(question(office)["Reply-To"].addresses[0].addr_spec)


def reply(
    office: Office,
    *stamps: str,
    sender: str = f"From: Ana Weber <{ANA}>",
    body: str = SAID,
    more: str = "",
    message_id: str = "<one@mail.example>",
    to: str | None = None,
) -> bytes:
    """A reply to the question; `stamps` are its topmost lines, that of a pass unless told."""
    lines = [
        *(stamps or [stamp(office)]),
        *filter(None, [sender, more]),
        f"To: {to or reply_address_of(office)}",
        f"Message-ID: {message_id}",
    ]
    lines += [] if "Subject:" in more else ["Subject: Re: ACME"]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()


def nested(head: bytes, depth: int) -> bytes:
    """A mail of this head whose parts are nested so deep."""
    raw = b"Content-Type: text/plain\r\n\r\ntext"
    for level in range(depth):
        boundary = b"b%d" % level
        raw = (
            b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n--" + boundary
            + b"\r\n" + raw + b"\r\n--" + boundary + b"--\r\n"
        )  # fmt: skip
    return head.partition(b"\r\n\r\n")[0] + b"\r\n" + raw
