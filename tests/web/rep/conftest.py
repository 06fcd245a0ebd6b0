"""Reps who sign in to the running pages, each with a client of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from nudger.mail.inbound import parse_mail
from tests.office import ANA
from tests.web.answer.test_router import Fields
from tests.web.conftest import Pages

CODE = re.compile(r"^\s*(\d{3}) (\d{3})\s*$", re.MULTILINE)
SIGN_IN_LINK = re.compile(r"/me/link/[a-z2-7]{32}")
PATIENCE_SECONDS = 120

SignIn = Callable[[str], httpx.Client]


def token_of(client: httpx.Client, path: str) -> str:
    """The form token of a page."""
    return Fields(client.get(path).text).hidden["token"]


def ask(client: httpx.Client, address: str) -> httpx.Response:
    data = {"address": address, "token": token_of(client, "/me/sign-in")}
    return client.post("/me/sign-in", data=data)


def sign_in_mails(pages: Pages, person: str) -> list[str]:
    """The texts of those that came so far."""
    texts = [str(parse_mail(mail.raw).plain) for mail in pages.office.inbox(person)]
    return [text for text in texts if SIGN_IN_LINK.search(text)]


def wait_for_mail(pages: Pages, person: str, count: int = 1) -> str:
    """The newest, once there are so many: it is sent beside the request."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(mails := sign_in_mails(pages, person)) < count:
        assert time.monotonic() < deadline, "no sign-in mail came"
        time.sleep(0.02)
    return mails[-1]


def code_in(mail: str) -> str:
    found = CODE.search(mail)
    assert found is not None
    return found[1] + found[2]


def link_in(mail: str) -> str:
    found = SIGN_IN_LINK.search(mail)
    assert found is not None
    return found[0]


@pytest.fixture
def other_browser(pages: Pages) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages.url, timeout=30) as client:
        yield client


@pytest.fixture
def sign_in(pages: Pages) -> Iterator[SignIn]:
    """Signs a person in, by the code of their newest mail."""
    opened: list[httpx.Client] = []

    def do(person: str) -> httpx.Client:
        client = httpx.Client(base_url=pages.url, timeout=30)
        opened.append(client)
        before = len(sign_in_mails(pages, person))
        ask(client, person)
        code = code_in(wait_for_mail(pages, person, before + 1))
        came = client.post("/me/code", data={"code": code, "token": token_of(client, "/me/code")})
        assert came.headers["location"] in ("/me", "/team")
        return client

    yield do
    for client in opened:
        client.close()


@pytest.fixture
def ana(sign_in: SignIn) -> httpx.Client:
    """Ana's browser, signed in."""
    return sign_in(ANA)
