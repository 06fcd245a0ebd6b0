"""One Gmail mailbox, over the Gmail API v1.

Sending goes by a draft with a stored id: a draft is gone once it is sent
(https://developers.google.com/workspace/gmail/api/guides/drafts). Arrivals come from history.list
(https://developers.google.com/workspace/gmail/api/guides/sync).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
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


class GoogleMailbox:
    """The mailbox of `person`, through the `users()` resources of the API's client."""

    def __init__(self, resources: GmailResources, caller: Caller, person: str) -> None:
        self._api = resources
        self._caller = caller
        self._person = person

    def create_draft(self, message: EmailMessage) -> str:
        raw = base64.urlsafe_b64encode(message.as_bytes()).decode()
        request = self._api.drafts.create(userId="me", body={"message": {"raw": raw}})
        return str(self._caller.act(request)["id"])

    def find_draft(self, rfc_message_id: str) -> str | None:
        found = self._caller.read(
            self._api.drafts.list(userId="me", q=_by_message_id(rfc_message_id))
        )
        drafts = found.get("drafts", [])
        return str(drafts[0]["id"]) if drafts else None

    def send_draft(self, draft_id: str) -> SentMail:
        """See `Mailbox.send_draft`. Gmail's answer names no Message-ID, so that it stays empty."""
        request = self._api.drafts.send(userId="me", body={"id": draft_id})
        return _sent(self._caller.act(request))

    def find_sent(self, rfc_message_id: str, draft_id: str | None = None) -> SentMail | None:  # noqa: ARG002
        query = f"in:sent {_by_message_id(rfc_message_id)}"
        found = self._caller.read(self._api.messages.list(userId="me", q=query))
        messages = found.get("messages", [])
        return _sent(messages[0]) if messages else None

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
        self.history = self.users.history()


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
    return SentMail(message_id=str(message["id"]), thread_id=str(message["threadId"]))
