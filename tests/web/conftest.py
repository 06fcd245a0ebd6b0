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
    """The office served at a free port, with these settings of [web] beside the address."""
    address = f"127.0.0.1:{free_port()}"
    office.configure(f'[web]\naddress = "{address}"\n{web}')
    url = f"http://{address}"
    with WebServer(office.ctx), httpx.Client(base_url=url, timeout=30) as client:
        yield Pages(office, url, client)


def free_port() -> int:
    """One below those that systems give to whoever connects: else another test's connection may
    have it before it is listened at."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.fixture
def pages(office: Office) -> Iterator[Pages]:
    """Pages of an office whose mails link to them."""
    address = f"127.0.0.1:{free_port()}"
    office.configure(f'[web]\naddress = "{address}"\npublic_url = "http://{address}"\n')
    url = f"http://{address}"
    with WebServer(office.ctx), httpx.Client(base_url=url, timeout=30) as client:
        yield Pages(office, url, client)


@pytest.fixture
def asked(pages: Pages) -> Pages:
    """The same, where Ana was asked about her call with Dana tomorrow."""
    pages.office.meet()
    run_once(pages.office.ctx)
    return pages
