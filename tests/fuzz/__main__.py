"""`make fuzz`: changed copies of known inputs for everything that reads what strangers write.

Prints one JSON object; the exit status is 1 where something was found. Each finding is made small
and kept in tests/fuzz/findings, where `make test` reads it again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.campaign import MOST_RESIDENT_MB, Result
from tests.fuzz.share import prepare, run_target
from tests.fuzz.targets.all import TARGETS


def main() -> int:
    arguments = _arguments()
    names = arguments.target or list(TARGETS)
    shares = sum(TARGETS[name].share for name in names)
    began = time.monotonic()
    workers = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        arguments.jobs, mp_context=workers, initializer=prepare, max_tasks_per_child=1
    ) as pool:
        pending = [
            pool.submit(
                run_target,
                name,
                -(-arguments.runs * TARGETS[name].share // shares),
                arguments.seconds * TARGETS[name].share / shares if arguments.seconds else 1e9,
                arguments.seed,
            )
            for name in names
        ]
        results = [one.result() for one in pending]
    report = _report(results, arguments.seed, time.monotonic() - began)
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    if arguments.json:
        arguments.json.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if report["sound"] else 1


def _report(results: list[Result], seed: int, seconds: float) -> dict[str, object]:
    findings = sum(len(one.findings) for one in results)
    resident = max(one.resident for one in results)
    return {
        "runs": sum(one.runs for one in results),
        "seconds": round(seconds, 1),
        "seed": seed,
        "findings": findings,
        "slowest_cpu_seconds": max(one.slowest for one in results),
        "most_resident_mb": resident,
        "sound": not findings and resident <= MOST_RESIDENT_MB,
        "targets": [asdict(one) for one in results],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS))
    parser.add_argument("--runs", type=int, default=1_000_000, help="over all targets")
    parser.add_argument("--seconds", type=float, default=0, help="at most, over all targets")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", type=Path, help="write the report here, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
