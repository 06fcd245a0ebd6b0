"""Gmail API v1 as the sandbox answers it: drafts, messages, history.

Sources: developers.google.com/workspace/gmail/api, guides drafts, sync and threads.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from nudger.sandbox.entries import StoredMessage
from nudger.sandbox.google.answers import Call, Refusal, bad_request, not_found
from nudger.sandbox.mailboxes import Search, base_address
from nudger.sandbox.world import World


class GmailApi:
    """The methods by their id; each takes a `Call` and returns the resource."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._boxes = world.mailboxes
        self.methods = {
            "gmail.users.getProfile": self.profile,
            "gmail.users.drafts.create": self.create_draft,
            "gmail.users.drafts.get": self.get_draft,
            "gmail.users.drafts.list": self.list_drafts,
            "gmail.users.drafts.send": self.send_draft,
            "gmail.users.drafts.delete": self.delete_draft,
            "gmail.users.messages.send": self.send,
            "gmail.users.messages.get": self.get,
            "gmail.users.messages.list": self.list_messages,
            "gmail.users.threads.get": self.thread,
            "gmail.users.history.list": self.history,
        }

    def profile(self, call: Call) -> dict[str, Any]:
        owner = self._owner(call)
        return {
            "emailAddress": owner,
            "messagesTotal": len(self._boxes.of(owner)),
            "historyId": str(self._boxes.history),
        }

    def create_draft(self, call: Call) -> dict[str, Any]:
        draft = self._boxes.create_draft(self._owner(call), _raw(call.body.get("message", {})))
        return {"id": draft.id, "message": draft.message.summary()}

    def get_draft(self, call: Call) -> dict[str, Any]:
        draft = self._boxes.drafts_of(self._owner(call)).get(call.path["id"])
        if draft is None:
            raise not_found()
        return {"id": draft.id, "message": _shown(draft.message, call)}

    def list_drafts(self, call: Call) -> dict[str, Any]:
        drafts = self._boxes.drafts_of(self._owner(call)).values()
        found = [d for d in drafts if self._finds(d.message, call)]
        listed = [{"id": d.id, "message": d.message.summary()} for d in found]
        return {"drafts": listed} if listed else {"resultSizeEstimate": 0}

    def send_draft(self, call: Call) -> dict[str, Any]:
        sent = self._boxes.send_draft(self._owner(call), str(call.body.get("id", "")))
        if sent is None:
            raise not_found()
        return {**sent.summary(), "labelIds": sorted(sent.labels)}

    def delete_draft(self, call: Call) -> dict[str, Any]:
        if self._boxes.drafts_of(self._owner(call)).pop(call.path["id"], None) is None:
            raise not_found()
        return {}

    def send(self, call: Call) -> dict[str, Any]:
        sent = self._boxes.send(self._owner(call), _raw(call.body))
        return {**sent.summary(), "labelIds": sorted(sent.labels)}

    def get(self, call: Call) -> dict[str, Any]:
        message = self._boxes.of(self._owner(call)).get(call.path["id"])
        if message is None:
            raise not_found()
        return _shown(message, call)

    def thread(self, call: Call) -> dict[str, Any]:
        messages = self._boxes.thread(self._owner(call), call.path["id"])
        if not messages:
            raise not_found()
        return {"id": call.path["id"], "messages": [_shown(one, call) for one in messages]}

    def list_messages(self, call: Call) -> dict[str, Any]:
        messages = self._boxes.of(self._owner(call)).values()
        hidden = set() if call.query.get("includeSpamTrash") == "true" else {"SPAM", "TRASH"}
        found = [
            one for one in messages if hidden.isdisjoint(one.labels) and self._finds(one, call)
        ]
        found.sort(key=lambda one: one.history_id, reverse=True)
        first, size = int(call.query.get("pageToken", "0")), _size(call)
        page: dict[str, Any] = {"resultSizeEstimate": len(found)}
        if found[first:]:
            page["messages"] = [one.summary() for one in found[first : first + size]]
        if first + size < len(found):
            page["nextPageToken"] = str(first + size)
        return page

    def history(self, call: Call) -> dict[str, Any]:
        owner = self._owner(call)
        if not call.query.get("startHistoryId", "").isdigit():
            raise bad_request("Invalid startHistoryId.", "invalidArgument")
        since = int(call.query["startHistoryId"])
        if since < self._boxes.oldest_history:
            raise not_found()
        label = call.query.get("labelId")
        new = [
            one
            for one in self._boxes.of(owner).values()
            if one.history_id > since and (label is None or label in one.labels)
        ]
        first, size = int(call.query.get("pageToken", "0")), _size(call)
        page: dict[str, Any] = {"historyId": str(self._boxes.history)}
        if new[first:]:
            page["history"] = [_added(one) for one in new[first : first + size]]
        if first + size < len(new):
            page["nextPageToken"] = str(first + size)
        return page

    def _finds(self, message: StoredMessage, call: Call) -> bool:
        query = call.query.get("q", "")
        match self._boxes.search:
            case Search.LAGS if query:
                return False
            case Search.CARELESS:
                return True
        return _matches(message, query)

    def _owner(self, call: Call) -> str:
        owner = call.path.get("userId", "me").lower()
        owner = call.person if owner == "me" else owner
        if owner != call.person:
            raise Refusal(403, "forbidden", "Delegation denied")
        return owner


def _shown(message: StoredMessage, call: Call) -> dict[str, Any]:
    shown: dict[str, Any] = {
        **message.summary(),
        "labelIds": sorted(message.labels),
        "historyId": str(message.history_id),
        "internalDate": str(int(message.received_at.timestamp() * 1000)),
        "sizeEstimate": len(message.raw),
    }
    match call.query.get("format", "full"):
        case "raw":
            shown["raw"] = base64.urlsafe_b64encode(message.raw).decode()
        case "minimal":
            pass
        case _:
            headers = [{"name": k.title(), "value": v} for k, v in message.headers.items()]
            shown["payload"] = {"headers": headers}
    return shown


def _added(message: StoredMessage) -> dict[str, Any]:
    shown = {**message.summary(), "labelIds": sorted(message.labels)}
    return {
        "id": str(message.history_id),
        "messages": [message.summary()],
        "messagesAdded": [{"message": shown}],
    }


def _size(call: Call) -> int:
    return int(call.query.get("maxResults", "100"))


def _raw(message: dict[str, Any]) -> bytes:
    try:
        return base64.urlsafe_b64decode(message["raw"])
    except (LookupError, binascii.Error, TypeError) as error:
        raise bad_request("'raw' RFC822 payload message string required", "invalid") from error


def _matches(message: StoredMessage, query: str) -> bool:
    """The few search operators that are used here: rfc822msgid, in, after, from, to, - and {}."""
    return all(_matches_term(message, term) for term in re.findall(r"\{[^}]*\}|\S+", query))


def _matches_term(message: StoredMessage, term: str) -> bool:
    if term.startswith("{"):
        return any(_matches_term(message, one) for one in term[1:-1].split())
    if term.startswith("-"):
        return not _matches_term(message, term[1:])
    name, _, value = term.partition(":")
    match name:
        case "rfc822msgid":
            return message.rfc_message_id.strip("<>") == value.strip("<>")
        case "in":
            label = {"drafts": "DRAFT"}.get(value, value.upper())
            return value == "anywhere" or label in message.labels
        case "to" if value == "me":
            to = re.findall(r"[^\s<>,]+@[^\s<>,]+", message.headers.get("to", ""))
            return message.owner in map(base_address, to)
        case "after":
            return message.received_at.timestamp() >= int(value)
        case "from" | "to":
            return value.lower() in message.headers.get(name, "").lower()
    return re.search(re.escape(term), message.headers.get("subject", ""), re.IGNORECASE) is not None
