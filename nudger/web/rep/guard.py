"""The rep who is signed in."""

from __future__ import annotations

from fastapi import Request

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from starlette.exceptions import HTTPException

from nudger.admin.signing_in import SignedIn, signed_in
from nudger.domain.reasons import Reason
from nudger.store.people import Rep
from nudger.web.form_tokens import is_form_token, new_form_token
from nudger.web.guards import SAFE_METHODS
from nudger.web.not_signed_in import NotSignedIn
from nudger.web.rep.cookies import Cookies
from nudger.web.site import Site

SIGN_IN = "/me/sign-in"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The rep who is signed in, for one request."""

    signed_in: SignedIn
    words: Catalogue = field(repr=False)

    @property
    def rep(self) -> Rep:
        return self.signed_in.rep

    @property
    def purpose(self) -> str:
        """What this session's forms are for."""
        return f"me:{self.signed_in.id_hash}"

    @property
    def asked_to_be_forgotten(self) -> bool:
        return self.rep.state_reason == Reason.ASKED_TO_BE_FORGOTTEN


def visitor_of(request: Request) -> Visitor:
    """Who was let in."""
    visitor = request.state.visitor
    assert isinstance(visitor, Visitor)  # noqa: S101 - set by the guard of the router
    return visitor


def form_token_of(site: Site, visitor: Visitor) -> str:
    return new_form_token(site.ctx.vault, visitor.purpose, site.ctx.clock())


def guards(site: Site, cookies: Cookies) -> Sequence[Dependency]:
    """For the router."""
    ctx = site.ctx

    def let_in(request: Request) -> None:
        with ctx.database.read() as tx:
            found = signed_in(ctx, tx, cookies.session(request))
        if found is None:
            raise NotSignedIn(SIGN_IN)
        request.state.visitor = Visitor(found, templates_of(ctx, found.rep).words)

    async def own_form(request: Request) -> None:
        if request.method in SAFE_METHODS:
            return
        token = (await request.form()).get("token", "")
        purpose = visitor_of(request).purpose
        if not is_form_token(ctx.vault, str(token), purpose, ctx.clock()):
            raise HTTPException(403)

    return [Depends(let_in), Depends(own_form)]
from nudger.web.signed_in import visitor_of


def rep_of(request: Request) -> Rep:
    """Whose pages these are; only reps are let in."""
    return visitor_of(request).person.reader


def asked_to_be_forgotten(rep: Rep) -> bool:
    return rep.state_reason == Reason.ASKED_TO_BE_FORGOTTEN
