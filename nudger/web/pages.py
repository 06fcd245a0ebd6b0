"""Templates become pages: whole for a browser, or the piece that a page asked for, from the same
template. Everything that is shown is data: nothing of it is markup or a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nudger.mail.catalogue import Catalogue
from nudger.web.static_files import static_address

FOLDER = Path(__file__).parent
_ASIDE = re.compile(r" ?\(\[[^\[\]]{1,80}\]\([^()]{1,200}\)\)")
_LINK = re.compile(r"\[([^\[\]]{1,80})\]\([^()]{1,200}\)")
WHOLE, PIECE = "_page.html.j2", "_piece.html.j2"


@dataclass(frozen=True)
class Pages:
    """Renders the templates of `nudger/web/templates`."""

    _environments: dict[str, Environment] = field(default_factory=dict)

    def show(
        self,
        request: Request,
        words: Catalogue,
        name: str,
        values: Mapping[str, Any],
        status: int = 200,
    ) -> HTMLResponse:
        """The page, or the piece of it that htmx asked for."""
        layout = PIECE if request.headers.get("hx-request") == "true" else WHOLE
        shown = {"layout": layout, "static": static_address, "language": words.language, **values}
        text = self._environment(words).get_template(name).render(shown)
        return HTMLResponse(text, status)

    def _environment(self, words: Catalogue) -> Environment:
        known = self._environments.get(words.language)
        if known is None:
            known = self._environments[words.language] = _environment(words)
        return known


def _environment(words: Catalogue) -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.filters["commands"] = _with_commands
    made.filters["plain_links"] = _without_links
    made.install_gettext_callables(  # type: ignore[attr-defined]
        words.translate,
        lambda one, many, n: words.translate(one if n == 1 else many),
        newstyle=True,
    )
    return made


def _without_links(text: str) -> str:
    """A line of the reference, whose links lead on from docs/, with their words alone; an
    aside that is nothing but a link goes whole."""
    return _LINK.sub(r"\1", _ASIDE.sub("", text)).replace("**", "")


def _with_commands(text: str) -> Markup:
    """A line of ours with what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts)
    )
