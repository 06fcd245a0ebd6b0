"""Whom the console's routes let in, on each section's router and so on each of its routes: a
session, a role that may see the section, and forms that this session's pages have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from starlette.exceptions import HTTPException

from nudger.admin.console_access import SignedInAdmin, signed_in
from nudger.domain.roles import ADMINS
from nudger.store.audit import ADMIN
from nudger.web.console.cookies import ConsoleCookies
from nudger.web.console.section import PREFIX, Section
from nudger.web.every_request import SAFE_METHODS
from nudger.web.form_tokens import is_form_token
from nudger.web.not_signed_in import NotSignedIn
from nudger.web.site import Site

SIGN_IN = f"{PREFIX}/sign-in"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who was let in, and where they are, for one request."""

    who: SignedInAdmin
    section: Section

    @property
    def purpose(self) -> str:
        """What this session's forms are for."""
        return f"console:{self.who.id_hash}"

    @property
    def may_change(self) -> bool:
        return self.who.role in ADMINS

    @property
    def name(self) -> str:
        """How the page calls them."""
        return self.who.admin.email if self.who.admin else "one-time code"


def visitor_of(request: Request) -> Visitor:
    """Who was let in."""
    visitor = request.state.visitor
    assert isinstance(visitor, Visitor)  # noqa: S101 - set by the guard of the router
    return visitor


def guards(site: Site, cookies: ConsoleCookies, section: Section) -> Sequence[Dependency]:
    """For the router of a section."""
    ctx = site.ctx

    def let_in(request: Request) -> None:
        with ctx.database.read() as tx:
            found = signed_in(ctx, tx, cookies.session(request))
        if found is None:
            raise NotSignedIn(f"{SIGN_IN}?then={section.key}" if section.key else SIGN_IN)
        if found.role not in section.roles:
            raise HTTPException(404)
        request.state.visitor = Visitor(found, section)

    async def own_form(request: Request) -> None:
        """Asynchronous, so that whose word the steps record is known to the handler as well."""
        visitor = visitor_of(request)
        ADMIN.set(visitor.who.admin.id if visitor.who.admin else None)
        if request.method in SAFE_METHODS:
            return
        last = request.url.path.rpartition("/")[2]
        if not visitor.may_change and last not in section.reads:
            raise HTTPException(403)
        token = (await request.form()).get("token", "")
        if not is_form_token(ctx.vault, str(token), visitor.purpose, ctx.clock()):
            raise HTTPException(403)

    return [Depends(let_in), Depends(own_form)]
