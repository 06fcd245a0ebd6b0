"""When mails to a rep are given up: a pure function of one report that a mail came back.

Anyone who has seen a mail of ours can write such a report, as who was passed on a question. One
that the mailbox's own system made is believed: a first one is counted, the second pauses the
sending to this rep and has an admin look. Of others, which gateways send as well, it takes three,
over days. A rep who answered anything after the mail went out is a better witness than the report.
What counts is that the address does not take mail for good (a status of 5.x.x, RFC 3463); "try
later" never does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from nudger.domain.reasons import Reason

MOST_IN_A_ROW = 2
MOST_UNPROVEN, UNPROVEN_FOR = 3, timedelta(days=2)
"""So many in a row, over so long, whoever reports them."""
REPORT_WINDOW = timedelta(days=7)
"""Mail servers give up after four to five days (RFC 5321, 4.5.4.1)."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """A mail of ours that came back. `failed_for_good` are the addresses that do not take it;
    `is_counted` that it came back before; `is_heard_since` that the rep answered one of our mails
    after this one went out; `is_proven` that the mailbox's own system reports it; `in_a_row` how
    many others of the rep's came back since the rep was last heard of, the first at `began_at`."""

    sent_at: datetime | None
    failed_for_good: Collection[str]
    is_counted: bool
    in_a_row: int
    is_proven: bool
    is_heard_since: bool = False
    began_at: datetime | None = None


def judge_bounce(mail: CameBack, rep_addresses: Collection[str], now: datetime) -> Reason:
    """`BOUNCED`: count it; `UNREACHABLE`: and send nothing more; `DELIVERY_REPORT`: neither."""
    is_recent = mail.sent_at is not None and now - mail.sent_at <= REPORT_WINDOW
    concerns_rep = any(address in rep_addresses for address in mail.failed_for_good)
    is_news = not mail.is_counted and not mail.is_heard_since
    if not is_news or not is_recent or not concerns_rep:
        return Reason.DELIVERY_REPORT
    return Reason.UNREACHABLE if _is_enough(mail, now) else Reason.BOUNCED


def _is_enough(mail: CameBack, now: datetime) -> bool:
    if mail.is_proven:
        return mail.in_a_row + 1 >= MOST_IN_A_ROW
    lasted = mail.began_at is not None and now - mail.began_at >= UNPROVEN_FOR
    return lasted and mail.in_a_row + 1 >= MOST_UNPROVEN
