"""A call to Graph before it is made: whose data, which path, what may be done twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

Json = dict[str, Any]
MOST_HITS = 5


@dataclass(frozen=True, slots=True)
class Account:
    """Whose data: the address, and the path that Graph knows it by."""

    address: str
    path: str

    @classmethod
    def of_organization(cls, address: str) -> Self:
        """Any mailbox that the organization's app may reach."""
        return cls(address.lower(), f"/users/{quote(address, safe='@')}")

    @classmethod
    def of_person(cls, address: str) -> Self:
        """The mailbox of the person who gave consent."""
        return cls(address.lower(), "/me")


@dataclass(frozen=True, slots=True)
class Documented:
    """What Graph answers to a call that it carried out, by its reference: one of these statuses,
    and JSON with the property `holds` of this `kind` (any object where there is no name, no JSON
    at all where there is no kind). A proxy's page is none of it, whatever its status."""

    statuses: tuple[int, ...] = (200,)
    holds: str = ""
    kind: type[Any] | None = dict

    def fits(self, status: int, body: Any) -> bool:
        """Whether this is such an answer; `body` is decoded, `None` where it cannot be."""
        if status not in self.statuses:
            return False
        if self.kind is None:
            return True
        if not isinstance(body, dict):
            return False
        return not self.holds or (
            isinstance(found := body.get(self.holds), self.kind) and found != ""
        )


OBJECT = Documented()
ITEM = Documented(holds="id", kind=str)
LIST = Documented(holds="value", kind=list)
CREATED = Documented((201,), "id", str)
CREATED_ONCE = Documented((201, 200), "id", str)
"""With a `transactionId`: which of both a second creation is answered with is not written down."""
SOURCE = Documented(kind=None)
ACCEPTED = Documented((202,), kind=None)
NO_CONTENT = Documented((204,), kind=None)
ANSWERS = Documented(holds="responses", kind=list)


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `path` lies below the account's, or is a whole link that Graph gave out.

    `repeatable` tells whether sending it twice has the effect of sending it once. Only what is
    `documented` counts as done.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    prefer: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = None
    etag: str | None = None
    repeatable: bool = True
    documented: Documented = OBJECT


def get(path: str, params: Mapping[str, str] | None = None, *prefer: str) -> Request:
    return Request("GET", path, params or {}, prefer)


def get_item(path: str, params: Mapping[str, str] | None = None) -> Request:
    return Request("GET", path, params or {}, documented=ITEM)


def get_list(path: str, params: Mapping[str, str] | None = None, *prefer: str) -> Request:
    return Request("GET", path, params or {}, prefer, documented=LIST)


def quoted(identifier: str) -> str:
    """An id as a part of a path."""
    return quote(identifier, safe="")


def query(params: Mapping[str, str]) -> str:
    """The query of a URL. OData's own characters stay readable."""
    return "&".join(f"{name}={quote(value, safe=',:()/')}" for name, value in params.items())


def literal(text: str) -> str:
    """A string in an OData filter."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def by_property(name: str, value: str) -> dict[str, str]:
    """The parameters that find what carries this extended property, and show the property along:
    `carries` is to be asked before a hit is believed."""
    found = f"(ep: ep/id eq {literal(name)} and ep/value eq {literal(value)})"
    return {
        "$filter": f"singleValueExtendedProperties/Any{found}",
        "$expand": with_property(name),
        "$top": str(MOST_HITS),
    }


def with_property(name: str) -> str:
    return f"singleValueExtendedProperties($filter=id eq {literal(name)})"


def carries(item: Json, name: str, value: str) -> bool:
    properties = item.get("singleValueExtendedProperties") or ()
    return any(each.get("id") == name and each.get("value") == value for each in properties)


_OF_MAIL = ("/messages", "/mailFolders", "/inferenceClassification")


def subject(account: Account, request: Request) -> str:
    """What a call is about, for people: no ids, no query."""
    mail = any(part in request.path for part in _OF_MAIL)
    kind = "mail" if mail else "calendar"
    if request.path == "/mailboxSettings":
        kind = "mailbox settings"
    if "/groups" in request.path:
        return f"the group {account.address}"
    return f"the {kind} of {account.address}"
