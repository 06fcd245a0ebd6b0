"""HTTP in front of Graph: tokens, scopes, throttling, faults, batches, and the methods."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from nudger.sandbox.failing import without_an_answer
from nudger.sandbox.faults import Fault
from nudger.sandbox.microsoft.addins import OutlookAddins
from nudger.sandbox.microsoft.answers import GraphAnswer, GraphCall, GraphRefusal, bad_request
from nudger.sandbox.microsoft.calendar import GraphCalendar
from nudger.sandbox.microsoft.directory import GraphDirectory
from nudger.sandbox.microsoft.identity import GraphGrant, Identity, IdentityRefusal
from nudger.sandbox.microsoft.mail import GraphMail
from nudger.sandbox.microsoft.settings import GraphSettings
from nudger.sandbox.microsoft.subscriptions import Subscriptions
from nudger.sandbox.microsoft.user_tokens import UserTokens, object_id
from nudger.sandbox.world import World

Handler = Callable[[GraphCall], GraphAnswer]
LARGEST_BATCH = 20
_NEEDS = {
    "calendar": ("Calendars.ReadWrite", "Calendars.Read"),
    "mail": ("Mail.ReadWrite",),
    "settings": ("MailboxSettings.Read", "MailboxSettings.ReadWrite"),
}


class _Hit(Exception):
    """A scripted fault is due."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


class MicrosoftServer:
    """The token endpoint and Graph over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.identity = Identity(world)
        self.user_tokens = UserTokens(world.now)
        self.addins = OutlookAddins()
        self._directory = GraphDirectory(world)
        calendar, mail, settings = GraphCalendar(world), GraphMail(world), GraphSettings(world)
        item, folder = r"(?P<id>[^/]+)", r"(?P<folder>[^/]+)"
        self._methods: list[tuple[str, re.Pattern[str], str, Handler]] = [
            (verb, re.compile(pattern), name, handler)
            for verb, pattern, name, handler in (
                ("GET", r"calendarView/delta(?:\(\))?", "calendar.delta", calendar.delta),
                ("GET", rf"(?:calendar/)?events/{item}", "calendar.get", calendar.get),
                ("PATCH", rf"(?:calendar/)?events/{item}", "calendar.update", calendar.update),
                ("DELETE", rf"(?:calendar/)?events/{item}", "calendar.delete", calendar.delete),
                ("GET", r"calendar", "calendar.default", calendar.default),
                ("GET", r"(?:calendar/)?events", "calendar.find", calendar.find),
                ("POST", r"(?:calendar/)?events", "calendar.create", calendar.create),
                ("POST", r"messages", "mail.draft", mail.create),
                ("POST", rf"messages/{item}/send", "mail.send", mail.send),
                ("GET", rf"messages/{item}/\$value", "mail.source", mail.source),
                ("GET", rf"messages/{item}", "mail.get", mail.get),
                ("DELETE", rf"messages/{item}", "mail.delete", mail.delete),
                ("GET", r"messages", "mail.list", mail.anywhere),
                ("GET", r"mailFolders/inbox/messages/delta(?:\(\))?", "mail.delta", mail.delta),
                ("GET", rf"mailFolders/{folder}/messages", "mail.find", mail.find),
                ("GET", rf"mailFolders/{folder}", "mail.folder", mail.folder),
                ("POST", r"inferenceClassification/overrides", "mail.pin", mail.pin),
                ("GET", r"mailboxSettings", "settings.get", settings.get),
            )
        ]
        self.subscriptions = Subscriptions(world)
        verbs = ["GET", "POST", "PATCH", "DELETE"]
        self.routes = [
            Route("/{tenant}/oauth2/v2.0/token", self.token, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/devicecode", self.device, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/authorize", self.consent, methods=["GET"]),
            Route("/v1.0/subscriptions", self.subscribe, methods=verbs),
            Route("/v1.0/subscriptions/{id}", self.subscribe, methods=verbs),
            Route("/v1.0/{rest:path}", self.graph, methods=verbs),
            *self.user_tokens.routes,
            *self.addins.routes,
        ]

    async def token(self, request: Request) -> Response:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        with self._world.lock:
            self._world.ledger.called("microsoft.token", "")
            fault = self._world.faults.next_for("microsoft.token", "")
            if fault is not None:
                refused = {"error": fault.reason, "error_description": "Scripted fault"}
                return without_an_answer(fault) or JSONResponse(refused, fault.status)
            try:
                return JSONResponse(self.identity.token(form, _address(request)))
            except IdentityRefusal as refusal:
                return JSONResponse(refusal.body, status_code=refusal.status)

    async def device(self, _request: Request) -> Response:
        with self._world.lock:
            return JSONResponse(self.identity.device_code())

    async def consent(self, request: Request) -> Response:
        with self._world.lock:
            target = self.identity.consent(dict(request.query_params))
        return RedirectResponse(target, status_code=302)

    async def graph(self, request: Request) -> Response:
        body = await request.body()
        path = request.url.path.removeprefix("/v1.0/")
        query = dict(parse_qsl(request.url.query, keep_blank_values=True))
        root = f"{request.url.scheme}://{request.url.netloc}/v1.0"
        try:
            with self._world.lock:
                grant = self._grant(request)
                if path == "$batch":
                    return JSONResponse(self._batch(grant, _json(body), root))
                headers = {k.lower(): v for k, v in request.headers.items()}
                answer = self._one(grant, request.method, path, query, headers, _json(body), root)
        except GraphRefusal as refusal:
            return _refused(refusal)
        except _Hit as hit:
            return _failed(hit.fault)
        if answer.raw is not None:
            return Response(answer.raw, media_type="text/plain")
        if answer.content is None:
            return Response(status_code=answer.status)
        return JSONResponse(answer.content, status_code=answer.status)

    async def subscribe(self, request: Request) -> Response:
        """Outside of this server's own thread: it is Graph that calls while it is called."""
        body = await request.body()
        try:
            return await run_in_threadpool(self._subscribed, request, _json(body))
        except GraphRefusal as refusal:
            return _refused(refusal)
        except _Hit as hit:
            return _failed(hit.fault)

    def _subscribed(self, request: Request, body: dict[str, Any]) -> Response:
        verb, subscription_id = request.method, request.path_params.get("id")
        with self._world.lock:
            grant = self._grant(request)
        if verb == "POST":
            return JSONResponse(self._subscription(grant, body), status_code=201)
        with self._world.lock:
            self._world.ledger.called(f"graph.subscription.{verb.lower()}", grant.person or "")
            self._strike(f"graph.subscription.{verb.lower()}", grant.person or "")
            if subscription_id is None:
                return JSONResponse({"value": self.subscriptions.listed(grant.person)})
            found = self.subscriptions.find(subscription_id)
            self._allow(grant, found.owner, f"{found.kind}.subscription")
            if verb == "PATCH":
                return JSONResponse(self.subscriptions.extend(found, body))
            self.subscriptions.remove(found)
            return Response(status_code=204)

    def _subscription(self, grant: GraphGrant, body: dict[str, Any]) -> dict[str, Any]:
        owner, rest = _owner(grant, str(body.get("resource", "")))
        kind = {"events": "calendar", "messages": "mail"}.get(rest)
        if kind is None:
            raise bad_request(f"Unsupported resource '{rest}'.", "InvalidRequest")
        with self._world.lock:
            self._world.ledger.called("graph.subscription.create", owner)
            self._allow(grant, owner, f"{kind}.subscription")
            fault = self._strike("graph.subscription.create", owner)
            self.subscriptions.refuse_wrong(owner, body)
        self.subscriptions.shake_hands(body)
        with self._world.lock:
            made = self.subscriptions.create(owner, kind, body)
        if fault is not None:
            raise _Hit(fault)
        return made

    def _strike(self, name: str, owner: str) -> Fault | None:
        """Fails here, unless the fault comes after the effect: then that is still to do."""
        fault = self._world.faults.next_for(name, owner)
        if fault is not None and not fault.effect:
            raise _Hit(fault)
        return fault

    def _grant(self, request: Request) -> GraphGrant:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.identity.grant_of(token) if scheme.lower() == "bearer" else None
        if grant is None:
            raise GraphRefusal(401, "InvalidAuthenticationToken", "Access token is empty.")
        return grant

    def _one(
        self,
        grant: GraphGrant,
        verb: str,
        path: str,
        query: dict[str, str],
        headers: dict[str, str],
        body: dict[str, Any],
        root: str,
    ) -> GraphAnswer:
        if path.partition("/")[0] == "groups":
            return self._of_group(grant, path, query, root)
        owner, rest = _owner(grant, path)
        owner = next((one for one in self._world.people if object_id(one) == owner), owner)
        found = next(
            ((name, handler, match.groupdict()) for v, pattern, name, handler in self._methods
             if v == verb and (match := pattern.fullmatch(rest))), None,
        )  # fmt: skip
        if found is None:
            raise GraphRefusal(400, "BadRequest", f"Resource not found for the segment '{rest}'.")
        name, handler, parts = found
        self._world.ledger.called(f"graph.{name}", owner)
        self._allow(grant, owner, name)
        fault = self._world.faults.next_for(f"graph.{name}", owner)
        if fault is not None and not fault.effect:
            raise _Hit(fault)
        answer = handler(GraphCall(owner, parts, query, headers, root, body))
        if fault is not None:
            raise _Hit(fault)
        return answer

    def _of_group(
        self, grant: GraphGrant, path: str, query: dict[str, str], root: str
    ) -> GraphAnswer:
        self._world.ledger.called("graph.group", "")
        fault = self._world.faults.next_for("graph.group", "")
        if fault is not None:
            raise _Hit(fault)
        return self._directory.answer(grant.permissions, path, query, root)

    def _allow(self, grant: GraphGrant, owner: str, name: str) -> None:
        person = self._world.people.get(owner)
        if person is None or not person.has_calendar:
            raise GraphRefusal(404, "ErrorInvalidUser", f"The requested user '{owner}' is invalid.")
        wanted = _NEEDS[name.partition(".")[0]]
        scope = self.identity.mailboxes
        outside = grant.person is None and scope is not None and owner not in scope
        if outside or not set(wanted) & set(grant.permissions):
            raise GraphRefusal(
                403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
            )

    def _batch(self, grant: GraphGrant, body: dict[str, Any], root: str) -> dict[str, Any]:
        parts = body.get("requests", [])
        if len(parts) > LARGEST_BATCH:
            raise bad_request("The batch has more than 20 requests.", "BadRequest")
        self._world.ledger.called("graph.batch", "")
        return {"responses": [self._part(grant, part, root) for part in parts]}

    def _part(self, grant: GraphGrant, part: dict[str, Any], root: str) -> dict[str, Any]:
        parts = urlsplit(part["url"])
        headers = {k.lower(): v for k, v in part.get("headers", {}).items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        answered: dict[str, Any] = {"id": part["id"], "headers": {}}
        try:
            answer = self._one(
                grant, part["method"], parts.path.strip("/"), query, headers,
                part.get("body", {}), root,
            )  # fmt: skip
        except GraphRefusal as refusal:
            return {**answered, "status": refusal.status, "body": refusal.body()}
        except _Hit as hit:
            failed = GraphRefusal(hit.fault.status or 503, hit.fault.reason, "Scripted fault")
            return {**answered, "status": failed.status, "body": failed.body()}
        return {**answered, "status": answer.status, "body": answer.content}


def _owner(grant: GraphGrant, path: str) -> tuple[str, str]:
    """Whose mailbox a path is in, and the rest of the path."""
    first, _, rest = path.partition("/")
    if first == "me":
        if grant.person is None:
            raise bad_request("/me request is only valid with delegated authentication flow.")
        return grant.person, rest
    owner, _, inner = rest.partition("/")
    if first != "users" or (grant.person is not None and owner.lower() != grant.person):
        raise GraphRefusal(403, "ErrorAccessDenied", "Access is denied.")
    return owner.lower(), inner


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        content = json.loads(body)
    except ValueError as error:
        raise bad_request("Unable to read JSON request payload.", "BadRequest") from error
    return content if isinstance(content, dict) else {}


def _failed(fault: Fault) -> Response:
    refusal = GraphRefusal(fault.status, fault.reason, "Scripted fault", fault.retry_after)
    return without_an_answer(fault) or _refused(refusal)


def _address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{request.url.path}"


def _refused(refusal: GraphRefusal) -> Response:
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else None
    return JSONResponse(refusal.body(), status_code=refusal.status, headers=headers)
