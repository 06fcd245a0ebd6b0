"""The answer page's routes. Each begins with the link's token, which is all the right there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin.answering import (
    AnswerRefused,
    AnswerSheet,
    Link,
    LinkUnknown,
    look_at,
    obey,
    open_link,
    read_sheet,
    save_answer,
    save_outcome,
)
from nudger.jobs.outgoing.facts import gather_facts
from nudger.jobs.outgoing.render import templates_of
from nudger.mail.catalogue import Catalogue
from nudger.web.answer.form import (
    WRITE_ONE_LINE,
    AnswerForm,
    ElsewhereForm,
    FormRefused,
    OutcomeForm,
    Typed,
)
from nudger.web.answer.view import list_values, look_values, sheet_values, typed_before
from nudger.web.form_tokens import is_form_token, new_form_token
from nudger.web.site import Site

READ = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was opened, for one request; `token` is what the link carried."""

    token: str
    link: Link
    words: Catalogue


def answer_router(site: Site) -> APIRouter:
    """Routes below /answer/{token}."""
    router = APIRouter(prefix="/answer/{token}", include_in_schema=False)
    desk = _Desk(site)
    router.add_api_route("", desk.calls, methods=READ, response_class=HTMLResponse)
    router.add_api_route("/{number}", desk.sheet, methods=READ, response_class=HTMLResponse)
    router.add_api_route("/{number}", desk.answer, methods=["POST"], response_class=HTMLResponse)
    for name, handle in (("look", desk.look), ("outcome", desk.outcome), ("other", desk.other)):
        path = f"/{{number}}/{name}"
        router.add_api_route(path, handle, methods=["POST"], response_class=HTMLResponse)
    return router


class _Desk:
    """The handlers of the routes."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def calls(self, request: Request, token: str) -> Response:
        """The calls of a digest to choose from; a question about one call has its page at once."""
        with self._site.ctx.database.read() as tx:
            opened = self._open(request, tx, token)
            if len(opened.link.meetings) == 1:
                return RedirectResponse(f"/answer/{token}/1", 303)
            facts = gather_facts(self._site.ctx, tx, opened.link.rep, opened.link.meetings)
        shown = list_values(self._site.ctx, opened.words, opened.link, facts)
        values = {"calls": shown, "token": token}
        return self._site.pages.show(request, opened.words, "answer/calls.html.j2", values)

    def sheet(self, request: Request, token: str, number: int) -> Response:
        opened, sheet = self._read(request, token, number)
        return self._show(request, opened, sheet, typed_before(sheet))

    def answer(
        self, request: Request, token: str, number: int, form: Annotated[AnswerForm, Form()]
    ) -> Response:
        opened, sheet = self._read(request, token, number)
        self._refuse_unless_ours(opened, form.token)
        typed = _typed(form)
        try:
            answer = form.answer(sheet.milestones)
            if answer.is_empty:
                raise FormRefused(commitment_objective=WRITE_ONE_LINE)
        except FormRefused as refused:
            wrong = Typed(typed.values, refused.problems)
            return self._show(request, opened, sheet, wrong, status=422)
        if form.then == "look":
            look = look_at(self._site.ctx, sheet, answer)
            values = sheet_values(self._site.ctx, opened.words, sheet, typed, look)
            return self._page(request, opened, values)
        return self._changed(
            opened, number, lambda tx, s: save_answer(self._site.ctx, tx, s, answer)
        )

    def look(
        self, request: Request, token: str, number: int, form: Annotated[AnswerForm, Form()]
    ) -> Response:
        """What the coach says while one types; nothing is saved."""
        opened, sheet = self._read(request, token, number)
        self._refuse_unless_ours(opened, form.token)
        ctx, typed, values = self._site.ctx, _typed(form), None
        try:
            look = look_at(ctx, sheet, form.answer(sheet.milestones))
            values = look_values(ctx, opened.words, sheet, look, typed)
        except FormRefused:
            pass
        shown = {"look": values}
        return self._site.pages.show(request, opened.words, "answer/look.html.j2", shown)

    def outcome(
        self, request: Request, token: str, number: int, form: Annotated[OutcomeForm, Form()]
    ) -> Response:
        opened, sheet = self._read(request, token, number)
        self._refuse_unless_ours(opened, form.token)
        try:
            outcome, words = form.given()
        except FormRefused as refused:
            wrong = Typed(typed_before(sheet).values, refused.problems)
            return self._show(request, opened, sheet, wrong, status=422)
        return self._changed(
            opened,
            number,
            lambda tx, s: save_outcome(self._site.ctx, tx, s, outcome, words),
        )

    def other(
        self, request: Request, token: str, number: int, form: Annotated[ElsewhereForm, Form()]
    ) -> Response:
        """Skip, later, somebody else, take back: what a reply could say as well."""
        opened, sheet = self._read(request, token, number)
        self._refuse_unless_ours(opened, form.token)
        try:
            command = form.command()
        except FormRefused as refused:
            wrong = Typed(typed_before(sheet).values, refused.problems)
            return self._show(request, opened, sheet, wrong, status=422)
        return self._changed(opened, number, lambda tx, s: obey(self._site.ctx, tx, s, command))

    def _changed(
        self,
        opened: Opened,
        number: int,
        change: Callable[[Connection, AnswerSheet], object],
    ) -> Response:
        """Do it on the sheet as it is now, and lead to the page that shows it."""

        def on_fresh_sheet(tx: Connection) -> object:
            link = open_link(self._site.ctx, tx, opened.token)
            return change(tx, read_sheet(self._site.ctx, tx, link, number))

        try:
            self._site.change(on_fresh_sheet)
        except LinkUnknown as error:
            raise HTTPException(404) from error
        except AnswerRefused:
            pass  # the page that follows says why
        return RedirectResponse(f"/answer/{opened.token}/{number}", 303)

    def _read(self, request: Request, token: str, number: int) -> tuple[Opened, AnswerSheet]:
        with self._site.ctx.database.read() as tx:
            opened = self._open(request, tx, token)
            try:
                return opened, read_sheet(self._site.ctx, tx, opened.link, number)
            except LinkUnknown as error:
                raise HTTPException(404) from error

    def _open(self, request: Request, tx: Connection, token: str) -> Opened:
        who, limiter = request.client.host if request.client else "", self._site.wrong_links
        if limiter.is_exhausted(who):
            raise HTTPException(429)
        try:
            link = open_link(self._site.ctx, tx, token)
        except LinkUnknown as error:
            limiter.count(who)
            raise HTTPException(404) from error
        return Opened(token, link, templates_of(self._site.ctx, link.rep).words)

    def _refuse_unless_ours(self, opened: Opened, form_token: str) -> None:
        ctx = self._site.ctx
        if not is_form_token(ctx.vault, form_token, _purpose(opened), ctx.clock()):
            raise HTTPException(403)

    def _show(
        self, request: Request, opened: Opened, sheet: AnswerSheet, typed: Typed, status: int = 200
    ) -> Response:
        values = sheet_values(self._site.ctx, opened.words, sheet, typed)
        return self._page(request, opened, values, status)

    def _page(
        self, request: Request, opened: Opened, values: dict[str, object], status: int = 200
    ) -> Response:
        ctx = self._site.ctx
        form_token = new_form_token(ctx.vault, _purpose(opened), ctx.clock())
        shown = {**values, "token": opened.token, "form_token": form_token}
        return self._site.pages.show(request, opened.words, "answer/sheet.html.j2", shown, status)


def _purpose(opened: Opened) -> str:
    return f"answer:{opened.link.mail.id}"


def _typed(form: AnswerForm) -> Typed:
    return Typed(
        form.model_dump(include={"commitment_objective", "next_milestone", "fallback", "place"})
    )
