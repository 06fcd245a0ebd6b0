"""Senders that are not the rep, made in many ways, and reps who write their names as they like."""

from __future__ import annotations

import base64
import itertools

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from nudger.mail.dkim_check import KeyUnreachable, SignatureCheck, check_signatures, signing_domain
from nudger.mail.genuine_sender import EXCHANGE_ONLINE, GMAIL, judge_sender
from nudger.mail.inbound import MailRejected, parse_mail

ANA, OURS = "ana@ourco.com", "ourco.com"
BODY = "\r\n\r\nDana agrees to the pilot\r\n"
SPF = (
    "spf=pass (google.com: domain of ana@ourco.com designates 10.0.0.1) smtp.mailfrom=ana@ourco.com"
)
DKIM = "dkim=pass header.i=@ourco.com header.s=s1 header.b=AbCd"
DMARC = "dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=ourco.com"
EVIL_SPF = "spf=pass smtp.mailfrom=eve@evil.com"
HOP = (
    "Received: from mx.evil.com by mx.google.com with ESMTPS id 1; Mon, 23 Nov 2026 09:00:00 +0000"
)


def stamp(*results, name="Authentication-Results", server="mx.google.com"):
    return f"{name}: {server};\r\n       " + ";\r\n       ".join(results)


def copy(*results):
    return stamp(*results, name="ARC-Authentication-Results", server="i=1; mx.google.com")


def exchange(dmarc="pass", domain=OURS, compauth="pass"):
    return (
        f"Authentication-Results: spf={dmarc} (sender IP is 1.2.3.4)\r\n smtp.mailfrom={domain}; "
        f"dkim={dmarc} (signature was verified)\r\n header.d={domain};dmarc={dmarc} action=none\r\n"
        f" header.from={domain};compauth={compauth} reason=100"
    )


GOOD = stamp(DKIM, SPF, DMARC)
FAILED = stamp("dkim=none", EVIL_SPF, "dmarc=fail (p=NONE) header.from=ourco.com")
NO_POLICY = stamp("dkim=none", EVIL_SPF)
NO_POLICY_SIGNED = stamp("dkim=pass header.i=@evil.com header.s=e", EVIL_SPF)


def judged(lines, trust=GMAIL, check=None):
    raw = ("\r\n".join(lines) + BODY).encode("utf-8", "surrogateescape")
    try:
        inbound = parse_mail(raw)
    except MailRejected as rejected:
        return False, rejected.reason
    checks = {} if check is None else {"check_signature": check}
    verdict = judge_sender(inbound, [ANA], trust, sent_by_owner=False, **checks)
    return verdict.accepted, verdict.reason


# What a sender can write as the first lines of a mail, to be folded into the field above them.
FOLDS = [
    *[f"{blank}{mark}{result}"
      for blank in (" ", "\t", "       ", " \t ")
      for mark in ("; ", ";", "x; ", "policy.x=1; ", ") ; ", '" ; ', "(a) ; ", ";;", "")
      for result in (DMARC, "dmarc=pass header.from=ourco.com", "dmarc/1=pass header.from=ourco.com")],
    " ;\r\n dmarc=pass header.from=ourco.com",
    " x;\r\n dmarc=pass header.from=ourco.com",
    " policy.x=1;\r\n       dmarc=pass header.from=ourco.com",
    " policy.x=1;\r\n       dkim=pass header.i=@ourco.com;\r\n       dmarc=pass header.from=ourco.com",
    " policy.x=1;\r\n       spf=pass smtp.mailfrom=ana@ourco.com;\r\n       dmarc=pass header.from=ourco.com",
    " ; dkim=pass header.d=ourco.com; dmarc=pass header.from=ourco.com",
    " policy.x=1;\r\n       dkim=pass header.d=ourco.com",
]  # fmt: skip
FORGED_FROM = [
    f"From: {name}{address}"
    for name, address in itertools.product(
        ("Ana Weber ", '"ana@ourco.com" ', "=?utf-8?q?ana=40ourco=2Ecom?= ", "ana ", "(ana) ", ""),
        ("<eve@evil.com>", "<ana@ourco.com.evil.com>", "<ana@0urco.com>", "<ana@our-co.com>",
         "<ana@оurco.com>", "<ana@xn--urco-55d.com>", "<ana@ourco.com@evil.com>", "<ana@ourco.co>",
         "<ana%ourco.com@evil.com>", "<@evil.com:ana@ourco.com>", "<ana@ourco.com >, <eve@evil.com>",
         "<ana@ourco.com> <eve@evil.com>", "<ana\u200b@ourco.com>", "<ana@ourco。com>", "<aпa@ourco.com>",
         "<ana@[10.0.0.1]>", "<ben@ourco.com>", "<ana+x@ourco.com>", "<ana@sub.ourco.com>",
         "<ana@ourco.com", "ana@ourco.com>", "<<ana@ourco.com>>", "<ana@ourco.com\t>"),
    )
] + [
    f"From: {value}"
    for value in (
        "ana@ourco.com)eve@evil.com", "ana@ourco.com(eve@evil.com)", "(x <eve@evil.com>) ana@ourco.com",
        "Team: ana@ourco.com;", "Team: ana@ourco.com, eve@evil.com;", "undisclosed-recipients:;",
        "ana@ourco.com, eve@evil.com", "eve@evil.com, ana@ourco.com", "ana@ourco.com eve@evil.com",
        "ana@ourco.com <eve@evil.com>", "<eve@evil.com> ana@ourco.com", "ana@ourco.com\x00",
        "ana@ourco.com\x00@evil.com", '"ana"@ourco.com', '"ana@ourco.com', "ana@ourco.com;eve@evil.com",
        "ana @ourco.com", "ana@ ourco.com", "ana(x)@ourco.com", "ana@(x)ourco.com", "ana@ourco.com.",
        "=?utf-8?q?ana=40ourco.com?=", "=?utf-8?b?YW5hQG91cmNvLmNvbQ==?=", "mailto:ana@ourco.com",
        "<>", "", " ", "ana", "@ourco.com", "ana@", "ana@ourco.com\rX: y", "A\\<ana@ourco.com> <e@evil.com>",
        '"A\\" <ana@ourco.com>" <eve@evil.com>', "(a(b)c) <ana@ourco.com> <eve@evil.com>", "((" * 900,
        "<ana@ourco.com>" + " " * 1000 + "<eve@evil.com>", "a" * 2000 + " <ana@ourco.com>",
    )
]  # fmt: skip
SECOND_FROM = [
    [GOOD, *pair]
    for first in ("From: ana@ourco.com", "FROM : ana@ourco.com", "from:ana@ourco.com", "From\t: ana@ourco.com")
    for second in ("From: eve@evil.com", "from : eve@evil.com", "FROM:eve@evil.com", "From: ana@ourco.com")
    for pair in itertools.permutations((first, second))
]  # fmt: skip
STAMPS = [
    [],
    [stamp("dmarc=none header.from=ourco.com")],
    [stamp(DKIM, "dmarc=bestguesspass header.from=ourco.com")],
    [stamp(DKIM, "dmarc=temperror header.from=ourco.com")],
    [stamp(EVIL_SPF, "dmarc=pass header.from=evil.com")],
    [stamp(EVIL_SPF, "dmarc=pass header.from=ourco.com.evil.com")],
    [stamp(EVIL_SPF, "dmarc=pass header.from=sub.ourco.com")],
    [stamp(EVIL_SPF, "dmarc=pass")],
    [stamp(SPF)],
    [stamp("dkim=pass header.i=@evil.com", "spf=pass smtp.mailfrom=ourco.com")],
    [stamp("dkim=fail header.i=@ourco.com", EVIL_SPF)],
    [stamp(DKIM, SPF, DMARC, "dmarc=fail header.from=ourco.com")],
    [stamp(DKIM, SPF, DMARC, DMARC)],
    [stamp(DKIM, SPF, "dmarc=pass header.from=ourco.com header.from=evil.com")],
    [stamp(DKIM, SPF, "dmarc=pass header.from=evil.com header.from=ourco.com")],
    [stamp('spf=pass smtp.mailfrom="x; dmarc=pass header.from=ourco.com"@evil.com')],
    [stamp("spf=pass (x; dmarc=pass header.from=ourco.com) smtp.mailfrom=evil.com")],
    [stamp("spf=pass (dmarc=pass header.from=ourco.com")],
    [stamp('spf=pass smtp.mailfrom="a\\"; dmarc=pass header.from=ourco.com; x="@evil.com')],
    [FAILED, GOOD],
    [NO_POLICY, GOOD],
    [stamp(DMARC, name="X-Authentication-Results")],
    [stamp(DMARC, name="Authentication-Results-Original")],
    [copy(DKIM, SPF, DMARC)],
    [copy(DKIM, SPF, DMARC), FAILED],
    [copy("dkim=none", EVIL_SPF), GOOD],
    [copy("dkim=none", EVIL_SPF, "dmarc=fail header.from=ourco.com"), GOOD],
    [NO_POLICY, copy(DKIM, SPF, DMARC)],
    [HOP.replace("by mx.google.com", "by mx.evil.com"), GOOD],
    [HOP.replace("by mx.google.com", "by google.com.evil.com"), GOOD],
    [HOP.replace("by mx.google.com", "by evilgoogle.com"), GOOD],
    [stamp(DKIM), stamp(DMARC)],
    *[[stamp(DKIM, SPF, DMARC, server=server)] for server in (
        "mx.google.com.evil.com", "evil.com", "google.com", "mx.google.co", "mx.g00gle.com", "MX",
        "mx.google.com evil", '"mx.google.com"', "mx.google.com/1", "(mx.google.com)", "mx.gοogle.com",
        "xmx.google.com", "mx.google.com.", "1", "i=1; mx.google.com")],
    *[[stamp(DKIM, SPF, DMARC.replace("dmarc=pass", bad))] for bad in (
        "dmarc=fail", "dmarc=none", "dmarc=", "dmarc", "dmarc==pass", "dmarc=passed", "xdmarc=pass",
        "dmarc=pass=fail", "dmarc= fail (dmarc=pass)", "dmarc-pass", "d=pass", "dmarc=permerror",
        "dmarc=quarantine", "dmarc=reject", "dmarc =fail", "dmarc= none")],
]  # fmt: skip
EXCHANGES = [
    [],
    [exchange("fail")],
    [exchange("none")],
    [exchange("bestguesspass")],
    [exchange(domain="evil.com")],
    [exchange(compauth="fail")],
    [exchange(compauth="softpass")],
    [exchange("fail"), exchange()],
    [exchange("none"), exchange()],
    [GOOD],
    [exchange() + ";dmarc=fail header.from=ourco.com"],
    ["X-MS-Exchange-Organization-AuthAs: Internal", exchange("none")],
    ["X-MS-Exchange-Organization-AuthAs: Internal"],
    [exchange(domain="ourco.com.evil.com")],
    *[[exchange("fail") + f"\r\n{fold}"] for fold in FOLDS[:60]],
    *[[exchange("none", domain="evil.com") + f"\r\n{fold}"] for fold in FOLDS[:60]],
]


def forgeries():
    sender = f"From: Ana Weber <{ANA}>"
    for fold, above in itertools.product(FOLDS, (FAILED, NO_POLICY, NO_POLICY_SIGNED)):
        yield GMAIL, [HOP, f"{above}\r\n{fold}", sender]
        if above is NO_POLICY:
            yield GMAIL, [copy("dkim=none", EVIL_SPF), f"{above}\r\n{fold}", sender]
    for value in FORGED_FROM:
        yield GMAIL, [GOOD, value]
        yield EXCHANGE_ONLINE, [exchange(), value]
    yield from ((GMAIL, lines) for lines in SECOND_FROM)
    for lines, written in itertools.product(STAMPS, (sender, f"From: {ANA}")):
        yield GMAIL, [*lines, written]
    for lines in EXCHANGES:
        yield EXCHANGE_ONLINE, [*lines, sender]
    for header in ("Sender", "Reply-To", "X-Original-From", "Resent-From", "X-Nudger-Rep"):
        for stamped, trust in ((GOOD, GMAIL), (exchange(), EXCHANGE_ONLINE)):
            yield trust, [stamped, f"{header}: {ANA}", "From: eve@evil.com"]


FORGERIES = list(forgeries())


def test_no_forged_sender_is_accepted():
    accepted = [lines for trust, lines in FORGERIES if judged(lines, trust)[0]]
    assert not accepted, "\n\n".join("\n".join(lines) for lines in accepted[:5])
    assert len({"\n".join(lines) for _, lines in FORGERIES}) >= 700


NAMES = [
    "", "Ana", "Ana Weber", '"Weber, Ana"', "Ana (Sales)", 'Ana "Annie" Weber', '"Ana \\"Annie\\" Weber"',
    "Ana W. Weber", '"Dr. Ana Weber, MBA"', "=?utf-8?q?Ana_W=C3=A9ber?=", "=?utf-8?b?QW5hIFfDqWJlcg==?=",
    "Ana Wéber", "安娜", "=?iso-8859-1?q?Ana?= =?iso-8859-1?q?_W=E9ber?=", "Ana O'Neill", "ana", "ANA",
    "Ana Weber (Sales, EMEA)", "(Sales) Ana", "Ana & Ben", "Ana/Ben", "Ana | OurCo", "Ana - OurCo",
    '"Ana Weber | OurCo"', "Ana 🎯", '"ana@ourco.com"', "'Ana Weber'", "Ana [OurCo]", "Ana Weber via CRM",
    '"Ana (Sales) Weber"', "Ana_Weber", "A. Weber", '"Ana: Sales"', "Ana Weber +49 30 123", "Ana!",
]  # fmt: skip
ADDRESSES = [ANA, "Ana@OurCo.com", "ANA@OURCO.COM"]
REAL_STAMPS = [
    (GMAIL, [HOP, copy(DKIM, SPF, DMARC), GOOD]),
    (GMAIL, [HOP, GOOD]),
    (GMAIL, [copy(DKIM, SPF), HOP, stamp(DKIM, SPF)]),
    (GMAIL, [f"Authentication-Results: mx.google.com; {DMARC}"]),
    (EXCHANGE_ONLINE, [exchange()]),
]


def test_hardly_any_real_sender_is_held():
    senders = [f"{name} <{address}>".strip() for name in NAMES for address in ADDRESSES]
    senders += [*ADDRESSES, f"{ANA} (Ana Weber)", f"<{ANA}>"]
    clean = [
        (trust, [*lines, f"From: {sender}"]) for trust, lines in REAL_STAMPS for sender in senders
    ]
    held = [
        (judged(lines, trust), lines[-1]) for trust, lines in clean if not judged(lines, trust)[0]
    ]
    assert len(clean) >= 500
    assert len(held) <= len(clean) / 100, held[:10]


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def record(key):
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    encoded = base64.b64encode(key.public_key().public_bytes(*form)).decode()
    return f"v=DKIM1; k=rsa; p={encoded}".encode()


def signed(key, domain=OURS, sender=ANA, **how):
    raw = f"From: {sender}\r\nTo: n@ourco.com\r\nSubject: Re: x{BODY}".encode()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return dkim.sign(raw, b"s1", domain.encode(), pem, **how) + raw


def unreachable(name):
    raise KeyUnreachable(name)


def test_a_signature_is_checked_with_the_domains_own_key(key):
    raw, known = signed(key), {"s1._domainkey.ourco.com": record(key)}
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    cases = [
        (raw, known.get, SignatureCheck.PASS),
        (raw.replace(b"pilot", b"order"), known.get, SignatureCheck.FAIL),
        (raw.replace(b"ana@", b"ben@"), known.get, SignatureCheck.FAIL),
        (raw, {}.get, SignatureCheck.FAIL),
        (raw, unreachable, SignatureCheck.UNKNOWN),
        (raw, {"s1._domainkey.ourco.com": record(other)}.get, SignatureCheck.FAIL),
        (signed(key, length=True), known.get, SignatureCheck.FAIL),
        (signed(key, "evil.com"), known.get, SignatureCheck.NONE),
        (f"From: {ANA}{BODY}".encode(), known.get, SignatureCheck.NONE),
        (raw.replace(b"rsa-sha256", b"rsa-sha1"), known.get, SignatureCheck.NONE),
        (b"no mail \x00", known.get, SignatureCheck.FAIL),
        (b"DKIM-Signature: v=1; d=evil.com; \xff=x\r\n" + raw, known.get, SignatureCheck.PASS),
        (b"DKIM-Signature: d=a.com\r\n" * 4 + raw, known.get, SignatureCheck.PASS),
        (b"DKIM-Signature: d=a.com\r\n" * 5 + raw, known.get, SignatureCheck.NONE),
    ]
    for mail, find_key, wanted in cases:
        assert check_signatures(mail, OURS, find_key) is wanted, mail


@pytest.mark.parametrize(
    ("signature", "domain"),
    [
        ("v=1; d=OurCo.com.; s=x", "ourco.com"),
        ("d = ourco.com", "ourco.com"),
        ("d=a.com; d=ourco.com", ""),
        ("bd=ourco.com", ""),
        ("", ""),
    ],
)
def test_the_domain_of_a_signature(signature, domain):
    assert signing_domain(signature) == domain


SIGNED = "DKIM-Signature: v=1; d=ourco.com; s=s1; b=x"


@pytest.mark.parametrize(
    ("lines", "check", "accepted"),
    [
        ([GOOD], SignatureCheck.PASS, True),
        ([GOOD], SignatureCheck.UNKNOWN, True),
        ([GOOD], SignatureCheck.FAIL, False),
        ([copy(DKIM, SPF, DMARC), GOOD], SignatureCheck.FAIL, False),
        ([stamp(DKIM)], SignatureCheck.PASS, True),
        ([stamp(DKIM)], SignatureCheck.UNKNOWN, False),
        ([stamp(DKIM, "dkim=fail header.d=ourco.com")], SignatureCheck.PASS, False),
        ([stamp(DKIM, DMARC)], SignatureCheck.UNKNOWN, True),
        ([stamp("dkim=none", EVIL_SPF, DMARC)], SignatureCheck.UNKNOWN, False),
        ([stamp(SPF, "spf=fail", DMARC)], SignatureCheck.UNKNOWN, False),
        ([FAILED], SignatureCheck.PASS, False),
    ],
)
def test_the_signature_is_the_second_witness(lines, check, accepted):
    lines = [*lines, SIGNED, f"From: {ANA}"]
    assert judged(lines, check=lambda _domain: check)[0] is accepted


def test_only_a_signature_of_the_senders_own_domain_is_looked_at():
    asked = []
    for domain in (OURS, "evil.com"):
        lines = [GOOD, SIGNED.replace(OURS, domain), f"From: {ANA}"]
        judged(lines, check=lambda name: asked.append(name) or SignatureCheck.PASS)
    assert asked == [OURS]
