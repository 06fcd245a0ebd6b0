"""The pane's routes as its script calls them: tokens signed by the sandbox, over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from nudger.sandbox.microsoft.answers import rest_id
from nudger.sandbox.microsoft.identity import TENANT
from nudger.sandbox.microsoft.user_tokens import ADDIN_CLIENT
from tests.office import ANA, Office, run_once
from tests.web.conftest import Place

TABLE = f'[outlook_addin]\nclient_id = "{ADDIN_CLIENT}"\ntenants = ["{TENANT}"]\n'


@dataclass
class Pane:
    """Somebody's Outlook with the pane open."""

    office: Office
    url: str
    client: httpx.Client
    person: str = ANA

    @property
    def identities(self):
        return self.office.server.microsoft.user_tokens

    def token(self, person: str = "", **claims: Any) -> str:
        return self.identities.access_token(person or self.person, **claims)

    def ask(
        self, method: str, path: str, bearer: str | None = None, /, **fields: str
    ) -> httpx.Response:
        headers = {
            "authorization": f"Bearer {self.token() if bearer is None else bearer}".strip(),
            "hx-request": "true",
        }
        data = fields or None
        return self.client.request(method, f"/addin/outlook{path}", headers=headers, data=data)

    def open(
        self, event: str = "call1", person: str = "", token: str | None = None
    ) -> httpx.Response:
        """What the script is answered for the event that is open, led on to its call."""
        item = rest_id(person or self.person, event)
        return self.ask("POST", "/open", self.token(person) if token is None else token, item=item)


@contextmanager
def installed(office: Office, more: str = "", table: str = TABLE) -> Iterator[Pane]:
    place = Place()
    office.configure(
        f'[web]\naddress = "{place.address}"\npublic_url = "{place.url}"\n{table}{more}\n'
    )
    with (
        place.serve(office.ctx),
        httpx.Client(base_url=place.url, timeout=30, follow_redirects=True) as client,
    ):
        yield Pane(office, place.url, client)


@pytest.fixture
def kept_by() -> str:
    return "microsoft"


@pytest.fixture
def pane(office: Office) -> Iterator[Pane]:
    """The add-in of an office at Microsoft, installed."""
    with installed(office) as opened:
        yield opened


@pytest.fixture
def asked(pane: Pane) -> Pane:
    """The same, where Ana was asked about her call with Dana tomorrow."""
    pane.office.meet()
    run_once(pane.office.ctx)
    return pane
