"""Templates as they are on the disk now, made once for as long as no file of the admin's changes;
and what is sent while one of those cannot be used."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from nudger.mail.catalogue import Catalogue, FileState, state_of
from nudger.mail.templates import (
    DEFAULT_LANGUAGE,
    TemplateProblem,
    Templates,
    roots_of,
)

log = logging.getLogger(__name__)


class FallbackTemplates(Templates):
    """Templates by which every mail is written: in the place of an own file that cannot be used
    stands the shipped one, since a question that waits for an admin comes after its call. What is
    `typed` is judged: it raises its problem."""

    def __init__(
        self,
        own_folder: Path | None = None,
        language: str = DEFAULT_LANGUAGE,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        self._told: set[str] = set()
        self._own_folder = own_folder
        self._is_judging = bool(typed)
        super().__init__(own_folder, language, typed)
        self._shipped = None if own_folder is None else Templates(None, language)
        if self._shipped is not None:
            self._shipped.words = self.words

    def _read_words(self, language: str, roots: tuple[Path, ...]) -> Catalogue:
        try:
            return super()._read_words(language, roots)
        except TemplateProblem as problem:
            self._tell(problem)
            return super()._read_words(language, roots_of(None))

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Raises `TemplateProblem` where what is shipped or typed is at fault."""
        try:
            return super().render(name, values)
        except TemplateProblem as problem:
            if self._shipped is None or not self._is_forgiven(problem):
                raise
            self._tell(problem)
            return self._shipped.render(name, values)

    def _is_forgiven(self, problem: TemplateProblem) -> bool:
        if not self._is_judging:
            return True
        return self._own_folder is not None and self._own_folder in Path(problem.file).parents

    def _tell(self, problem: TemplateProblem) -> None:
        """Once for as long as the files stay as they are."""
        if str(problem) not in self._told:
            self._told.add(str(problem))
            log.warning("a template of yours cannot be used, ours is: %s", problem)


def templates_for(own_folder: Path | None, language: str) -> Templates:
    """By which mails are written, in whatever state the admin's files are."""
    return _made(FallbackTemplates, own_folder, language, own_state(own_folder))


def own_templates(own_folder: Path | None, language: str) -> Templates:
    """By which the admin's files are judged. Raises `TemplateProblem`, when it renders as well."""
    return _made(Templates, own_folder, language, own_state(own_folder))


def own_state(folder: Path | None) -> tuple[FileState, ...]:
    """Another once any of the admin's templates and catalogues changes, comes or goes."""
    if folder is None:
        return ()
    return state_of(sorted((*folder.glob("*.po"), *folder.glob("*/*.j2"))))


@lru_cache(maxsize=32)
def _made(
    kind: type[Templates],
    own_folder: Path | None,
    language: str,
    _files: tuple[FileState, ...],
) -> Templates:
    return kind(own_folder, language)
