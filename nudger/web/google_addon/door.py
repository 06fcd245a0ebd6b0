"""Who calls: Google for this project, and for whom. Nothing is done before both are proven."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from nudger.admin.addon_accounts import bind_rep, known_rep
from nudger.config.sections.addons import GoogleAddonSettings
from nudger.domain.event import Provider
from nudger.jobs.outgoing.render import templates_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import languages_of
from nudger.providers.google.addon.endpoints import Endpoints
from nudger.providers.google.addon.id_tokens import GoogleAccount, IdTokens
from nudger.providers.signed_tokens import TokenRefused
from nudger.store.people import Rep
from nudger.web.google_addon.requests import AddonRequest
from nudger.web.site import Site


class Malformed(Exception):
    """Google called, and what it sent is no event object."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What was asked, by which rep: `None` for somebody who is none. `is_first` says that the rep
    never opened the add-on before; `words` are in the visitor's language."""

    request: AddonRequest
    rep: Rep | None
    words: Catalogue
    is_first: bool = False


class Door:
    """Lets calls in. `endpoints` are where Google calls us."""

    def __init__(self, site: Site, tokens: IdTokens, endpoints: Endpoints) -> None:
        self._site, self._tokens = site, tokens
        self._settings: GoogleAddonSettings = site.ctx.settings.google_addon
        self._audiences = frozenset((*endpoints.all, *self._settings.audiences))

    def open(self, authorization: str, body: bytes) -> Visit:
        """Raises `TokenRefused`, `Malformed`, and `Unavailable` where Google's keys cannot be had.
        `authorization` is the header of this name."""
        self._require_google(authorization)
        try:
            request = AddonRequest.model_validate_json(body)
        except ValidationError as error:
            raise Malformed from error
        return self._visit(request, self._visitor(request))

    def _require_google(self, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise TokenRefused("there is none")
        account = self._tokens.verify(token.strip(), self._audiences)
        if not account.is_email_verified or account.email != self._settings.service_account:
            raise TokenRefused("it is of another account than this project's")

    def _visitor(self, request: AddonRequest) -> GoogleAccount:
        token = request.authorization_event_object.user_id_token
        account = self._tokens.verify(token, {self._settings.oauth_client or ""})
        if not account.is_email_verified:
            raise TokenRefused("its address is not verified")
        return account

    def _visit(self, request: AddonRequest, account: GoogleAccount) -> Visit:
        ctx = self._site.ctx
        with ctx.database.read() as tx:
            rep = known_rep(tx, account.subject)
        is_first = rep is None
        if rep is None and account.owns_address:
            subject, email = account.subject, account.email
            rep = self._site.change(lambda tx: bind_rep(ctx, tx, Provider.GOOGLE, subject, email))
        if rep is not None:
            return Visit(request, rep, templates_of(ctx, rep).words, is_first)
        language = request.locale.partition("-")[0].lower()
        known = languages_of(ctx.settings.templates)
        spoken = language if language in known else ctx.settings.language
        return Visit(request, None, templates_for(ctx.settings.templates, spoken).words)
