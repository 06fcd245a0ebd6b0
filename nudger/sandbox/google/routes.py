"""HTTP in front of the Google APIs: tokens, parameters, faults, and the methods."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from nudger.sandbox.failing import without_an_answer
from nudger.sandbox.faults import Fault
from nudger.sandbox.google.addons import Addons
from nudger.sandbox.google.answers import Call, Refusal, bad_request, not_found
from nudger.sandbox.google.calendar import CalendarApi
from nudger.sandbox.google.channels import GoogleChannels
from nudger.sandbox.google.directory import DirectoryApi
from nudger.sandbox.google.discovery import Method, find_method
from nudger.sandbox.google.gmail import GmailApi
from nudger.sandbox.google.iam import IamServer
from nudger.sandbox.google.id_tokens import IdTokenIssuer
from nudger.sandbox.google.oauth import OAuthRefusal, TokenEndpoint, allows
from nudger.sandbox.google.partial import masked, read_mask
from nudger.sandbox.google.pubsub import GmailWatches
from nudger.sandbox.world import World


class GoogleServer:
    """Google's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.tokens = TokenEndpoint(world)
        self.iam = IamServer(world, self.tokens)
        self.identities = IdTokenIssuer(world.now)
        self.addons = Addons(world, self.identities)
        self.channels = GoogleChannels(world)
        self.watches = GmailWatches(world, self.identities)
        self._methods = {
            **CalendarApi(world).methods,
            **self.channels.methods,
            **self.watches.methods,
            **GmailApi(world).methods,
            **DirectoryApi(world).methods,
        }
        methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
        self.routes = [
            Route("/token", self.token, methods=["POST"]),
            Route("/o/oauth2/auth", self.consent, methods=["GET"]),
            Route("/calendar/v3/{rest:path}", self.api, methods=methods),
            Route("/gmail/v1/{rest:path}", self.api, methods=methods),
            Route("/admin/directory/v1/{rest:path}", self.api, methods=methods),
            *self.iam.routes,
            *self.identities.routes,
        ]

    async def token(self, request: Request) -> Response:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        form |= _basic(request.headers.get("authorization", ""))
        with self._world.lock:
            self._world.ledger.called("oauth.token", "")
            fault = self._world.faults.next_for("oauth.token", "")
            if fault is not None:
                refused = {"error": fault.reason, "error_description": "Scripted fault"}
                return without_an_answer(fault) or JSONResponse(refused, fault.status)
            try:
                return JSONResponse(self.tokens.token(form, _address(request)))
            except OAuthRefusal as refusal:
                return JSONResponse(refusal.body, status_code=refusal.status)

    async def consent(self, request: Request) -> Response:
        return RedirectResponse(self.tokens.consent(dict(request.query_params)), status_code=302)

    async def api(self, request: Request) -> Response:
        body = await request.body()
        try:
            with self._world.lock:
                return self._answer(request, body)
        except Refusal as refusal:
            return _refused(refusal)

    def _answer(self, request: Request, body: bytes) -> Response:
        found = find_method(request.method, request.url.path)
        if found is None:
            raise not_found()
        method, path = found
        person = self._person(request, method)
        self._world.ledger.called(method.id, person)
        fault = self._world.faults.next_for(method.id, person)
        if fault is not None and not fault.effect:
            return _failed(fault)
        call = Call(person, path, _query(request, method), dict(request.headers), _json(body))
        handler = self._methods.get(method.id)
        if handler is None:
            raise Refusal(501, "notImplemented", f"The sandbox does not know {method.id}.")
        mask = read_mask(call.query.get("fields", ""))
        result = handler(call)
        if fault is not None:
            return _failed(fault)
        if method.answers_nothing:
            return Response(status_code=204)
        return JSONResponse(masked(result, mask))

    def _person(self, request: Request, method: Method) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.tokens.grant_of(token) if scheme.lower() == "bearer" else None
        if grant is None:
            raise Refusal(401, "authError", "Invalid Credentials")
        if not allows(grant, method.id):
            raise Refusal(
                403, "insufficientPermissions", "Request had insufficient authentication scopes."
            )
        return grant.person


def _query(request: Request, method: Method) -> dict[str, str]:
    query: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in method.parameters:
            raise bad_request(f'Invalid JSON payload received. Unknown name "{name}".')
        query[name] = f"{query[name]},{value}" if name in query else value
    missing = method.required - query.keys()
    if missing:
        raise bad_request(f"Required parameter: {sorted(missing)[0]}", "required")
    return query


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        content = json.loads(body)
    except ValueError as error:
        raise bad_request("Parse Error", "parseError") from error
    if not isinstance(content, dict):
        raise bad_request("Parse Error", "parseError")
    return content


def _failed(fault: Fault) -> Response:
    refusal = Refusal(fault.status, fault.reason, "Scripted fault", fault.retry_after)
    return without_an_answer(fault) or _refused(refusal)


def _basic(header: str) -> dict[str, str]:
    """A client may name itself by HTTP Basic as well: RFC 6749, 2.3.1."""
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return {}
    name, _, secret = base64.b64decode(coded).decode().partition(":")
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}


def _address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{request.url.path}"


def _refused(refusal: Refusal) -> Response:
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else None
    return JSONResponse(refusal.body(), status_code=refusal.status, headers=headers)
