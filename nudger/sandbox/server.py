"""The sandbox as a server on loopback, in this process or in one of its own."""

from __future__ import annotations

import logging
import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from nudger.sandbox.control import ControlRoutes
from nudger.sandbox.crm.hubspot import HubspotServer
from nudger.sandbox.crm.salesforce import SalesforceServer
from nudger.sandbox.distance import Distance
from nudger.sandbox.google.routes import GoogleServer
from nudger.sandbox.microsoft.routes import MicrosoftServer
from nudger.sandbox.openid import OpenIdServer
from nudger.sandbox.panel_pages import PanelPages
from nudger.sandbox.people_pages import PeoplePages
from nudger.sandbox.pushes import Pushes
from nudger.sandbox.slack.routes import SlackServer
from nudger.sandbox.teams import TeamsWorkflows
from nudger.sandbox.world import World

KEEP_ALIVE_SECONDS = 120  # a busy machine must not find its idle connections cut
STARTS_WITHIN_SECONDS = 10.0


class SandboxServer:
    """Serves a world while the `with` block lasts; its thread ends by itself a moment later. `url`
    has no slash at its end."""

    def __init__(self, world: World | None = None, port: int = 0) -> None:
        self.world = world or World()
        self.google = GoogleServer(self.world)
        self.microsoft = MicrosoftServer(self.world)
        self.slack = SlackServer(self.world)
        self.teams = TeamsWorkflows(self.world)
        self.openid = OpenIdServer(self.world)
        self.hubspot, self.salesforce = HubspotServer(self.world), SalesforceServer(self.world)
        self.pushes = Pushes(
            self.google.channels.told,
            self.google.watches.told,
            self.microsoft.subscriptions.told,
        )
        self._socket = socket.create_server(("127.0.0.1", port))
        # asyncio sets this only on sockets that name TCP; without it an answer waits 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.microsoft.user_tokens.url = self.url
        pages = PeoplePages(self.world, self.google.addons, self.microsoft.addins)
        panel = PanelPages(self.world, self.google.addons)
        control = ControlRoutes(self.world, self.google.tokens)
        google, microsoft = self.google.routes, self.microsoft.routes
        people = [*panel.routes, *pages.routes]
        sign_in = self.openid.routes
        crms = [*self.hubspot.routes, *self.salesforce.routes]
        ours = [*control.routes, *people]
        app = Starlette(
            routes=[
                *google,
                *sign_in,
                *microsoft,
                *self.slack.routes,
                *self.teams.routes,
                *crms,
                *ours,
            ]
        )
        app.state.hang_up = self._hang_up
        app.state.faults = self.world.faults
        config = uvicorn.Config(
            Distance(app, self.world),
            log_level="critical",
            access_log=False,
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)

    def __enter__(self) -> Self:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._thread.start()
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.slack.socket_mode.close()
        self.pushes.stop()
        self._server.should_exit = True
        self._server.force_exit = True

    def _hang_up(self, client: tuple[str, int]) -> None:
        """Close a client's connection as it is. Called in the server's own thread."""
        for connection in list(self._server.server_state.connections):
            transport = connection.transport
            if transport is not None and transport.get_extra_info("peername") == tuple(client):
                transport.abort()

    def wait(self) -> None:
        """Serve until the process is told to stop."""
        self._thread.join()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
