"""An office whose pages providers can reach, and where they tell of changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from nudger.jobs.scan import scan
from nudger.jobs.subscribe import subscribe
from tests.office import Office
from tests.web.conftest import Place


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Told:
    """The office, and a client of its pages that nobody sent."""

    office: Office
    client: httpx.Client

    def deliver(self) -> list[int]:
        """Have the providers tell what there is to tell."""
        return self.office.server.pushes.deliver()

    def readings(self) -> int:
        """Have what is due read; returns how many calls this took."""
        name = "graph.calendar.delta" if self.office.is_outlook else "calendar.events.list"
        before = self.office.calls.get(name, 0)
        scan(self.office.ctx)
        return self.office.calls.get(name, 0) - before

    def last(self) -> httpx.Request:
        """What was told last, as a provider sends it."""
        push = self.office.server.pushes.carried[-1]
        return self.client.build_request(
            "POST", push.url, headers=dict(push.headers), json=push.body
        )


@pytest.fixture
def extra() -> str:
    """More settings of [push]."""
    return ""


@pytest.fixture
def unopened(office: Office, extra: str) -> Iterator[Told]:
    """Push is on, and no channel was opened yet."""
    place = Place()
    web = f'[web]\naddress = "{place.address}"\npublic_url = "{place.url}"\n'
    office.configure(f"{web}[push]\nenabled = true\n{extra}")
    with place.serve(office.ctx), httpx.Client(base_url=place.url, timeout=30) as client:
        yield Told(office, client)


@pytest.fixture
def told(unopened: Told) -> Told:
    """The calendar was read, and its channel is open."""
    unopened.office.meet()
    subscribe(unopened.office.ctx)
    assert set(unopened.deliver()) <= {204}
    unopened.readings()
    return unopened
