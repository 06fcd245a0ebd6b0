"""What every provider's channels do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from nudger.providers.base import AlreadyExists, ChannelWish, ProviderError, Unavailable
from nudger.sandbox.entries import Entry
from nudger.sandbox.faults import Fault
from tests.office import ANA
from tests.providers.contract.conftest import microsoft


class Ears(BaseHTTPRequestHandler):
    """Hears what is told, and gives Graph its word back."""

    heard: list[tuple[dict[str, str], bytes]]
    is_deaf = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        word = parse_qs(urlsplit(self.path).query).get("validationToken", [None])[0]
        if word is None:
            type(self).heard.append((dict(self.headers), body))
        content = (word or "").encode() if not self.is_deaf else b"?"
        self.send_response(200)
        self.send_header("content-type", "text/plain; charset=utf-8")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


@pytest.fixture
def ears() -> Iterator[type[Ears]]:
    """Listens at `ears.address`."""
    mine = type("Mine", (Ears,), {"heard": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), mine) as server:
        mine.address = f"http://127.0.0.1:{server.server_port}/told"
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield mine
        server.shutdown()


@pytest.fixture
def wish(provider, ears):
    until = provider.server.world.now() + provider.channels.longest
    return ChannelWish("channel-1", ears.address, "secret" * 7, until)


def change(provider, number=1):
    world = provider.server.world
    start = world.now() + timedelta(days=number)
    with world.lock:
        world.calendars.add(
            Entry(
                id=f"call{number}", owner=ANA, organizer=ANA, uid=f"call{number}@x", title="ACME",
                start=start, end=start + timedelta(hours=1),
            )
        )  # fmt: skip


def told_of_changes(provider, ears):
    ears.heard.clear()
    provider.server.pushes.deliver()
    return [one for one in ears.heard if one[0].get("X-Goog-Resource-State") != "sync"]


def test_an_open_channel_tells_with_its_secret(provider, ears, wish):
    opened = provider.channels.open(wish)
    assert opened.provider_id
    assert timedelta() < opened.expires_at - provider.server.world.now() <= timedelta(days=7)
    assert told_of_changes(provider, ears) == []
    change(provider)
    ((headers, body),) = told_of_changes(provider, ears)
    assert wish.secret in str(headers) + body.decode()
    assert told_of_changes(provider, ears) == []


def test_a_closed_one_tells_nothing_and_is_closed_twice(provider, ears, wish):
    opened = provider.channels.open(wish)
    for _ in range(2):
        provider.channels.close(wish.name, opened.provider_id)
    change(provider)
    assert told_of_changes(provider, ears) == []


def test_it_ends_when_it_says_so(provider, ears, wish):
    opened = provider.channels.open(wish)
    world = provider.server.world
    world.set_now(opened.expires_at)
    change(provider)
    assert told_of_changes(provider, ears) == []


def test_it_is_extended_where_the_provider_can(provider, ears, wish):
    opened = provider.channels.open(wish)
    world = provider.server.world
    world.set_now(world.now() + timedelta(days=1))
    longer = provider.channels.extend(opened.provider_id, world.now() + provider.channels.longest)
    assert longer is None or longer.expires_at > opened.expires_at
    change(provider)
    assert len(told_of_changes(provider, ears)) == 1


def test_an_address_without_tls_is_refused(provider, wish):
    with pytest.raises(ProviderError):
        provider.channels.open(
            ChannelWish(wish.name, "http://nudger.ourco.example/push", wish.secret, wish.until)
        )


def test_what_is_too_busy_may_have_opened_it(provider, wish):
    provider.server.world.faults.add(Fault(provider.calls["open"], status=0, reason="no_byte"))
    with pytest.raises(Unavailable) as raised:
        provider.channels.open(wish)
    assert raised.value.in_doubt


class TestMicrosoft:
    @pytest.fixture
    def provider(self, server):
        return microsoft(server)

    def test_a_wrong_word_opens_nothing(self, provider, ears, wish):
        ears.is_deaf = True
        with pytest.raises(ProviderError, match="validation request failed"):
            provider.channels.open(wish)
        assert provider.server.microsoft.subscriptions.open == {}

    def test_of_two_that_tell_the_same_the_former_is_ended(self, provider, ears, wish):
        first, second = provider.channels.open(wish), provider.channels.open(wish)
        assert [*provider.server.microsoft.subscriptions.open] == [second.provider_id]
        assert first.provider_id != second.provider_id
        change(provider)
        assert len(told_of_changes(provider, ears)) == 1

    def test_what_somebody_else_listens_with_is_not_ended(self, provider, wish):
        """As another installation of ours, at another address."""
        other = provider.channels.open(replace(wish, address=f"{wish.address}/other"))
        with pytest.raises(AlreadyExists):
            provider.channels.open(wish)
        assert [*provider.server.microsoft.subscriptions.open] == [other.provider_id]

    def test_one_that_lasts_too_long_is_refused(self, provider, wish):
        until = wish.until + timedelta(days=7)
        with pytest.raises(ProviderError, match="10080"):
            provider.channels.open(ChannelWish(wish.name, wish.address, wish.secret, until))

    def test_too_many_are_refused(self, provider, wish):
        provider.server.microsoft.subscriptions.most_in_a_mailbox = 0
        with pytest.raises(ProviderError, match="Too many"):
            provider.channels.open(wish)
