"""Telling a webhook: one signed POST (Standard Webhooks), of whose answer the status counts.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from standardwebhooks.webhooks import Webhook

from nudger import __version__
from nudger.domain.notices import Receipt
from nudger.receivers.base import Parcel
from nudger.receivers.guarded_network import Resolve, resolve
from nudger.receivers.guarded_post import MOST_SECONDS, Address, connect, guarded_post


@dataclass(frozen=True, slots=True)
class WebhookReceiver:
    """Who listens at `url`. Each of the `secrets` signs, so that one can be replaced while the
    receiver still knows the other."""

    url: str = field(repr=False)
    secrets: Sequence[str] = field(repr=False)
    allow_private: bool = False
    seconds: float = MOST_SECONDS
    resolve: Resolve = resolve
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def deliver(self, parcel: Parcel) -> Receipt:
        headers = signed_headers(parcel.id, parcel.sent_at, parcel.body, self.secrets)
        return guarded_post(self._address, parcel.body.encode(), headers, parcel.sent_at)

    def look(self) -> Receipt:
        return connect(self._address)

    @property
    def _address(self) -> Address:
        return Address(self.url, self.allow_private, self.seconds, self.resolve, self.tls)


def signed_headers(
    message_id: str, now: datetime, body: str, secrets: Sequence[str]
) -> dict[str, str]:
    """The head of a request with this body, as of `now` (UTC)."""
    signatures = [Webhook(one).sign(message_id, now, body) for one in secrets]
    return {
        "content-type": "application/json",
        "user-agent": f"Nudger/{__version__}",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
