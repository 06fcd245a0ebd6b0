"""Templates: the admin's own folder first, file by file, then the ones that ship with Nudger.

Templates are code of the admin's, in a sandbox and by `template_rules`; what they show is data and
never a template. How they are found again when they change is in `template_cache`.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
)
from jinja2.exceptions import TemplateSyntaxError
from jinja2.meta import find_referenced_templates, find_undeclared_variables

from nudger.mail.catalogue import Catalogue, CatalogueProblem, languages_in, load_catalogue
from nudger.mail.placeholders import has_plain_placeholders
from nudger.mail.template_rules import MOST_INCLUDES, Rounds, Rules

DEFAULT_LANGUAGE = "en"
MOST_CHARACTERS = 100_000

logging.getLogger("css_inline").setLevel(logging.WARNING)


class TemplateProblem(Exception):
    """A template cannot be used; one line that names the file, the line and the mistake. `file` is
    empty where no single one is at fault, `line` then 0."""

    def __init__(self, says: str, file: str = "", line: int = 0) -> None:
        super().__init__(says)
        self.file = file
        self.line = line


def _fault_in(file: str, line: int, says: str) -> TemplateProblem:
    return TemplateProblem(f"{file}, line {line}: {says}.", file, line)


def shipped_templates() -> Path:
    """The templates inside the installed package, or at the top of a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


class Templates:
    """Renders templates of one language; a file missing there is taken from English, with its
    words from the language's catalogue. What is `typed`, by its path as in "en/question.txt.j2",
    goes before the files."""

    def __init__(
        self,
        own_folder: Path | None = None,
        language: str = DEFAULT_LANGUAGE,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        roots = roots_of(own_folder)
        languages = dict.fromkeys((language, DEFAULT_LANGUAGE))
        loaders = [
            loader
            for name in languages
            for loader in (
                _loader_of(name, typed or {}),
                *(FileSystemLoader(root / name) for root in roots),
            )
        ]
        self.words = self._read_words(language, roots)
        self._environment = Rules(
            loader=ChoiceLoader(loaders),
            auto_reload=False,
            autoescape=lambda name: bool(name and name.endswith(".html.j2")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )

        def translate(message: str) -> str:
            for said in (self.words.translate(message), message):
                if has_plain_placeholders(said):
                    return said
            return message.replace("%", "%%")

        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            translate, lambda one, many, n: translate(one if n == 1 else many), newstyle=True
        )
        self._sound: set[str] = set()
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

    def _read_words(self, language: str, roots: tuple[Path, ...]) -> Catalogue:
        try:
            return load_catalogue(language, roots)
        except CatalogueProblem as problem:
            raise TemplateProblem(str(problem)) from problem

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Raises `TemplateProblem`."""
        template = self._load(name)
        shown = {**values, "language": self.words.language, Rounds.NAME: Rounds()}
        pieces: list[str] = []
        length = 0
        try:
            for piece in template.generate(shown):
                pieces.append(piece)
                length += len(piece)
                if length > MOST_CHARACTERS:
                    raise TemplateError(f"makes a text of more than {MOST_CHARACTERS} characters")
        except TemplateNotFound as error:
            raise TemplateProblem(f"There is no template {error.name}.") from error
        except Exception as error:  # whatever an admin's template does, its line is to be named
            raise _problem(error, str(template.filename or name)) from error
        return "".join(pieces)

    def _load(self, name: str) -> Template:
        """The template, once it and all that it takes in have been found good."""
        try:
            if name not in self._sound:
                self._count_references(name, ())
                self._sound.add(name)
            return self._environment.get_template(name)
        except TemplateSyntaxError as error:
            says = error.message or type(error).__name__
            raise _fault_in(error.filename or name, error.lineno, says) from error
        except TemplateNotFound as error:
            raise TemplateProblem(f"There is no template {error.name}.") from error
        except (RecursionError, MemoryError, SyntaxError) as error:
            raise TemplateProblem(f"{name}: it is nested too deeply.", name) from error
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateProblem(f"{name}: it cannot be read as UTF-8 ({error}).") from error

    def values_in(self, name: str) -> frozenset[str]:
        """What a template itself shows or asks for, by the names that it has for them. Raises
        `TemplateProblem`."""
        self._load(name)
        loader, known = self._environment.loader, self._environment.globals
        assert loader is not None  # noqa: S101 - given above
        tree = self._environment.parse(loader.get_source(self._environment, name)[0])
        return frozenset(find_undeclared_variables(tree) - known.keys())

    def _count_references(self, name: str, above: tuple[str, ...]) -> int:
        """How many templates this one takes in, itself included."""
        loader = self._environment.loader
        assert loader is not None  # noqa: S101 - given above
        source, filename, _ = loader.get_source(self._environment, name)
        tree = self._environment._parse(source, name, filename)
        count = 1
        for inner in find_referenced_templates(tree):
            if inner in (*above, name):
                raise TemplateSyntaxError(f"{inner} takes in itself", 1, name, filename)
            count += self._count_references(inner, (*above, name)) if inner else 0
            if count > MOST_INCLUDES:
                raise TemplateSyntaxError("takes in too many templates", 1, name, filename)
        return count

    def render_html(self, name: str, values: Mapping[str, Any]) -> str:
        """The page with its styles written into the elements, as mail programs need it; what is for
        narrow or dark screens alone stays a style sheet."""
        return self._inliner.inline(self.render(name, values))


def _loader_of(folder: str, typed: Mapping[str, str]) -> FunctionLoader:
    """Finds what was typed for a language's folder."""

    def find(name: str) -> tuple[str, str, None] | None:
        path = f"{folder}/{name}"
        return (typed[path], path, None) if path in typed else None

    return FunctionLoader(find)


def _problem(error: Exception, file: str) -> TemplateProblem:
    """What went wrong, and in which line of which template."""
    said = error.message if isinstance(error, TemplateError) else None
    says = said or f"{type(error).__name__}: {error}"
    if isinstance(error, TemplateSyntaxError):
        return _fault_in(error.filename or file, error.lineno, says)
    frames = traceback.extract_tb(error.__traceback__)
    at = next((f for f in reversed(frames) if f.filename.endswith(".j2")), None)
    if at is None:
        return TemplateProblem(f"{file}: {says}.", file)
    return _fault_in(at.filename, at.lineno or 0, says)


def roots_of(own_folder: Path | None) -> tuple[Path, ...]:
    """Where templates and catalogues are looked for, the admin's own folder first."""
    return (own_folder, shipped_templates()) if own_folder else (shipped_templates(),)


def languages_of(own_folder: Path | None) -> list[str]:
    """The languages that mails can be written in, as in "de"."""
    return languages_in(roots_of(own_folder))
