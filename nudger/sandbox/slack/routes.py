"""The methods of Slack's Web API that Nudger calls, refusals included."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.failing import without_an_answer
from nudger.sandbox.faults import Fault
from nudger.sandbox.slack.block_rules import Invalid, check_message, check_view
from nudger.sandbox.slack.socket_mode import SocketMode
from nudger.sandbox.slack.workspace import BOT_USER, TEAM, Channel, Workspace
from nudger.sandbox.world import World

Given = dict[str, Any]


SCOPES = {
    "users.lookupByEmail": "users:read.email",
    "conversations.open": "im:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "conversations.replies": "im:history",
}
"""What a method wants allowed, as its page says; the others want nothing."""


class SlackError(Exception):
    """The code with which Slack says no."""


class SlackServer:
    """Its routes below /slack/api, its workspace, and its Socket Mode."""

    def __init__(self, world: World) -> None:
        self.workspace = Workspace(world)
        self.socket_mode = SocketMode(self.workspace)
        self._world = world
        self._methods: dict[str, Callable[[Given], Given]] = {
            "auth.test": lambda _given: {"team_id": TEAM, "user_id": BOT_USER, "bot_id": "B1"},
            "users.lookupByEmail": self._lookup,
            "conversations.open": self._open,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "views.open": self._view,
        }
        self.routes = [
            Route("/slack/api/{method}", self._call, methods=["GET", "POST"]),
        ]

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        given = await _given(request)
        with self._world.lock:
            self._world.ledger.called(f"slack.{method}", "")
            fault = self._world.faults.next_for(f"slack.{method}", "")
            if fault is not None and not fault.effect:
                return _failed(fault)
            answer = self._answer(request, method, given)
        return answer if fault is None else _failed(fault)

    def _answer(self, request: Request, method: str, given: Given) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = token or str(given.get("token", ""))
        if method == "apps.connections.open":
            if token not in self.workspace.app_tokens:
                return JSONResponse({"ok": False, "error": "invalid_auth"})
            return JSONResponse({"ok": True, "url": self.socket_mode.new_url()})
        if token not in self.workspace.bot_tokens:
            return JSONResponse({"ok": False, "error": "token_revoked"})
        if method not in self._methods:
            return JSONResponse({"ok": False, "error": "unknown_method"})
        has = {"x-oauth-scopes": ",".join(sorted(self.workspace.scopes))}
        needed = SCOPES.get(method)
        if needed is not None and needed not in self.workspace.scopes:
            lacks = {"ok": False, "error": "missing_scope", "needed": needed}
            return JSONResponse({**lacks, "provided": has["x-oauth-scopes"]}, headers=has)
        try:
            return JSONResponse({"ok": True, **self._methods[method](given)}, headers=has)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": str(error)})
        except Invalid as error:
            found = {"ok": False, "error": "invalid_blocks", "errors": [str(error)]}
            return JSONResponse(found)

    def _lookup(self, given: Given) -> Given:
        user = self.workspace.user_of(given.get("email", ""))
        if user is None:
            raise SlackError("users_not_found")
        return {"user": {"id": user.id, "team_id": TEAM, "deleted": user.deleted, "is_bot": False}}

    def _open(self, given: Given) -> Given:
        return {"channel": {"id": self.workspace.channel_with(given["users"]).id}}

    def _channel(self, given: Given) -> Channel:
        channel = self.workspace.channels.get(given.get("channel", ""))
        if channel is None:
            raise SlackError("channel_not_found")
        if channel.archived:
            raise SlackError("is_archived")
        user = next((u for u in self.workspace.users.values() if u.id == channel.user), None)
        if user is not None and user.deleted:
            raise SlackError("user_is_deactivated")
        return channel

    def _post(self, given: Given) -> Given:
        channel = self._channel(given)
        if not given.get("text") or len(given["text"]) > 40_000:
            raise SlackError("no_text")
        check_message(given.get("blocks"))
        posted = {
            "type": "message", "bot_id": "B1", "user": BOT_USER, "text": given["text"],
            "ts": self.workspace.new_ts(), "blocks": given["blocks"],
            "metadata": given.get("metadata"),
        }  # fmt: skip
        if given.get("thread_ts"):
            if all(one["ts"] != given["thread_ts"] for one in channel.messages):
                raise SlackError("thread_not_found")
            posted["thread_ts"] = given["thread_ts"]
        channel.messages.append(posted)
        return {"channel": channel.id, "ts": posted["ts"], "message": posted}

    def _update(self, given: Given) -> Given:
        channel = self._channel(given)
        check_message(given.get("blocks"))
        for one in channel.messages:
            if one["ts"] == given.get("ts"):
                if not one.get("bot_id"):
                    raise SlackError("cant_update_message")
                one["text"], one["blocks"] = given["text"], given["blocks"]
                return {"channel": channel.id, "ts": one["ts"]}
        raise SlackError("message_not_found")

    def _history(self, given: Given) -> Given:
        return self._listed(given, lambda one: "thread_ts" not in one)

    def _replies(self, given: Given) -> Given:
        ts = given.get("ts")
        return self._listed(given, lambda one: ts in (one["ts"], one.get("thread_ts")))

    def _listed(self, given: Given, is_wanted: Callable[[Given], bool]) -> Given:
        """The latest first; metadata only where it was asked for."""
        oldest = float(given.get("oldest") or 0)
        with_metadata = str(given.get("include_all_metadata", "")).lower() in ("1", "true")
        found = [
            one if with_metadata else {k: v for k, v in one.items() if k != "metadata"}
            for one in reversed(self._channel(given).messages)
            if is_wanted(one) and float(one["ts"]) >= oldest
        ]
        begin = int(given.get("cursor") or 0)
        end = begin + min(int(given.get("limit") or 100), 999)
        following = str(end) if end < len(found) else ""
        return {"messages": found[begin:end], "response_metadata": {"next_cursor": following}}

    def _view(self, given: Given) -> Given:
        if self.workspace.take_trigger(given.get("trigger_id", "")) is None:
            raise SlackError("expired_trigger_id")
        check_view(given.get("view"))
        view_id = f"V{len(self.workspace.views) + 1:05}"
        self.workspace.views[view_id] = given["view"]
        return {"view": {"id": view_id, **given["view"]}}


async def _given(request: Request) -> Given:
    given: Given = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        return {**given, **(json.loads(body) if body else {})}
    form: Given = {**given, **dict(await request.form())}
    for name in ("blocks", "view", "metadata"):
        if isinstance(form.get(name), str):
            form[name] = json.loads(form[name])
    return form


def _failed(fault: Fault) -> Response:
    nothing = without_an_answer(fault)
    if nothing is not None:
        return nothing
    if fault.status == 200:
        return JSONResponse({"ok": False, "error": fault.reason})
    headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    error = "ratelimited" if fault.status == 429 else fault.reason
    return JSONResponse({"ok": False, "error": error}, fault.status, headers)
