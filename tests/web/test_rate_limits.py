from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.web import rate_limits
from nudger.web.rate_limits import Limiter
from tests.web.conftest import served


class Clock:
    now = datetime(2026, 11, 26, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


def test_so_many_tries_pass_within_the_time():
    clock = Clock()
    limiter = Limiter(2, timedelta(minutes=10), clock)
    limiter.count("a")
    assert not limiter.is_exhausted("a")
    limiter.count("a")
    assert limiter.is_exhausted("a")
    assert not limiter.is_exhausted("b")
    clock.now += timedelta(minutes=10, seconds=1)
    assert not limiter.is_exhausted("a")


def test_what_is_kept_has_an_end(monkeypatch):
    monkeypatch.setattr(rate_limits, "MOST_KEPT", 3)
    limiter = Limiter(1, timedelta(minutes=10), Clock())
    for who in "abcd":
        limiter.count(who)
    assert not limiter.is_exhausted("a")
    assert limiter.is_exhausted("d")


@pytest.mark.parametrize(
    ("proxies", "codes"), [("127.0.0.0/8", [404, 404]), ("192.0.2.1", [429, 429])]
)
def test_who_asks_is_told_by_our_proxy_and_by_nobody_else(office, proxies, codes):
    """Else readers behind it would share what one of them may try."""
    with served(
        office, f'public_url = "https://nudger.ourco.com"\nproxies = ["{proxies}"]\n'
    ) as pages:
        for number in range(31):
            link = f"/me/link/{'b' * 31}{number % 10}"
            pages.client.get(link, headers={"x-forwarded-for": f"203.0.113.{number % 3}"})
        asked = [{"x-forwarded-for": one} for one in ("203.0.113.0", "203.0.113.9")]
        found = [pages.client.get(f"/me/link/{'c' * 32}", headers=one) for one in asked]
    assert [one.status_code for one in found] == codes
