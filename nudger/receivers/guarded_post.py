"""One POST to an address of an admin's, over a connection that leads nowhere else."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpcore

from nudger.domain.notices import Effect, Receipt, receipt_of
from nudger.domain.reasons import Reason
from nudger.receivers.guarded_network import Forbidden, GuardedNetwork, Resolve, resolve

MOST_SECONDS = 15.0
MOST_ANSWER_BYTES = 64 * 1024
"""Of an answer nothing is of interest but that it was given."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to post, and how long that may take."""

    url: str = field(repr=False)
    allow_private: bool = False
    seconds: float = MOST_SECONDS
    resolve: Resolve = resolve
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


def guarded_post(to: Address, body: bytes, headers: Mapping[str, str], now: datetime) -> Receipt:
    """Post, and say what came of it; raises nothing that can be foreseen."""
    return _foreseen(to, lambda: _post(to, body, headers, now))


def connect(to: Address) -> Receipt:
    """Whether what is posted would arrive: its name, its certificate, and whether we may. Nothing
    is sent."""
    return _foreseen(to, lambda: _connect(to))


def _foreseen(to: Address, attempt: Callable[[], Receipt]) -> Receipt:
    try:
        return attempt()
    except Forbidden:
        return _fails(Reason.PRIVATE_NETWORK)
    except httpcore.TimeoutException:
        return _fails(Reason.RECEIVER_SILENT, f"no answer within {to.seconds:.0f} seconds")
    except httpcore.ConnectError as error:
        return _unconnected(error)
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        return _fails(Reason.RECEIVER_SILENT, type(error).__name__)


def _post(to: Address, body: bytes, headers: Mapping[str, str], now: datetime) -> Receipt:
    with (
        httpcore.ConnectionPool(
            ssl_context=to.tls(), network_backend=_network(to), retries=0, max_connections=1
        ) as pool,
        pool.stream("POST", to.url, headers=list(headers.items()), content=body) as answer,
    ):
        wait = _retry_after(answer.headers, now)
        _swallow(answer)
        return receipt_of(answer.status, wait)


def _connect(to: Address) -> Receipt:
    origin = httpcore.URL(to.url).origin
    host = origin.host.decode("ascii")
    stream = _network(to).connect_tcp(host, origin.port, to.seconds)
    if _is_encrypted(to):
        stream = stream.start_tls(to.tls(), host, to.seconds)
    stream.close()
    return Receipt(Effect.DELIVERED, Reason.DELIVERED)


def _network(to: Address) -> GuardedNetwork:
    return GuardedNetwork(
        allow_private=to.allow_private,
        is_encrypted=_is_encrypted(to),
        seconds=to.seconds,
        resolve=to.resolve,
    )


def _is_encrypted(to: Address) -> bool:
    return to.url.startswith("https:")


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
