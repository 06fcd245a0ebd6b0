"""Telling a webhook: one signed POST (Standard Webhooks), of whose answer the status counts.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpcore
from standardwebhooks.webhooks import Webhook

from nudger import __version__
from nudger.domain.notices import Effect, Receipt, receipt_of
from nudger.domain.reasons import Reason
from nudger.receivers.base import Parcel
from nudger.receivers.guarded_network import Forbidden, GuardedNetwork, Resolve, resolve

MOST_SECONDS = 15.0
MOST_ANSWER_BYTES = 64 * 1024
"""Of an answer nothing is of interest but that it was given."""


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
        body = parcel.body.encode()
        headers = signed_headers(parcel.id, parcel.sent_at, parcel.body, self.secrets)
        try:
            return self._post(body, headers, parcel.sent_at)
        except Forbidden:
            return _fails(Reason.PRIVATE_NETWORK)
        except httpcore.TimeoutException:
            return _fails(Reason.RECEIVER_SILENT, f"no answer within {self.seconds:.0f} seconds")
        except httpcore.ConnectError as error:
            return _unconnected(error)
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            return _fails(Reason.RECEIVER_SILENT, type(error).__name__)

    def _post(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Receipt:
        network = GuardedNetwork(
            allow_private=self.allow_private,
            is_encrypted=self.url.startswith("https:"),
            seconds=self.seconds,
            resolve=self.resolve,
        )
        with (
            httpcore.ConnectionPool(
                ssl_context=self.tls(), network_backend=network, retries=0, max_connections=1
            ) as pool,
            pool.stream("POST", self.url, headers=list(headers.items()), content=body) as answer,
        ):
            wait = _retry_after(answer.headers, now)
            _swallow(answer)
            return receipt_of(answer.status, wait)


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


def _swallow(answer: httpcore.Response) -> None:
    """Read what was answered, as far as it is not too much; the status has come already, so that
    nothing that goes wrong now counts."""
    size = 0
    try:
        for chunk in answer.iter_stream():
            size += len(chunk)
            if size > MOST_ANSWER_BYTES:
                return
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        return


def _retry_after(headers: Sequence[tuple[bytes, bytes]], now: datetime) -> timedelta | None:
    """What the receiver asks us to wait: seconds or a moment (RFC 9110, 10.2.3)."""
    said = next((value for name, value in headers if name.lower() == b"retry-after"), None)
    if said is None:
        return None
    text = said.decode("latin-1").strip()
    try:
        if text.isascii() and text.isdigit():
            return timedelta(seconds=min(int(text[:9]), 10**6))
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (TypeError, ValueError, OverflowError):
        return None


def _unconnected(error: httpcore.ConnectError) -> Receipt:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return _fails(Reason.RECEIVER_UNPROVEN, seen.verify_message)
        seen = seen.__cause__ or seen.__context__
    return _fails(Reason.RECEIVER_SILENT, "no connection")


def _fails(reason: Reason, detail: str = "") -> Receipt:
    return Receipt(Effect.RECEIVER_FAILS, reason, detail)
