"""Writing nudger.toml on the word of who uses the console: one at a time, never over what somebody
else changed meanwhile, and only what the settings' own rules find good."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nudger.admin.replaced_file import exclusively, fingerprint
from nudger.admin.setup.settings_file import write_settings
from nudger.config import load_again
from nudger.runtime.context import Context

CHANGED_MEANWHILE = "The file was changed since you opened this page. Look again, then save."


class Unchanged(Exception):
    """A setting stays as it is; one line that says why, and what to do."""


def file_of(ctx: Context) -> Path:
    """Where the settings of whoever serves pages are."""
    assert ctx.settings.file is not None  # noqa: S101 - whoever serves pages read a file
    return ctx.settings.file


def why_not_written(file: Path) -> str | None:
    """Why this process cannot write the file, if it cannot."""
    folder = file.resolve().parent
    if os.access(file, os.W_OK) and os.access(folder, os.W_OK):
        return None
    return f"{file} cannot be written by this process: write the line there by hand."


def rewrite(ctx: Context, seen: str, edit: Callable[[str], str]) -> None:
    """Have the file say what `edit` makes of its text, where nobody changed it since it was `seen`.
    Raises `Unchanged`; `ConfigProblem` where the settings' rules refuse it."""
    file = file_of(ctx)
    try:
        with exclusively(file):
            content = file.read_bytes()
            if fingerprint(content) != seen:
                raise Unchanged(CHANGED_MEANWHILE)
            write_settings(file, edit(content.decode()), partial(load_again, ctx.settings))
    except OSError as error:
        says = f"{file} cannot be written ({error.strerror}): write it there by hand."
        raise Unchanged(says) from error


def without_file(problem: Exception, file: Path, name: str) -> str:
    """What is wrong with a setting, without what its page shows already."""
    line = str(problem).partition("\n")[0].removeprefix(f"{file}: ").removeprefix(f"{name} is ")
    return line[:1].upper() + line[1:]
