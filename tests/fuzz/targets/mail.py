"""Reading raw mail, its sender, what servers say of it, and signatures."""

from __future__ import annotations

import pickle
import re
from collections.abc import Hashable, Sequence
from email import message_from_bytes, policy
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from nudger.mail.authentication_results import read_results
from nudger.mail.dkim_check import SignatureCheck, check_signatures
from nudger.mail.genuine_sender import EXCHANGE_ONLINE, GMAIL, judge_sender
from nudger.mail.inbound import MailRejected, parse_mail, read_sender
from nudger.mail.message import Inbound
from nudger.mail.mime import MOST_PARTS, read_headers
from nudger.mail.token import find_token, reply_address, token_hash
from tests.corpus.clients import CLIENTS, source
from tests.corpus.shapes import SHAPES
from tests.fuzz.target import Target, is_storable, promise

ANA, OURS = "ana@ourco.example", "ourco.example"
STAMP = (
    b"Authentication-Results: mx.google.com;\r\n       dkim=pass header.i=@ourco.example header.s=s1;\r\n"
    b"       spf=pass (google.com: domain of ana@ourco.example) smtp.mailfrom=ana@ourco.example;\r\n"
    b"       dmarc=pass (p=NONE) header.from=ourco.example\r\n"
)
ATTACHED = (
    b"From: Ana <ana@ourco.example>\r\nTo: a@b.example\r\nSubject: =?utf-8?B?w6TDtsO8?= =?iso-2022-jp?Q?=1B?=\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="a b"\r\n\r\n--a b\r\n'
    b"Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=shift_jis; "
    b"format=flowed; delsp=yes\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nDana =\r\nagrees =E4 \r\nand so on\r\n"
    b'--c\r\nContent-Type: text/html; charset="utf-16le"\r\nContent-Transfer-Encoding: base64\r\n\r\nPABwAD4AYQA=\r\n--c--\r\n'
    b"--a b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--a b\r\nContent-Type: text/calendar\r\n"
    b'Content-Disposition: attachment; filename="x.ics"\r\n\r\nBEGIN:VCALENDAR\r\n--a b--\r\n'
)
_FIELDS = (b"From: ", b"To: ", b"Content-Type: ", b"Content-Transfer-Encoding: ", b"Subject: ", b"References: ",
           b"Auto-Submitted: ", b"Return-Path: <>", b"\r\n", b" ", b"--a b", b"--a b--")  # fmt: skip
MAIL_WORDS = (
    *(b"\r\n" + field for field in _FIELDS), b"multipart/mixed; boundary=", b"text/plain", b"text/html", b"charset=", b"utf-16",
    b"iso-2022-jp", b"big5", b"utf-7", b"base64", b"quoted-printable", b"format=flowed", b"delsp=yes", b"=?utf-8?q?", b"?=",
    b"=?utf-8?b?", b"=\r\n", b"=3D", b"message/rfc822", b"boundary*0=", b"filename=", b"name*=utf-8''",
)  # fmt: skip
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


def mail_seeds() -> Sequence[bytes]:
    shapes = [SHAPES[at % len(SHAPES)] for at in range(len(CLIENTS))]
    mails = [source(client, shape.text) for client, shape in zip(CLIENTS, shapes, strict=True)]
    return [ATTACHED, STAMP + ATTACHED, *mails]


def read_mail(data: bytes) -> Hashable:
    try:
        inbound = parse_mail(data)
    except MailRejected as rejected:
        return rejected.reason
    promise(
        (inbound.sender is None) == bool(inbound.sender_problem), "a sender or why there is none"
    )
    texts = (inbound.subject, inbound.plain, inbound.html, inbound.sender, inbound.rfc_message_id)
    promise(all(map(is_storable, texts)), "texts can be stored")
    promise(all(map(is_storable, inbound.references)), "references can be stored")
    promise(all("\r" not in (text or "") for text in texts[1:3]), "one sort of line end")
    promise(len(inbound.part_types) <= MOST_PARTS, "parts have a limit")
    promise(pickle.loads(pickle.dumps(inbound)) == inbound, "it can be handed on")  # noqa: S301
    return (inbound.sender_problem, inbound.content_type[:30], len(inbound.part_types), inbound.plain is None,
            inbound.html is None, tuple(inbound.headers))  # fmt: skip


SENDERS = (
    b"From: Ana Weber <ana@ourco.example>", b"From: ana@ourco.example", b'From: "Weber, Ana" <Ana@OurCo.example>',
    b"From: =?utf-8?q?An=C3=A4?= <ana@ourco.example>", b"From: ana@ourco.example (Ana)", b"From: (x) Ana <ana@ourco.example>",
    b'From: "a\\"b@c" <ana@ourco.example>', b"From:\r\n Ana\r\n <ana@ourco.example>", b"From: a@b.co, c@d.co",
    b"From: Team: ana@ourco.example;", b"Sender: x@y.co\r\nFrom: ana@ourco.example\r\nReply-To: e@evil.example",
)  # fmt: skip
SENDER_WORDS = (b"From: ", b"\r\nFrom: ", b"\r\n ", b"<", b">", b"@", b"@evil.example", b"ana@ourco.example", b"eve@evil.example",
                b"<eve@evil.example>", b"(", b")", b'"', b"\\", b",", b";", b":", b"=?utf-8?q?", b"?=", b".", b"xn--")  # fmt: skip


def read_from(data: bytes) -> Hashable:
    """Held against the standard library: whom we believe, it must name as well."""
    try:
        headers = read_headers(data)
    except MailRejected as rejected:
        return rejected.reason
    address, problem = read_sender(headers)
    promise((address is None) == bool(problem), "an address or why there is none")
    if address is None:
        return problem
    promise(_ADDRESS.fullmatch(address) is not None and address.isascii(), "an address")
    promise(address == address.lower(), "in lower case")
    promise(len(headers.all("from")) == 1, "of one From")
    return "accepted", _named_by_the_library(data, address)


def _named_by_the_library(data: bytes, address: str) -> bool:
    """Whether the library reads one address as well; then it must be this one."""
    message = message_from_bytes(data.replace(b"\n\n", b"\n") + b"\r\n\r\n", policy=policy.default)
    try:
        found = [one.addr_spec.lower() for one in message["from"].addresses if one.addr_spec]
    except Exception:  # it cannot read everything that we can
        return False
    if len(found) == 1 and _ADDRESS.fullmatch(found[0]):
        promise(found[0] == address, "the library reads another sender")
        return True
    return False


RESULT_WORDS = (b"mx.google.com", b"; ", b"dmarc=pass", b"dmarc=fail", b" header.from=ourco.example", b"spf=pass", b"dkim=pass",
                b" smtp.mailfrom=", b" header.i=@ourco.example", b" header.d=ourco.example", b"(", b")", b'"', b"\\", b"=", b"/1",
                b"\r\n ", b"\r\nAuthentication-Results: ", b"\r\nReceived: from x by mx.google.com", b"compauth=pass", b"i=1; ",
                b"\r\nARC-Authentication-Results: i=1; mx.google.com;", b"\r\nFrom: ana@ourco.example", b"evil.example")  # fmt: skip
RESULT_SEEDS = (
    STAMP + b"From: ana@ourco.example\r\n", STAMP.replace(b"dmarc=pass", b"dmarc=fail") + b"From: ana@ourco.example\r\n",
    b"Authentication-Results: spf=pass smtp.mailfrom=ourco.example; dkim=pass header.d=ourco.example;dmarc=pass action=none "
    b"header.from=ourco.example;compauth=pass reason=100\r\nFrom: ana@ourco.example\r\n",
    b"ARC-" + STAMP.replace(b"mx.google", b"i=1; mx.google") + STAMP + b"From: ana@ourco.example\r\n",
    b'"; dmarc=pass header.from=ourco.example', b"(dmarc=pass header.from=ourco.example)",
)  # fmt: skip
REFUSED = "mx.google.com; spf=pass smtp.mailfrom={}; dmarc=fail header.from=ourco.example"


def read_auth(data: bytes) -> Hashable:
    """What the sender chose stands in quotes or a comment and never counts; what is accepted says
    so in plain words."""
    text = data.decode("utf-8", "replace").replace("\0", "")
    for hidden in (_quoted(text), f"({_commented(text)}) x@evil.example"):
        said = read_results(REFUSED.format(hidden))
        dmarc = [one.result for one in said.of("dmarc")]
        promise(not said.sound or dmarc == ["fail"], "the sender's own words say nothing")
    try:
        inbound = parse_mail(data)
    except MailRejected as rejected:
        return rejected.reason
    return tuple(_judged(inbound, trust) for trust in (GMAIL, EXCHANGE_ONLINE))


def _judged(inbound: Inbound, trust: object) -> str:
    verdict = judge_sender(inbound, [ANA], trust, sent_by_owner=False)  # type: ignore[arg-type]
    if verdict.accepted:
        stamped = inbound.headers.get("authentication-results", ("",))[0].lower()
        bare = "".join(stamped.split())
        promise(inbound.sender == ANA, "accepted is Ana")
        promise(OURS in bare and ("=pass" in bare or "=none" in bare), "accepted was passed")
    return verdict.reason


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"@evil.example'


def _commented(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\()" else char for char in text)


@cache
def _key() -> tuple[bytes, bytes]:
    """A private key and the record of its public one; made anew, so that none lies in the source."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


SIGNED_WORDS = (b"l=1; ", b"d=ourco.example; ", b"a=rsa-sha1; ", b"c=simple/simple; ", b"h=from; ", b"\r\nDKIM-Signature: ",
                b"\r\nFrom: eve@evil.example", b"bh=", b"b=", b"i=@evil.example; ", b"t=9999999999999999; ", b"x=1; ", b"q=dns/txt; ",
                b"s=s1; ", b"v=1; ", b"\r\n")  # fmt: skip
BODY = b"Dana agrees to the pilot\r\n"


@cache
def signed_seeds() -> Sequence[bytes]:
    plain = b"From: ana@ourco.example\r\nTo: n@ourco.example\r\nSubject: Re\r\n\r\n" + BODY
    signed = dkim.sign(
        plain, b"s1", b"ourco.example", _key()[0], canonicalize=(b"relaxed", b"relaxed")
    )
    simple = dkim.sign(
        plain, b"s1", b"ourco.example", _key()[0], canonicalize=(b"simple", b"simple")
    )
    return [signed + plain, simple + plain]


def read_signature(data: bytes) -> Hashable:
    """A signature is found good only where the body is the one that was signed."""
    verdict = check_signatures(data, OURS, lambda _name: _key()[1])
    if verdict is SignatureCheck.PASS:
        promise(b"".join(BODY.split()) in b"".join(data.split()), "what was signed is there")
        promise(b"@".join((b"ana", OURS.encode())) in data, "the sender was signed")
    return verdict


TOKEN = b"nudger+r-abcdefghijklmnopqrstuvwxyz234567@ourco.example"


def read_token(data: bytes) -> Hashable:
    text = data.decode("utf-8", "replace")
    token = find_token(text.split())
    if token is None:
        return None
    promise(re.fullmatch("[a-z2-7]{32}", token) is not None, "a token's letters")
    again = find_token([reply_address("nudger@ourco.example", token.upper())])
    promise(again == token and token_hash(token) == token_hash(token.upper()), "case is nothing")
    return True


TARGETS = (
    Target("mime", read_mail, mail_seeds, MAIL_WORDS, 16, ".eml"),
    Target("sender", read_from, lambda: SENDERS, SENDER_WORDS, 14, ".txt"),
    Target("results", read_auth, lambda: RESULT_SEEDS, RESULT_WORDS, 16, ".eml"),
    Target("signature", read_signature, signed_seeds, SIGNED_WORDS, 4, ".eml"),
    Target("token", read_token, lambda: [TOKEN, b"x " + TOKEN.upper()], (b"+r-", b"@", b" ", b"a2", b"+"), 6, ".txt"),
)  # fmt: skip
