"""`make faults`: die, be cut off and stand still at every point, and count what went wrong.

Prints one JSON object; the exit status is 1 where a count that must be zero is not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.faults.scenes import NAMES
from tests.faults.sights import ZEROS

SHOWN = 25


def main() -> int:
    arguments = _arguments()
    postgresql = os.environ.get("NUDGER_TEST_POSTGRESQL")
    databases = ["sqlite", *(["postgresql"] if postgresql else [])]
    if arguments.database:
        databases = [one for one in databases if one in arguments.database]
    providers = arguments.provider or ["google", "microsoft"]
    scenes = arguments.scene or list(NAMES)
    stages = len(scenes) * len(databases) * len(providers)
    asked = {
        "seed": arguments.seed, "shares": min(arguments.jobs, stages), "only": arguments.case,
        "verbose": arguments.verbose, "defect": arguments.defect, "databases": databases, "providers": providers, "scenes": scenes, "postgresql": postgresql,
        "plan": {
            "kills": _each(arguments.runs, stages),
            "network": _each(arguments.network, stages),
            "database": _each(arguments.outages, stages),
            "stalls": _each(arguments.stalls, stages),
            "clock": _each(arguments.clock, stages),
            "at": arguments.at,
        },
    }  # fmt: skip
    began = time.monotonic()
    memory = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if Path(memory).is_dir() else None) as folder:
        shares = 1 if arguments.case else asked["shares"]
        with ThreadPoolExecutor(shares) as pool:
            lines = pool.map(
                lambda n: _shard({**asked, "share": n, "folder": folder}), range(shares)
            )
            report = _report([line for some in lines for line in some])
    report |= {"seed": arguments.seed, "seconds": round(time.monotonic() - began, 1)}
    sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return 1 if any(report["zeros"].values()) or not report["cases"] else 0


def _each(total: int, stages: int) -> int:
    return -(-total // stages)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=5040, help="kill-and-recover runs")
    parser.add_argument("--network", type=int, default=1260, help="network and provider faults")
    parser.add_argument("--outages", type=int, default=144, help="database faults")
    parser.add_argument("--stalls", type=int, default=144, help="workers that stand still")
    parser.add_argument("--clock", type=int, default=144, help="clocks that jump")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=3, help="at once")
    parser.add_argument("--provider", action="append", choices=("google", "microsoft"))
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--scene", action="append", choices=NAMES)
    parser.add_argument("--case", action="append", default=[], help="only this one, by its name")
    parser.add_argument("--at", default="", help="only at points and calls that have this pattern")
    parser.add_argument("--defect", help="with this of tests/faults/defects.py, until it shows")
    parser.add_argument("--verbose", action="store_true", help="tell each case as it ends")
    return parser.parse_args()


def _shard(asked: dict[str, Any]) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.faults.shard", json.dumps(asked)]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as share:
        assert share.stdout is not None
        for text in share.stdout:
            lines.append(json.loads(text))
            if asked["verbose"] and "points" not in lines[-1]:
                sys.stderr.write(text)
    if share.returncode:
        lines.append({"case": f"share/{asked['share']}", "findings": [["stuck", "it broke off"]]})
    return lines


def _report(lines: list[dict[str, Any]]) -> dict[str, Any]:
    cases = [line for line in lines if "findings" in line]
    points = {name for line in lines for name in line.get("points", ())}
    killed = Counter(line.get("point", "") for line in cases if "/kill:" in line["case"])
    sorts: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    zeros = dict.fromkeys(ZEROS, 0)
    findings = []
    for line in cases:
        provider, database, *_ = line["case"].split("/")
        sort = line["case"].rpartition("/")[2].partition(":")[0]
        sorts[sort] += 1
        modes[f"{provider}/{database}"] += sort == "kill"
        for zero, detail in line["findings"]:
            zeros[zero] += 1
            shown = {"case": line["case"], "point": line.get("point"), zero: detail[:300]}
            findings.append(shown)
    seconds = sorted(line["seconds"] for line in cases if "seconds" in line)
    return {
        "failpoints": len(points),
        "failpoints_killed_at": len(points & killed.keys()),
        "cases": len(cases),
        "kill_and_recover_runs": sorts["kill"],
        "network_fault_cases": sorts["network"],
        "database_fault_cases": sorts["database"],
        "stalls_past_the_lease": sorts["stall"],
        "clock_cases": sorts["clock"] + sorts["summer_time"],
        "kill_runs_by_mode": dict(modes),
        "unstruck": sum("unstruck" in line for line in lines),
        "seconds_a_case": round(sum(seconds) / len(seconds), 3) if seconds else None,
        "zeros": zeros,
        "cases_with_findings": len({one["case"] for one in findings}),
        "findings": findings[:SHOWN],
    }


if __name__ == "__main__":
    sys.exit(main())
