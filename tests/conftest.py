"""What tests share: a sandbox with people in it, and Nudger installed beside it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from nudger.domain.event import Provider
from nudger.sandbox.google.oauth import service_account_info
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store.database import Database
from nudger.store.people import NewRep
from tests.databases import WORKER, bring_up_to_date, new_postgresql, sqlite_copy
from tests.office import ANA, BEN, BERLIN, DANA, NOW, NUDGER, Office, open_office
from tests.once import check_private_keys_once, compile_statements_once, read_authorities_once

MEMORY = Path("/dev/shm")  # noqa: S108 - folders of our own are made in it
ENOUGH = 2**30


def pytest_configure() -> None:
    # SQLite waits for the disk at each commit; in memory there is no disk to wait for.
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and disk_usage(MEMORY).free > ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    compile_statements_once()
    check_private_keys_once()
    read_authorities_once()


# A busy machine is no fault of a test: nothing here asserts how long something takes. The suite draws
# the same examples each time, so that only a change turns it red; others are drawn by
# make test ARGS=--hypothesis-profile=fresh
settings.register_profile("fresh", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("fresh"), derandomize=True)
settings.load_profile("same")


@pytest.fixture
def kept_by() -> str:
    """Who keeps our people's calendars and mailboxes; a module that runs on both overrides it."""
    return "google"


@pytest.fixture
def at_once() -> int:
    """How many pieces of work go on at a time; a module that runs on a pool overrides it."""
    return 1


@pytest.fixture
def kept_in() -> str:
    """The kind of database; a module that runs on both overrides it."""
    return "sqlite"


@pytest.fixture(scope="session")
def up_to_date_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its schema, to be copied: the migrations take longer than most tests."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    bring_up_to_date(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def up_to_date_postgresql() -> str:
    """The name of one."""
    name = f"nudger_template_{WORKER}"
    bring_up_to_date(new_postgresql(name))
    return name


@pytest.fixture
def database_url(kept_in: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database of the test's own, with its schema and nothing in it."""
    template = request.getfixturevalue(f"up_to_date_{kept_in}")
    if kept_in == "postgresql":
        return new_postgresql(f"nudger_test_{WORKER}", template)
    return sqlite_copy(template, tmp_path)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture
def server(kept_by: str) -> Iterator[SandboxServer]:
    world = World()
    for email, name in ((ANA, "Ana Weber"), (BEN, "Ben Okafor"), (NUDGER, "Nudger"),
                        (DANA, "Dana Reyes")):  # fmt: skip
        inside = email.endswith("@ourco.example")
        world.add_person(email, name, zone=BERLIN, provider=kept_by if inside else "google")
    world.set_now(NOW)
    with SandboxServer(world) as running:
        yield running


@pytest.fixture
def service_account(server: SandboxServer) -> dict[str, Any]:
    """Credentials that the sandbox accepts once it was told of the key."""
    return service_account_info(server.url)


@pytest.fixture
def office(
    tmp_path: Path, server: SandboxServer, database_url: str, kept_by: str, at_once: int
) -> Iterator[Office]:
    ana = NewRep(ANA, Provider(kept_by), "Ana Weber")
    with open_office(tmp_path, server, database_url, ana, at_once=at_once) as opened:
        yield opened
