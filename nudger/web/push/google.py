"""What Google tells of calendars: all of it is in the headers.

Source: https://developers.google.com/workspace/calendar/api/guides/push
"""

from __future__ import annotations

import hmac
from http import HTTPStatus

from fastapi import Request
from starlette.responses import Response

from nudger.domain.event import Provider
from nudger.jobs.subscribe import secret_hash
from nudger.store import push
from nudger.store.push import Told
from nudger.web.push.taking import refused, take
from nudger.web.site import Site

LONGEST_HEADER = 256
BEGINS = "sync"
"""The state of the first message, which tells of no change."""


class GooglePush:
    def __init__(self, site: Site) -> None:
        self._ctx = site.ctx

    def told(self, request: Request) -> Response:
        """Answers 404 to whoever does not know the channel and its secret."""
        name = request.headers.get("x-goog-channel-id", "")[:LONGEST_HEADER]
        secret = request.headers.get("x-goog-channel-token", "")[:LONGEST_HEADER]
        channel = self._find(name, secret_hash(secret))
        if channel is None:
            refused(Provider.GOOGLE)
            return Response(status_code=HTTPStatus.NOT_FOUND)
        with self._ctx.database.begin() as tx:
            if request.headers.get("x-goog-resource-state") == BEGINS:
                push.heard(tx, [channel.channel.watch_id], self._ctx.clock())
            else:
                take(self._ctx, tx, [channel])
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def _find(self, name: str, known_by: str) -> Told | None:
        with self._ctx.database.read() as tx:
            found = push.find_channels(tx, Provider.GOOGLE, names=[name])
        good = [one for one in found if hmac.compare_digest(one.channel.secret_hash, known_by)]
        return good[0] if good else None
