"""Runs one target: mutates, reads, keeps what is new, makes findings small.

A finding is an exception, or an input that costs more than a second of a processor. Memory is
limited, so that what needs too much is an exception as well.
"""

from __future__ import annotations

import hashlib
import resource
import signal
import sys
import time
import traceback
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from tests.fuzz.target import Target

FINDINGS = Path(__file__).parent / "findings"
MOST_CPU_SECONDS = 1.0
CUT_OFF_SECONDS = 5.0
MOST_RESIDENT_MB = 512
MOST_KEPT = 300
LONGEST_KEPT = 5_000
"""Longer inputs are read, but not mutated further: many short ones show more than few long ones."""
MOST_FINDINGS = 20
MOST_TRIES = 2_000
SHOWN_EVERY = 500


class TooSlow(Exception):
    """Reading took more than a second."""


@dataclass(frozen=True)
class Finding:
    kind: str
    data: bytes
    said: str


@dataclass
class Result:
    """`slowest` are seconds of a processor, `resident` the highest megabytes of the process."""

    target: str
    runs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    resident: float = 0.0
    outcomes: int = 0
    findings: list[dict[str, str]] = field(default_factory=list)


def read_once(target: Target, data: bytes) -> tuple[Hashable, Finding | None, float]:
    """What came of it, what is wrong with it, and the seconds of a processor that it took."""
    began = time.process_time()
    outcome: Hashable = None
    finding = None
    try:
        with _cut_off():
            outcome = target.read(data)
    except TooSlow:
        finding = Finding("TooSlow", data, f"more than {CUT_OFF_SECONDS:.0f} s")
    except Exception as error:
        finding = Finding(_kind(error), data, f"{type(error).__name__}: {error}"[:300])
    took = time.process_time() - began
    if finding is None and took > MOST_CPU_SECONDS:
        took = min(took, _again(target, data))
        if took > MOST_CPU_SECONDS:
            finding = Finding("TooSlow", data, f"{took:.2f} s of a processor")
    return outcome, finding, took


def _again(target: Target, data: bytes) -> float:
    """A first reading may load what others find loaded."""
    began = time.process_time()
    target.read(data)
    return time.process_time() - began


@contextmanager
def _cut_off() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _raise)
    signal.setitimer(signal.ITIMER_VIRTUAL, CUT_OFF_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def _kind(error: Exception) -> str:
    """What two inputs that show the same fault have in common: what was raised, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "/nudger/" in one.filename] or list(frames)
    what = str(error) if type(error).__name__ == "Broken" else type(error).__name__
    return f"{what} in {Path(ours[-1].filename).name}:{ours[-1].name}"


def run(target: Target, runs: int, seconds: float, seed: int, keep: bool) -> Result:
    """At most so many runs, in at most so many seconds. Findings are written where `keep`."""
    chance = Random(f"{target.name} {seed}")
    kept = list(dict.fromkeys(target.seeds()))
    seen: set[Hashable] = set()
    kinds: dict[str, Finding] = {}
    result = Result(target.name)
    began = time.monotonic()
    first = iter(kept[:])
    while result.runs < runs and time.monotonic() - began < seconds:
        data = next(first, None)
        if data is None:
            given = min(chance.choice(kept), chance.choice(kept), key=len)
            data = target.mutate(chance, given, kept, target.words)
        outcome, finding, took = read_once(target, data)
        result.runs += 1
        result.slowest = max(result.slowest, took)
        if finding is not None and finding.kind not in kinds and len(kinds) < MOST_FINDINGS:
            kinds[finding.kind] = _smaller(target, finding)
        elif finding is None and outcome not in seen and len(data) <= LONGEST_KEPT:
            seen.add(outcome)
            kept.append(data)
            if len(kept) > MOST_KEPT:
                kept.pop(chance.randrange(len(kept)))
        if result.runs % SHOWN_EVERY == 0:
            _show(result, runs, len(kinds))
    result.seconds = round(time.monotonic() - began, 1)
    result.slowest = round(result.slowest, 3)
    result.resident = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    result.outcomes = len(seen)
    result.findings = [_told(target, one, keep) for one in kinds.values()]
    return result


def limit_memory() -> None:
    """What needs more fails with an exception. For a process of its own."""
    limit = 4 * MOST_RESIDENT_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _show(result: Result, runs: int, findings: int) -> None:
    if sys.stderr.isatty():
        line = f"\r{result.target:<14} {result.runs:>8}/{runs}  findings {findings}"
        sys.stderr.write(line)
        sys.stderr.flush()


def _smaller(target: Target, finding: Finding) -> Finding:
    """A shorter input of the same kind: pieces are left out as long as the fault stays."""
    best, tries = finding, 0
    size = max(1, len(best.data) // 2)
    while size and tries < MOST_TRIES and finding.kind != "TooSlow":
        at, shrunk = 0, False
        while at < len(best.data) and tries < MOST_TRIES:
            tries += 1
            shorter = best.data[:at] + best.data[at + size :]
            found = read_once(target, shorter)[1]
            if found is not None and found.kind == finding.kind:
                best, shrunk = found, True
            else:
                at += size
        size = size if shrunk and size == 1 else size // 2
    return best


def _told(target: Target, finding: Finding, keep: bool) -> dict[str, str]:
    name = f"{target.name}-{hashlib.sha256(finding.data).hexdigest()[:10]}{target.suffix}"
    if keep:
        (FINDINGS / name).write_bytes(finding.data)
    return {"kind": finding.kind, "said": finding.said, "file": name}


def stored() -> list[Path]:
    """Inputs that once showed a fault; the name begins with the target's."""
    return sorted(path for path in FINDINGS.iterdir() if not path.name.startswith("."))
