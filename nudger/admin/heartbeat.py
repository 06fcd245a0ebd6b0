"""The regular sign of life of a worker: a line in the log of how it goes and, if all is well, a
ping to who waits for one."""

from __future__ import annotations

import logging

import httpx

from nudger.admin.health import find_concerns
from nudger.domain.health import late_rounds
from nudger.runtime.context import Context

log = logging.getLogger(__name__)

PING_SECONDS = 5.0


def watch(ctx: Context) -> None:
    """Say in the log how we are and, if all is well, to who waits for a ping."""
    found = find_concerns(ctx)
    goes_round = not late_rounds(ctx.rounds.last(), ctx.clock())
    told = [concern.code for concern in found] + ["no_good_round"] * (not goes_round)
    level, facts = logging.WARNING if told else logging.INFO, {"event": "health", "codes": told}
    log.log(level, "health: %s", ", ".join(told) or "good", extra={"facts": facts})
    url = ctx.settings.watch.ping_url
    if url is not None and goes_round and not any(one.is_outage for one in found):
        _ping(url)


def _ping(url: str) -> None:
    """A bare GET, of which nothing is expected."""
    try:
        httpx.get(url, timeout=PING_SECONDS).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the ping of [watch] ping_url failed: %s", type(error).__name__)
