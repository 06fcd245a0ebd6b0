"""A team around the running pages: Mia leads Ana, who was told so, and Ben, who was not."""

from __future__ import annotations

import httpx
import pytest

from nudger.demo.installation import introduce
from nudger.domain.event import Provider
from nudger.store import people
from nudger.store.people import NewRep
from tests.office import ANA, BEN, BERLIN, DANA, run_once
from tests.web.conftest import Pages
from tests.web.rep.conftest import (  # noqa: F401 - fixtures
    SignIn,
    ana,
    other_browser,
    sign_in,
    token_of,
)
from tests.web.rep.test_router import send

MIA = "mia@ourco.example"
OLE = "ole@ourco.example"


def find(pages: Pages, email: str = ANA) -> people.Rep:
    with pages.office.ctx.database.read() as tx:
        found = people.find_rep(tx, email)
    assert found is not None
    return found


def tell(pages: Pages, email: str = ANA, manager: str = MIA) -> None:
    """As if a mail had gone out that names the manager."""
    with pages.office.ctx.database.begin() as tx:
        people.set_disclosed_manager(tx, find(pages, email).id, manager)


def share(client: httpx.Client, manager: str = MIA) -> httpx.Response:
    return send(client, "/me/sharing", "/me/settings", choice="share", manager=manager)


def keep(client: httpx.Client) -> httpx.Response:
    return send(client, "/me/sharing", "/me/settings", choice="keep")


@pytest.fixture
def team(asked: Pages) -> Pages:
    """Ana's call with Dana is number 1, Ben's number 2, both tomorrow."""
    office, kept_by = asked.office, Provider(asked.office.world.people[ANA].provider)
    office.world.add_person(MIA, "Mia Brandt", zone=BERLIN, provider=kept_by.value)
    reps = [
        NewRep(ANA, kept_by, "Ana Weber", manager=MIA),
        NewRep(BEN, kept_by, "Ben Okafor", manager=MIA),
    ]
    introduce(office.ctx, reps)
    start = office.world.now().replace(day=24, hour=9)
    office.meet(
        "bens", owner=BEN, organizer=BEN, guests=[BEN, DANA], title="Secret of Ben", start=start
    )
    run_once(office.ctx)
    tell(asked)
    return asked


@pytest.fixture
def mia(team: Pages, sign_in: SignIn) -> httpx.Client:  # noqa: F811
    """Mia's browser; she is no rep."""
    return sign_in(MIA)


@pytest.fixture
def opened(team: Pages, ana: httpx.Client) -> Pages:  # noqa: F811
    """The same, where Ana lets Mia read her calls."""
    assert share(ana).headers["location"] == "/me/settings"
    return team
