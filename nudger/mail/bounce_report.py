"""What a mail server reports of a mail that it could not deliver (RFC 3464, RFC 6522).

Anyone can write such a report. What proves that it is about a mail of ours stands in the head of
the mail that came back, which only those have seen who got it.
"""

from __future__ import annotations

import re

from nudger.mail.message import DeliveryReport, ReportedRecipient
from nudger.mail.mime import Headers, MailRejected, Mime, Part, read_head
from nudger.mail.transfer import decoded_body

MOST_STATUS_BYTES = 64_000
MOST_RECIPIENTS = 50
LONGEST_ADDRESS = 320

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = (
    "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers",
)  # fmt: skip
_BETWEEN_GROUPS = re.compile(rb"\n\r?\n")
_CODE = re.compile(r"([245])\.\d{1,3}\.\d{1,3}(?!\d)")


def read_report(mime: Mime) -> DeliveryReport | None:
    """The report that a mail is, `None` for any other mail and for one that cannot be read."""
    status = next((part for part in mime.parts if part.content_type in _STATUS_TYPES), None)
    if status is None:
        return None
    try:
        recipients = tuple(_recipients(status))
        returned = next((part for part in mime.parts if part.content_type in _RETURNED_TYPES), None)
        head = Headers(()) if returned is None else read_head(decoded_body(returned))
    except MailRejected:
        return None
    return DeliveryReport(
        recipients=recipients,
        returned_ids=tuple(value.strip() for value in head.all("message-id")),
        returned_reply_to=tuple(value.lower() for value in head.all("reply-to")),
    )


def _recipients(status: Part) -> list[ReportedRecipient]:
    """One for each group of fields that names a recipient; the first group is about the mail."""
    text = decoded_body(status)[:MOST_STATUS_BYTES].lstrip(b"\r\n")
    groups = _BETWEEN_GROUPS.split(text, maxsplit=MOST_RECIPIENTS)
    found = [read_head(group.lstrip(b"\r\n")) for group in groups[: MOST_RECIPIENTS + 1]]
    return [_recipient(group) for group in found if group.first("final-recipient")]


def _recipient(group: Headers) -> ReportedRecipient:
    named = (group.first("final-recipient"), group.first("original-recipient"))
    code = _CODE.match(group.first("status").strip())
    return ReportedRecipient(
        addresses=tuple(dict.fromkeys(filter(None, map(_address, named)))),
        action=group.first("action").strip().lower()[:20],
        status=code[0] if code else "",
    )


def _address(value: str) -> str:
    """The address of "rfc822; ana@ourco.com"."""
    address = value.rpartition(";")[2].strip().strip("<>").lower()
    return address if len(address) <= LONGEST_ADDRESS else ""
