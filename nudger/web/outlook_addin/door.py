"""Who uses the pane: an account of Entra, for our app, of a directory that we serve."""

from __future__ import annotations

import logging

from fastapi import Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin.addon_accounts import known_rep
from nudger.admin.answering import LinkUnknown, open_own
from nudger.domain.controls import Activity
from nudger.jobs.outgoing.render import templates_of
from nudger.providers.base import Unavailable
from nudger.providers.microsoft.addin.access_tokens import AccessTokens, MicrosoftAccount
from nudger.providers.microsoft.addin.endpoints import PREFIX
from nudger.providers.signed_tokens import TokenRefused
from nudger.runtime.context import Context
from nudger.runtime.holds import refuse_if_held
from nudger.web.answer.desk import ALL_MY_CALLS, Opened
from nudger.web.signed_in import REP_HOME

log = logging.getLogger(__name__)
CALLS = f"{PREFIX}/calls"


class PaneDoor:
    """Lets requests in that carry a good access token; nothing else is asked of them, no cookie."""

    def __init__(self, ctx: Context, tokens: AccessTokens) -> None:
        self._ctx, self._tokens = ctx, tokens

    def require_account(self, request: Request) -> None:
        """Know the request's account by its `Authorization` header, or end it."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise TokenRefused("there is none")
            request.state.account = self._tokens.verify(token.strip())
        except TokenRefused as refused:
            log.info("a call of the pane in Outlook is refused: %s", refused)
            raise HTTPException(401) from refused
        except Unavailable as error:
            log.warning("a call of the pane in Outlook cannot be verified: %s", error)
            raise HTTPException(503) from error

    def open_call(self, request: Request, tx: Connection) -> Opened:
        """The call that a request is about, where it is one of the account's own: for all others
        there is nothing, whosever they are."""
        refuse_if_held(tx, Activity.OBEY_REPLIES)
        rep, number = known_rep(tx, account_of(request).subject), request.path_params["call"]
        try:
            if rep is None:
                raise LinkUnknown
            link = open_own(self._ctx, tx, rep, number)
        except LinkUnknown as error:
            raise HTTPException(404) from error
        words = templates_of(self._ctx, rep).words
        return Opened(
            link=link,
            number=1,
            words=words,
            here=f"{CALLS}/{number}",
            purpose=f"outlook-addin:{rep.id}:{number}",
            up=REP_HOME,
            up_says=words.say(ALL_MY_CALLS),
        )


def account_of(request: Request) -> MicrosoftAccount:
    """Whose request it is, once it was let in."""
    account: MicrosoftAccount = request.state.account
    return account
