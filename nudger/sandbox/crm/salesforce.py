"""Salesforce as the sandbox answers it: client credentials, queries, writing a record.

Sources: https://help.salesforce.com, "Configure an External Client App for OAuth 2.0 Client
Credentials Flow"; https://developer.salesforce.com/docs/platform/api-rest/guide/errorcodes, and
.../change-data-capture/guide/cdc-standard-objects-task-event-invitees (child events). Of SOQL it
knows conjunctions of comparisons, which is more than is sent.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.world import World

_QUERY = re.compile(r"SELECT ([\w, ]+) FROM (\w+) WHERE (.+)", re.DOTALL)
_TERM = re.compile(r"([\w.]+) (=|>=|<=|IN|LIKE) (\(.*\)|'[^']*'|[^ ]+)", re.DOTALL)
Rows = list[dict[str, Any]]


class SalesforceServer:
    """`client_id` and `client_secret` are the External Client App's, `runs_as` whether it has an
    execution user. `objects` are records by the name of their object; `writable` the fields that
    were made, with the most characters that each takes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.client_id, self.client_secret = secrets.token_hex(8), secrets.token_hex(16)
        self.runs_as = True
        self.token: str | None = None
        self.tokens_given = 0
        self.objects: dict[str, Rows] = {}
        self.writable: dict[str, int] = {}
        self.writes: list[tuple[str, str, dict[str, Any]]] = []
        data = "/services/data/{version}"
        self.routes = [
            Route("/services/oauth2/token", self.sign_in, methods=["POST"]),
            Route(f"{data}/query", self.query, methods=["GET"]),
            Route(f"{data}/sobjects/{{name}}/{{id}}", self.update, methods=["PATCH"]),
        ]

    def add(self, name: str, **row: Any) -> str:
        with self._world.lock:
            number = f"00{len(self.objects)}{sum(map(len, self.objects.values())):012d}AAA"
            given = {"IsChild": False} if name == "Event" else {}
            self.objects.setdefault(name, []).append({"Id": number, **given, **row})
            return number

    def invite_user(self, event: str) -> str:
        """Have a user of Salesforce's invited: the event is there once more, as theirs."""
        row = next(one for one in self.objects["Event"] if one["Id"] == event)
        theirs = {name: value for name, value in row.items() if name not in ("Id", "IsChild")}
        return self.add("Event", **theirs, IsChild=True)

    def expire(self) -> None:
        """The session that is out is good no more."""
        self.token = secrets.token_hex(8)

    async def sign_in(self, request: Request) -> Response:
        sent = parse_qs((await request.body()).decode())
        given = {name: values[0] for name, values in sent.items()}
        with self._world.lock:
            fault = self._world.faults.next_for("salesforce.token", "")
            if fault is not None:
                return JSONResponse({"error": fault.reason}, fault.status)
            if given.get("grant_type") != "client_credentials":
                return _no_token("unsupported_grant_type", "grant type not supported")
            if given.get("client_id") != self.client_id:
                return _no_token("invalid_client_id", "client identifier invalid")
            if given.get("client_secret") != self.client_secret:
                return _no_token("invalid_client", "invalid client credentials")
            if not self.runs_as:
                return _no_token("invalid_grant", "no client credentials user enabled")
            self.token = f"00D{secrets.token_hex(12)}"
            self.tokens_given += 1
            told = {"access_token": self.token, "token_type": "Bearer", "scope": "api",
                    "instance_url": "https://elsewhere.example"}  # fmt: skip
            return JSONResponse(told)

    async def query(self, request: Request) -> Response:
        with self._world.lock:
            refused = self._refused(request, "salesforce.query")
            if refused is not None:
                return refused
            parsed = _QUERY.fullmatch(request.query_params.get("q", ""))
            terms = (
                [] if parsed is None else [_TERM.fullmatch(one) for one in parsed[3].split(" AND ")]
            )
            if parsed is None or not all(terms):
                return _refusal(400, "MALFORMED_QUERY", "unexpected token")
            columns = [one.strip() for one in parsed[1].split(",")]
            unknown = [one for one in columns if one.endswith("__c") and one not in self.writable]
            if unknown:
                says = f"No such column '{unknown[0]}' on entity '{parsed[2]}'."
                return _refusal(400, "INVALID_FIELD", says)
            rows = self.objects.get(parsed[2], [])
            fits = [_term(one) for one in terms if one is not None]
            found = [row for row in rows if all(one(row) for one in fits)]
            records = [{name: row.get(name) for name in columns} for row in found]
            return JSONResponse({"totalSize": len(found), "done": True, "records": records})

    async def update(self, request: Request) -> Response:
        body = json.loads(await request.body())
        with self._world.lock:
            refused = self._refused(request, "salesforce.update")
            if refused is not None:
                return refused
            name, number = request.path_params["name"], request.path_params["id"]
            rows = [row for row in self.objects.get(name, []) if row["Id"] == number]
            if not rows:
                return _refusal(404, "NOT_FOUND", "The requested resource does not exist")
            if rows[0].get("IsChild"):
                return _refusal(400, "INVALID_FIELD_FOR_INSERT_UPDATE", "It is a child event.")
            for column, value in body.items():
                if column not in self.writable:
                    says = f"No such column '{column}' on sobject of type {name}"
                    return _refusal(400, "INVALID_FIELD", says)
                if len(value or "") > self.writable[column]:
                    says = f"{column}: data value too large (max length={self.writable[column]})"
                    return _refusal(400, "STRING_TOO_LONG", says, [column])
            rows[0].update(body)
            self.writes.append((name, number, body))
            return Response(status_code=204)

    def _refused(self, request: Request, method: str) -> Response | None:
        self._world.ledger.called(method, "")
        fault = self._world.faults.next_for(method, "")
        if fault is not None:
            return _refusal(fault.status, fault.reason, "It is refused.")
        given = request.headers.get("authorization")
        if self.token is None or given != f"Bearer {self.token}":
            return _refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
        return None


def _term(parsed: re.Match[str]) -> Callable[[Mapping[str, Any]], bool]:
    name, operator, text = parsed.groups()
    values = re.findall(r"'([^']*)'", text)

    def fits(row: Mapping[str, Any]) -> bool:
        value = row.get(name)
        if value is None:
            return False
        if operator == "IN":
            return str(value).lower() in [one.lower() for one in values]
        if operator == "LIKE":
            return values[0].strip("%").lower() in str(value).lower()
        if operator == "=":
            return bool(value == (text == "true") if text in ("true", "false") else value == text)
        at, bound = datetime.fromisoformat(value).astimezone(UTC), datetime.fromisoformat(text)
        return at >= bound if operator == ">=" else at <= bound

    return fits


def _no_token(error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, 400)


def _refusal(status: int, code: str, message: str, fields: list[str] | None = None) -> Response:
    told = {"errorCode": code, "message": message, **({"fields": fields} if fields else {})}
    return JSONResponse([told], status)
