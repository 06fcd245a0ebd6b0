"""`make simulate`: one JSON object of figures; ends with 1 where a promise was broken."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from simulation.play import play

PROMISED = (
    "doubled", "stale", "night", "missed", "made_up", "unfit_read_by_guests", "guest_mails",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--reps", type=int, default=50)
    parser.add_argument("--weeks", type=int, default=13)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--explain", action="store_true", help="name every broken promise")
    parser.add_argument("--report", type=Path, help="write the quarter's report to this page")
    arguments = parser.parse_args()
    played = play(arguments.reps, arguments.weeks, arguments.seed, _tell, arguments.report)
    json.dump({**played.counts.figures, "seconds": played.seconds}, sys.stdout)
    sys.stdout.write("\n")
    if played.counts.crowded:
        _tell(f"{played.counts.crowded} mails came within an hour of another")
    if played.counts.untold:
        _tell(f"{played.counts.untold} reps' numbers reached a manager before they knew")
    if arguments.explain:
        for fault in played.counts.faults:
            _tell(fault)
    broken = [name for name in PROMISED if played.counts.figures[name]]
    return 1 if broken or played.counts.crowded or played.counts.untold else 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
