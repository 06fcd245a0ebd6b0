"""HubSpot as the sandbox answers it: search of objects, and writing their properties.

Sources: https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm,
.../crm/activities/meetings/guide (scopes), .../error-handling. Of the limits of a search the page
names others at times: the lowest count here.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.world import World

KINDS = ("contacts", "companies", "meetings", "deals")
SINGULAR = {"contact": "contacts", "company": "companies"}
MOST_GROUPS, MOST_FILTERS, MOST_FILTERS_IN_ALL = 5, 6, 18
READS = {
    "contacts": "crm.objects.contacts.read",
    "companies": "crm.objects.companies.read",
    "deals": "crm.objects.deals.read",
    "meetings": "crm.objects.contacts.read",
}
WRITES = {"deals": "crm.objects.deals.write", "meetings": "crm.objects.contacts.write"}


@dataclass
class Record:
    """A record, and the ids of those that it is associated with, by their kind."""

    id: str
    properties: dict[str, str]
    linked: dict[str, set[str]] = field(default_factory=dict)


class HubspotServer:
    """`token` is the app's, `known` the properties that were made, `scopes` what the app may."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.token = f"pat-eu1-{secrets.token_hex(12)}"
        self.scopes = {*READS.values(), *WRITES.values()}
        self.known = {"email", "domain", "hs_meeting_start_time", "hs_is_closed", "hs_object_id"}
        self.records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self.writes: list[tuple[str, str, dict[str, str]]] = []
        self.routes = [
            Route("/crm/v3/objects/{kind}/search", self.search, methods=["POST"]),
            Route("/crm/v3/objects/{kind}/{id}", self.update, methods=["PATCH"]),
        ]

    def add(self, kind: str, properties: Mapping[str, str], **linked: set[str]) -> Record:
        with self._world.lock:
            number = str(1000 + sum(map(len, self.records.values())))
            made = Record(number, dict(properties), linked)
            self.records[kind][number] = made
            return made

    async def search(self, request: Request) -> Response:
        body = await _json(request)
        with self._world.lock:
            refused = self._refused(request, "hubspot.search")
            if refused is not None:
                return refused
            kind, groups = request.path_params["kind"], body.get("filterGroups", [])
            if kind not in self.records:
                return _refusal(404, "OBJECT_NOT_FOUND", "Unable to infer object type")
            if READS[kind] not in self.scopes:
                return _no_scope()
            sizes = [len(one["filters"]) for one in groups]
            too_many = len(groups) > MOST_GROUPS or sum(sizes) > MOST_FILTERS_IN_ALL
            too_many = too_many or any(size > MOST_FILTERS for size in sizes)
            if not groups or too_many or not 0 < int(body.get("limit", 10)) <= 200:
                return _refusal(400, "VALIDATION_ERROR", "There was a problem with the request.")
            found = [one for one in self.records[kind].values() if _fits_any(one, groups)]
            results = [{"id": one.id, "properties": one.properties} for one in found]
            return JSONResponse({"total": len(results), "results": results})

    async def update(self, request: Request) -> Response:
        body = await _json(request)
        with self._world.lock:
            refused = self._refused(request, "hubspot.update")
            if refused is not None:
                return refused
            kind, number = request.path_params["kind"], request.path_params["id"]
            if WRITES.get(kind) not in self.scopes:
                return _no_scope()
            record = self.records.get(kind, {}).get(number)
            if record is None:
                return _refusal(404, "OBJECT_NOT_FOUND", "Object not found.")
            unknown = sorted(set(body["properties"]) - self.known)
            if unknown:
                faults = [
                    {"isValid": False, "error": "PROPERTY_DOESNT_EXIST", "name": name,
                     "message": f'Property "{name}" does not exist'}
                    for name in unknown
                ]  # fmt: skip
                says = f"Property values were not valid: {json.dumps(faults)}"
                return _refusal(400, "VALIDATION_ERROR", says)
            if not all(isinstance(value, str) for value in body["properties"].values()):
                return _refusal(400, "VALIDATION_ERROR", "Invalid input JSON: a string is expected")
            record.properties.update(body["properties"])
            self.writes.append((kind, number, dict(body["properties"])))
            return JSONResponse({"id": number, "properties": record.properties})

    def _refused(self, request: Request, method: str) -> Response | None:
        self._world.ledger.called(method, "")
        fault = self._world.faults.next_for(method, "")
        if fault is not None:
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
            return _refusal(fault.status, fault.reason, "You have reached a limit.", headers)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _refusal(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        return None


def _fits_any(record: Record, groups: list[dict[str, Any]]) -> bool:
    return any(all(_fits(record, one) for one in group["filters"]) for group in groups)


def _fits(record: Record, wanted: Mapping[str, Any]) -> bool:
    name, operator = wanted["propertyName"], wanted["operator"]
    if name.startswith("associations."):
        return wanted["value"] in record.linked.get(SINGULAR[name.partition(".")[2]], set())
    value = record.properties.get(name)
    if value is None:
        return False
    if operator == "IN":
        return value.lower() in wanted["values"]  # which HubSpot wants in small letters
    if operator == "BETWEEN":
        at = datetime.fromisoformat(value).timestamp() * 1000
        return int(wanted["value"]) <= at <= int(wanted["highValue"])
    return bool(value == wanted["value"])


async def _json(request: Request) -> dict[str, Any]:
    body = json.loads(await request.body())
    return body if isinstance(body, dict) else {}


def _no_scope() -> Response:
    return _refusal(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes")


def _refusal(
    status: int, category: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    said = {"status": "error", "category": category, "message": message}
    return JSONResponse(said, status, headers=dict(headers or {}))
