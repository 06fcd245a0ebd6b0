"""Who is told, as a program of somebody else's: an HTTP server over a real socket, which keeps what
came and answers as a test wants."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path

from tests.certificates import make_certificate


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


def answer(status: int, *lines: str, body: bytes = b"") -> bytes:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body


Speak = Callable[[socket.socket, Heard], None]


def says(status: int, *lines: str, body: bytes = b"") -> Speak:
    """Answers like this."""
    return lambda wire, _heard: wire.sendall(answer(status, *lines, body=body))


def hangs_up(_wire: socket.socket, _heard: Heard) -> None:
    """Closes without a byte."""


@dataclass
class Listener:
    """Listens until the end of the block; `speak` is how it answers from now on."""

    port: int = 0
    speak: Speak = field(default_factory=lambda: says(204))
    heard: list[Heard] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.heard]


@contextmanager
def listening(tls: ssl.SSLContext | None = None) -> Iterator[Listener]:
    found = Listener()
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        found.port = server.getsockname()[1]
        server.settimeout(0.05)

        def serve() -> None:
            while not ended.is_set():
                try:
                    wire, _ = server.accept()
                except OSError:
                    continue
                threading.Thread(target=_one, args=(found, wire, tls), daemon=True).start()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join()


def _one(found: Listener, wire: socket.socket, tls: ssl.SSLContext | None) -> None:
    wire.settimeout(60)
    try:
        if tls is not None:
            wire = tls.wrap_socket(wire, server_side=True)
        with wire:
            heard = _read(wire)
            found.heard.append(heard)
            found.speak(wire, heard)
    except OSError:
        wire.close()


def _read(wire: socket.socket) -> Heard:
    came = b""
    while b"\r\n\r\n" not in came:
        came += wire.recv(65536) or _raise()
    head, _, body = came.partition(b"\r\n\r\n")
    line, _, fields = head.partition(b"\r\n")
    parsed = BytesHeaderParser().parsebytes(fields)
    headers = {name.lower(): value for name, value in parsed.items()}
    while len(body) < int(headers.get("content-length", 0)):
        body += wire.recv(65536) or _raise()
    return Heard(line.decode(), headers, body)


def _raise() -> bytes:
    raise OSError("closed early")


def certified_for(host: str, folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server of this name proves itself with, and the file by which it is known."""
    key, certificate = make_certificate(host)
    own, known = folder / f"{host}.pem", folder / f"{host}.ca.pem"
    own.write_text(key + certificate)
    known.write_text(certificate)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(own)
    return tls, known
