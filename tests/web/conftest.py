"""The pages as a browser or a script meets them: served over a socket, beside an office."""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest

from nudger.mail.inbound import parse_mail
from nudger.runtime.context import Context
from nudger.web.listening import listening_socket
from nudger.web.serving import WebServer
from tests.office import ANA, Office, run_once

LINK = re.compile(r"http://127\.0\.0\.1:\d+/answer/[a-z2-7]{32}")


@dataclass
class Pages:
    """The running pages, a client that has no cookies of anybody, and the office around them."""

    office: Office
    url: str
    client: httpx.Client

    def link(self, person: str = ANA, mail: int = -1) -> str:
        """The answer page's address in a mail, without the host."""
        found = LINK.search(str(parse_mail(self.office.inbox(person)[mail].raw).plain))
        assert found is not None
        return found[0].removeprefix(self.url)


@contextmanager
def served(office: Office, web: str) -> Iterator[Pages]:
    """The office served at a port of its own, with these settings of [web] beside the address."""
    place = Place()
    office.configure(f'[web]\naddress = "{place.address}"\n{web}')
    with place.serve(office.ctx), httpx.Client(base_url=place.url, timeout=30) as client:
        yield Pages(office, place.url, client)


class Place:
    """Where pages will be served: a port that is ours from now on, before they are."""

    def __init__(self) -> None:
        self._listening = listening_socket("127.0.0.1:0")
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.url = f"http://{self.address}"

    def serve(self, ctx: Context) -> WebServer:
        return WebServer(ctx, self._listening)


def free_port() -> int:
    """For a process of its own: one below those that systems give to whoever connects. Else
    another test's connection may have it before it is listened at."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.fixture
def pages(office: Office) -> Iterator[Pages]:
    """Pages of an office whose mails link to them."""
    place = Place()
    office.configure(f'[web]\naddress = "{place.address}"\npublic_url = "{place.url}"\n')
    with place.serve(office.ctx), httpx.Client(base_url=place.url, timeout=30) as client:
        yield Pages(office, place.url, client)


@pytest.fixture
def asked(pages: Pages) -> Pages:
    """The same, where Ana was asked about her call with Dana tomorrow."""
    pages.office.meet()
    run_once(pages.office.ctx)
    return pages
