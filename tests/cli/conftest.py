"""Running commands as a person or a script would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from nudger.cli import app


@dataclass
class Nudger:
    """`nudger --config FILE …`; `json` parses what it prints."""

    file: Path

    def __call__(self, *arguments: str, stdin: str | None = None) -> Result:
        given = ["--config", str(self.file), *arguments]
        result = CliRunner().invoke(app, given, input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result

    def json(self, *arguments: str) -> Any:
        result = self(*arguments, "--json")
        tells_concerns = arguments[0] == "status" and result.exit_code >= 10
        assert result.exit_code == 0 or tells_concerns, result.output
        return json.loads(result.stdout)


@pytest.fixture
def nudger(tmp_path: Path) -> Nudger:
    """With a configuration and a key, and nothing else."""
    made = Nudger(tmp_path / "nudger.toml")
    assert made("init", "--write-back", "private").exit_code == 0
    return made


@pytest.fixture
def nudger_in_office(office: Any) -> Nudger:
    return Nudger(office.folder / "nudger.toml")
