"""`make mutants`: small faults in the modules that decide, and whether their tests notice.

Prints one JSON object with the survivors; the exit status is 1 where a module's score is below 90 %,
or with `--sample-all` a package's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from tests.mutation.equivalents import EQUIVALENTS
from tests.mutation.modules import MODULES
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.nearest import PACKAGES, all_tests, modules, nearest
from tests.mutation.tried import Bench

LEAST_SCORE = 0.9
ROOT = Path(__file__).parents[2]


def main() -> int:
    arguments = _arguments()
    began = time.monotonic()
    with Bench(ROOT) as bench:
        reports = (
            _of_all(bench, arguments.sample_all, arguments.seed)
            if arguments.sample_all
            else [
                _module(bench, name, arguments.sample, arguments.seed)
                for name in arguments.module or MODULES
            ]
        )
    tried, killed = (sum(one[name] for one in reports) for name in ("tried", "killed"))
    report = {
        "seed": arguments.seed, "seconds": round(time.monotonic() - began, 1), "tried": tried, "killed": killed,
        "score": _score(killed, tried), "packages" if arguments.sample_all else "modules": reports,
    }  # fmt: skip
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    if arguments.json:
        arguments.json.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(one["score"] >= LEAST_SCORE for one in reports) else 1


def _module(bench: Bench, name: str, sample: int, seed: int) -> dict[str, Any]:
    source = (ROOT / name).read_text(encoding="utf-8")
    everything, candidates = _candidates(name)
    chosen = Random(f"{name} {seed}").sample(candidates, min(sample, len(candidates)))
    tests = MODULES[name]
    limit = bench.seconds_unchanged(tests) * 4 + 10
    survivors, slow = [], 0
    for at, mutant in enumerate(sorted(chosen, key=lambda one: one.line), start=1):
        outcome = bench.outcome(name, mutant.source, tests, limit)
        slow += outcome == "slow"
        if outcome == "survived":
            survivors.append(mutant)
        _show(f"{name} {at}/{len(chosen)}, {len(survivors)} survive")
    bench.restore(name, source)
    killed = len(chosen) - len(survivors)
    return {
        "module": name, "mutants": len(everything), "equivalent": len(everything) - len(candidates), "tried": len(chosen),
        "killed": killed, "by_the_clock": slow, "score": _score(killed, len(chosen)), "tests": tests,
        "survivors": list(map(_told, survivors)),
    }  # fmt: skip


def _of_all(bench: Bench, sample: int, seed: int) -> list[dict[str, Any]]:
    """One fault in each of so many modules of the whole program, by package."""
    chance = Random(f"all {seed}")
    everywhere = [(package, name) for package in PACKAGES for name in modules(package)]
    some = chance.sample(everywhere, len(everywhere))
    found = ((package, name, _candidates(name)[1]) for package, name in some)
    drawn = ((package, name, chance.choice(every)) for package, name, every in found if every)
    chosen = list(islice(drawn, sample))
    tests = all_tests([name for _, name, _ in chosen])
    _show(f"{len(tests)} files of tests without any change")
    limit = bench.seconds_unchanged(tests) * 2 + 60
    survivors: dict[str, list[dict[str, Any]]] = {package: [] for package in PACKAGES}
    for at, (package, name, mutant) in enumerate(chosen, start=1):
        if bench.outcome(name, mutant.source, nearest(name), limit) == "survived":
            survivors[package].append({"module": name, **_told(mutant), "tests": nearest(name)})
        bench.restore(name, (ROOT / name).read_text(encoding="utf-8"))
        _show(f"{at}/{sample}, {sum(map(len, survivors.values()))} survive: {name}")
    return [_package(one, [p for p, *_ in chosen].count(one), survivors[one]) for one in PACKAGES]


def _package(package: str, tried: int, survivors: list[dict[str, Any]]) -> dict[str, Any]:
    killed = tried - len(survivors)
    return {"package": package, "tried": tried, "killed": killed, "score": _score(killed, tried),
            "survivors": survivors}  # fmt: skip


def _candidates(name: str) -> tuple[list[Mutant], list[Mutant]]:
    """Every mutant of a module, and those that are not explained."""
    everything = list(mutants((ROOT / name).read_text(encoding="utf-8")))
    equal = EQUIVALENTS.get(name, {})
    return everything, [one for one in everything if _key(one) not in equal]


def _score(killed: int, tried: int) -> float:
    return round(killed / tried, 3) if tried else 1.0


def _key(mutant: Mutant) -> tuple[str, str, str]:
    return mutant.within, mutant.before, mutant.after


def _told(mutant: Mutant) -> dict[str, Any]:
    first = (text.partition("\n")[0] for text in (mutant.before, mutant.after))
    before, after = first
    return {"line": mutant.line, "kind": mutant.kind, "within": mutant.within, "before": before, "after": after}  # fmt: skip


def _show(line: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line:<78}")
        sys.stderr.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--module", action="append", choices=tuple(MODULES), metavar="FILE")
    parser.add_argument("--sample", type=int, default=40, help="mutants of each module")
    parser.add_argument(
        "--sample-all", type=int, metavar="N", help="instead, one in each of N modules of all"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the report here, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
