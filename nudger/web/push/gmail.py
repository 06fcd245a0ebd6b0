"""What Pub/Sub sends on of Gmail's: whose mailbox got mail. Nothing else of it is used.

Sources: https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions;
https://developers.google.com/workspace/gmail/api/guides/push
"""

from __future__ import annotations

import base64
import logging
from http import HTTPStatus

from fastapi import Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from nudger.config.sections.push import PushSettings
from nudger.jobs.subscribe import gmail_audience
from nudger.providers.base import Unavailable
from nudger.providers.google.addon.id_tokens import IdTokens
from nudger.providers.signed_tokens import TokenRefused
from nudger.providers.signing_keys import SigningKeys
from nudger.web.push.taking import refused, take_mailbox
from nudger.web.site import Site

log = logging.getLogger(__name__)

GMAIL = "gmail"


class Message(BaseModel):
    """What Pub/Sub carries, in base64."""

    data: str = Field(max_length=4096)


class Envelope(BaseModel):
    message: Message


class Notice(BaseModel):
    """What Gmail put into it."""

    address: str = Field(alias="emailAddress", max_length=254)


class GmailPush:
    def __init__(self, site: Site) -> None:
        self._ctx = ctx = site.ctx
        self._settings: PushSettings = ctx.settings.push
        self._audience = gmail_audience(ctx.settings)
        keys = SigningKeys(ctx.settings.google_addon.certificates, ctx.clock)
        self._tokens = IdTokens(keys, ctx.clock)

    def told(self, request: Request, body: bytes) -> Response:
        """Answers 401 to whoever is not our project's Pub/Sub, before anything is read."""
        try:
            self._require_pubsub(request.headers.get("authorization", ""))
            notice = _read(body)
        except TokenRefused as error:
            log.info("a push is refused: %s", error)
            refused(GMAIL)
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        except Unavailable as error:
            log.warning("a push cannot be verified: %s", error)
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        except (ValidationError, ValueError):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        with self._ctx.database.begin() as tx:
            take_mailbox(self._ctx, tx, notice.address.lower())
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def _require_pubsub(self, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise TokenRefused("there is none")
        account = self._tokens.verify(token.strip(), {self._audience})
        if not account.is_email_verified or account.email != self._settings.gmail_account:
            raise TokenRefused("it is of another account than this project's")


def _read(body: bytes) -> Notice:
    """Raises `ValueError` for what is no notice."""
    data = Envelope.model_validate_json(body).message.data
    return Notice.model_validate_json(base64.b64decode(data, altchars=b"-_", validate=True))
