"""Who made a report that a mail came back: the mail system that sent the mail, or anybody.

Gmail and Exchange Online write such reports themselves, as long as the server at the other end
refuses the mail while it is handed over; for our own people that is the rule. Reports of gateways
and of servers of one's own come from outside, and so does what a stranger makes up.

Sources: Gmail's reports are from mailer-daemon@googlemail.com, signed; Exchange Online's carry the
mark of internal mail, which it takes off whatever comes from outside.
"""

from __future__ import annotations

from nudger.mail.genuine_sender import (
    CheckSignature,
    Trust,
    has_internal_mark,
    judge_sender,
    unchecked,
)
from nudger.mail.message import Inbound

OF_GMAIL = "mailer-daemon@googlemail.com"
OF_EXCHANGE = "microsoftexchange"
DAEMONS = ("mailer-daemon", "postmaster")
"""By what names programs write; no colleague has such an address."""


def is_of_own_system(
    inbound: Inbound,
    own_domain: str,
    trust: Trust,
    check_signature: CheckSignature = unchecked,
) -> bool:
    """Whether the provider of a mailbox in this domain made this report, or a server that the
    domain stands behind."""
    sender = inbound.sender or ""
    local, _, domain = sender.rpartition("@")
    is_own = domain == own_domain or domain.endswith(f".{own_domain}")
    is_daemon = local in DAEMONS or local.startswith(OF_EXCHANGE)
    is_gmails = trust.signatures_stay and sender == OF_GMAIL
    if trust.internal_mark and is_daemon and has_internal_mark(inbound):
        return True
    if not is_gmails and not (is_daemon and is_own):
        return False
    verdict = judge_sender(
        inbound, [sender], trust, sent_by_owner=False, check_signature=check_signature
    )
    return verdict.accepted
