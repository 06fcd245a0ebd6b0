"""The console with somebody of each role signed in, and a provider to sign in at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from nudger.admin.console_access import invite, make_code
from nudger.domain.roles import Role
from tests.office import ANA
from tests.web.answer.test_router import Fields
from tests.web.conftest import Pages

KIM, ALEX = "kim@ourco.example", "alex@ourco.example"
PEOPLE = {Role.ADMIN: KIM, Role.AUDITOR: ALEX, Role.MANAGER: ANA}

SignIn = Callable[[str | None], httpx.Client]


def token_of(client: httpx.Client, path: str = "/console") -> str:
    """The form token of a page."""
    return Fields(client.get(path).text).hidden["token"]


def code_for(pages: Pages, email: str | None = None) -> str:
    with pages.office.ctx.database.begin() as tx:
        return make_code(pages.office.ctx, tx, email)


def give_role(pages: Pages, email: str, role: Role) -> None:
    with pages.office.ctx.database.begin() as tx:
        invite(pages.office.ctx, tx, email, role)


def enter(client: httpx.Client, code: str, **more: str) -> httpx.Response:
    data = {"code": code, "token": token_of(client, "/console/sign-in"), **more}
    return client.post("/console/code", data=data)


def send(client: httpx.Client, path: str, page: str = "/console", **fields: str) -> httpx.Response:
    return client.post(path, data={"token": token_of(client, page), **fields})


@pytest.fixture
def come_in(pages: Pages) -> Iterator[SignIn]:
    """Signs in by a one-time code: as somebody with a role, or as nobody in particular."""
    opened: list[httpx.Client] = []

    def do(email: str | None = None) -> httpx.Client:
        client = httpx.Client(base_url=pages.url, timeout=30)
        opened.append(client)
        assert enter(client, code_for(pages, email)).headers["location"] == "/console"
        return client

    yield do
    for client in opened:
        client.close()


@pytest.fixture
def kim(pages: Pages, come_in: SignIn) -> httpx.Client:
    """An admin's browser, signed in."""
    give_role(pages, KIM, Role.ADMIN)
    return come_in(KIM)


@pytest.fixture
def alex(pages: Pages, come_in: SignIn) -> httpx.Client:
    """An auditor's."""
    give_role(pages, ALEX, Role.AUDITOR)
    return come_in(ALEX)


@pytest.fixture(params=["google", "microsoft"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)
