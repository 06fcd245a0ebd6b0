"""Graph's mail as the sandbox answers it: drafts, sending, the inbox' delta.

Sources: Graph v1.0 message: post, send, get (MIME content), delta; message resource.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlencode

from nudger.sandbox.entries import StoredMessage
from nudger.sandbox.mailboxes import Search
from nudger.sandbox.microsoft.answers import (
    GraphAnswer,
    GraphCall,
    GraphRefusal,
    bad_request,
    expanded,
    immutable_id,
    item_not_found,
    opened_state,
    own_id,
    sealed_state,
)
from nudger.sandbox.plain_forms import shown_text
from nudger.sandbox.world import World

_FOLDERS = {"inbox": "INBOX", "drafts": "DRAFT", "sentitems": "SENT"}
_BY_PROPERTY = re.compile(
    r"singleValueExtendedProperties/Any\(ep: ?ep/id eq '([^']+)' and ep/value eq '([^']*)'\)"
)
_BY_MESSAGE_ID = re.compile(r"internetMessageId eq '([^']*)'")
_SINCE = re.compile(r"receivedDateTime g[et] (\S+)")
_SINCE_ANYWHERE = re.compile(r"receivedDateTime ge (\S+) and isDraft eq false")
_HEADER = re.compile(r"String \{00020386-0000-0000-c000-000000000046\} Name (\S+)")
_FOLDER_ID = "AQMkAGfolder-"
_FOLDER_NAMES = {
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "junkemail": "Junk Email",
}
MOST_OVERRIDES = 1000
_LIST_UNSUBSCRIBE = "String 0x1045"
_DROPPED = ("auto-submitted", "list-unsubscribe")
"""Exchange keeps neither header of a mail that it sends, where it is given by its name."""
_MOST_HEADERS = 5


class GraphMail:
    """Each method takes a `GraphCall` and returns a `GraphAnswer`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._boxes = world.mailboxes

    def create(self, call: GraphCall) -> GraphAnswer:
        raw = _source(call.owner, call.body)
        properties = {
            str(one["id"]): str(one["value"])
            for one in call.body.get("singleValueExtendedProperties", ())
        }
        draft = self._boxes.keep_draft(call.owner, raw, properties)
        return GraphAnswer(_shown(call.owner, draft), 201)

    def send(self, call: GraphCall) -> GraphAnswer:
        message = self._message(call)
        if "DRAFT" not in message.labels:
            raise GraphRefusal(404, "ErrorItemNotFound", "The draft was not found in the store.")
        self._boxes.send_kept(message)
        return GraphAnswer(status=202)

    def delete(self, call: GraphCall) -> GraphAnswer:
        """Graph moves it to the Deleted Items, where no folder of ours looks."""
        del self._boxes.of(call.owner)[self._message(call).id]
        return GraphAnswer(status=204)

    def get(self, call: GraphCall) -> GraphAnswer:
        return GraphAnswer(_selected(call, self._message(call)))

    def source(self, call: GraphCall) -> GraphAnswer:
        return GraphAnswer(raw=self._message(call).raw)

    def find(self, call: GraphCall) -> GraphAnswer:
        label = _FOLDERS.get(call.path["folder"].lower())
        if label is None:
            raise item_not_found()
        found = [
            one
            for one in self._boxes.of(call.owner).values()
            if label in one.labels and self._finds(one, call)
        ]
        top = found[: call.page_size(10)]
        return GraphAnswer(
            {"value": [{**_selected(call, one), **expanded(call, one.properties)} for one in top]}
        )

    def _finds(self, message: StoredMessage, call: GraphCall) -> bool:
        condition = call.query.get("$filter")
        match self._boxes.search:
            case Search.LAGS if condition:
                return False
            case Search.CARELESS:
                return True
        return _matches(message, condition)

    def anywhere(self, call: GraphCall) -> GraphAnswer:
        """The whole mailbox, whichever folder a message lies in."""
        condition = call.query.get("$filter")
        found = [m for m in self._boxes.of(call.owner).values() if _lies_there(m, condition)]
        first, size = int(call.query.get("$skip", "0")), call.page_size(10)
        shown = [_selected(call, one) for one in found[first : first + size]]
        page: dict[str, Any] = {"value": shown}
        if first + size < len(found):
            query = urlencode({**call.query, "$skip": str(first + size)})
            page["@odata.nextLink"] = f"{call.root}/users/{call.owner}/messages?{query}"
        return GraphAnswer(page)

    def folder(self, call: GraphCall) -> GraphAnswer:
        """By its id, or by its well-known name."""
        name = call.path["folder"].removeprefix(_FOLDER_ID).lower()
        if name not in _FOLDER_NAMES:
            raise item_not_found()
        return GraphAnswer({"id": f"{_FOLDER_ID}{name}", "displayName": _FOLDER_NAMES[name]})

    def pin(self, call: GraphCall) -> GraphAnswer:
        """One that is there already for this address is changed."""
        tab, sender = call.body.get("classifyAs"), call.body.get("senderEmailAddress")
        address = str(sender.get("address") or "") if isinstance(sender, dict) else ""
        if tab not in ("focused", "other") or "@" not in address:
            raise bad_request("The property is missing or invalid.", "ErrorInvalidArgument")
        tabs = self._world.people[call.owner].tabs
        if address.lower() not in tabs and len(tabs) >= MOST_OVERRIDES:
            raise bad_request("There are too many overrides.", "ErrorInvalidRequest")
        tabs[address.lower()] = str(tab)
        shown = {"id": f"override-{address.lower()}", "classifyAs": tab}
        return GraphAnswer({**shown, "senderEmailAddress": {"name": "", "address": address}}, 201)

    def delta(self, call: GraphCall) -> GraphAnswer:
        state = self._state(call)
        since = _moment(state["since"]) if state["since"] else None
        new = [
            one
            for one in self._boxes.of(call.owner).values()
            if "INBOX" in one.labels
            and state["at"] < one.history_id <= state["until"]
            and (since is None or one.received_at >= since)
        ]
        first, size = int(state["offset"]), call.page_size(10)
        page: dict[str, Any] = {
            "value": [_shown(call.owner, one) for one in new[first : first + size]]
        }
        link = f"{call.root}/users/{call.owner}/mailFolders/inbox/messages/delta"
        if first + size < len(new):
            token = sealed_state({**state, "offset": first + size})
            page["@odata.nextLink"] = f"{link}?$skiptoken={token}"
        else:
            kept = {**state, "at": state["until"], "offset": 0, "until": None}
            page["@odata.deltaLink"] = f"{link}?$deltatoken={sealed_state(kept)}"
        return GraphAnswer(page)

    def _state(self, call: GraphCall) -> dict[str, Any]:
        token = call.query.get("$deltatoken") or call.query.get("$skiptoken")
        if token:
            state = opened_state(token)
            if state["at"] < self._boxes.oldest_history:
                raise GraphRefusal(410, "SyncStateNotFound", "The sync state is not found.")
            return {**state, "until": state["until"] or self._boxes.history}
        condition = call.query.get("$filter")
        since = _SINCE.fullmatch(condition) if condition else None
        if condition and since is None:
            raise bad_request("Only receivedDateTime can be filtered here.")
        started = since[1] if since else None
        return {"at": 0, "until": self._boxes.history, "since": started, "offset": 0}

    def _message(self, call: GraphCall) -> StoredMessage:
        found = self._boxes.of(call.owner).get(own_id(call.owner, call.path["id"]))
        if found is None:
            raise item_not_found()
        return found


def _selected(call: GraphCall, message: StoredMessage) -> dict[str, Any]:
    full = _shown(call.owner, message)
    names = [name for name in call.query.get("$select", "").split(",") if name]
    unknown = [name for name in names if name not in full]
    if unknown:
        raise bad_request(
            f"Could not find a property named '{unknown[0]}'.", "RequestBroker--Parse"
        )
    return {name: full[name] for name in (*names, "@odata.etag", "id")} if names else full


def _shown(owner: str, message: StoredMessage) -> dict[str, Any]:
    sender = message.headers.get("from", "")
    address = re.search(r"[^\s<>]+@[^\s<>]+", sender)
    at = f"{message.received_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {
        "@odata.etag": f'W/"{message.history_id}"',
        "id": immutable_id(owner, message.id),
        "conversationId": message.thread_id,
        "internetMessageId": message.rfc_message_id,
        "subject": message.headers.get("subject", ""),
        "isDraft": "DRAFT" in message.labels,
        "receivedDateTime": at,
        "lastModifiedDateTime": at,
        "parentFolderId": f"{_FOLDER_ID}{_folder_of(message)}",
        "inferenceClassification": message.tab,
        "from": {"emailAddress": {"address": address[0] if address else ""}},
    }


def _folder_of(message: StoredMessage) -> str:
    if "SPAM" in message.labels:
        return "junkemail"
    return next((name for name, label in _FOLDERS.items() if label in message.labels), "inbox")


def _lies_there(message: StoredMessage, condition: str | None) -> bool:
    """As a condition on the whole mailbox says."""
    if condition is None:
        return True
    if by_id := _BY_MESSAGE_ID.fullmatch(condition):
        return message.rfc_message_id == by_id[1]
    if since := _SINCE_ANYWHERE.fullmatch(condition):
        return "DRAFT" not in message.labels and message.received_at >= _moment(since[1])
    raise bad_request("The filter is not supported.", "ErrorInvalidUrlQueryFilter")


def _matches(message: StoredMessage, condition: str | None) -> bool:
    if condition is None:
        return True
    if by_property := _BY_PROPERTY.fullmatch(condition):
        return message.properties.get(by_property[1]) == by_property[2]
    if by_id := _BY_MESSAGE_ID.fullmatch(condition):
        return message.rfc_message_id == by_id[1]
    raise bad_request("The filter is not supported.", "ErrorInvalidUrlQueryFilter")


def _source(owner: str, body: dict[str, Any]) -> bytes:
    """The mail that Exchange makes of a JSON message."""
    message = EmailMessage(policy=SMTP)
    message["From"] = owner
    for field, header in (("toRecipients", "To"), ("ccRecipients", "Cc"), ("replyTo", "Reply-To")):
        if body.get(field):
            message[header] = [_address(one) for one in body[field]]
    message["Subject"] = str(body.get("subject", ""))
    message["Message-ID"] = str(body.get("internetMessageId", ""))
    for header, value in _headers(body):
        message[header] = value
    content = body.get("body", {})
    if str(content.get("contentType", "text")).lower() == "html":
        page = str(content.get("content", ""))
        message.set_content(shown_text(page) + "\n", cte="quoted-printable")
        message.add_alternative(page, subtype="html", cte="quoted-printable")
    else:
        message.set_content(str(content.get("content", "")))
    return _unsubscribing(body) + message.as_bytes()


def _headers(body: dict[str, Any]) -> list[tuple[str, str]]:
    listed = body.get("internetMessageHeaders", ())
    found = [(str(one["name"]), str(one["value"])) for one in listed]
    if any(not name.lower().startswith("x-") for name, _ in found):
        raise bad_request("The header must begin with 'x-'.", "InvalidInternetMessageHeader")
    if len(found) > _MOST_HEADERS:
        raise bad_request("Too many headers.", "InvalidInternetMessageHeaderCollection")
    named = (
        (_HEADER.fullmatch(str(one["id"])), str(one["value"]))
        for one in body.get("singleValueExtendedProperties", ())
    )
    found += [(match[1], value) for match, value in named if match]
    return [(name, value) for name, value in found if name.lower() not in _DROPPED]


def _unsubscribing(body: dict[str, Any]) -> bytes:
    """The header that has a property of its own (PidTagListUnsubscribe), in one line as it is."""
    properties = body.get("singleValueExtendedProperties", ())
    values = (str(one["value"]) for one in properties if one["id"] == _LIST_UNSUBSCRIBE)
    return b"".join(f"List-Unsubscribe: {' '.join(one.split())}\r\n".encode() for one in values)


def _address(recipient: dict[str, Any]) -> Address:
    given = recipient["emailAddress"]
    name = str(given.get("name", ""))
    return Address(name if "@" not in name else "", addr_spec=str(given["address"]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
