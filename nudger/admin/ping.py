"""Telling who waits for it that all is well."""

from __future__ import annotations

import logging

import httpx

log = logging.getLogger(__name__)

PING_SECONDS = 5.0


def ping(url: str) -> None:
    """A bare GET, of which nothing is expected."""
    try:
        httpx.get(url, timeout=PING_SECONDS).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the ping of [watch] ping_url failed: %s", type(error).__name__)
