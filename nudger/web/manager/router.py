"""The manager's page: the team's calls, a word on one of them, what came of the last ones."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin.commenting import CommentRefused, NewComment, NotTheirs, comment, why_not
from nudger.admin.team_page import TeamOverview, find_call, past_by_customer, team_overview
from nudger.jobs.commands.managers_mail import choose_weekly
from nudger.mail.token import new_token
from nudger.store import manager_stops
from nudger.web.answer.form import CHOOSE_FIRST
from nudger.web.manager.forms import WEEKLY_CHOICES, CommentForm, WeeklyForm
from nudger.web.manager.view import (
    Draft,
    customers_values,
    not_in_time,
    problem_of_text,
    team_values,
)
from nudger.web.rep.cookies import Cookies
from nudger.web.signed_in import TEAM_HOME, form_token_of, guards, visitor_of
from nudger.web.site import READ, Site


def manager_router(site: Site, cookies: Cookies) -> APIRouter:
    """Routes at and below /team for who is signed in and manages somebody."""
    only_managers = guards(site, cookies, lambda person: person.leads)
    router = APIRouter(prefix=TEAM_HOME, include_in_schema=False, dependencies=only_managers)
    page = _TeamPage(site)
    for path, show in (("", page.home), ("/customers", page.customers)):
        router.add_api_route(path, show, methods=READ, response_class=HTMLResponse)
    for path, handle in (
        ("/calls/{meeting:int}/comment", page.comment),
        ("/weekly", page.weekly),
    ):
        router.add_api_route(path, handle, methods=["POST"], response_class=HTMLResponse)
    return router


class _TeamPage:
    """The handlers of these routes."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def home(self, request: Request) -> Response:
        return self._home(request)

    def comment(
        self, request: Request, meeting: int, form: Annotated[CommentForm, Form()]
    ) -> Response:
        """Once for each page on which it was written; what cannot go out stays in its field."""
        if not form.has_nonce:
            raise HTTPException(403)
        words, problem = visitor_of(request).words, form.problem
        if problem is not None:
            self._require_theirs(request, meeting)
            draft = Draft(meeting, form.text, problem_of_text(words, problem))
            return self._home(request, draft, 422)
        new = NewComment(meeting, form.text, form.nonce)
        try:
            self._site.change(lambda tx: self._keep(request, tx, new))
        except NotTheirs as error:
            raise HTTPException(404) from error
        except CommentRefused:
            return self._home(request, Draft(meeting, form.text, ""), 409)
        return RedirectResponse(f"{TEAM_HOME}#call-{meeting}", 303)

    def customers(self, request: Request) -> Response:
        ctx, visitor = self._site.ctx, visitor_of(request)
        past = past_by_customer(ctx, visitor.person)
        shown = customers_values(ctx, visitor.words, visitor.person, past)
        return self._show(request, "manager/customers.html.j2", {"customers": shown})

    def weekly(self, request: Request, form: Annotated[WeeklyForm, Form()]) -> Response:
        """No more weekly mail, or again."""
        word, ctx = WEEKLY_CHOICES.get(form.choice), self._site.ctx
        if word is None:
            return self._home(request, problems={"weekly": CHOOSE_FIRST}, status=422)
        person = visitor_of(request).person
        self._site.change(
            lambda tx: [choose_weekly(ctx, tx, one, word) for one in person.addresses]
        )
        return RedirectResponse(TEAM_HOME, 303)

    def _keep(self, request: Request, tx: Connection, new: NewComment) -> None:
        comment(self._site.ctx, tx, visitor_of(request).person, new)

    def _require_theirs(self, request: Request, meeting: int) -> None:
        with self._site.ctx.database.read() as tx:
            if find_call(self._site.ctx, tx, visitor_of(request).person, meeting) is None:
                raise HTTPException(404)

    def _home(
        self,
        request: Request,
        draft: Draft | None = None,
        status: int = 200,
        problems: dict[str, str] | None = None,
    ) -> Response:
        ctx, visitor = self._site.ctx, visitor_of(request)
        seen = team_overview(ctx, visitor.person)
        with ctx.database.read() as tx:
            closed = self._why_closed(request, tx, seen)
            stopped = [
                one for one in visitor.person.addresses if manager_stops.why_stopped(tx, one)
            ]
        said = {name: visitor.words.say(text) for name, text in (problems or {}).items()}
        values = {
            **team_values(ctx, visitor.words, visitor.person, seen),
            "why_not": closed,
            "draft": draft,
            "problems": said,
            "gets_weekly": not stopped,
            "has_weekly": ctx.settings.weekly.enabled,
            "nonce": new_token(ctx.random_bytes),
        }
        return self._show(request, "manager/home.html.j2", values, status)

    def _why_closed(self, request: Request, tx: Connection, seen: TeamOverview) -> dict[int, str]:
        """Why nothing can be said of a call any more, by the call."""
        words, found = visitor_of(request).words, {}
        for call in (call for day in seen.days for call in day.calls):
            reason = why_not(self._site.ctx, tx, call)
            if reason is not None:
                found[call.meeting.id] = not_in_time(words, call, reason)
        return found

    def _show(
        self, request: Request, name: str, values: dict[str, Any], status: int = 200
    ) -> Response:
        visitor = visitor_of(request)
        shown = {
            **values,
            "is_rep": visitor.person.is_rep,
            "form_token": form_token_of(self._site, visitor),
        }
        return self._site.pages.show(request, visitor.words, name, shown, status)
