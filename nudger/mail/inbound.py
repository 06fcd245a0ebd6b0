"""From the source of a mail to `Inbound`. Attachments are not decoded.

The limits that stop a mail made to stop us are in `mime`; From is read more strictly than RFC 5322
allows, because parsers disagree on comments, groups and bad quoting, and forged senders live on
that disagreement.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header

from nudger.mail.bounce_report import read_report
from nudger.mail.cms import signed_content
from nudger.mail.message import Inbound
from nudger.mail.mime import SIGNED_OR_ENCRYPTED, Headers, MailRejected, Mime, Part, read_mime
from nudger.mail.transfer import decoded_body

__all__ = ["MailRejected", "decode_text", "parse_mail", "read_sender"]

LONGEST_SUBJECT = 2_000
LONGEST_FROM = 1_000
MOST_REFERENCES = 100

TRACE = ("arc-authentication-results", "authentication-results", "received")
KEPT = frozenset({
    *TRACE, "content-class", "content-type", "delivered-to", "dkim-signature", "feedback-id",
    "from", "in-reply-to", "precedence", "references", "return-path", "to", "cc",
    "x-auto-response-suppress",
    "x-failed-recipients", "x-loop", "x-mailer", "x-ms-exchange-generated-message-source",
    "x-ms-exchange-inbox-rules-loop", "x-ms-exchange-organization-authas", "x-original-to",
})  # fmt: skip
KEPT_PREFIXES = ("auto-", "list-", "x-auto", "x-mail-auto")
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to")

# What declares one charset and means another: the codec that browsers use for it (WHATWG).
_CODECS = {
    **dict.fromkeys(("us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "cp949"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "cp932", "windows-31j"), "cp932"),
    **dict.fromkeys(("iso-8859-9", "windows-1254"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620", "windows-874"), "cp874"),
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **{f"windows-{page}": f"cp{page}" for page in (1250, 1251, 1253, 1255, 1256, 1257, 1258)},
    **{name: name for name in (
        "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7",
        "iso-8859-8", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
        "koi8-r", "koi8-u", "big5", "euc-jp", "iso-2022-jp", "utf-16", "utf-16le", "utf-16be",
    )},
}  # fmt: skip

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)
_QUOTED = r"\"(?:[^\"\\]|\\.)*+\""
# In a comment nothing may stand that another reader could take for an address or its end.
_COMMENT = r"\([^()<>@\"\\]*+\)"
_QUOTED_TEXT = re.compile(_QUOTED)
_MAILBOX = re.compile(
    rf"(?:(?:[^<>\",;:()@\\]++|{_QUOTED}|{_COMMENT})*+<(?P<angled>[^<> ]++)>"
    rf"|(?P<bare>[^<> \",;:()]++))(?: ?{_COMMENT})?"
)
_BETWEEN_ADDRESSES = re.compile(r"[\s<>,;:\"()\[\]\\]+")
# RFC 2047, 5 (3), as far as nothing stands in it that another reader could take for an address.
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?[^?\s@<>\"\\()]*\?=", re.IGNORECASE)


def parse_mail(raw: bytes) -> Inbound:
    """Decode a mail. Raises `MailRejected` for what breaks the limits or cannot be read."""
    try:
        return _inbound(read_mime(raw))
    except (RecursionError, IndexError, ValueError, LookupError) as error:
        raise MailRejected("mime_parse") from error


def _inbound(mime: Mime) -> Inbound:
    headers = mime.headers
    mime = _opened(mime)
    sender, problem = read_sender(headers)
    recipients = (address for name in _RECIPIENTS for address in _addresses(headers.all(name)))
    return Inbound(
        rfc_message_id=headers.first("message-id")[:LONGEST_FROM],
        subject=_decoded(headers.first("subject")[:LONGEST_SUBJECT]),
        sender=sender,
        sender_problem=problem,
        recipients=tuple(dict.fromkeys(recipients)),
        references=_references(headers),
        headers=_kept(headers),
        content_type=mime.content_type,
        part_types=tuple(part.content_type for part in mime.parts),
        plain=_first_text(mime, "text/plain"),
        html=_first_text(mime, "text/html"),
        trace=tuple(field for field in headers.fields if field[0] in TRACE),
        result_lines=headers.lines_of_first("authentication-results"),
        sender_name=_name_of(headers.first("from")[:LONGEST_FROM]),
        report=read_report(mime),
    )


def _opened(mime: Mime) -> Mime:
    """The mail within one that was signed as a whole; any other as it is."""
    if mime.content_type not in SIGNED_OR_ENCRYPTED or len(mime.parts) != 1:
        return mime
    content = signed_content(decoded_body(mime.parts[0]))
    if content is None:
        return mime
    inner = read_mime(content)
    return Mime(mime.headers, inner.content_type, inner.parts)


def read_sender(headers: Headers) -> tuple[str | None, str]:
    """The one address of From, lower-cased, or `None` with the reason why it cannot be told."""
    values = headers.all("from")
    if not values:
        return None, "from_missing"
    if len(values) > 1 or _is_list(values[0]):
        return None, "from_multiple"
    # An encoded word may decode to anything, an address included; it is never more than a name,
    # and never the beginning of an address.
    value = _ENCODED_WORD.sub(" name ", values[0][: LONGEST_FROM + 1])
    match = _MAILBOX.fullmatch(value) if len(values[0]) <= LONGEST_FROM else None
    address = (match["angled"] or match["bare"]) if match else ""
    local, _, domain = address.rpartition("@")
    if "=?" in address:  # some readers decode what looks encoded wherever it stands
        return None, "from_malformed"
    if not headers.sound or not _ADDRESS.fullmatch(address) or len(local) > 64 or len(domain) > 253:
        return None, "from_malformed"
    return address.lower(), ""


def _name_of(value: str) -> str:
    return _decoded(value.partition("<")[0]).strip("\"' ")


def _is_list(value: str) -> bool:
    """Whether a comma outside quotes parts two mailboxes."""
    pieces = _QUOTED_TEXT.sub("", value[:LONGEST_FROM]).split(",")
    return len([piece for piece in pieces if "@" in piece]) > 1


def _addresses(values: tuple[str, ...]) -> list[str]:
    words = (word for value in values for word in _BETWEEN_ADDRESSES.split(value))
    return [word.lower() for word in words if word.count("@") == 1 and word.isascii()]


def _references(headers: Headers) -> tuple[str, ...]:
    text = f"{headers.first('in-reply-to')} {headers.first('references')}"
    words = text.replace("><", "> <").split()
    found = (word for word in words if word.startswith("<") and word.endswith(">"))
    return tuple(dict.fromkeys(found))[:MOST_REFERENCES]


def _kept(headers: Headers) -> dict[str, tuple[str, ...]]:
    kept: dict[str, tuple[str, ...]] = {}
    for name, value in headers.fields:
        if name in KEPT or name.startswith(KEPT_PREFIXES):
            kept[name] = (*kept.get(name, ()), value)
    return kept


def _decoded(value: str) -> str:
    if not value.isascii():  # beside an encoded word the library spells bare letters as escapes
        return " ".join(_ENCODED_WORD.sub(_decoded_word, value).split())
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    text = "".join(
        piece if isinstance(piece, str) else decode_text(piece, charset or "utf-8")
        for piece, charset in pieces
    )
    return " ".join(text.split())


def _decoded_word(word: re.Match[str]) -> str:
    return _decoded(word[0]) if word[0].isascii() else word[0]


def _first_text(mime: Mime, content_type: str) -> str | None:
    wanted = (p for p in mime.parts if p.content_type == content_type and not p.is_attachment)
    part = next(wanted, None)
    return None if part is None else _text(part)


def _text(part: Part) -> str:
    text = decode_text(decoded_body(part), part.parameters.get("charset", "utf-8"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.parameters.get("format", "").lower() == "flowed":
        return unflow(text, deletes_space=part.parameters.get("delsp", "").lower() == "yes")
    return text


def decode_text(data: bytes, charset: str) -> str:
    """Text by one of the charsets that mail uses, without zero bytes, which no database takes.
    Never raises.

    Everything else is read as UTF-8 with replacement: Python would also take `unicode_escape` and
    `utf-7`, by which harmless bytes turn into markup.
    """
    codec = _CODECS.get(charset.strip().lower().partition("*")[0], "utf-8")
    if codec == "cp1252" and not data.isascii():
        try:
            return data.decode("utf-8").replace("\0", "")
        except UnicodeDecodeError:
            pass
    return data.decode(codec, errors="replace").replace("\0", "")


def unflow(text: str, *, deletes_space: bool) -> str:
    """Paragraphs in one line each, where the sender broke them softly (RFC 3676)."""
    paragraphs: list[list[str]] = []
    depth_before = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        kept = content[:-1] if soft and deletes_space else content
        if depth == depth_before and content != "-- ":
            paragraphs[-1].append(kept)
        else:
            paragraphs.append([">" * depth + (" " if depth else "") + kept])
        depth_before = depth if soft else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)
