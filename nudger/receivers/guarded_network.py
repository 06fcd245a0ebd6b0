"""Connections that cannot lead where they may not: a name is resolved once, each of its addresses
is judged, and that address is connected to, while the certificate is verified for the name.

So a name that leads elsewhere a moment later (DNS rebinding) gains nothing. What a connection may
take is bounded as a whole, not only each read of it.
"""

from __future__ import annotations

import socket
import ssl
import time
import typing
from collections.abc import Callable, Iterable

import httpcore
from httpcore import NetworkBackend, NetworkStream, SyncBackend

from nudger.domain.networks import may_connect

SocketOptions = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]
Resolve = Callable[[str, int], list[str]]


class Forbidden(Exception):
    """The name leads only to addresses that we may not connect to."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedNetwork(NetworkBackend):
    """Opens one connection, to where it may lead, that lasts `seconds` at most.

    Raises `Forbidden`, and httpcore's errors.
    """

    def __init__(
        self, *, allow_private: bool, is_encrypted: bool, seconds: float, resolve: Resolve = resolve
    ) -> None:
        self._allow_private = allow_private
        self._is_encrypted = is_encrypted
        self._ends = time.monotonic() + seconds
        self._resolve = resolve
        self._opened = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> NetworkStream:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("its name is not known") from error
        allowed = [one for one in addresses if self._may_connect(one)]
        if not allowed:
            raise Forbidden
        return _Bounded(
            self._opened.connect_tcp(
                allowed[0], port, _remaining(self._ends, timeout), local_address, socket_options
            ),
            self._ends,
        )

    def _may_connect(self, address: str) -> bool:
        return may_connect(
            address, allow_private=self._allow_private, is_encrypted=self._is_encrypted
        )


class _Bounded(NetworkStream):
    """A stream that ends at a moment, however slowly the other side speaks."""

    def __init__(self, stream: NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(self._ends, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(self._ends, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        left = _remaining(self._ends, timeout)
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, left), self._ends)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


def _remaining(ends: float, timeout: float | None) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("it took too long")
    return left if timeout is None else min(left, timeout)
