"""`make bench`: one JSON object of figures."""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks import history, judging, life, monday, pages, replies, scanners, scanning, startup


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=("costs", "monday", "scanners", "pages"), default="costs",
        help="what things cost; a question to every rep at once (monday); first scans by several "
        "processes (scanners); pages and push under load beside a worker (pages)",
    )  # fmt: skip
    parser.add_argument("--calendars", type=int, default=200)
    parser.add_argument("--events", type=int, default=50)
    parser.add_argument("--provider", choices=("google", "microsoft", "both"), default="both")
    parser.add_argument(
        "--history", type=int, default=20_000, metavar="MEETINGS", help="a year's of them"
    )
    parser.add_argument("--only", choices=("history", "replies"), help="nothing but this part")
    parser.add_argument("--reps", type=int, default=50, help="of monday, scanners and pages")
    parser.add_argument(
        "--delay-ms", type=float, default=200, help="what a call takes, of monday and scanners"
    )
    parser.add_argument("--processes", type=int, default=1, help="of monday and scanners")
    parser.add_argument(
        "--database", help="an empty one by its URL, of monday and scanners; else SQLite"
    )
    parser.add_argument("--broker", help="RabbitMQ's URL: monday by Celery, which needs PostgreSQL")
    parser.add_argument("--rate", type=float, default=50, help="requests a second, of pages")
    parser.add_argument("--seconds", type=float, default=60, help="how long, of pages")
    parser.add_argument("--runs", type=int, default=1, help="of monday: median and spread of these")
    arguments = parser.parse_args()
    chosen = arguments.provider
    providers = ("google", "microsoft") if chosen == "both" else (chosen,)
    if arguments.only == "history":
        _print({"history": history.measure(arguments.history)})
    elif arguments.only == "replies":
        _print({"replies": replies.measure()})
    elif arguments.what == "monday":
        _print({one: monday.measure(_size(one, arguments), arguments.runs) for one in providers})
    elif arguments.what == "scanners":
        for_each = ((one, _size(one, arguments)) for one in providers)
        _print({one: scanners.measure(size, arguments.events) for one, size in for_each})
    elif arguments.what == "pages":
        _print(pages.measure(pages.Load(arguments.rate, arguments.seconds, arguments.reps)))
    else:
        _print(_costs(providers, arguments))


def _costs(providers: Sequence[str], arguments: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {
        provider: {
            "scan": scanning.measure(provider, arguments.calendars, arguments.events),
            "life_of_a_meeting": life.measure(provider, meetings=10),
        }
        for provider in providers
    }
    figures["judging"] = judging.measure()
    figures["startup"] = startup.measure()
    if len(providers) > 1:
        figures["replies"] = replies.measure()
        figures["history"] = history.measure(arguments.history)
    figures["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def _size(provider: str, arguments: argparse.Namespace) -> monday.Size:
    return monday.Size(
        provider,
        arguments.reps,
        arguments.delay_ms,
        arguments.processes,
        arguments.database,
        arguments.broker,
    )


def _print(figures: dict[str, Any]) -> None:
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
