"""Templates: the admin's own folder first, file by file, then the ones that ship with Nudger.

Templates are code of the admin's, in a sandbox; what they show is data and never a template.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from nudger.mail.catalogue import Catalogue, CatalogueProblem, languages_in, load_catalogue

DEFAULT_LANGUAGE = "en"
MOST_CHARACTERS = 100_000

logging.getLogger("css_inline").setLevel(logging.WARNING)


class TemplateProblem(Exception):
    """A template cannot be used; one line that names the file, the line and the mistake."""


def shipped_templates() -> Path:
    """The templates inside the installed package, or at the top of a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


class Templates:
    """Renders templates of one language; a file missing there is taken from English, with its
    words from the language's catalogue."""

    def __init__(self, own_folder: Path | None = None, language: str = DEFAULT_LANGUAGE) -> None:
        roots = roots_of(own_folder)
        languages = dict.fromkeys((language, DEFAULT_LANGUAGE))
        folders = [root / name for name in languages for root in roots]
        self.words = _catalogue(language, roots)
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            autoescape=lambda name: bool(name and name.endswith(".html.j2")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        translate = self.words.translate
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            translate, lambda one, many, n: translate(one if n == 1 else many), newstyle=True
        )
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Raises `TemplateProblem`."""
        try:
            text = self._environment.get_template(name).render(
                language=self.words.language, **values
            )
        except TemplateSyntaxError as error:
            where = f"{error.filename or name}, line {error.lineno}"
            raise TemplateProblem(f"{where}: {error.message}.") from error
        except TemplateNotFound as error:
            raise TemplateProblem(f"There is no template {error.name}.") from error
        except TemplateError as error:
            raise TemplateProblem(f"{self._file(name)}: {error.message}.") from error
        if len(text) > MOST_CHARACTERS:
            raise TemplateProblem(f"{self._file(name)}: makes a text of {len(text)} characters.")
        return text

    def render_html(self, name: str, values: Mapping[str, Any]) -> str:
        """The page with its styles written into the elements, as mail programs need it."""
        return self._inliner.inline(self.render(name, values))

    def _file(self, name: str) -> str:
        return str(self._environment.get_template(name).filename or name)


def roots_of(own_folder: Path | None) -> tuple[Path, ...]:
    """Where templates and catalogues are looked for, the admin's own folder first."""
    return (own_folder, shipped_templates()) if own_folder else (shipped_templates(),)


def languages_of(own_folder: Path | None) -> list[str]:
    """The languages that mails can be written in, as in "de"."""
    return languages_in(roots_of(own_folder))


def _catalogue(language: str, roots: tuple[Path, ...]) -> Catalogue:
    try:
        return load_catalogue(language, roots)
    except CatalogueProblem as problem:
        raise TemplateProblem(str(problem)) from problem


@lru_cache(maxsize=16)
def templates_for(own_folder: Path | None, language: str) -> Templates:
    return Templates(own_folder, language)
