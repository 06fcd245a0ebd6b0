"""The mails of ours that the labelled mails answer, as they were sent."""

from __future__ import annotations

from email.message import EmailMessage
from functools import cache
from pathlib import Path

from nudger.mail.own_lines import own_lines_of

MAILS = Path(__file__).parent.parent / "corpus" / "mails"


def plain(sample: str) -> str:
    """The text of a sample, without its subject."""
    return (MAILS / "samples" / f"{sample}.txt").read_text("utf-8").partition("\n\n")[2]


def page(sample: str) -> str:
    return (MAILS / "samples" / f"{sample}.html").read_text("utf-8")


@cache
def own_lines(sample: str) -> tuple[str, ...]:
    """As the jobs keep them."""
    message = EmailMessage()
    message.set_content(plain(sample))
    message.add_alternative(page(sample), subtype="html")
    return own_lines_of(message).all
