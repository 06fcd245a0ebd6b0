"""One Outlook mailbox, as `nudger.providers.base.Mailbox`.

- Sending: a draft with an immutable id, then /send, which answers 202 before anything happened.
  What became of it is asked of the draft's id (`isDraft`); should the id have changed with the
  move to Sent Items, our key in an extended property finds it.
- Graph does not say that /send may be repeated. A draft that may have been handed over already is
  left alone for ten minutes, in which Exchange would have sent it; not one that was just found by
  our key, since nobody knew its id yet.
- What a search hits is believed only where it carries the key or the Message-ID that was asked for.
- Listening: the inbox' messages/delta, from a moment on (`receivedDateTime ge`); the moment is
  baked into the delta link, so that neither the first round nor a later one lists the whole inbox.
  A delta is one folder's: what a rule moved, or the junk filter, is listed from the mailbox, from
  the moment of the listing before on. The cursor is the delta link and that moment.
- `sent_by_owner`: From alone proves nothing. It is true only where the owner's own Sent Items hold
  the mail, and then their copy is what is read: nobody else can put one there.

Sources: Graph v1.0 message: send, delta, get (MIME content); immutable identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import chain

from nudger.mail.message import IncomingMail
from nudger.providers.base import (
    MailPage,
    MailRef,
    NotFound,
    SentMail,
    Unavailable,
)
from nudger.providers.microsoft.draft import MESSAGE_KEY, draft_of
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.request import (
    ACCEPTED,
    CREATED,
    MOST_HITS,
    NO_CONTENT,
    SOURCE,
    Account,
    Json,
    Request,
    by_property,
    carries,
    get_item,
    get_list,
    literal,
    quoted,
    with_property,
)

PAGE_SIZE = 100
DOUBT_LASTS = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=5)
LOOK_BACK = timedelta(days=1)
_LISTED = "#listed="
_SENT_FIELDS = "id,conversationId,internetMessageId,isDraft,lastModifiedDateTime"
_ARRIVAL_FIELDS = "id,conversationId,internetMessageId,receivedDateTime,from"
_MOST_REMEMBERED = 2000
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")


def utc_now() -> datetime:
    return datetime.now(UTC)


class OutlookMailbox:
    """The mailbox of `account`. `clock` gives aware moments."""

    def __init__(
        self, graph: Graph, account: Account, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._graph = graph
        self._account = account
        self._clock = clock
        self._fresh: dict[str, Json] = {}
        self._arrived: dict[str, Json] = {}

    def create_draft(self, message: EmailMessage) -> str:
        """See `Mailbox.create_draft`. In doubt, `find_draft` tells whether there is one."""
        body = draft_of(message)
        request = Request("POST", "/messages", body=body, repeatable=False, documented=CREATED)
        made = self._graph.json(self._account, request)
        draft_id = str(made["id"])
        _remember(self._fresh, draft_id, made)
        return draft_id

    def find_draft(self, rfc_message_id: str) -> str | None:
        """See `Mailbox.find_draft`."""
        found = self._find_by_key("drafts", rfc_message_id)
        if found is None:
            return None
        draft_id = str(found["id"])
        if found.get("isDraft") is True:
            _remember(self._fresh, draft_id, found)
        return draft_id

    def discard_draft(self, draft_id: str) -> None:
        """See `Mailbox.discard_draft`. A mail keeps its id when it is sent: so it is looked at
        before."""
        self._fresh.pop(draft_id, None)
        try:
            draft = self._message(draft_id, _SENT_FIELDS)
            if draft.get("isDraft") is not True:
                return
            path = f"/messages/{quoted(draft_id)}"
            self._graph.call(self._account, Request("DELETE", path, documented=NO_CONTENT))
        except NotFound:
            return

    def send_draft(self, draft_id: str) -> SentMail:
        """Send the draft.

        Raises `NotFound` where it is gone or is no draft any more, `Unavailable` (in doubt) where
        it may have been handed over a moment ago: ask `find_sent`.
        """
        draft = self._fresh.pop(draft_id, None) or self._waiting_draft(draft_id)
        path = f"/messages/{quoted(draft_id)}/send"
        request = Request("POST", path, repeatable=False, documented=ACCEPTED)
        try:
            self._graph.call(self._account, request)
        except Unavailable as error:
            if not error.in_doubt:
                _remember(self._fresh, draft_id, draft)
            raise
        return _sent(draft, draft_id)

    def find_sent(self, rfc_message_id: str, draft_id: str | None = None) -> SentMail | None:
        """See `Mailbox.find_sent`. While the draft lies there unsent, the answer is `None`."""
        if draft_id is not None:
            try:
                message = self._message(draft_id, _SENT_FIELDS)
                return None if message.get("isDraft") is True else _sent(message, draft_id)
            except NotFound:
                pass
        found = self._find_by_key("sentitems", rfc_message_id)
        return _sent(found, str(found["id"])) if found else None

    def arrivals(self, cursor: str | None) -> Iterator[MailPage]:
        """See `Mailbox.arrivals`."""
        if cursor is None:
            return self._from_now_on()
        link, _, since = cursor.partition(_LISTED)
        began = self._clock()
        first = get_list(link, None, f"odata.maxpagesize={PAGE_SIZE}")
        elsewhere = self._anywhere(_moment(since) or began - LOOK_BACK)
        return self._with_moment(chain(elsewhere, self._pages(first)), began)

    def arrivals_since(self, since: datetime) -> Iterator[MailPage]:
        """See `Mailbox.arrivals_since`."""
        params = {
            "changeType": "created",
            "$select": _ARRIVAL_FIELDS,
            "$filter": f"receivedDateTime ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        began = self._clock()
        prefer = f"odata.maxpagesize={PAGE_SIZE}"
        first = get_list("/mailFolders/inbox/messages/delta", params, prefer)
        return self._with_moment(chain(self._anywhere(since), self._pages(first)), began)

    def _anywhere(self, since: datetime) -> Iterator[MailPage]:
        """What came since then, whichever folder it lies in."""
        at = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        params = {
            "$filter": f"receivedDateTime ge {at} and isDraft eq false",
            "$select": _ARRIVAL_FIELDS,
            "$top": str(PAGE_SIZE),
        }
        for page in self._pages(get_list("/messages", params)):
            yield MailPage(page.arrivals, None)

    def _with_moment(self, pages: Iterator[MailPage], began: datetime) -> Iterator[MailPage]:
        at = (began - CLOCKS_DIFFER).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        told = set[str]()
        for page in pages:
            new = tuple(ref for ref in page.arrivals if ref.message_id not in told)
            told.update(ref.message_id for ref in new)
            yield MailPage(new, None if page.cursor is None else f"{page.cursor}{_LISTED}{at}")

    def fetch(self, ref: MailRef) -> IncomingMail:
        """See `Mailbox.fetch`. A mail that we sent ourselves is no arrival: `NotFound`."""
        message = self._arrived.pop(ref.message_id, None)
        if message is None:
            message = self._message(ref.message_id, _ARRIVAL_FIELDS)
        own = self._owners_copy(message)
        source = ref.message_id if own is None else str(own["id"])
        request = Request("GET", f"/messages/{quoted(source)}/$value", documented=SOURCE)
        raw = self._graph.call(self._account, request).content
        if not _HEADER_LINE.match(raw):
            raise Unavailable(f"A mail of {self._account.address} came without its headers.")
        thread_id = ref.thread_id or str(message.get("conversationId") or "")
        received = _moment(message.get("receivedDateTime")) or self._clock()
        return IncomingMail(ref.message_id, thread_id, raw, received, own is not None)

    def _is_own(self, message: Json) -> bool:
        return _sender(message) == self._account.address

    def _owners_copy(self, message: Json) -> Json | None:
        """The copy in Sent Items of a mail that claims to be from the owner."""
        rfc_message_id = str(message.get("internetMessageId") or "")
        if not self._is_own(message) or not rfc_message_id:
            return None
        params = {
            "$filter": f"internetMessageId eq {literal(rfc_message_id)}",
            "$select": "id,internetMessageId",
            "$expand": with_property(MESSAGE_KEY),
            "$top": str(MOST_HITS),
        }
        hits = self._hits(get_list("/mailFolders/sentitems/messages", params))
        found = next((one for one in hits if one.get("internetMessageId") == rfc_message_id), None)
        if found is not None and found.get("singleValueExtendedProperties"):
            raise NotFound(f"A mail in {self._account.address} is our own.")
        return found

    def _from_now_on(self) -> Iterator[MailPage]:
        """The cursor of a round that began a little earlier: clocks differ."""
        for page in self.arrivals_since(self._clock() - CLOCKS_DIFFER):
            self._arrived.clear()
            yield MailPage((), page.cursor)

    def _pages(self, first: Request) -> Iterator[MailPage]:
        for page in self._graph.pages(self._account, first):
            refs: dict[str, MailRef] = {}
            for message in page.get("value") or ():
                if "@removed" not in message and message.get("id"):
                    thread_id = str(message.get("conversationId") or "")
                    refs[message["id"]] = MailRef(message["id"], thread_id, self._is_own(message))
                    _remember(self._arrived, message["id"], message)
            yield MailPage(tuple(refs.values()), page.get("@odata.deltaLink"))

    def _waiting_draft(self, draft_id: str) -> Json:
        draft = self._message(draft_id, _SENT_FIELDS)
        if draft.get("isDraft") is not True:
            raise NotFound(f"A draft of {self._account.address} is no draft any more.")
        touched = _moment(draft.get("lastModifiedDateTime"))
        age = self._clock() - touched if touched else DOUBT_LASTS
        if timedelta() <= age < DOUBT_LASTS:
            raise Unavailable(
                f"A draft of {self._account.address} may be on its way already.",
                DOUBT_LASTS - age,
                in_doubt=True,
            )
        return draft

    def _message(self, message_id: str, fields: str) -> Json:
        request = get_item(f"/messages/{quoted(message_id)}", {"$select": fields})
        return self._graph.json(self._account, request)

    def _find_by_key(self, folder: str, rfc_message_id: str) -> Json | None:
        params = {**by_property(MESSAGE_KEY, rfc_message_id), "$select": _SENT_FIELDS}
        hits = self._hits(get_list(f"/mailFolders/{folder}/messages", params))
        return next((one for one in hits if _carries(one, rfc_message_id)), None)

    def _hits(self, request: Request) -> Sequence[Json]:
        hits: Sequence[Json] = self._graph.json(self._account, request)["value"]
        return hits


def _sender(message: Json) -> str:
    address = ((message.get("from") or {}).get("emailAddress") or {}).get("address") or ""
    return str(address).strip().lower()


def _sent(message: Json, message_id: str) -> SentMail:
    return SentMail(
        message_id,
        str(message.get("conversationId") or ""),
        str(message.get("internetMessageId") or ""),
    )


def _carries(message: Json, rfc_message_id: str) -> bool:
    is_named = message.get("internetMessageId") == rfc_message_id
    return is_named or carries(message, MESSAGE_KEY, rfc_message_id)


def _remember(memory: dict[str, Json], key: str, value: Json) -> None:
    """Keep `value`, forgetting the oldest of too many."""
    memory[key] = value
    if len(memory) > _MOST_REMEMBERED:
        del memory[next(iter(memory))]


def _moment(text: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
