"""Reports of mail servers on mails of ours, as they come into the mailbox that sent them."""

from __future__ import annotations

from nudger.mail.report_origin import OF_GMAIL
from tests.office import ANA, NUDGER, Office

OF_EXCHANGE = "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@ourco.example"
OF_A_GATEWAY = "postmaster@gateway.example"


def report_on(
    office: Office,
    returned: bytes,
    status: str = "5.1.1",
    recipient: str = ANA,
    action: str = "failed",
    sender: str | None = None,
) -> None:
    """Have the mailbox's own system, or another sender, report that the mail with this source could
    not be delivered."""
    own = OF_EXCHANGE if office.is_outlook else OF_GMAIL
    head = (
        f"From: Mail Delivery Subsystem <{sender or own}>\r\n"
        f"To: {NUDGER}\r\n"
        "Subject: Undeliverable\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    with office.world.lock:
        office.world.mailboxes.receive(head.encode() + returned + b"\r\n--b--\r\n")


def returned_to(office: Office, person: str = ANA, mail: int = -1) -> bytes:
    """The source of a mail in this person's inbox, the newest unless told otherwise."""
    raw: bytes = office.inbox(person)[mail].raw
    return raw
