"""What a mail server reports of a mail that came back, as servers write it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.mail.inbound import MailRejected, parse_mail
from nudger.mail.message import DeliveryReport, ReportedRecipient

OURS = "<nudger.0123456789abcdef0123456789abcdef@ourco.com>"
HEAD = (
    f"From: nudger@ourco.com\r\nReply-To: Nudger <nudger+r-x@ourco.com>\r\nMessage-ID: {OURS}\r\n"
)
FAILED = "Final-Recipient: rfc822; Ana@ourco.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
PER_MAIL = "Reporting-MTA: dns; mx.ourco.com\r\n\r\n"


def report(
    status=PER_MAIL + FAILED, returned=("message/rfc822", HEAD + "\r\nThe question"), encoding=""
):
    parts = [("text/plain", "It failed.", ""), ("message/delivery-status", status, encoding)]
    parts += [(*returned, "")] if returned else []
    body = "".join(
        f"--b\r\nContent-Type: {kind}\r\n"
        + (f"Content-Transfer-Encoding: {how}\r\n" if how else "")
        + f"\r\n{text}\r\n"
        for kind, text, how in parts
    )
    head = 'From: mailer-daemon@x.com\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n'
    return f"{head}{body}--b--\r\n".encode()


ANA = ReportedRecipient(("ana@ourco.com",), "failed", "5.1.1")
TOLD = {"returned_ids": (OURS,), "returned_reply_to": ("nudger <nudger+r-x@ourco.com>",)}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (report(), DeliveryReport((ANA,), **TOLD)),
        (report(returned=("text/rfc822-headers", HEAD)), DeliveryReport((ANA,), **TOLD)),
        (report(returned=None), DeliveryReport((ANA,))),
        (report(FAILED), DeliveryReport((ANA,), **TOLD)),
        (report(base64.b64encode((PER_MAIL + FAILED).encode()).decode(), encoding="base64"),
         DeliveryReport((ANA,), **TOLD)),
        (report(PER_MAIL.replace("\r\n", "\n") + FAILED.replace("\r\n", "\n")),
         DeliveryReport((ANA,), **TOLD)),
        (report(PER_MAIL + "Original-Recipient: rfc822;ana@ourco.com\r\n"
                + FAILED.replace("Ana@ourco.com", "a1@mx.ourco.com")),
         DeliveryReport((ReportedRecipient(("a1@mx.ourco.com", "ana@ourco.com"), "failed", "5.1.1"),),
                        **TOLD)),
        (report(PER_MAIL + FAILED + "\r\n" + FAILED.replace("failed", "delayed").replace("5.", "4.")),
         DeliveryReport((ANA, ReportedRecipient(("ana@ourco.com",), "delayed", "4.1.1")), **TOLD)),
        (report(PER_MAIL + FAILED.replace("5.1.1", "broken")),
         DeliveryReport((ReportedRecipient(("ana@ourco.com",), "failed", ""),), **TOLD)),
        (report(PER_MAIL), DeliveryReport((), **TOLD)),
        (report("x" * 9_000), None),
        (b"From: a@b.co\r\n\r\nFinal-Recipient: rfc822; ana@ourco.com\r\n", None),
    ],
)  # fmt: skip
def test_a_report_is_read(raw, found):
    assert parse_mail(raw).report == found


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.1.1", True), ("failed", "4.4.7", False), ("delayed", "5.0.0", False),
     ("failed", "", False), ("relayed", "2.0.0", False)],
)  # fmt: skip
def test_what_is_permanent(action, status, permanent):
    assert ReportedRecipient((), action, status).is_permanent is permanent


@given(st.text(max_size=500), st.text(max_size=500))
def test_any_report_is_read_or_refused(status, returned):
    try:
        parse_mail(report(status, ("message/rfc822", returned)))
    except MailRejected as rejected:
        assert rejected.reason
