"""The templates that mails and notes are made of: the shipped ones, and the company's own in the
folder of `templates`. Nudger follows the files; whoever may write them needs none of this."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from nudger.admin.replaced_file import backup_of, exclusively, fingerprint, replace
from nudger.admin.rewriting import Unchanged
from nudger.admin.template_kinds import KINDS, TemplateFile, files_of
from nudger.config import Settings
from nudger.domain.reasons import Reason, StepName
from nudger.mail.templates import DEFAULT_LANGUAGE, languages_of, shipped_templates
from nudger.runtime.context import Context
from nudger.store import admins, audit

MOST_CHANGES = 30


class ChangedMeanwhile(Unchanged):
    """Somebody else changed the file since it was seen; nothing of either is lost."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A file as it stands: the shipped text, the company's where there is one, and what counts
    without that. `seen` tells whether it was changed meanwhile."""

    file: TemplateFile
    shipped: str
    own: str | None
    without_own: str
    seen: str

    @property
    def text(self) -> str:
        return self.without_own if self.own is None else self.own


def normal_text(typed: str) -> str:
    """A text from a form as a file has it."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    return f"{text}\n" if text and not text.endswith("\n") else text


def own_files(settings: Settings) -> list[TemplateFile]:
    """The company's own, of every kind and language."""
    folder = settings.templates
    if folder is None:
        return []
    every = (
        file
        for language in languages_of(folder)
        for kind in KINDS
        for file in files_of(kind, language)
    )
    return [file for file in every if _bytes(folder / file.path) is not None]


def standing_of(settings: Settings, file: TemplateFile) -> Standing:
    """Bytes that are no UTF-8 are shown as question marks."""
    shipped = _text(shipped_templates() / DEFAULT_LANGUAGE / file.name) or ""
    folder = settings.templates
    if folder is None:
        return Standing(file, shipped, None, shipped, "")
    for_all = folder / DEFAULT_LANGUAGE / file.name
    without_own = shipped if file.path == f"{DEFAULT_LANGUAGE}/{file.name}" else _text(for_all)
    own = _bytes(folder / file.path)
    return Standing(
        file, shipped, _said(own), shipped if without_own is None else without_own, _seen(own)
    )


def languages_by(settings: Settings, file: TemplateFile) -> list[str]:
    """The languages whose mails it is part of, its own first."""
    if file.language != DEFAULT_LANGUAGE:
        return [file.language]
    folder, known = settings.templates, languages_of(settings.templates)
    others = [one for one in known if one != DEFAULT_LANGUAGE]
    if folder is not None:
        others = [one for one in others if _bytes(folder / one / file.name) is None]
    return [DEFAULT_LANGUAGE, *others]


def with_own_files(settings: Settings, languages: Sequence[str]) -> list[str]:
    """Those of the languages that have templates of their own."""
    own = {file.language for file in own_files(settings)}
    return [one for one in languages if one in own]


def why_not_saved(settings: Settings) -> str | None:
    """Why no template can be saved by this process, and what to do."""
    folder = settings.templates
    if folder is None:
        return (
            'There is no folder for templates of your own yet. Write templates = "my-templates" '
            f"into {settings.file or 'nudger.toml'}, make that folder beside it, and restart."
        )
    there = next(one for one in (folder, *folder.parents) if os.access(one, os.F_OK))
    if os.access(there, os.W_OK):
        return None
    return f"{folder} cannot be written by this process: put the file there by hand."


def save(ctx: Context, tx: Connection, file: TemplateFile, text: str, seen: str) -> None:
    """Put the company's text, which was found good, in place of the file where nobody changed that
    since it was `seen`. A text that says what counts without it takes the file away, so that later
    versions of ours count. The trail has it. Raises `Unchanged`, `ChangedMeanwhile`."""
    before = standing_of(ctx.settings, file)
    if text == before.without_own and before.own is None:
        raise Unchanged("Nothing was changed.")
    if text == before.without_own:
        reset(ctx, tx, file, seen)
        return
    _change(ctx, file, seen, lambda own: replace(own, text))
    _record(ctx, tx, file, "saved")


def reset(ctx: Context, tx: Connection, file: TemplateFile, seen: str) -> None:
    """Take the company's text away, where nobody changed it since it was `seen`; it is kept beside
    as `.old`. The trail has it. Raises `Unchanged`, `ChangedMeanwhile`."""
    if standing_of(ctx.settings, file).own is None:
        raise Unchanged(f"{file.path} is the shipped one.")
    _change(ctx, file, seen, lambda own: own.replace(backup_of(own)))
    _record(ctx, tx, file, "reset")


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed which file when; `what` is "saved" or "reset"."""

    at: datetime
    path: str
    what: str
    by: str


def changes_of(tx: Connection, path: str | None = None) -> Sequence[Change]:
    """The latest changes from the console and the command line, the newest first."""
    known = {one.id: one.email for one in admins.list_admins(tx)}
    found = [
        Change(
            one.at,
            str(one.step.detail.get("template", "?")),
            str(one.step.detail.get("change", "?")),
            known.get(one.step.detail.get("admin", 0), "one-time code or command"),
        )
        for one in audit.latest(tx, Reason.TEMPLATE_CHANGED, MOST_CHANGES)
    ]
    return [one for one in found if path is None or one.path == path]


def _change(ctx: Context, file: TemplateFile, seen: str, what: Callable[[Path], object]) -> None:
    folder, why_not = ctx.settings.templates, why_not_saved(ctx.settings)
    if folder is None or why_not is not None:
        raise Unchanged(why_not or "")
    own = folder / file.path
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        with exclusively(own):
            if _seen(_bytes(own)) != seen:
                raise ChangedMeanwhile("Somebody else changed it since you opened this page.")
            what(own)
    except OSError as error:
        says = f"{own} cannot be written ({error.strerror}): put it there by hand."
        raise Unchanged(says) from error


def _text(file: Path) -> str | None:
    return _said(_bytes(file))


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _said(content: bytes | None) -> str | None:
    return None if content is None else content.decode(errors="replace").replace("\r\n", "\n")


def _seen(content: bytes | None) -> str:
    return "" if content is None else fingerprint(content)


def _record(ctx: Context, tx: Connection, file: TemplateFile, what: str) -> None:
    detail = {"template": file.path, "change": what}
    step = audit.Step(StepName.CONTROL, Reason.TEMPLATE_CHANGED, detail=detail)
    audit.record(tx, step, ctx.clock())
