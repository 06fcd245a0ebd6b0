"""Whom the routes let in that are somebody's own, on their router and so on each of them: who has a
session, and sends forms that this session's pages have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from starlette.exceptions import HTTPException

from nudger.admin.page_sign_in import SignedIn, signed_in
from nudger.admin.persons import Person
from nudger.jobs.outgoing.render import templates_of
from nudger.mail.catalogue import Catalogue
from nudger.web.every_request import SAFE_METHODS
from nudger.web.form_tokens import is_form_token, new_form_token
from nudger.web.not_signed_in import NotSignedIn
from nudger.web.rep.cookies import Cookies
from nudger.web.site import Site

SIGN_IN, REP_HOME, TEAM_HOME = "/me/sign-in", "/me", "/team"


def home_of(person: Person) -> str:
    """Where they begin."""
    return REP_HOME if person.is_rep else TEAM_HOME


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, for one request."""

    signed_in: SignedIn
    words: Catalogue = field(repr=False)

    @property
    def person(self) -> Person:
        return self.signed_in.person

    @property
    def purpose(self) -> str:
        """What this session's forms are for."""
        return f"me:{self.signed_in.id_hash}"


def visitor_of(request: Request) -> Visitor:
    """Who was let in."""
    visitor = request.state.visitor
    assert isinstance(visitor, Visitor)  # noqa: S101 - set by the guard of the router
    return visitor


def form_token_of(site: Site, visitor: Visitor) -> str:
    return new_form_token(site.ctx.vault, visitor.purpose, site.ctx.clock())


def guards(
    site: Site, cookies: Cookies, may_enter: Callable[[Person], bool]
) -> Sequence[Dependency]:
    """For a router whose pages are for some of those who sign in."""
    ctx = site.ctx

    def let_in(request: Request) -> None:
        with ctx.database.read() as tx:
            found = signed_in(ctx, tx, cookies.session(request))
        if found is None:
            raise NotSignedIn(SIGN_IN)
        if not may_enter(found.person):
            refuse(request, found.person)
        request.state.visitor = Visitor(found, templates_of(ctx, found.person.reader).words)

    async def own_form(request: Request) -> None:
        if request.method in SAFE_METHODS:
            return
        token = (await request.form()).get("token", "")
        purpose = visitor_of(request).purpose
        if not is_form_token(ctx.vault, str(token), purpose, ctx.clock()):
            raise HTTPException(403)

    return [Depends(let_in), Depends(own_form)]


def refuse(request: Request, person: Person) -> None:
    """Pages that are none of theirs are not there for them; from the first of them they are led to
    their own."""
    if request.method in SAFE_METHODS and request.url.path in (REP_HOME, TEAM_HOME):
        raise NotSignedIn(home_of(person))
    raise HTTPException(404)
