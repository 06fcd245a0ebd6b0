"""The answers of an `init` that was stopped, kept beside nudger.toml until it is written."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from nudger.admin.setup.answers import Answers


class Draft:
    """Kept in a file of its own that its owner alone can read."""

    def __init__(self, settings_file: Path) -> None:
        self._file = settings_file.with_name(f".{settings_file.name}.answers")

    def read(self) -> Answers:
        """Nothing where there is none, or what is there is none of ours."""
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return dict(content) if _is_answers(content) else {}

    def keep(self, answers: Answers) -> None:
        """Raises `OSError`."""
        self._file.touch(mode=0o600)
        self._file.write_text(json.dumps(dict(answers)), encoding="utf-8")

    def forget(self) -> None:
        with suppress(OSError):
            self._file.unlink()


def _is_answers(content: object) -> bool:
    return isinstance(content, dict) and all(isinstance(one, str) for one in content.values())
