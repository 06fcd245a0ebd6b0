"""A Graph call as a method sees it, and the refusals in Graph's own shape."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class GraphRefusal(Exception):
    """Answered instead of a result."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None):
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": str(self)}}


@dataclass(frozen=True)
class GraphCall:
    """One authorized call into the mailbox of `owner`. Header names are lower-case."""

    owner: str
    path: dict[str, str]
    query: dict[str, str]
    headers: dict[str, str]
    root: str
    body: dict[str, Any] = field(default_factory=dict)

    def page_size(self, default: int) -> int:
        for preference in self.headers.get("prefer", "").split(","):
            name, _, value = preference.strip().partition("=")
            if name == "odata.maxpagesize" and value.isdigit():
                return int(value)
        top = self.query.get("$top", "")
        return int(top) if top.isdigit() else default


@dataclass(frozen=True)
class GraphAnswer:
    """`content` is sent as JSON, `raw` as it is."""

    content: dict[str, Any] | None = None
    status: int = 200
    raw: bytes | None = None


_EXPANDED = re.compile(r"singleValueExtendedProperties\(\$filter=id eq '([^']+)'\)")


def expanded(call: GraphCall, properties: Mapping[str, str]) -> dict[str, Any]:
    """The one extended property that the call asked to see along, where the item has it."""
    asked = _EXPANDED.fullmatch(call.query.get("$expand", ""))
    if asked is None or asked[1] not in properties:
        return {}
    value = {"id": asked[1], "value": properties[asked[1]]}
    return {"singleValueExtendedProperties": [value]}


def bad_request(message: str, code: str = "ErrorInvalidRequest") -> GraphRefusal:
    return GraphRefusal(400, code, message)


def item_not_found() -> GraphRefusal:
    return GraphRefusal(
        404, "ErrorItemNotFound", "The specified object was not found in the store."
    )


def sealed_state(state: dict[str, Any]) -> str:
    """An opaque token, as delta and skip tokens are."""
    return base64.urlsafe_b64encode(json.dumps(state).encode()).decode().rstrip("=")


def opened_state(token: str) -> dict[str, Any]:
    try:
        padded = token + "=" * (-len(token) % 4)
        state: dict[str, Any] = json.loads(base64.urlsafe_b64decode(padded))
        return state
    except (ValueError, binascii.Error) as error:
        raise GraphRefusal(410, "SyncStateNotFound", "The sync state is not found.") from error


GRAPH_ID_START = "AAkALg"
MOVING_ID_START = "AAMkAG"


def immutable_id(owner: str, own_id: str) -> str:
    """One item's id in one mailbox: nobody else's mailbox knows it."""
    text = f"{owner}|{own_id}".encode()
    return GRAPH_ID_START + base64.urlsafe_b64encode(text).decode().rstrip("=")


def rest_id(owner: str, own_id: str) -> str:
    """The same item's id as clients know it, which changes when the item is moved. Graph takes it,
    and answers with the other where that is asked for."""
    return MOVING_ID_START + immutable_id(owner, own_id).removeprefix(GRAPH_ID_START)


def own_id(owner: str, graph_id: str) -> str:
    """The item behind an id. Raises `GraphRefusal` for an id of another mailbox."""
    try:
        coded = graph_id.removeprefix(GRAPH_ID_START).removeprefix(MOVING_ID_START)
        text = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise bad_request("Id is malformed.", "ErrorInvalidIdMalformed") from error
    holder, _, found = text.partition("|")
    if holder != owner or not graph_id.startswith((GRAPH_ID_START, MOVING_ID_START)):
        raise item_not_found()
    return found
