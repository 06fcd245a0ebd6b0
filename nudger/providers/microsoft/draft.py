"""A composed mail as Graph's JSON message.

JSON and not MIME, because one call then makes the draft together with the key that we find it by.
What JSON has no field for goes along as MAPI properties, which Exchange turns into headers when it
sends: List-Unsubscribe (PidTagListUnsubscribe) and any other header by name (PS_INTERNET_HEADERS).
`internetMessageHeaders` takes `X-` headers alone, five at most. The plain part is left out beside
an HTML part: Exchange makes its own from it.

Sources: Graph v1.0 resources message, singleValueLegacyExtendedProperty; MS-OXPROPS.
"""

from __future__ import annotations

import base64
from email.headerregistry import Address
from email.message import EmailMessage

from nudger.providers.microsoft.request import Json

MESSAGE_KEY = "String {5a1f1a52-7d0b-4f4e-9c0a-0f1f4c1d8e63} Name NudgerMessageId"
_LIST_UNSUBSCRIBE = "String 0x1045"
_HEADER = "String {{00020386-0000-0000-c000-000000000046}} Name {name}"
_BY_NAME = ("Auto-Submitted", "List-Id")
_MOST_HEADERS = 5


def draft_of(message: EmailMessage) -> Json:
    """The body of `POST /messages`. `message` needs To, Subject, Message-ID and a text part."""
    rfc_message_id = str(message["Message-ID"])
    extra = [name for name in message if name.lower().startswith("x-")]
    body: Json = {
        "subject": str(message["Subject"] or ""),
        "body": _body(message),
        "toRecipients": _recipients(message, "To"),
        "internetMessageId": rfc_message_id,
        "singleValueExtendedProperties": _properties(message, rfc_message_id, extra),
    }
    optional: Json = {
        "ccRecipients": _recipients(message, "Cc"),
        "replyTo": _recipients(message, "Reply-To"),
        "internetMessageHeaders": [_pair(message, name) for name in extra[:_MOST_HEADERS]],
        "attachments": [_attachment(part) for part in message.iter_attachments()],
    }
    return body | {name: value for name, value in optional.items() if value}


def _body(message: EmailMessage) -> Json:
    part = message.get_body(("html", "plain"))
    if part is None:
        raise ValueError("The mail has no text.")
    kind = "html" if part.get_content_subtype() == "html" else "text"
    return {"contentType": kind, "content": part.get_content()}


def _recipients(message: EmailMessage, header: str) -> list[Json]:
    addresses: tuple[Address, ...] = getattr(message[header], "addresses", ())
    return [
        {"emailAddress": {"address": each.addr_spec, "name": each.display_name or each.addr_spec}}
        for each in addresses
    ]


def _properties(message: EmailMessage, rfc_message_id: str, extra: list[str]) -> list[Json]:
    found = [
        {"id": MESSAGE_KEY, "value": rfc_message_id},
        {"id": _LIST_UNSUBSCRIBE, "value": str(message["List-Unsubscribe"] or "")},
    ]
    by_name = [name for name in _BY_NAME if name in message] + extra[_MOST_HEADERS:]
    found += [{"id": _HEADER.format(name=name), "value": str(message[name])} for name in by_name]
    return [each for each in found if each["value"]]


def _pair(message: EmailMessage, name: str) -> Json:
    return {"name": name, "value": str(message[name])}


def _attachment(part: EmailMessage) -> Json:
    content = part.get_payload(decode=True)
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": part.get_filename() or "attachment",
        "contentType": part.get_content_type(),
        "contentBytes": base64.b64encode(content if isinstance(content, bytes) else b"").decode(),
    }
