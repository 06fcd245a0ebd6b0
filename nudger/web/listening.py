"""Where the pages listen, known without what serves them."""

from __future__ import annotations

import socket

GRACE_SECONDS = 5
"""For the requests in hand, when the pages end."""


def listening_socket(address: str) -> socket.socket:
    """A socket that listens at `[web] address`. Raises `OSError` where it is taken."""
    host, _, port = address.rpartition(":")
    listening = socket.create_server((host.strip("[]"), int(port)))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
