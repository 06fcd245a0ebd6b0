"""Is this mail from the rep we asked?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.mail.authentication_results import read_results
from nudger.mail.genuine_sender import EXCHANGE_ONLINE, GMAIL, Trust, judge_sender
from nudger.mail.inbound import parse_mail

ANA = "ana@ourco.com"
PASS = "Authentication-Results: mx.google.com; dkim=pass header.i=@ourco.com; spf=pass; dmarc=pass (p=NONE) header.from=ourco.com"
GOOGLE_HOP = "Received: by 2002:a05:6402:1234 with SMTP id x; Mon, 23 Nov 2026 09:00:00 +0000"
EXCHANGE = "Authentication-Results: spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=ourco.com; dkim=pass header.d=ourco.com;dmarc=pass action=none header.from=ourco.com;compauth=pass reason=100"


OURS = Trust(servers=("mx.google.com",), hops=("mx.ourco.com", ".relay.ourco.com"))


@pytest.mark.parametrize(
    ("hop", "is_ours"),
    [
        ("mx.ourco.com", True),
        ("MX.OURCO.COM", True),
        ("evilmx.ourco.com", False),
        ("mx.ourco.com.evil.com", False),
        ("a.relay.ourco.com", True),
        ("relay.ourco.com", False),
        ("a.relay.ourco.com.evil.com", False),
        ("evilrelay.ourco.com", False),
    ],
)
def test_a_hop_is_ours_by_its_whole_name_or_below_ours(hop, is_ours):
    verdict = judged(f"Received: from a by {hop}; x", PASS, trust=OURS)
    assert verdict.reason == ("accepted" if is_ours else "auth_untrusted")


def judged(*lines, sender=ANA, trust=GMAIL, by_owner=False, reps=(ANA,)):
    head = "\r\n".join([*lines, f"From: {sender}", "To: x@ourco.com"])
    inbound = parse_mail(f"{head}\r\n\r\nHi\r\n".encode())
    return judge_sender(inbound, reps, trust, sent_by_owner=by_owner)


@pytest.mark.parametrize(
    ("lines", "sender", "reason"),
    [
        ([PASS], ANA, "accepted"),
        ([GOOGLE_HOP, PASS], ANA, "accepted"),
        ([PASS], "Ana <ANA@OURCO.COM>", "accepted"),
        ([PASS], "ben@ourco.com", "sender_mismatch"),
        ([PASS], "eve@evil.com", "sender_external"),
        ([], ANA, "auth_missing"),
        ([PASS.replace("dmarc=pass", "dmarc=fail")], ANA, "auth_fail"),
        ([PASS.replace("dmarc=pass", "dmarc=none")], ANA, "auth_not_pass"),
        ([PASS.replace("dmarc=pass", "dmarc=bestguesspass")], ANA, "auth_not_pass"),
        ([PASS.replace("header.from=ourco.com", "header.from=evil.com")], ANA, "auth_not_pass"),
        ([PASS.replace("mx.google.com", "mx.evil.com")], ANA, "auth_untrusted"),
        ([PASS.replace("mx.google.com", "mx.google.com.evil.com")], ANA, "auth_untrusted"),
        (["Received: from a by mx.evil.com; x", PASS], ANA, "auth_untrusted"),
        (
            ["Authentication-Results: mx.google.com; dmarc=fail header.from=ourco.com", PASS],
            ANA,
            "auth_fail",
        ),
        ([PASS + "; dmarc=fail header.from=ourco.com"], ANA, "auth_ambiguous"),
        ([PASS + "\r\n ; spf=pass smtp.mailfrom=ourco.com"], ANA, "auth_ambiguous"),
        ([PASS + "\r\n\tx;\r\n\t ; spf=pass"], ANA, "auth_ambiguous"),
        (["Received: from a by mx1.google.com; x", PASS], ANA, "accepted"),
        (["Received: from a by mx.google.com; x", PASS], ANA, "accepted"),
        (["Received: from a by [10.1.2.3]; x", PASS], ANA, "accepted"),
        (["Received: from a by evilgoogle.com; x", PASS], ANA, "auth_untrusted"),
        (["Received: from a; x", PASS], ANA, "auth_untrusted"),
        ([PASS.replace("; dmarc=pass (p=NONE) header.from=ourco.com", "")], ANA, "auth_not_pass"),
        (
            ["Authentication-Results: mx.google.com; spf=pass "
             'smtp.mailfrom="x; dmarc=pass header.from=ourco.com"@evil.com'],
            ANA,
            "auth_not_pass",
        ),
        (["Authentication-Results: mx.google.com; spf=pass (dmarc=pass"], ANA, "auth_ambiguous"),
    ],
)  # fmt: skip
def test_gmail(lines, sender, reason):
    verdict = judged(*lines, sender=sender)
    assert verdict.reason == reason
    assert verdict.accepted is (reason == "accepted")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([EXCHANGE], "accepted"),
        ([EXCHANGE.replace("compauth=pass", "compauth=fail")], "auth_fail"),
        ([EXCHANGE.replace("dmarc=pass", "dmarc=fail")], "auth_fail"),
        ([PASS], "auth_untrusted"),
        ([], "auth_missing"),
        (["X-MS-Exchange-Organization-AuthAs: Internal"], "auth_missing"),
    ],
)
def test_exchange_online(lines, reason):
    assert judged(*lines, trust=EXCHANGE_ONLINE).reason == reason


INTERNAL = (
    "Authentication-Results: dkim=none (message not signed) header.d=none;dmarc=none action=none "
    "header.from=ourco.com;"
)
MARK = "X-MS-Exchange-Organization-AuthAs: Internal"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([INTERNAL, MARK], "provider_internal"),
        ([INTERNAL], "auth_not_pass"),
        ([INTERNAL, MARK, MARK], "auth_not_pass"),
        ([INTERNAL.replace("ourco", "evil"), MARK], "auth_not_pass"),
        ([INTERNAL.replace("dmarc=none", "dmarc=fail"), MARK], "auth_fail"),
        ([INTERNAL + "compauth=fail reason=001", MARK], "auth_not_pass"),
        ([INTERNAL.replace("dkim=none", "spf=softfail; dkim=none"), MARK], "auth_not_pass"),
        ([MARK], "auth_missing"),
    ],
)
def test_mail_within_an_exchange_organization(lines, reason):
    assert judged(*lines, trust=EXCHANGE_ONLINE).reason == reason
    without = Trust(exchange_form=True)
    assert judged(*lines, trust=without).accepted is False


def test_the_owners_own_mail_is_accepted():
    assert judged(by_owner=True).accepted


def test_of_exchanges_own_verdict_there_is_one():
    twice = EXCHANGE + ";compauth=pass reason=100"
    assert judged(EXCHANGE, trust=EXCHANGE_ONLINE).reason == "accepted"
    assert judged(twice, trust=EXCHANGE_ONLINE).reason == "auth_not_pass"
    silent = EXCHANGE.replace("dmarc=pass action=none header.from=ourco.com;", "")
    assert judged(silent, trust=EXCHANGE_ONLINE).reason == "auth_not_pass"


def test_a_signature_that_nobody_checked_is_not_known_to_be_bad():
    signature = "DKIM-Signature: v=1; d=ourco.com; s=s1; b=x"
    assert judged(PASS, signature).reason == "accepted"


def test_an_alias_of_the_rep_is_accepted():
    assert judged(PASS, reps=("a.weber@ourco.com", ANA)).accepted


@given(st.text(max_size=300))
def test_any_field_is_read(value):
    read_results(value)
