"""Socket Mode: a WebSocket (RFC 6455) over which envelopes go out and are acknowledged.

An envelope that is not acknowledged within three seconds is delivered again, three times in all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import struct
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nudger.sandbox.slack.workspace import Workspace

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ACK_SECONDS = 3.0
MOST_DELIVERIES = 4
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


@dataclass
class Envelope:
    """What is on its way; `sent` are the moments at which it was delivered."""

    id: str
    kind: str
    payload: dict[str, Any]
    sent: list[float] = field(default_factory=list)

    def text(self) -> str:
        body = {
            "envelope_id": self.id, "type": self.kind, "payload": self.payload,
            "accepts_response_payload": self.kind == "interactive",
        }  # fmt: skip
        if len(self.sent) > 1:
            body |= {"retry_attempt": len(self.sent) - 1, "retry_reason": "timeout"}
        return json.dumps(body)


class SocketMode:
    """Listens from the first `new_url` on. `ack_seconds` may be shortened by tests."""

    def __init__(self, workspace: Workspace) -> None:
        self.ack_seconds = ACK_SECONDS
        self.acknowledged: list[str] = []
        self.waiting: dict[str, Envelope] = {}
        self._tickets: set[str] = set()
        self._open: list[socket.socket] = []
        self._lock = threading.RLock()
        self._server: socket.socket | None = None
        workspace.deliver = self.deliver

    def new_url(self) -> str:
        """An address for one connection."""
        with self._lock:
            if self._server is None:
                self._server = socket.create_server(("127.0.0.1", 0))
                for work in (self._accept, self._redeliver):
                    threading.Thread(target=work, name="slack", daemon=True).start()
            ticket = secrets.token_hex(8)
            self._tickets.add(ticket)
            port = self._server.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id=A1"

    @property
    def connections(self) -> int:
        with self._lock:
            return len(self._open)

    def deliver(self, kind: str, payload: dict[str, Any]) -> None:
        """Send an envelope now, or as soon as somebody listens."""
        envelope = Envelope(str(uuid.uuid4()), kind, payload)
        with self._lock:
            self.waiting[envelope.id] = envelope
            self._send_out(envelope)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to be made anew, as Slack does every few hours."""
        with self._lock:
            for connection in self._open:
                self._send(connection, json.dumps({"type": "disconnect", "reason": reason}))

    def cut(self) -> None:
        """End every connection without a word."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        with self._lock:
            if self._server is not None:
                with suppress(OSError):  # or who waits for a connection would wait for ever
                    self._server.shutdown(socket.SHUT_RDWR)
                self._server.close()

    def _send_out(self, envelope: Envelope) -> None:
        if self._open:
            envelope.sent.append(time.monotonic())
            self._send(self._open[-1], envelope.text())

    def _redeliver(self) -> None:
        while self._server is not None and self._server.fileno() >= 0:
            time.sleep(0.02)
            with self._lock:
                now = time.monotonic()
                for one in list(self.waiting.values()):
                    if len(one.sent) >= MOST_DELIVERIES:
                        del self.waiting[one.id]
                    elif not one.sent or now - one.sent[-1] > self.ack_seconds:
                        self._send_out(one)

    def _accept(self) -> None:
        assert self._server is not None  # noqa: S101 - made before the thread is
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        with suppress(OSError, ValueError, struct.error):
            if not self._shake_hands(connection, reader):
                connection.close()
                return
            with self._lock:
                self._open.append(connection)
                self._send(connection, json.dumps({"type": "hello", "num_connections": 1}))
            while (frame := _read_frame(reader)) is not None:
                self._take(connection, *frame)
        with self._lock, suppress(ValueError):
            self._open.remove(connection)
        connection.close()

    def _shake_hands(self, connection: socket.socket, reader: Any) -> bool:
        """Refuses an address that was not given out, or was used before."""
        path = reader.readline().decode().split(" ")[1]
        headers = {}
        while line := reader.readline().strip().decode():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        ticket = path.partition("ticket=")[2].partition("&")[0]
        with self._lock:
            is_known = ticket in self._tickets
            self._tickets.discard(ticket)
        if not is_known or "sec-websocket-key" not in headers:
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return False
        asked = headers["sec-websocket-key"] + MAGIC
        digest = hashlib.sha1(asked.encode(), usedforsecurity=False).digest()  # RFC 6455
        accept = base64.b64encode(digest).decode()
        connection.sendall(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        return True

    def _take(self, connection: socket.socket, kind: int, data: bytes) -> None:
        if kind == PING:
            with self._lock:
                connection.sendall(_frame(PONG, data))
        if kind == CLOSE:
            raise ValueError("closed")
        if kind == TEXT:
            envelope_id = json.loads(data).get("envelope_id", "")
            with self._lock:
                if self.waiting.pop(envelope_id, None) is not None:
                    self.acknowledged.append(envelope_id)

    def _send(self, connection: socket.socket, text: str) -> None:
        with suppress(OSError):
            connection.sendall(_frame(TEXT, text.encode()))


def _frame(kind: int, data: bytes) -> bytes:
    size = len(data)
    if size < 126:
        head = struct.pack("!BB", 0x80 | kind, size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | kind, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | kind, 127, size)
    return head + data


def _read_frame(reader: Any) -> tuple[int, bytes] | None:
    """A client's frame, which is masked; `None` at the end."""
    head = reader.read(2)
    if len(head) < 2:
        return None
    kind, size = head[0] & 0x0F, head[1] & 0x7F
    if not head[1] & 0x80:
        raise ValueError("a client's frame is masked")
    if size == 126:
        (size,) = struct.unpack("!H", reader.read(2))
    elif size == 127:
        (size,) = struct.unpack("!Q", reader.read(8))
    mask, data = reader.read(4), reader.read(size)
    return kind, bytes(one ^ mask[at % 4] for at, one in enumerate(data))
