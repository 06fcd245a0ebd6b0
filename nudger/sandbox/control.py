"""Driving the sandbox from another process: what was called, faults, the clock, how far away it is.
JSON over HTTP.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.faults import Fault
from nudger.sandbox.google.oauth import TokenEndpoint
from nudger.sandbox.people_pages import reply_to
from nudger.sandbox.world import World


class ControlRoutes:
    """GET /control/ledger; POST /control/{reset,faults,reply,clock,distance,
    service-account}."""

    def __init__(self, world: World, tokens: TokenEndpoint) -> None:
        self._world = world
        self._tokens = tokens
        self.routes = [
            Route("/control/ledger", self.ledger, methods=["GET"]),
            Route("/control/reset", self.reset, methods=["POST"]),
            Route("/control/faults", self.faults, methods=["POST"]),
            Route("/control/reply", self.reply, methods=["POST"]),
            Route("/control/clock", self.clock, methods=["POST"]),
            Route("/control/distance", self.distance, methods=["POST"]),
            Route("/control/service-account", self.service_account, methods=["POST"]),
        ]

    async def ledger(self, _request: Request) -> Response:
        with self._world.lock:
            ledger = self._world.ledger
            return JSONResponse(
                {
                    "calls": dict(ledger.calls),
                    "deliveries": [asdict(one) for one in ledger.deliveries],
                }
            )

    async def reset(self, _request: Request) -> Response:
        with self._world.lock:
            self._world.ledger.reset()
            self._world.faults.reset()
        return JSONResponse({})

    async def faults(self, request: Request) -> Response:
        wanted: list[dict[str, Any]] = await request.json()
        with self._world.lock:
            for one in wanted:
                self._world.faults.add(Fault(**one))
        return JSONResponse({"scripted": len(wanted)})

    async def reply(self, request: Request) -> Response:
        """Have a person answer everything in the inbox with the same text."""
        wanted: dict[str, str] = await request.json()
        person = wanted["person"]
        with self._world.lock:
            unread = [m for m in self._world.mailboxes.of(person).values() if "INBOX" in m.labels]
            for message in unread:
                reply_to(self._world, person, message, wanted["text"])
        return JSONResponse({"replies": len(unread)})

    async def service_account(self, request: Request) -> Response:
        """Know a service account's key from its credentials."""
        with self._world.lock:
            self._tokens.register(await request.json())
        return JSONResponse({})

    async def clock(self, request: Request) -> Response:
        moment = datetime.fromisoformat((await request.json())["now"])
        with self._world.lock:
            self._world.run_from(moment)
        return JSONResponse({"now": self._world.now().isoformat()})

    async def distance(self, request: Request) -> Response:
        """Have each call take so many seconds."""
        self._world.seconds_away = float((await request.json())["seconds"])
        return JSONResponse({"seconds": self._world.seconds_away})
