"""Where mails lie in somebody's Outlook mailbox, as `nudger.providers.base.SortedMailbox`.

Sources: Graph v1.0 message (parentFolderId, inferenceClassification), inferenceClassification: post
overrides. One that is there already for the sender is changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from nudger.providers.base import Whereabouts
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.request import (
    CREATED_ONCE,
    MOST_HITS,
    Account,
    Json,
    Request,
    get_item,
    get_list,
    literal,
    quoted,
)

_FIELDS = "id,internetMessageId,isDraft,parentFolderId,inferenceClassification"


class OutlookPlaces:
    """The places in the mailbox of `account`."""

    def __init__(self, graph: Graph, account: Account) -> None:
        self._graph = graph
        self._account = account

    def whereabouts(self, rfc_message_id: str) -> Whereabouts | None:
        """See `SortedMailbox.whereabouts`."""
        sent_items = self._folder("sentitems")["id"]
        for hit in self._hits(rfc_message_id):
            is_it = hit.get("internetMessageId") == rfc_message_id and hit.get("isDraft") is False
            if is_it and hit.get("parentFolderId") != sent_items:
                return self._place(hit)
        return None

    def _hits(self, rfc_message_id: str) -> Sequence[Json]:
        params = {
            "$filter": f"internetMessageId eq {literal(rfc_message_id)}",
            "$select": _FIELDS,
            "$top": str(MOST_HITS),
        }
        request = get_list("/messages", params)
        hits: Sequence[Json] = self._graph.json(self._account, request)["value"]
        return hits

    def _place(self, message: Json) -> Whereabouts:
        folder = self._folder(str(message.get("parentFolderId")))
        in_inbox = folder["id"] == self._folder("inbox")["id"]
        tab = str(message.get("inferenceClassification") or "") if in_inbox else ""
        return Whereabouts(str(folder.get("displayName") or ""), in_inbox, tab or None)

    def _folder(self, name: str) -> Json:
        """A folder by its id or its well-known name."""
        request = get_item(f"/mailFolders/{quoted(name)}", {"$select": "id,displayName"})
        return self._graph.json(self._account, request)

    def pin_sender(self, address: str) -> None:
        """See `SortedMailbox.pin_sender`."""
        body = {"classifyAs": "focused", "senderEmailAddress": {"address": address}}
        path = "/inferenceClassification/overrides"
        request = Request("POST", path, body=body, documented=CREATED_ONCE)
        self._graph.json(self._account, request)
