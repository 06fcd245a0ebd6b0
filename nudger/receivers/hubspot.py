"""HubSpot: the C.O., milestone and outcome of a call on its meeting or deal.

Sources: https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
(associations.* filters, 5 filter groups, IN wants small letters; what is new is found late);
https://developers.hubspot.com/docs/api-reference/latest/crm/activities/meetings/guide (properties,
scopes); https://developers.hubspot.com/docs/api-reference/latest/error-handling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import httpx

from nudger.domain.notices import Effect, Receipt
from nudger.domain.reasons import Reason
from nudger.receivers.base import Parcel
from nudger.receivers.crm import (
    SECONDS,
    NotDone,
    addresses_in,
    around,
    asked_wait,
    body_of,
    changes_of,
    code_in,
    domains_in,
    silent,
    the_only,
)

MOST_GROUPS = 5
MOST_FOUND = 100
PASSING = frozenset({408, 423, 429, 477})
"""423: locked for two seconds; 477: the account moves to another data centre, up to a day."""
Filter = Mapping[str, Any]


@dataclass(frozen=True)
class HubspotReceiver:
    """Writes with the access token of an app that may read contacts and companies, and write what
    it writes to."""

    root: str
    token: str = field(repr=False)
    writes_to: Literal["meeting", "deal"]
    fields: Mapping[str, str]

    def deliver(self, parcel: Parcel) -> Receipt:
        try:
            record = the_only(self._records(parcel))
            changed = {name: value or "" for name, value in
                       changes_of(parcel.call, self.fields).items()}  # fmt: skip
            path = f"/crm/v3/objects/{self.writes_to}s/{record}"
            self._ask("PATCH", path, {"properties": changed})
        except NotDone as ended:
            return ended.receipt
        except httpx.TransportError as error:
            return silent(error)
        return Receipt(Effect.DELIVERED, Reason.DELIVERED, f"{self.writes_to} {record}")

    def look(self) -> Receipt:
        """Whether the key is taken, and lets us read what is looked for."""
        nobody = [[{"propertyName": "hs_object_id", "operator": "EQ", "value": "0"}]]
        try:
            for what in ("contacts", "companies", f"{self.writes_to}s"):
                self._found(what, nobody)
        except NotDone as ended:
            return ended.receipt
        except httpx.TransportError as error:
            return silent(error)
        return Receipt(Effect.DELIVERED, Reason.DELIVERED)

    def _records(self, parcel: Parcel) -> set[str]:
        """By who takes part; where nobody of them is known, by their companies."""
        which = self._which(parcel)
        guests = addresses_in(parcel.guests)
        contacts = self._found("contacts", [[_one_of("email", guests)]] if guests else [])
        found = self._linked("contact", contacts, which)
        if found:
            return found
        domains = domains_in(parcel.call["customers"])
        companies = self._found("companies", [[_one_of("domain", domains)]] if domains else [])
        return self._linked("company", companies, which)

    def _which(self, parcel: Parcel) -> Sequence[Filter]:
        if self.writes_to == "deal":
            return [{"propertyName": "hs_is_closed", "operator": "EQ", "value": "false"}]
        begin, end = (str(int(one.timestamp() * 1000)) for one in around(parcel.call))
        between = {"operator": "BETWEEN", "value": begin, "highValue": end}
        return [{"propertyName": "hs_meeting_start_time", **between}]

    def _linked(self, kind: str, ids: Iterable[str], which: Sequence[Filter]) -> set[str]:
        linked = [
            [{"propertyName": f"associations.{kind}", "operator": "EQ", "value": one}, *which]
            for one in sorted(ids)
        ]
        return self._found(f"{self.writes_to}s", linked)

    def _found(self, what: str, groups: Sequence[Sequence[Filter]]) -> set[str]:
        found: set[str] = set()
        for begin in range(0, len(groups), MOST_GROUPS):
            asked = {
                "filterGroups": [{"filters": one} for one in groups[begin : begin + MOST_GROUPS]],
                "properties": ["hs_object_id"],
                "limit": MOST_FOUND,
            }
            results = self._ask("POST", f"/crm/v3/objects/{what}/search", asked)["results"]
            found.update(str(one["id"]) for one in results)
        return found

    def _ask(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        answer = self._client.request(method, path, json=body)
        said = body_of(answer)
        if answer.status_code == 200 and isinstance(said, dict):
            return said
        raise _refusal(answer, said if isinstance(said, dict) else {})

    @cached_property
    def _client(self) -> httpx.Client:
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.root, headers=headers, timeout=SECONDS)


def _one_of(name: str, values: Sequence[str]) -> Filter:
    return {"propertyName": name, "operator": "IN", "values": list(values)}


def _refusal(answer: httpx.Response, said: Mapping[str, Any]) -> NotDone:
    status = answer.status_code
    detail = " ".join(filter(None, (f"HTTP {status}", code_in(said.get("category")))))
    if status in (401, 403):
        return NotDone(Effect.RECEIVER_FAILS, Reason.CRM_SIGN_IN, detail)
    if status == 400 and "PROPERTY_DOESNT_EXIST" in str(said.get("message")):
        return NotDone(Effect.RECEIVER_FAILS, Reason.CRM_FIELD, detail)
    if 400 <= status < 500 and status not in PASSING:
        return NotDone(Effect.REFUSED, Reason.RECEIVER_REFUSED, detail)
    wait = asked_wait(answer)
    return NotDone(Effect.RECEIVER_FAILS, Reason.RECEIVER_FAILS, detail, wait)
