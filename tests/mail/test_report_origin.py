"""Did the mailbox's own system report that a mail came back, or may anybody have?"""

from __future__ import annotations

import pytest

from nudger.mail.genuine_sender import EXCHANGE_ONLINE, GMAIL
from nudger.mail.inbound import parse_mail
from nudger.mail.report_origin import is_of_own_system

GMAILS = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
EXCHANGES = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ourco.com>"
POSTFIXES = "Mail Delivery System <MAILER-DAEMON@mx1.ourco.com>"
INTERNAL = "X-MS-Exchange-Organization-AuthAs: Internal\r\n"
OUTSIDE = "X-MS-Exchange-Organization-AuthAs: Anonymous\r\n"


def by_gmail(domain, dmarc="pass"):
    return (
        f"Authentication-Results: mx.google.com; spf={dmarc} smtp.helo=mail.{domain};"
        f" dmarc={dmarc} header.from={domain}\r\n"
    )


def by_exchange(domain, dmarc="pass"):
    return (
        f"Authentication-Results: spf={dmarc} smtp.mailfrom={domain}; dkim=none;"
        f" dmarc={dmarc} action=none header.from={domain}; compauth={dmarc} reason=100\r\n"
    )


CASES = [
    ("Gmail's own", GMAIL, GMAILS, by_gmail("googlemail.com"), True),
    ("Gmail's by name alone", GMAIL, GMAILS, by_gmail("googlemail.com", "fail"), False),
    ("Gmail's without a result", GMAIL, GMAILS, "", False),
    ("Gmail's by the word of another server", GMAIL, GMAILS,
     by_gmail("googlemail.com").replace("mx.google.com", "mx.evil.com"), False),
    ("somebody at googlemail.com", GMAIL, "eve@googlemail.com", by_gmail("googlemail.com"), False),
    ("Gmail's of a stranger's mail, at Exchange", EXCHANGE_ONLINE, GMAILS,
     by_exchange("googlemail.com") + OUTSIDE, False),
    ("Exchange's own", EXCHANGE_ONLINE, EXCHANGES, INTERNAL, True),
    ("Exchange's own, stamped", EXCHANGE_ONLINE, EXCHANGES,
     "Authentication-Results: dkim=none; dmarc=none header.from=ourco.com\r\n" + INTERNAL, True),
    ("Exchange's own, of the tenant's first domain", EXCHANGE_ONLINE,
     "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ourco.onmicrosoft.com", INTERNAL, True),
    ("Exchange's by name alone", EXCHANGE_ONLINE, EXCHANGES, OUTSIDE, False),
    ("Exchange's by a mark that it did not make", EXCHANGE_ONLINE, EXCHANGES,
     by_exchange("ourco.com", "fail") + INTERNAL, False),
    ("two marks", EXCHANGE_ONLINE, EXCHANGES, INTERNAL + OUTSIDE, False),
    ("Exchange's mark at Gmail", GMAIL, EXCHANGES, INTERNAL, False),
    ("a colleague", EXCHANGE_ONLINE, "bob@ourco.com", INTERNAL, False),
    ("a server of ours", GMAIL, POSTFIXES, by_gmail("mx1.ourco.com"), True),
    ("a server of ours, at Exchange", EXCHANGE_ONLINE, POSTFIXES,
     by_exchange("mx1.ourco.com") + OUTSIDE, True),
    ("a server of ours that proves nothing", GMAIL, POSTFIXES, by_gmail("mx1.ourco.com", "none"), False),
    ("a colleague who is proven", GMAIL, "bob@ourco.com", by_gmail("ourco.com"), False),
    ("a gateway", GMAIL, "postmaster@gateway.com", by_gmail("gateway.com"), False),
    ("a name like ours", GMAIL, "postmaster@evilourco.com", by_gmail("evilourco.com"), False),
    ("two senders", GMAIL, f"{GMAILS}\r\nFrom: x@y.com", by_gmail("googlemail.com"), False),
]  # fmt: skip


@pytest.mark.parametrize(("trust", "sender", "stamp", "own"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_whose_report_it_is(trust, sender, stamp, own):
    inbound = parse_mail(f"{stamp}From: {sender}\r\nTo: nudger@ourco.com\r\n\r\nx".encode())
    assert is_of_own_system(inbound, "ourco.com", trust) is own
