"""`make bench`: one JSON object of figures."""

from __future__ import annotations

import argparse
import json
import resource
import sys
from typing import Any

from benchmarks import history, judging, life, replies, scanning, startup


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--calendars", type=int, default=200)
    parser.add_argument("--events", type=int, default=50)
    parser.add_argument("--provider", choices=("google", "microsoft", "both"), default="both")
    parser.add_argument(
        "--history", type=int, default=20_000, metavar="MEETINGS", help="a year's of them"
    )
    parser.add_argument("--only", choices=("history",), help="nothing but this part")
    arguments = parser.parse_args()
    if arguments.only == "history":
        _print({"history": history.measure(arguments.history)})
        return
    chosen = arguments.provider
    providers = ("google", "microsoft") if chosen == "both" else (chosen,)
    figures: dict[str, Any] = {
        provider: {
            "scan": scanning.measure(provider, arguments.calendars, arguments.events),
            "life_of_a_meeting": life.measure(provider, meetings=10),
        }
        for provider in providers
    }
    figures["judging"] = judging.measure()
    figures["startup"] = startup.measure()
    if chosen == "both":
        figures["replies"] = replies.measure()
        figures["history"] = history.measure(arguments.history)
    figures["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    _print(figures)


def _print(figures: dict[str, Any]) -> None:
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
