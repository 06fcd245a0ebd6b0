"""A warm process whose children do the worker's work and die of it.

Each scene is played once up to its point; then the database and the world are put back to it for
every run. A child works until a failpoint ends it, another one recovers: by the clock alone, which
is put past every lease.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sqlite3
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from nudger import worker
from nudger.config import Settings, load_settings
from nudger.domain.event import Provider
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.microsoft.identity import app_credentials
from nudger.store import people, tables
from nudger.store.database import Database
from nudger.store.people import NewRep
from nudger.store.vault import load_vault, new_key
from tests.faults.failpoints import Failpoints
from tests.faults.faulty import Strike
from tests.faults.neighbour import ANA, BEN, MIA, NUDGER, Neighbour
from tests.faults.scenes import MONDAY, Days, Part, Play, Scene
from tests.faults.sights import Sights

SETTINGS = """
write_back = "meeting"
time_zone = "Europe/Berlin"
database = "{database}"
listen_every_seconds = 30
at_once = 1
[{provider}]
mailbox = "{mailbox}"
{endpoints}
[scan]
every_seconds = 30
[ask]
hours_from = "settings"
[[milestones]]
name = "First call"
[[milestones]]
name = "Needs analysis"
[[milestones]]
name = "Decision"
"""
ENDPOINTS = {
    "google": 'api_root = "{root}"',
    "microsoft": 'graph_root = "{root}/v1.0"\nauthority = "{root}"\n'
    "outlook_may_notify_guests = {notify}",
}
RECOVERY = (1, 6, 20)
"""Minutes between the rounds after a death: at once, past the leases, past what waits on doubt."""
PUT_OFF = 45
"""Minutes after which all that failed is due again."""
ENDED_WITH_TROUBLE = 3
HANGS_AFTER_SECONDS = 300


@dataclass(frozen=True)
class Mode:
    """Who keeps calendars and mail, and which database Nudger keeps."""

    provider: str
    database: str


@dataclass(frozen=True)
class Before:
    """How things stood before the worker's work: the world, the clock, and how to lay the database."""

    world: bytes
    clock: float
    lay_database: Callable[[], None]


@dataclass
class Zygote:
    folder: Path
    neighbour: Neighbour
    url: str
    points: Failpoints
    postgresql: str | None
    settings: Settings = field(init=False)
    database: Database = field(init=False)
    days: Days = MONDAY

    def __post_init__(self) -> None:
        account = new_service_account(self.url)
        credentials = {"google_service_account": account, "microsoft_app": app_credentials()}
        (self.folder / "credentials.json").write_text(json.dumps(credentials))
        (self.folder / "nudger.key").write_text(new_key())
        for private in ("credentials.json", "nudger.key"):
            (self.folder / private).chmod(0o600)
        self._databases: dict[str, Database] = {}
        self._empty: dict[str, Callable[[], None]] = {}

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.points.shared.clock, UTC)

    def set_now(self, moment: datetime) -> None:
        self.points.shared.clock = moment.timestamp()
        self.neighbour.set_now(moment.astimezone(UTC))

    def prepare(self, mode: Mode, scene: Scene, days: Days = MONDAY) -> Before:
        """Play the scene up to its point, in this process, which gets warm by it."""
        self.days = days
        self._open(mode, scene)
        self.neighbour.found(mode.provider)
        self.set_now(days.at(0, "07:00"))
        with self.database.begin() as tx:
            people.set_domains(tx, ["ourco.example"], "ours", self.now)
            for email, name in ((ANA, "Ana Weber"), (BEN, "Ben Okafor")):
                rep = NewRep(email, Provider(mode.provider), name, manager=MIA)
                people.add_rep(tx, rep, self.now)
        self._in_a_thread(lambda: scene.given(self._play(scene)))
        self.database.close()
        return Before(self.neighbour.kept(), self.points.shared.clock, self._keep(mode))

    def undisturbed(self, scene: Scene) -> tuple[Sights, list[str]]:
        """Play what stands ready to its end in this process, so that no child has to load or
        compile; what people see then, and the points that the worker's work has."""
        play = self._play(scene)
        self.points.arm(0)
        self._in_a_thread(lambda: scene.when(play))
        names = list(self.points.names)
        self.points.disarm()
        self._in_a_thread(lambda: self.recover_and_end(scene)(self._play(scene)))
        self.database.close()
        return dict(self.neighbour.sights()), names

    def _in_a_thread(self, do: Callable[[], object]) -> None:
        """What hangs on a thread, as open connections do, is gone with it before we fork."""
        troubles: list[BaseException] = []

        def caught() -> None:
            try:
                do()
            except BaseException as error:
                troubles.append(error)

        thread = threading.Thread(target=caught)
        thread.start()
        thread.join()
        if troubles:
            raise troubles[0]

    def _open(self, mode: Mode, scene: Scene) -> None:
        url = self._database_url(mode.database)
        endpoints = ENDPOINTS[mode.provider].format(
            root=self.url, notify="true" if scene.notify else "false"
        )
        file = self.folder / "nudger.toml"
        file.write_text(
            SETTINGS.format(
                provider=mode.provider, mailbox=NUDGER, endpoints=endpoints, database=url
            )
        )
        self.settings = load_settings(file)
        if mode.database not in self._databases:
            self._databases[mode.database] = self.database = Database(self.settings.database)
            self.database.upgrade()
            self.database.close()
            self._empty[mode.database] = self._keep(mode)
        self.database = self._databases[mode.database]
        self._empty[mode.database]()

    def _database_url(self, kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self.folder / 'nudger.db'}"
        assert self.postgresql is not None
        return self.postgresql

    def _keep(self, mode: Mode) -> Callable[[], None]:
        """Keep the database as it is; calling the result lays it so again."""
        if mode.database == "sqlite":
            return _keep_file(self.folder / "nudger.db")
        return _keep_rows(self.database)

    def lay(self, before: Before, strikes: list[Strike]) -> None:
        before.lay_database()
        self.database.close()
        self.neighbour.lay(before.world, strikes)
        self.points.shared.clock = before.clock

    def child(self, part: Part, scene: Scene, arm: Callable[[], None] = lambda: None) -> int:
        """Have a child play a part; returns its process id."""
        pid = os.fork()
        if pid:
            return pid
        signal.alarm(HANGS_AFTER_SECONDS)
        gc.disable()  # it would write to all memory that is shared with us, for a short life
        status = ENDED_WITH_TROUBLE
        try:
            play = self._play(scene)
            arm()
            part(play)
            status = 0
        except BaseException:
            self.trouble_file.write_text(traceback.format_exc())
        finally:
            os._exit(status)

    @property
    def trouble_file(self) -> Path:
        return self.folder / "trouble.txt"

    def recover_and_end(self, scene: Scene, *more_minutes: int) -> Part:
        """A fresh worker: works at once, then past the leases, and on to the scene's end."""

        def part(play: Play) -> None:
            self.recover(play)
            for minutes in more_minutes:
                self.set_now(self.now + timedelta(minutes=minutes))
                play.work()
            scene.then(play)

        return part

    def recover(self, play: Play) -> None:
        for minutes in RECOVERY:
            self.set_now(self.now + timedelta(minutes=minutes))
            play.work()

    def end(self, scene: Scene, *more_minutes: int) -> Sights:
        """A child recovers and plays to the end; what people see then."""
        part = self.recover_and_end(scene, *more_minutes)
        require_end(self.child(part, scene), self.trouble_file)
        return dict(self.neighbour.sights())

    def _play(self, scene: Scene) -> Play:
        clock = lambda: self.now  # noqa: E731
        settings = self.settings
        vault = load_vault(settings.key, settings.key_file)
        accounts = open_accounts(settings, self.database, vault, clock)
        ctx = Context(settings, self.database, vault, accounts, clock=clock)

        def work() -> None:
            steps = [worker.outgoing, worker.incoming]
            for step in [worker.hourly, *steps] if scene.weekly else steps:
                _tick(step, ctx)

        return Play(self.neighbour, self.days, clock, self.set_now, work)


def _tick(step: Callable[[Context], Any], ctx: Context) -> None:
    """As the worker's own tick: what fails is tried again by the next one."""
    try:
        step(ctx)
    except Exception:
        if os.environ.get("FAULTS_VERBOSE"):
            traceback.print_exc()


class Troubled(Exception):
    """A child ended in a way that nobody asked for."""


def require_end(pid: int, trouble: Path) -> None:
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        raise Troubled(f"ended by signal {os.WTERMSIG(status)}")
    if status:
        text = trouble.read_text() if trouble.exists() else ""
        raise Troubled(text.strip().rpartition("\n")[2] or f"ended with {status}")


def was_killed(pid: int, trouble: Path) -> bool:
    """Wait for a child that is to die; false when it came to its end alive."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    if os.WIFSIGNALED(status):
        raise Troubled(f"ended by signal {os.WTERMSIG(status)}")
    if status:
        raise Troubled(trouble.read_text().strip().rpartition("\n")[2])
    return False


def _keep_file(path: Path) -> Callable[[], None]:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = path.read_bytes()

    def lay() -> None:
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(content)

    return lay


def _keep_rows(database: Database) -> Callable[[], None]:
    """How the rows of now are laid again, those of the audit too, which nobody may delete."""
    order = tables.metadata.sorted_tables
    with database.read() as tx:
        rows = {one: [dict(row) for row in tx.execute(sa.select(one)).mappings()] for one in order}

    def lay() -> None:
        with database.engine.begin() as tx:
            tx.execute(sa.text("SET LOCAL session_replication_role = replica"))  # no triggers
            for one in reversed(order):
                tx.execute(sa.delete(one))
            for one in order:
                if rows[one]:
                    tx.execute(sa.insert(one), rows[one])

    return lay


@contextmanager
def a_folder(base: Path, name: str) -> Iterator[Path]:
    folder = base / name
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
