"""What every page of the console is made with: its frame, its words, and changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from nudger.mail.catalogue import Catalogue
from nudger.mail.template_cache import templates_for
from nudger.runtime.context import Context
from nudger.web.console.guard import visitor_of
from nudger.web.console.moments import Moments
from nudger.web.console.section import Section
from nudger.web.form_tokens import new_form_token
from nudger.web.site import Site

ENGLISH = "en"
"""The language of the console, as of the commands that do the same."""


@dataclass(frozen=True)
class Desk:
    """`sections` are those of the navigation, in its order."""

    site: Site
    sections: Sequence[Section]

    @property
    def ctx(self) -> Context:
        return self.site.ctx

    @property
    def words(self) -> Catalogue:
        return templates_for(self.ctx.settings.templates, ENGLISH).words

    @property
    def moments(self) -> Moments:
        return Moments(ZoneInfo(self.ctx.settings.time_zone))

    def show(
        self,
        request: Request,
        name: str,
        values: Mapping[str, Any],
        problems: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        """A page of `templates/console`, in the frame. `problems` say what is wrong with which
        field. Templates have, beside the values: `form_token`, `may_change`, and `here`, the
        section's path."""
        visitor = visitor_of(request)
        token = new_form_token(self.ctx.vault, visitor.purpose, self.ctx.clock())
        shown = {
            **values,
            "problems": problems or {},
            "form_token": token,
            "may_change": visitor.may_change,
            "who": visitor.name,
            "role": visitor.who.role.value,
            "here": visitor.section.path,
            "at": visitor.section.title,
            "navigation": [
                (one.path, one.title)
                for one in self.sections
                if one.is_listed and visitor.who.role in one.roles
            ],
        }
        return self.site.pages.show(request, self.words, f"console/{name}", shown, status)

    def change(self, leads_to: str, what: Callable[[Connection], object]) -> Response:
        """Do it in one transaction, then show the page at this path."""
        self.site.change(what)
        return RedirectResponse(leads_to, 303)
