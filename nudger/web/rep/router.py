"""The rep's page: what a rep sees of their own calls, and what they choose for themself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin.answering import LinkUnknown, open_own
from nudger.admin.export import own_export_of
from nudger.admin.rep_choices import (
    START,
    NoSuchChoice,
    ask_to_be_forgotten,
    change_asked_in,
    change_language,
    change_time_zone,
    keep_calls,
    manager_shown,
    obey_for_rep,
    record_export,
    share_calls,
    show_in_channel,
)
from nudger.admin.rep_page import agreed_by_customer, overview
from nudger.web.answer.desk import ALL_MY_CALLS, Desk, Opened, add_sheet_routes
from nudger.web.answer.form import CHOOSE_FIRST, CHOOSE_OF_LIST
from nudger.web.rep.cookies import Cookies
from nudger.web.rep.forms import (
    FORGET,
    FORGET_SAYS,
    KEEP,
    SHARE,
    ChannelForm,
    ForgetForm,
    PauseForm,
    SettingForm,
    SharingForm,
)
from nudger.web.rep.guard import asked_to_be_forgotten, rep_of
from nudger.web.rep.view import (
    agreed_values,
    overview_values,
    pause_values,
    settings_values,
)
from nudger.web.signed_in import REP_HOME, Visitor, form_token_of, guards, visitor_of
from nudger.web.site import READ, Site


def rep_router(site: Site, cookies: Cookies) -> APIRouter:
    """Routes at and below /me for who is signed in."""
    only_reps = guards(site, cookies, lambda person: person.is_rep)
    router = APIRouter(prefix=REP_HOME, include_in_schema=False, dependencies=only_reps)
    page = _RepPage(site)
    for path, show in (
        ("", page.home),
        ("/agreed", page.agreed),
        ("/settings", page.settings),
        ("/stored", page.stored),
    ):
        router.add_api_route(path, show, methods=READ, response_class=HTMLResponse)
    for path, handle in (
        ("/pause", page.pause),
        ("/start", page.start),
        ("/language", page.language),
        ("/time-zone", page.time_zone),
        ("/asked-in", page.asked_in),
        ("/channel", page.channel),
        ("/sharing", page.sharing),
        ("/export", page.export),
        ("/forget", page.forget),
    ):
        router.add_api_route(path, handle, methods=["POST"], response_class=HTMLResponse)
    add_sheet_routes(router, "/calls/{meeting:int}", Desk(site, page.open_call))
    return router


class _RepPage:
    """The handlers of these routes."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def home(self, request: Request) -> Response:
        return self._home(request, {})

    def pause(self, request: Request, form: Annotated[PauseForm, Form()]) -> Response:
        command = form.command
        if command is None:
            return self._home(request, {"length": CHOOSE_FIRST}, 422)
        rep = rep_of(request)
        return self._change(REP_HOME, lambda tx: obey_for_rep(self._site.ctx, tx, rep, command))

    def start(self, request: Request) -> Response:
        rep = rep_of(request)
        return self._change(REP_HOME, lambda tx: obey_for_rep(self._site.ctx, tx, rep, START))

    def open_call(self, request: Request, tx: Connection) -> Opened:
        """One of the rep's own calls; whatever else there is, is not there for them."""
        visitor, meeting_id = visitor_of(request), int(request.path_params["meeting"])
        try:
            link = open_own(self._site.ctx, tx, rep_of(request), meeting_id)
        except LinkUnknown as error:
            raise HTTPException(404) from error
        return Opened(
            link=link,
            number=1,
            words=visitor.words,
            here=f"{REP_HOME}/calls/{meeting_id}",
            purpose=visitor.purpose,
            up=REP_HOME,
            up_says=visitor.words.say(ALL_MY_CALLS),
        )

    def agreed(self, request: Request) -> Response:
        ctx, visitor, rep = self._site.ctx, visitor_of(request), rep_of(request)
        agreed = agreed_by_customer(ctx, rep)
        shown = agreed_values(ctx, visitor.words, rep, agreed)
        return self._show(request, "rep/agreed.html.j2", {"customers": shown})

    def settings(self, request: Request) -> Response:
        return self._settings(request, {})

    def language(self, request: Request, form: Annotated[SettingForm, Form()]) -> Response:
        rep = rep_of(request)
        return self._set(
            request, "language", lambda tx: change_language(self._site.ctx, tx, rep, form.chosen)
        )

    def time_zone(self, request: Request, form: Annotated[SettingForm, Form()]) -> Response:
        rep, zone = rep_of(request), form.chosen.strip()
        return self._set(
            request, "time_zone", lambda tx: change_time_zone(self._site.ctx, tx, rep, zone)
        )

    def sharing(self, request: Request, form: Annotated[SharingForm, Form()]) -> Response:
        """Let the manager who was named read the calls, or nobody."""
        ctx, rep = self._site.ctx, rep_of(request)
        if form.choice == KEEP:
            return self._change(f"{REP_HOME}/settings", lambda tx: keep_calls(ctx, tx, rep))
        if form.choice != SHARE:
            return self._settings(request, {"choice": CHOOSE_FIRST}, 422)
        return self._set(request, "choice", lambda tx: share_calls(ctx, tx, rep, form.manager))

    def asked_in(self, request: Request, form: Annotated[SettingForm, Form()]) -> Response:
        rep = rep_of(request)
        return self._set(
            request, "asked_in", lambda tx: change_asked_in(self._site.ctx, tx, rep, form.chosen)
        )

    def channel(self, request: Request, form: Annotated[ChannelForm, Form()]) -> Response:
        """Let a channel see when the calls are, or not any more."""
        ctx, rep, shown = self._site.ctx, rep_of(request), form.shown == "yes"
        return self._set(
            request, "channel", lambda tx: show_in_channel(ctx, tx, rep, form.channel, shown=shown)
        )

    def stored(self, request: Request) -> Response:
        return self._stored(request, {})

    def export(self, request: Request) -> Response:
        """All of it as a file. A POST, since the trail has that it was taken."""
        ctx, rep = self._site.ctx, rep_of(request)
        self._site.change(lambda tx: record_export(ctx, tx, rep))
        text = json.dumps(own_export_of(ctx, rep), ensure_ascii=False, indent=2)
        headers = {"content-disposition": 'attachment; filename="nudger-about-me.json"'}
        return Response(text, media_type="application/json", headers=headers)

    def forget(self, request: Request, form: Annotated[ForgetForm, Form()]) -> Response:
        if form.sure != FORGET:
            return self._stored(request, {"sure": CHOOSE_FIRST}, 422)
        rep = rep_of(request)
        return self._change(
            f"{REP_HOME}/stored", lambda tx: ask_to_be_forgotten(self._site.ctx, tx, rep)
        )

    def _change(self, leads_to: str, what: Callable[[Connection], object]) -> Response:
        self._site.change(what)
        return RedirectResponse(leads_to, 303)

    def _set(self, request: Request, name: str, what: Callable[[Connection], None]) -> Response:
        try:
            return self._change(f"{REP_HOME}/settings", what)
        except NoSuchChoice:
            return self._settings(request, {name: CHOOSE_OF_LIST}, 422)

    def _home(self, request: Request, problems: dict[str, str], status: int = 200) -> Response:
        ctx, visitor, rep = self._site.ctx, visitor_of(request), rep_of(request)
        values = overview_values(ctx, visitor.words, rep, overview(ctx, rep))
        return self._show(request, "rep/home.html.j2", values, problems, status)

    def _settings(self, request: Request, problems: dict[str, str], status: int = 200) -> Response:
        ctx, words, rep = self._site.ctx, visitor_of(request).words, rep_of(request)
        with ctx.database.read() as tx:
            manager = manager_shown(ctx, tx, rep)
        values = settings_values(ctx, words, rep, manager)
        return self._show(request, "rep/settings.html.j2", values, problems, status)

    def _stored(self, request: Request, problems: dict[str, str], status: int = 200) -> Response:
        ctx, visitor, rep = self._site.ctx, visitor_of(request), rep_of(request)
        kept = own_export_of(ctx, rep)
        values = {
            "parts_kept": [
                (name, len(rows)) for name, rows in kept.items() if isinstance(rows, list)
            ],
            "asked": asked_to_be_forgotten(rep),
            "choices": [(FORGET, visitor.words.say(FORGET_SAYS))],
            "mail_days": ctx.settings.keep_mail_days,
            "meeting_days": ctx.settings.keep_meeting_days,
            **pause_values(ctx, visitor.words, rep),
        }
        return self._show(request, "rep/stored.html.j2", values, problems, status)

    def _show(
        self,
        request: Request,
        name: str,
        values: dict[str, Any],
        problems: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        visitor: Visitor = visitor_of(request)
        said = {field: visitor.words.say(text) for field, text in (problems or {}).items()}
        shown = {
            **values,
            "problems": said,
            "name": rep_of(request).name,
            "leads": visitor.person.leads,
            "form_token": form_token_of(self._site, visitor),
        }
        return self._site.pages.show(request, visitor.words, name, shown, status)
