"""`python -m nudger.sandbox`: the sandbox as a process of its own."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta

from nudger.sandbox.scenario import fleet, week
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nudger.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--fleet", metavar="CALENDARSxEVENTS", help='as in "200x50"')
    parser.add_argument("--provider", default="google", choices=("google", "microsoft"))
    parser.add_argument("--delay-ms", type=float, default=0, help="how long each call takes")
    parser.add_argument(
        "--permit", action="append", default=[], help="a permission at Microsoft, beside the usual"
    )
    arguments = parser.parse_args()
    world = _world(arguments.fleet, arguments.provider)
    world.seconds_away = arguments.delay_ms / 1000
    with SandboxServer(world, arguments.port) as server:
        server.microsoft.identity.permissions += tuple(arguments.permit)
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            server.wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _world(size: str | None, provider: str) -> World:
    now = datetime.now(UTC)
    if size:
        calendars, events = map(int, size.split("x"))
        return fleet(now, calendars, events, provider)
    return week(now - timedelta(days=now.weekday()), provider=provider)


if __name__ == "__main__":
    sys.exit(main())
