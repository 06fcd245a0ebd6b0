"""The answer page's routes. Each begins with the link's token, which is all the right there is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin.answering import Link, LinkUnknown, open_link
from nudger.domain.translatable import N_
from nudger.jobs.outgoing.facts import gather_facts
from nudger.jobs.outgoing.render import templates_of
from nudger.web.answer.desk import ALL_MY_CALLS, Desk, Opened, add_sheet_routes
from nudger.web.answer.view import list_values
from nudger.web.signed_in import REP_HOME
from nudger.web.site import READ, Site

ALL_CALLS = N_("All calls of this mail")


def answer_router(site: Site) -> APIRouter:
    """Routes below /answer/{token}."""
    router = APIRouter(prefix="/answer/{token}", include_in_schema=False)
    links = _Links(site)
    router.add_api_route("", links.calls, methods=READ, response_class=HTMLResponse)
    add_sheet_routes(router, "/{number:int}", Desk(site, links.open_call))
    return router


class _Links:
    """Opens what a mail's link leads to."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def calls(self, request: Request, token: str) -> Response:
        """The calls of a digest to choose from; a question about one call has its page at once."""
        here = f"/answer/{token}"
        with self._site.ctx.database.read() as tx:
            link = self._open(request, tx, token)
            if len(link.meetings) == 1:
                return RedirectResponse(f"{here}/1", 303)
            facts = gather_facts(self._site.ctx, tx, link.rep, link.meetings)
        words = templates_of(self._site.ctx, link.rep).words
        values = {"calls": list_values(self._site.ctx, words, link, facts), "here": here}
        return self._site.pages.show(request, words, "answer/calls.html.j2", values)

    def open_call(self, request: Request, tx: Connection) -> Opened:
        token, number = str(request.path_params["token"]), int(request.path_params["number"])
        link = self._open(request, tx, token)
        words = templates_of(self._site.ctx, link.rep).words
        is_one_of_several = len(link.meetings) > 1
        return Opened(
            link=link,
            number=number,
            words=words,
            here=f"/answer/{token}/{number}",
            purpose=f"answer:{token}",
            up=f"/answer/{token}" if is_one_of_several else REP_HOME,
            up_says=words.say(ALL_CALLS if is_one_of_several else ALL_MY_CALLS),
        )

    def _open(self, request: Request, tx: Connection, token: str) -> Link:
        """A right link opens, whoever tried wrong ones from the same address: behind a proxy that
        may be everybody's."""
        who, limiter = self._site.client_of(request), self._site.wrong_links
        try:
            return open_link(self._site.ctx, tx, token)
        except LinkUnknown as error:
            if limiter.is_exhausted(who):
                raise HTTPException(429) from error
            limiter.count(who)
            raise HTTPException(404) from error
