"""Salesforce: the C.O., milestone and outcome of a call on its event or opportunity.

Signs in by the client credentials of an External Client App, which acts as its execution user.
Salesforce keeps an event once more for each of its own users who is invited (`IsChild`); that child
takes no changes, and the event itself is the one that counts.

Sources: https://help.salesforce.com/s/articleView?id=xcloud.configure_client_credentials_flow_for_external_client_apps.htm;
https://developer.salesforce.com/docs/platform/api-rest/guide/errorcodes;
https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-eventrelation;
https://developer.salesforce.com/docs/platform/change-data-capture/guide/cdc-standard-objects-task-event-invitees.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlsplit

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

DATA = "/services/data/v62.0"
OUT_OF_REQUESTS_WAIT = timedelta(hours=1)
"""The day's requests come back little by little."""
NO_CHILD = "IsChild = false"
NOTHING = "Id = null"
OBJECTS = {"event": "Event", "opportunity": "Opportunity"}
FIELD_FAULTS = frozenset({"INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_TYPE"})
PASSING = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE"})


@dataclass(frozen=True)
class SalesforceReceiver:
    """Writes into the organization at `root`, its own My Domain address."""

    root: str
    client_id: str
    client_secret: str = field(repr=False)
    writes_to: Literal["event", "opportunity"]
    fields: Mapping[str, str]
    _token: list[str] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def deliver(self, parcel: Parcel) -> Receipt:
        try:
            record = the_only(self._records(parcel))
            path = f"{DATA}/sobjects/{OBJECTS[self.writes_to]}/{record}"
            self._ask("PATCH", path, json=changes_of(parcel.call, self.fields))
        except NotDone as ended:
            return ended.receipt
        except httpx.TransportError as error:
            return silent(error)
        return Receipt(Effect.DELIVERED, Reason.DELIVERED, f"{self.writes_to} {record}")

    def look(self) -> Receipt:
        """Whether we are signed in, may read what is looked for, and the fields are there."""
        try:
            for name in ("Contact", "Account"):
                self._query(["Id"], name, [NOTHING])
            columns = ["Id", *self.fields.values()]
            self._query(columns, OBJECTS[self.writes_to], [NOTHING])
        except NotDone as ended:
            return ended.receipt
        except httpx.TransportError as error:
            return silent(error)
        return Receipt(Effect.DELIVERED, Reason.DELIVERED)

    def _records(self, parcel: Parcel) -> set[str]:
        """By who takes part; where nobody of them is known, by their companies."""
        guests = addresses_in(parcel.guests)
        contacts = self._ids("Id", "Contact", _among("Email", guests))
        found = self._of_contacts(parcel, contacts)
        if found:
            return found
        accounts = {one for domain in domains_in(parcel.call["customers"])
                    for one in self._accounts(domain)}  # fmt: skip
        by_account = _among("AccountId", accounts)
        which = self._which(parcel)
        if self.writes_to == "event":
            return self._ids("Id", "Event", by_account, NO_CHILD, *which)
        return self._ids("Id", "Opportunity", by_account, *which)

    def _of_contacts(self, parcel: Parcel, contacts: Collection[str]) -> set[str]:
        if self.writes_to == "opportunity":
            is_open, theirs = "Opportunity.IsClosed = false", _among("ContactId", contacts)
            return self._ids("OpportunityId", "OpportunityContactRole", theirs, is_open)
        which = self._which(parcel)
        invited = [f"Event.{one}" for one in which]
        first = self._ids("Id", "Event", _among("WhoId", contacts), NO_CHILD, *which)
        theirs = _among("RelationId", contacts)
        return first | self._ids("EventId", "EventRelation", theirs, *invited)

    def _which(self, parcel: Parcel) -> Sequence[str]:
        if self.writes_to == "opportunity":
            return ["IsClosed = false"]
        begin, end = (_moment(one) for one in around(parcel.call))
        return [f"StartDateTime >= {begin}", f"StartDateTime <= {end}"]

    def _accounts(self, domain: str) -> set[str]:
        """The accounts whose website is at this domain; the query finds those that contain it."""
        rows = self._query(["Id", "Website"], "Account", [f"Website LIKE '%{domain}%'"])
        return {row["Id"] for row in rows if _is_at(str(row.get("Website") or ""), domain)}

    def _ids(self, column: str, name: str, among: str, *conditions: str) -> set[str]:
        """Without any request where it is among none."""
        if not among:
            return set()
        return {str(row[column]) for row in self._query([column], name, [among, *conditions])}

    def _query(
        self, columns: Sequence[str], name: str, conditions: Sequence[str]
    ) -> Sequence[Mapping[str, Any]]:
        """The records of an object that meet all of the conditions."""
        those = " AND ".join(conditions)
        asked = " ".join(["SELECT", ", ".join(columns), "FROM", name, "WHERE", those])
        answer = self._ask("GET", f"{DATA}/query", params={"q": asked})
        found: Sequence[Mapping[str, Any]] = answer["records"]
        return found

    def _ask(self, method: str, path: str, **given: Any) -> Any:
        """Signs in anew, once, where the token is not good any more."""
        answer = self._request(method, path, self._signed_in(), given)
        if answer.status_code == 401:
            self._sign_out()
            answer = self._request(method, path, self._signed_in(), given)
        said = body_of(answer)
        if answer.status_code == 204:
            return {}
        if answer.status_code == 200 and isinstance(said, dict):
            return said
        raise _refusal(answer, said)

    def _request(
        self, method: str, path: str, token: str, given: Mapping[str, Any]
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        return self._client.request(method, path, headers=headers, **given)

    def _signed_in(self) -> str:
        with self._lock:
            if not self._token:
                self._token.append(self._new_token())
            return self._token[0]

    def _sign_out(self) -> None:
        with self._lock:
            self._token.clear()

    def _new_token(self) -> str:
        given = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        answer = self._client.post("/services/oauth2/token", data=given)
        said = body_of(answer)
        if answer.status_code == 200 and isinstance(said, dict) and said.get("access_token"):
            return str(said["access_token"])
        if answer.status_code >= 500 or answer.status_code == 429:
            raise _refusal(answer, said)
        error = said.get("error") if isinstance(said, dict) else None
        detail = code_in(str(error).upper()).lower() or f"HTTP {answer.status_code}"
        raise NotDone(Effect.RECEIVER_FAILS, Reason.CRM_SIGN_IN, detail)

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self.root, timeout=SECONDS)


def _among(column: str, values: Collection[str]) -> str:
    """The condition that a column has one of these values, which hold no quote and no backslash;
    empty for none."""
    listed = ",".join(f"'{one}'" for one in sorted(values))
    return f"{column} IN ({listed})" if listed else ""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_at(website: str, domain: str) -> bool:
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return False
    return f".{host}".endswith(f".{domain}")


def _refusal(answer: httpx.Response, said: Any) -> NotDone:
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
    status, code = answer.status_code, code_in(first.get("errorCode"))
    detail = " ".join(filter(None, (f"HTTP {status}", code)))
    if code == "REQUEST_LIMIT_EXCEEDED":
        return NotDone(Effect.RECEIVER_FAILS, Reason.RECEIVER_FAILS, detail, OUT_OF_REQUESTS_WAIT)
    if code in FIELD_FAULTS:
        return NotDone(Effect.RECEIVER_FAILS, Reason.CRM_FIELD, detail)
    if status in (401, 403):
        return NotDone(Effect.RECEIVER_FAILS, Reason.CRM_SIGN_IN, detail)
    if 400 <= status < 500 and status not in (408, 429) and code not in PASSING:
        return NotDone(Effect.REFUSED, Reason.RECEIVER_REFUSED, detail)
    wait = asked_wait(answer)
    return NotDone(Effect.RECEIVER_FAILS, Reason.RECEIVER_FAILS, detail, wait)
