"""A card into a channel of Microsoft Teams, by the address of a workflow of its own.

Incoming webhooks are retired; "Post to a channel when a webhook request is received" takes their
place and takes Adaptive Cards alone, of 28 KB at most:
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors
"""

from __future__ import annotations

from datetime import datetime

from nudger import __version__
from nudger.domain.notices import Receipt
from nudger.receivers.guarded_post import Address, guarded_post


def post_card(to: Address, body: str, now: datetime) -> Receipt:
    """Post what `mail.day_card` made."""
    headers = {"content-type": "application/json", "user-agent": f"Nudger/{__version__}"}
    return guarded_post(to, body.encode(), headers, now)
