"""A sandbox to set Nudger up against by hand, as against Google or Microsoft: credentials for it,
and what leads Nudger there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nudger.demo.installation import credentials_of
from nudger.sandbox.google.oauth import SERVICE_ACCOUNT

CREDENTIALS, ENVIRONMENT = "credentials.json", "sandbox.env"
_EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WHY = (
    "# Leads Nudger to the sandbox; has it ask days ahead, at any hour of any day, and look for\n"
    "# replies every five seconds. In each terminal, before `nudger`:   . ./sandbox.env\n"
)


class Occupied(Exception):
    """A folder that holds somebody's own installation; one line that says so."""


def prepare(folder: Path, url: str) -> tuple[Path, Path]:
    """Write both files for the sandbox at `url`; what an earlier sandbox left is replaced. Raises
    `Occupied`, `OSError`."""
    require_free(folder)
    credentials, environment = folder / CREDENTIALS, folder / ENVIRONMENT
    credentials.touch(mode=0o600)
    credentials.write_text(json.dumps(credentials_of(url), indent=2) + "\n", encoding="utf-8")
    lines = (f"export {name}={shlex.quote(value)}\n" for name, value in leads_to(url).items())
    environment.write_text(_WHY + "".join(lines), encoding="utf-8")
    return credentials, environment


def require_free(folder: Path) -> None:
    """Raises `Occupied` where credentials or settings are not a sandbox's."""
    file = folder / CREDENTIALS
    if file.exists():
        if not _opens_a_sandbox(file):
            raise Occupied(f"{file} is no sandbox's: begin in an empty folder.")
    elif (folder / "nudger.toml").exists():
        raise Occupied(f"{folder / 'nudger.toml'} is no sandbox's: begin in an empty folder.")


def _opens_a_sandbox(file: Path) -> bool:
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        account = content["google_service_account"]["client_email"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(account == SERVICE_ACCOUNT)


def leads_to(url: str) -> Mapping[str, str]:
    """Settings, as variables of the environment: where the sandbox at `url` is, and that nobody
    has to wait for a working day."""
    return {
        "NUDGER_GOOGLE__API_ROOT": url,
        "NUDGER_MICROSOFT__GRAPH_ROOT": f"{url}/v1.0",
        "NUDGER_MICROSOFT__AUTHORITY": url,
        "NUDGER_ASK__DAY_STARTS": "00:00",
        "NUDGER_ASK__DAY_ENDS": "23:59",
        "NUDGER_ASK__WORKING_DAYS": json.dumps(_EVERY_DAY),
        "NUDGER_ASK__LEAD_HOURS": "80",
        "NUDGER_LISTEN_EVERY_SECONDS": "5",
    }
