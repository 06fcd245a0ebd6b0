"""One Gmail mailbox, over the Gmail API v1.

Sending goes by a draft with a stored id: a draft is gone once it is sent
(https://developers.google.com/workspace/gmail/api/guides/drafts). What became of it is looked up in
its thread, which the draft's id that we hand out names too: a search lags, and Gmail may have put
another Message-ID in place of ours. No hit is believed before its headers were compared.

Arrivals come from history.list (https://developers.google.com/workspace/gmail/api/guides/sync).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from nudger.mail.message import IncomingMail
from nudger.providers.base import (
    CursorExpired,
    MailPage,
    MailRef,
    NotFound,
    ProviderError,
    SentMail,
)
from nudger.providers.google.transport import Caller

PAGE_SIZE = 500
MOST_HITS = 5


class GoogleMailbox:
    """The mailbox of `person`, through the `users()` resources of the API's client."""

    def __init__(self, resources: GmailResources, caller: Caller, person: str) -> None:
        self._api = resources
        self._caller = caller
        self._person = person

    def create_draft(self, message: EmailMessage) -> str:
        raw = base64.urlsafe_b64encode(message.as_bytes()).decode()
        request = self._api.drafts.create(userId="me", body={"message": {"raw": raw}})
        made = self._caller.act(request)
        return _DraftId.of(made, begins_thread="In-Reply-To" not in message).text

    def find_draft(self, rfc_message_id: str) -> str | None:
        query = _by_message_id(rfc_message_id)
        found = self._caller.read(self._api.drafts.list(userId="me", q=query, maxResults=MOST_HITS))
        for hit in found.get("drafts", ()):
            draft = self._draft(str(hit["id"]))
            headers = _headers(draft.get("message") or {})
            if _carries(headers, rfc_message_id):
                return _DraftId.of(draft, begins_thread="in-reply-to" not in headers).text
        return None

    def _draft(self, draft_id: str) -> Mapping[str, Any]:
        """The draft with its headers; empty where it is gone."""
        request = self._api.drafts.get(userId="me", id=draft_id, format="metadata")
        try:
            draft: Mapping[str, Any] = self._caller.read(request)
        except NotFound:
            return {}
        return draft

    def discard_draft(self, draft_id: str) -> None:
        """See `Mailbox.discard_draft`. A draft that was sent has no such id any more."""
        own_id = _DraftId.read(draft_id).draft_id
        request = self._api.drafts.delete(userId="me", id=own_id)
        try:
            self._caller.read(request)
        except NotFound:
            return

    def send_draft(self, draft_id: str) -> SentMail:
        """See `Mailbox.send_draft`. Gmail's answer names no Message-ID, so that it stays empty."""
        body = {"id": _DraftId.read(draft_id).draft_id}
        return _sent(self._caller.act(self._api.drafts.send(userId="me", body=body)))

    def find_sent(self, rfc_message_id: str, draft_id: str | None = None) -> SentMail | None:
        if draft_id is not None:
            in_thread = self._sent_in_thread(_DraftId.read(draft_id), rfc_message_id)
            if in_thread is not None:
                return in_thread
        query = f"in:sent {_by_message_id(rfc_message_id)}"
        request = self._api.messages.list(userId="me", q=query, maxResults=MOST_HITS)
        for hit in self._caller.read(request).get("messages", ()):
            request = self._api.messages.get(userId="me", id=hit["id"], format="metadata")
            message = self._caller.read(request)
            if _is_sent(message) and _carries(_headers(message), rfc_message_id):
                return _sent(message)
        return None

    def _sent_in_thread(self, draft: _DraftId, rfc_message_id: str) -> SentMail | None:
        """Our mail by its Message-ID, or as the only one sent in a thread that it began."""
        if not draft.thread_id:
            return None
        request = self._api.threads.get(userId="me", id=draft.thread_id, format="metadata")
        try:
            messages = self._caller.read(request).get("messages", ())
        except NotFound:
            return None
        sent = [message for message in messages if _is_sent(message)]
        named = [message for message in sent if _carries(_headers(message), rfc_message_id)]
        alone = sent if draft.begins_thread and len(sent) == 1 else []
        return next((_sent(message) for message in [*named, *alone]), None)

    def arrivals(self, cursor: str | None) -> Iterator[MailPage]:
        if cursor is None:
            yield MailPage((), self._current_history())
            return
        parameters: dict[str, Any] = {
            "userId": "me",
            "startHistoryId": cursor,
            "historyTypes": ["messageAdded"],
            "maxResults": PAGE_SIZE,
        }
        while True:
            try:
                page = self._caller.read(self._api.history.list(**parameters))
            except NotFound as error:
                raise CursorExpired(str(error)) from error
            more = page.get("nextPageToken")
            yield MailPage(_added(page), None if more else str(page.get("historyId", cursor)))
            if not more:
                return
            parameters["pageToken"] = more

    def arrivals_since(self, since: datetime) -> Iterator[MailPage]:
        """See `Mailbox.arrivals_since`. The cursor is taken first: nothing falls between."""
        cursor = self._current_history()
        parameters: dict[str, Any] = {
            "userId": "me",
            "q": f"in:anywhere -in:drafts {{-in:sent to:me}} after:{int(since.timestamp())}",
            "includeSpamTrash": True,
            "maxResults": PAGE_SIZE,
        }
        while True:
            page = self._caller.read(self._api.messages.list(**parameters))
            more = page.get("nextPageToken")
            refs = tuple(MailRef(one["id"], one["threadId"]) for one in page.get("messages", ()))
            yield MailPage(refs, None if more else cursor)
            if not more:
                return
            parameters["pageToken"] = more

    def fetch(self, ref: MailRef) -> IncomingMail:
        request = self._api.messages.get(userId="me", id=ref.message_id, format="raw")
        found = self._caller.read(request)
        try:
            return IncomingMail(
                message_id=found["id"],
                thread_id=found["threadId"],
                raw=base64.urlsafe_b64decode(found["raw"] + "=="),
                received_at=datetime.fromtimestamp(int(found["internalDate"]) / 1000, UTC),
                sent_by_owner="SENT" in found.get("labelIds", ()),
            )
        except (LookupError, ValueError, TypeError) as error:
            raise ProviderError(f"Gmail's message cannot be read: {error!r}") from error

    def _current_history(self) -> str:
        return str(self._caller.read(self._api.users.getProfile(userId="me"))["historyId"])


class GmailResources:
    """The resources of the client, each built once because building one is slow."""

    def __init__(self, gmail: Any) -> None:
        self.users = gmail.users()
        self.drafts = self.users.drafts()
        self.messages = self.users.messages()
        self.threads = self.users.threads()
        self.history = self.users.history()


@dataclass(frozen=True, slots=True)
class _DraftId:
    """What `create_draft` hands out: Gmail's id, and the thread that the draft lies in. One of
    before, or of a server that tells no thread, is Gmail's id alone."""

    draft_id: str
    thread_id: str = ""
    begins_thread: bool = False

    @classmethod
    def of(cls, draft: Mapping[str, Any], *, begins_thread: bool) -> _DraftId:
        thread_id = str((draft.get("message") or {}).get("threadId") or "")
        return cls(str(draft["id"]), thread_id, begins_thread)

    @classmethod
    def read(cls, text: str) -> _DraftId:
        draft_id, _, rest = text.partition(":")
        thread_id, _, mark = rest.partition(":")
        return cls(draft_id, thread_id, bool(thread_id) and mark != _JOINS)

    @property
    def text(self) -> str:
        if not self.thread_id:
            return self.draft_id
        mark = "" if self.begins_thread else f":{_JOINS}"
        return f"{self.draft_id}:{self.thread_id}{mark}"


_JOINS = "joins"
_MESSAGE_IDS = ("message-id", "x-google-original-message-id")


def _headers(message: Mapping[str, Any]) -> Mapping[str, str]:
    """The headers of a message in the format `metadata`, by their names in lower case."""
    listed = (message.get("payload") or {}).get("headers") or ()
    return {str(one["name"]).lower(): str(one["value"]) for one in listed}


def _carries(headers: Mapping[str, str], rfc_message_id: str) -> bool:
    return any(headers.get(name, "").strip() == rfc_message_id for name in _MESSAGE_IDS)


def _is_sent(message: Mapping[str, Any]) -> bool:
    labels = message.get("labelIds") or ()
    return "SENT" in labels and "DRAFT" not in labels


def _added(page: Mapping[str, Any]) -> tuple[MailRef, ...]:
    """Each new message once, in the order of arrival: a filter may have kept it from the inbox, or
    taken it for spam. A draft is none."""
    found: dict[str, MailRef] = {}
    for record in page.get("history", ()):
        for added in record.get("messagesAdded", ()):
            message = added["message"]
            labels = message.get("labelIds", ())
            if "DRAFT" not in labels:
                is_sent = "SENT" in labels and "INBOX" not in labels
                found[message["id"]] = MailRef(message["id"], message["threadId"], is_sent)
    return tuple(found.values())


def _by_message_id(rfc_message_id: str) -> str:
    return f"rfc822msgid:{rfc_message_id.strip('<>')}"


def _sent(message: Mapping[str, Any]) -> SentMail:
    """The Message-ID that it really carries is told where its headers were asked for."""
    rfc_message_id = _headers(message).get("message-id", "").strip()
    return SentMail(str(message["id"]), str(message["threadId"]), rfc_message_id)
