"""What can be made to go wrong in a scene, and how each is carried out.

A case's name says all that is needed to repeat it: "kill:37" dies at the 37th point, "kill:37+12"
dies again at the 12th point of the recovery, "network:byteless:after:3:1" strikes the third call.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from tests.faults.faulty import KINDS, SAYS_DONE, Strike, fits
from tests.faults.scenes import AUTUMN, SPRING, Play, Scene
from tests.faults.sights import Finding, Sights, compare, doubled, hours
from tests.faults.zygote import PUT_OFF, Before, Mode, Troubled, Zygote, require_end, was_killed

JUMPS = {"-1h": -60, "-24h": -1440, "-10min": -10, "+1h": 60, "+3d": 4320, "+30d": 43200}
DATABASE_FAULTS = {
    "sqlite": ("locked", "full", "read_only"),
    "postgresql": ("restarted", "locked", "read_only"),
}
PATIENCE, SHORT_PATIENCE = 60.0, 2.0
STALL = timedelta(minutes=10)


@dataclass
class Staged:
    """A scene that stands ready, what is seen when nothing fails, and the points of its work."""

    zygote: Zygote
    mode: Mode
    scene: Scene
    before: Before
    wanted: Sights
    points: list[str]

    @property
    def name(self) -> str:
        return f"{self.mode.provider}/{self.mode.database}/{self.scene.name}"

    @property
    def requests(self) -> list[str]:
        """The routes that are called, one after the other."""
        sent = (one for one in self.points if one.endswith(" before") and " commit " not in one)
        return [one.partition(" ")[2].rpartition(" ")[0] for one in sent]


def stage(zygote: Zygote, mode: Mode, scene: Scene) -> Staged:
    before = zygote.prepare(mode, scene)
    zygote.lay(before, [])
    wanted, points = zygote.undisturbed(scene)
    return Staged(zygote, mode, scene, before, wanted, points)


@dataclass(frozen=True)
class Plan:
    """How many cases of each sort for a scene; `at` is a pattern of where they strike."""

    kills: int
    network: int
    database: int
    stalls: int
    clock: int
    at: str = ""


def plan(staged: Staged, wanted: Plan, seed: int) -> list[str]:
    """The names of the cases of a scene, the same for the same seed."""
    chance = random.Random(f"{seed} {staged.name}")
    points = [at for at, name in enumerate(staged.points, 1) if re.search(wanted.at, name)]
    last = len(staged.points)
    names = [f"kill:{at}" for at in _some(chance, points, wanted.kills)]
    while points and not wanted.at and len(names) < wanted.kills:
        names.append(f"kill:{chance.choice(points)}+{chance.randint(1, last)}")
    names += _some(chance, list(_network(staged, wanted.at)), wanted.network)
    kinds = DATABASE_FAULTS[staged.mode.database]
    first = chance.randrange(len(kinds))
    for number in range(first, first + wanted.database):
        names.append(f"database:{kinds[number % len(kinds)]}:{chance.choice(points)}")
    names += [f"stall:{at}" for at in _some(chance, points, wanted.stalls)]
    jumps = [f"clock:{name}" for name in JUMPS]
    if not staged.scene.weekly:
        jumps += ["summer_time:begins", "summer_time:ends"]
    return names + _some(chance, jumps, wanted.clock)


def _some(chance: random.Random, of: Sequence[Any], count: int) -> list[Any]:
    return sorted(chance.sample(of, min(count, len(of))))


def _network(staged: Staged, at: str) -> Iterator[str]:
    """Each call with each kind of fault, before and after its effect; and storms."""
    for number, route in enumerate(staged.requests, start=1):
        if not re.search(at, route):
            continue
        for name, kind in KINDS.items():
            if fits(name, route):
                if route.startswith("GET") or name not in SAYS_DONE:
                    yield f"network:{name}:before:{number}:1"
                if kind.in_doubt and not route.startswith("GET"):
                    yield f"network:{name}:after:{number}:1"
    if at:
        return
    for name in ("503", "429_retry_after", "byteless", "reset", "401", "page", "504"):
        for number in range(1, len(staged.requests) + 1, 3):
            yield f"network:{name}:before:{number}:{3 + number % 9}"


def carry_out(staged: Staged, case: str) -> Iterator[Finding]:
    """Run one case; every way in which the end is not as it should be. Raises `Unstruck`."""
    sort, _, how = case.partition(":")
    try:
        yield from _SORTS[sort](staged, how)
    except Troubled as trouble:
        yield Finding("stuck", str(trouble))
    if staged.zygote.points.shared.impatient:
        yield Finding("retried_too_soon", f"{staged.zygote.points.shared.impatient} calls")


class Unstruck(Exception):
    """The fault was not reached: the case does not count."""


def _kill(staged: Staged, how: str) -> Iterator[Finding]:
    zygote, scene = staged.zygote, staged.scene
    zygote.lay(staged.before, [])
    first, _, second = how.partition("+")
    _die_at(staged, int(first), scene.when)
    if second:
        _die_at(staged, int(second), zygote.recover, must=False)
    yield from compare(staged.wanted, zygote.end(scene))


def _die_at(staged: Staged, at: int, part: Callable[[Play], None], *, must: bool = True) -> None:
    zygote = staged.zygote
    zygote.trouble_file.unlink(missing_ok=True)
    pid = zygote.child(
        part,
        staged.scene,
        lambda: zygote.points.arm(at, lambda: os.kill(os.getpid(), signal.SIGKILL)),
    )
    died = was_killed(pid, zygote.trouble_file)
    if must and not died:
        raise Unstruck(f"only {zygote.points.shared.reached} points")
    zygote.neighbour.settle(zygote.points.shared.requests)


def _struck_by_network(staged: Staged, how: str) -> Iterator[Finding]:
    kind, side, number, times = how.split(":")
    zygote, scene = staged.zygote, staged.scene
    calls = staged.requests
    route = calls[int(number) - 1]
    nth = calls[: int(number)].count(route)
    strike = Strike(kind, route, nth, side == "after", 1)
    if times != "1":
        strike = Strike(kind, "*", int(number), side == "after", int(times))
    zygote.lay(staged.before, [strike])
    zygote.points.patience = SHORT_PATIENCE if kind in ("swallowed", "stalled") else PATIENCE
    pid = zygote.child(scene.when, scene, lambda: zygote.points.arm(0))
    zygote.points.patience = PATIENCE
    require_end(pid, zygote.trouble_file)
    too_soon = zygote.points.shared.impatient
    if not zygote.neighbour.struck():
        raise Unstruck(f"{route} was not called {nth} times")
    zygote.neighbour.settle(0)
    if times == "1":
        zygote.neighbour.forgive()
    yield from compare(staged.wanted, zygote.end(scene, PUT_OFF))
    if too_soon:
        yield Finding("retried_too_soon", f"{too_soon} calls")


def _struck_by_database(staged: Staged, how: str) -> Iterator[Finding]:
    kind, _, at = how.partition(":")
    zygote, scene = staged.zygote, staged.scene
    zygote.lay(staged.before, [])

    def arm() -> None:
        zygote.points.arm(int(at), lambda: _FAULTS[staged.mode.database, kind](zygote))

    require_end(zygote.child(scene.when, scene, arm), zygote.trouble_file)
    if zygote.points.shared.reached < int(at):
        raise Unstruck(f"only {zygote.points.shared.reached} points")
    yield from compare(staged.wanted, zygote.end(scene, PUT_OFF))


def _sqlite_locked(zygote: Zygote) -> None:
    """Somebody else writes and does not end; ours give up soon."""
    event.listen(Engine, "begin", _hurry, insert=True)
    other = sqlite3.connect(zygote.folder / "nudger.db", isolation_level=None, timeout=0)
    _KEPT.append(other)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:  # we write ourselves: then from our next transaction on
        event.listen(Engine, "rollback", lambda _c: None)
        event.listen(Engine, "begin", lambda _c: _lock(other), insert=True)


_KEPT: list[Any] = []
"""Connections that hold a lock until the process ends."""


def _lock(other: sqlite3.Connection) -> None:
    if not other.in_transaction:
        other.execute("BEGIN IMMEDIATE")


def _hurry(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA busy_timeout=20")


def _hurry_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql("SET lock_timeout = '20ms'")


_IN_A_HURRY = {"sqlite": _hurry, "postgresql": _hurry_postgresql}
"""Who stands still in a transaction keeps its lock: others must not wait for it in vain."""


def _sqlite_full(_zygote: Zygote) -> None:
    event.listen(Engine, "begin", _no_more_pages, insert=True)


def _no_more_pages(connection: Connection) -> None:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def _sqlite_read_only(_zygote: Zygote) -> None:
    event.listen(
        Engine, "begin", lambda one: one.exec_driver_sql("PRAGMA query_only=ON"), insert=True
    )


def _postgresql_restarted(zygote: Zygote) -> None:
    """Every other connection is cut, as when the server restarts."""
    engine = create_engine(zygote.database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as other:
        other.execute(text("SET application_name = 'fault'"))
        other.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
                " AND datname = current_database() AND application_name = :mine"
            ),
            {"mine": zygote.folder.name},
        )
    engine.dispose()


def _postgresql_locked(zygote: Zygote) -> None:
    """Somebody holds the tables, from the next transaction on; ours give up soon."""
    other = create_engine(zygote.database.url, isolation_level="AUTOCOMMIT").connect()
    other.exec_driver_sql("SET lock_timeout = '20ms'")
    other.exec_driver_sql("BEGIN")
    _KEPT.append(other)
    holds = False

    def hurry(connection: Connection) -> None:
        nonlocal holds
        _hurry_postgresql(connection)
        if not holds:
            try:
                other.exec_driver_sql("LOCK TABLE mail, note, inbound, mailbox IN EXCLUSIVE MODE")
                holds = True
            except DBAPIError:  # ours are held by us: from a later transaction on
                other.exec_driver_sql("ROLLBACK")
                other.exec_driver_sql("BEGIN")

    event.listen(Engine, "begin", hurry)


def _postgresql_read_only(_zygote: Zygote) -> None:
    event.listen(
        Engine, "begin", lambda one: one.exec_driver_sql("SET TRANSACTION READ ONLY"), insert=True
    )


_FAULTS: dict[tuple[str, str], Callable[[Zygote], None]] = {
    ("sqlite", "locked"): _sqlite_locked,
    ("sqlite", "full"): _sqlite_full,
    ("sqlite", "read_only"): _sqlite_read_only,
    ("postgresql", "restarted"): _postgresql_restarted,
    ("postgresql", "locked"): _postgresql_locked,
    ("postgresql", "read_only"): _postgresql_read_only,
}


def _stall(staged: Staged, how: str) -> Iterator[Finding]:
    """A worker stands still past its lease while another takes over, and then goes on."""
    zygote, scene = staged.zygote, staged.scene
    zygote.lay(staged.before, [])
    pid = zygote.child(
        scene.when,
        scene,
        lambda: zygote.points.arm(int(how), lambda: os.kill(os.getpid(), signal.SIGSTOP)),
    )
    _, status = os.waitpid(pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        raise Unstruck("it came to its end")
    zygote.neighbour.settle(0)
    zygote.set_now(zygote.now + STALL)

    def take_over(play: Play) -> None:
        event.listen(Engine, "begin", _IN_A_HURRY[staged.mode.database], insert=True)
        play.work()
        zygote.set_now(zygote.now + timedelta(minutes=1))
        play.work()

    try:
        require_end(zygote.child(take_over, scene), zygote.trouble_file)
    except Troubled:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    os.kill(pid, signal.SIGCONT)
    require_end(pid, zygote.trouble_file)
    yield from compare(staged.wanted, zygote.end(scene))


def _clock_jumps(staged: Staged, how: str) -> Iterator[Finding]:
    """The clock is wrong while the worker works, and is put right then."""
    zygote, scene = staged.zygote, staged.scene
    zygote.lay(staged.before, [])
    wrong = timedelta(minutes=JUMPS[how])

    def part(play: Play) -> None:
        scene.when(play)
        right = zygote.now
        zygote.set_now(right + wrong)
        play.work()
        zygote.set_now(right)
        play.work()

    require_end(zygote.child(part, scene), zygote.trouble_file)
    try:
        yield from doubled(staged.wanted, zygote.end(scene))
    except Troubled:
        if not how.startswith("+"):  # a clock ahead lets questions expire: no mail to answer then
            raise


def _summer_time(staged: Staged, how: str) -> Iterator[Finding]:
    """The same scene around the night in which clocks are changed: the same mails at the same hours."""
    zygote, scene = staged.zygote, staged.scene
    usual = zygote.days
    try:
        before = zygote.prepare(staged.mode, scene, SPRING if how == "begins" else AUTUMN)
        zygote.lay(before, [])
        require_end(zygote.child(scene.when, scene), zygote.trouble_file)
        seen = zygote.end(scene)
    finally:
        zygote.days = usual
    if hours(seen) != hours(staged.wanted):
        yield Finding("wrong_hour", f"{hours(seen)}, not {hours(staged.wanted)}")
    if seen["drafts"]:
        yield Finding("stray_drafts", f"{seen['drafts']} drafts left")


_SORTS: dict[str, Callable[[Staged, str], Iterator[Finding]]] = {
    "kill": _kill,
    "network": _struck_by_network,
    "database": _struck_by_database,
    "stall": _stall,
    "clock": _clock_jumps,
    "summer_time": _summer_time,
}
