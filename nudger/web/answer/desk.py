"""Answering a call on its sheet, whichever door it was opened by: a mail's link, or a session."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin.answering import (
    PAGE,
    AnswerRefused,
    AnswerSheet,
    Link,
    LinkUnknown,
    Surface,
    look_at,
    obey,
    read_sheet,
    save_answer,
    save_outcome,
)
from nudger.domain.translatable import N_
from nudger.mail.catalogue import Catalogue
from nudger.web.answer.form import (
    WRITE_ONE_LINE,
    AnswerForm,
    ElsewhereForm,
    FormRefused,
    OutcomeForm,
    Typed,
)
from nudger.web.answer.view import look_values, sheet_values, typed_before
from nudger.web.form_tokens import is_form_token, new_form_token
from nudger.web.site import READ, Site

ALL_MY_CALLS = N_("All my calls")


@dataclass(frozen=True, slots=True)
class Opened:
    """A call that was opened, for one request: its number among those of the link, and its page's
    address. `up` leads to where more calls are, in the words of `up_says`. `purpose` is what its
    forms' tokens are for."""

    link: Link
    number: int
    words: Catalogue
    here: str = field(repr=False)
    purpose: str = field(repr=False)
    up: str = field(repr=False)
    up_says: str


Door = Callable[[Request, Connection], Opened]
"""Opens the call that a request is about. Raises `HTTPException` for one that is not to be seen."""


def add_sheet_routes(router: APIRouter, path: str, desk: Desk) -> None:
    """A call's page at this path, and what can be sent to it."""
    router.add_api_route(path, desk.sheet, methods=READ, response_class=HTMLResponse)
    router.add_api_route(path, desk.answer, methods=["POST"], response_class=HTMLResponse)
    for name, handle in (("/look", desk.look), ("/outcome", desk.outcome), ("/other", desk.other)):
        router.add_api_route(path + name, handle, methods=["POST"], response_class=HTMLResponse)
        router.add_api_route(path + name, desk.back, methods=READ)


class Desk:
    """The handlers of these routes. `surface` is where the rep answers, for the audit trail."""

    def __init__(self, site: Site, door: Door, surface: Surface = PAGE) -> None:
        self._site = site
        self._door = door
        self._surface = surface

    def sheet(self, request: Request) -> Response:
        opened, sheet = self._read(request)
        return self._show(request, opened, sheet, typed_before(sheet))

    def back(self, request: Request) -> Response:
        """To the page: a phone that dropped the tab asks anew for where its form was sent."""
        opened, _ = self._read(request)
        return RedirectResponse(opened.here, 303)

    def answer(self, request: Request, form: Annotated[AnswerForm, Form()]) -> Response:
        opened, sheet = self._read(request)
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
            request, lambda tx, s: save_answer(self._site.ctx, tx, s, answer, self._surface)
        )

    def look(self, request: Request, form: Annotated[AnswerForm, Form()]) -> Response:
        """What the coach says while one types; nothing is saved."""
        opened, sheet = self._read(request)
        self._refuse_unless_ours(opened, form.token)
        ctx, typed, values = self._site.ctx, _typed(form), None
        try:
            look = look_at(ctx, sheet, form.answer(sheet.milestones))
            values = look_values(ctx, opened.words, sheet, look, typed)
        except FormRefused:
            pass
        shown = {"look": values}
        return self._site.pages.show(request, opened.words, "answer/look.html.j2", shown)

    def outcome(self, request: Request, form: Annotated[OutcomeForm, Form()]) -> Response:
        opened, sheet = self._read(request)
        self._refuse_unless_ours(opened, form.token)
        try:
            given = form.given()
        except FormRefused as refused:
            wrong = Typed(typed_before(sheet).values, refused.problems)
            return self._show(request, opened, sheet, wrong, status=422)
        return self._changed(
            request, lambda tx, s: save_outcome(self._site.ctx, tx, s, given, self._surface)
        )

    def other(self, request: Request, form: Annotated[ElsewhereForm, Form()]) -> Response:
        """Skip, later, somebody else, take back: what a reply could say as well."""
        opened, sheet = self._read(request)
        self._refuse_unless_ours(opened, form.token)
        try:
            command = form.command()
        except FormRefused as refused:
            wrong = Typed(typed_before(sheet).values, refused.problems)
            return self._show(request, opened, sheet, wrong, status=422)
        return self._changed(
            request, lambda tx, s: obey(self._site.ctx, tx, s, command, self._surface)
        )

    def _changed(
        self, request: Request, change: Callable[[Connection, AnswerSheet], object]
    ) -> Response:
        """Do it on the sheet as it is now, and lead to the page that shows it."""
        opened: list[Opened] = []

        def on_fresh_sheet(tx: Connection) -> object:
            found, sheet = self._opened(request, tx)
            opened[:] = [found]
            return change(tx, sheet)

        with suppress(AnswerRefused):  # the page that follows says why
            self._site.change(on_fresh_sheet)
        return RedirectResponse(opened[0].here, 303)

    def _read(self, request: Request) -> tuple[Opened, AnswerSheet]:
        with self._site.ctx.database.read() as tx:
            return self._opened(request, tx)

    def _opened(self, request: Request, tx: Connection) -> tuple[Opened, AnswerSheet]:
        opened = self._door(request, tx)
        try:
            return opened, read_sheet(self._site.ctx, tx, opened.link, opened.number)
        except LinkUnknown as error:
            raise HTTPException(404) from error

    def _refuse_unless_ours(self, opened: Opened, form_token: str) -> None:
        ctx = self._site.ctx
        if not is_form_token(ctx.vault, form_token, opened.purpose, ctx.clock()):
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
        shown = {
            **values,
            "here": opened.here,
            "up": opened.up,
            "up_says": opened.up_says,
            "form_token": new_form_token(ctx.vault, opened.purpose, ctx.clock()),
        }
        return self._site.pages.show(request, opened.words, "answer/sheet.html.j2", shown, status)


def _typed(form: AnswerForm) -> Typed:
    return Typed(
        form.model_dump(include={"commitment_objective", "next_milestone", "fallback", "place"})
    )
