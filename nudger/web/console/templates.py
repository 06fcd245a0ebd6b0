"""The templates of mails and notes: which are the company's own, and the way back to ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from nudger.admin import template_files as files
from nudger.admin.rewriting import Unchanged
from nudger.admin.template_files import Standing
from nudger.admin.template_kinds import KINDS, SHARED, TemplateFile, files_of
from nudger.mail.templates import DEFAULT_LANGUAGE, languages_of
from nudger.web.console.desk import Desk
from nudger.web.console.section import Section
from nudger.web.console.template_editor import Editor, changes_shown, editor_path, standing_at
from nudger.web.console.templates_form import EditForm, compared
from nudger.web.site import READ


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages, editor = _Templates(desk), Editor(desk)
    router.add_api_route("", pages.page, methods=READ)
    router.add_api_route("/edit", editor.page, methods=READ)
    router.add_api_route("/edit", editor.edit, methods=["POST"])
    router.add_api_route("/look/{name}", editor.look, methods=READ)
    router.add_api_route("/reset", pages.ask_to_reset, methods=READ)
    router.add_api_route("/reset", pages.reset, methods=["POST"])


TEMPLATES = Section("templates", "Templates", _add_routes, uploads=frozenset({"edit"}))


@dataclass(frozen=True)
class _Templates:
    """The handlers of the list, and of the way back."""

    desk: Desk

    def page(self, request: Request) -> Response:
        settings = self.desk.ctx.settings
        own = files.own_files(settings)
        values = {
            "kinds": [_kind(kind, own) for kind in KINDS],
            "languages": languages_of(settings.templates),
            "folder": settings.templates,
            "why_not": files.why_not_saved(settings),
            "changes": changes_shown(self.desk, None),
        }
        return self.desk.show(request, "templates/list.html.j2", values)

    def ask_to_reset(self, request: Request, file: str = "") -> Response:
        return self._show(request, standing_at(self.desk, file))

    def reset(self, request: Request, form: Annotated[EditForm, Form()]) -> Response:
        standing, ctx = standing_at(self.desk, form.file), self.desk.ctx
        try:
            return self.desk.change(
                editor_path(standing.file, done="reset"),
                lambda tx: files.reset(ctx, tx, standing.file, form.seen),
            )
        except Unchanged as why:
            return self._show(request, standing_at(self.desk, form.file), str(why), 422)

    def _show(
        self, request: Request, standing: Standing, why: str = "", status: int = 200
    ) -> Response:
        values = {
            "file": standing.file,
            "title": KINDS[standing.file.kind][0],
            "is_own": standing.own is not None,
            "seen": standing.seen,
            "why": why,
            "why_not": files.why_not_saved(self.desk.ctx.settings),
            "differs": compared(standing.without_own, standing.text),
        }
        return self.desk.show(request, "templates/reset.html.j2", values, status=status)


def _kind(kind: str, own: Sequence[TemplateFile]) -> dict[str, Any]:
    title, says = KINDS[kind]
    begins_with = "_layout.html.j2" if kind == SHARED else f"{kind}.txt.j2"
    first = next(one for one in files_of(kind) if one.name == begins_with)
    changed = [one for one in own if one.kind == kind]
    return {
        "path": (changed[0] if changed else first).path,
        "title": title,
        "says": says,
        "changed": [_named(one) for one in changed],
    }


def _named(file: TemplateFile) -> str:
    is_for_all = file.language == DEFAULT_LANGUAGE
    return file.part if is_for_all else f"{file.part} ({file.language})"
