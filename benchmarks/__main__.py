"""`make bench`: one JSON object of figures."""

from __future__ import annotations

import argparse
import json
import resource
import sys

from benchmarks import life, scanning


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--calendars", type=int, default=200)
    parser.add_argument("--events", type=int, default=50)
    arguments = parser.parse_args()
    figures = {
        "scan": scanning.measure(arguments.calendars, arguments.events),
        "life_of_a_meeting": life.measure(meetings=10),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
