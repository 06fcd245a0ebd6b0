from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nudger.web import limits
from nudger.web.limits import Limiter


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
    monkeypatch.setattr(limits, "MOST_KEPT", 3)
    limiter = Limiter(1, timedelta(minutes=10), Clock())
    for who in "abcd":
        limiter.count(who)
    assert not limiter.is_exhausted("a")
    assert limiter.is_exhausted("d")
