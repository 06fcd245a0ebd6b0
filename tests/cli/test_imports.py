"""What commands leave alone that they do not need: who asks for help waits for no library."""

from __future__ import annotations

import subprocess
import sys

import pytest

TELLS = """
import sys
from nudger.cli import main
try:
    main()
except SystemExit as ended:
    assert ended.code in ENDS, ended.code
print("IMPORTED", *sys.modules)
"""


def imported_by(*arguments: str, ends: tuple[int, ...] = (0,)) -> set[str]:
    """The modules that a process has at the end of this command."""
    run = subprocess.run(
        [sys.executable, "-c", f"ENDS = {ends}\n{TELLS}", *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(run.stdout.rpartition("IMPORTED ")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["stauts"]], ids=" ".join)
def test_help_and_slips_import_no_command_and_nothing_that_one_needs(arguments):
    modules = imported_by(*arguments, ends=(0, 2))
    heavy = {"alembic", "sqlalchemy", "fastapi", "jinja2", "babel", "httpx", "msal"}
    heavy |= {
        "googleapiclient",
        "google.auth",
        "cryptography",
        "icalendar",
        "pydantic_settings",
        "nudger.config",
    }
    assert heavy & modules == set()
    ours = {one for one in modules if one.startswith("nudger.cli.")}
    assert ours <= {f"nudger.cli.{one}" for one in ("app", "commands", "exits", "paragraphs")}


def test_a_command_imports_no_other():
    modules = imported_by("pause", "--help")
    assert "nudger.cli.controls" in modules
    assert not {"nudger.cli.demo", "nudger.cli.flow", "nudger.cli.setup", "fastapi"} & modules


@pytest.mark.parametrize("kept_by", ["google", "microsoft"])
def test_status_talks_to_no_provider_and_renders_no_mail(office):
    modules = imported_by("--config", str(office.file), "status", "--json", ends=(0, 11))
    assert "nudger.runtime.accounts" in modules
    heavy = {"googleapiclient", "google.auth", "google_auth_oauthlib", "msal", "httpx", "requests"}
    heavy |= {"fastapi", "uvicorn", "jinja2", "babel.messages", "icalendar", "apscheduler", "lxml"}
    assert heavy & modules == set()
