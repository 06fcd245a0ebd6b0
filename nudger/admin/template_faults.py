"""What is wrong with the company's own templates as they are on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from nudger.admin.samples import SAMPLES, sample_on, stage_of
from nudger.config import Settings
from nudger.mail.catalogue import FileState
from nudger.mail.template_cache import own_state, own_templates
from nudger.mail.templates import TemplateProblem
from nudger.runtime.context import current_time
from nudger.store.people import Rep


def languages_in_use(settings: Settings, reps: Iterable[Rep]) -> list[str]:
    """The languages that mails are written in."""
    own = [rep.language for rep in reps] + [team.language for team in settings.teams]
    return sorted({settings.language, *(one for one in own if one)})


def template_faults(settings: Settings, reps: Iterable[Rep]) -> tuple[str, ...]:
    """A line for each fault in a mail of these reps' languages, each fault once. It is looked for
    again when a file changes."""
    folder = settings.templates
    if folder is None:
        return ()
    return _faults(folder, tuple(languages_in_use(settings, reps)), own_state(folder))


@lru_cache(maxsize=8)
def _faults(
    folder: Path, languages: tuple[str, ...], _files: tuple[FileState, ...]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_found(folder, languages)))


def _found(folder: Path, languages: Iterable[str]) -> Iterator[str]:
    stage = replace(stage_of(None, current_time()), answer_url="https://nudger.example/answer/x")
    for language in languages:
        for name in SAMPLES:
            try:
                sample_on(name, own_templates(folder, language), stage)
            except TemplateProblem as problem:
                yield str(problem)
