"""What our calls to Gmail ask for beside their effect, and what of its answers is believed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest

from nudger.providers.base import CursorExpired, MailRef, NotFound, ProviderError, SentMail
from nudger.providers.google.mailbox import GmailResources, GoogleMailbox
from nudger.providers.google.transport import service

OURS = "<a1@ourco.example>"
SINCE = datetime(2026, 11, 24, 13, tzinfo=UTC)


class Told:
    """Answers what it was told to, in order, and keeps the requests that Google's client made."""

    def __init__(self):
        self.requests, self.answers = [], []

    def read(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    act = read

    @property
    def paths(self):
        return [
            f"{one.method} {urlsplit(one.uri).path.partition('/me/')[2]}" for one in self.requests
        ]

    @property
    def asked(self):
        return [
            {
                name: values
                for name, values in parse_qs(urlsplit(one.uri).query).items()
                if name != "alt"
            }
            for one in self.requests
        ]


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def mailbox(told):
    return GoogleMailbox(GmailResources(service("gmail", "v1", None)), told, "ana@ourco.example")


def message(labels=(), number="m1", **headers):
    named = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    return {"id": number, "threadId": "t1", "labelIds": list(labels),
            "payload": {"headers": named}}  # fmt: skip


def mail(**headers):
    made = EmailMessage()
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("x")
    return made


@pytest.mark.parametrize(
    ("headers", "made", "draft_id"),
    [
        ({}, {"id": "d1", "message": {"threadId": "t1"}}, "d1:t1"),
        ({"In_Reply_To": "<b@x>"}, {"id": "d1", "message": {"threadId": "t1"}}, "d1:t1:joins"),
        ({}, {"id": "d1"}, "d1"),
    ],
)
def test_a_drafts_id_names_its_thread_and_whether_it_began_it(
    mailbox, told, headers, made, draft_id
):
    told.answers = [made]
    assert mailbox.create_draft(mail(**headers)) == draft_id
    raw = json.loads(told.requests[0].body)["message"]["raw"]
    assert base64.urlsafe_b64decode(raw) == mail(**headers).as_bytes()


@pytest.mark.parametrize(
    ("hit", "found"),
    [
        ({"Message_ID": OURS}, "d1:t1"),
        ({"message_id": f" {OURS} "}, "d1:t1"),
        ({"X_Google_Original_Message_ID": OURS, "Message_ID": "<g@google>"}, "d1:t1"),
        ({"Message_ID": OURS, "In_Reply_To": "<b@x>"}, "d1:t1:joins"),
        ({"Message_ID": "<other@x>"}, None),
        ({"References": OURS}, None),
        ({}, None),
    ],
)
def test_a_draft_that_is_hit_is_believed_by_its_message_id_alone(mailbox, told, hit, found):
    told.answers = [{"drafts": [{"id": "d1"}]}, {"id": "d1", "message": message(**hit)}]
    assert mailbox.find_draft(OURS) == found
    assert told.asked == [
        {"q": ["rfc822msgid:a1@ourco.example"], "maxResults": ["5"]}, {"format": ["metadata"]},
    ]  # fmt: skip


def test_a_draft_that_went_meanwhile_is_none(mailbox, told):
    told.answers = [{"drafts": [{"id": "d1"}]}, NotFound("gone")]
    assert mailbox.find_draft(OURS) is None
    told.answers = [{}]
    assert mailbox.find_draft(OURS) is None


@pytest.mark.parametrize("draft_id", ["d1", "d1:t1", "d1:t1:joins"])
def test_a_draft_is_sent_and_discarded_by_gmails_own_id(mailbox, told, draft_id):
    told.answers = [{"id": "m1", "threadId": "t1"}, {}, NotFound("gone")]
    assert mailbox.send_draft(draft_id) == SentMail("m1", "t1")
    mailbox.discard_draft(draft_id)
    mailbox.discard_draft(draft_id)
    assert json.loads(told.requests[0].body) == {"id": "d1"}
    assert told.paths == ["POST drafts/send", "DELETE drafts/d1", "DELETE drafts/d1"]


FOUND = SentMail("m1", "t1", OURS)
RENAMED = SentMail("m1", "t1", "<g@google>")


@pytest.mark.parametrize(
    ("draft_id", "thread", "found"),
    [
        ("d1:t1", [message(["SENT"], Message_ID=OURS)], FOUND),
        ("d1:t1", [message(["SENT"], Message_ID="<g@google>")], RENAMED),
        ("d1:t1:joins", [message(["SENT"], Message_ID="<g@google>")], None),
        ("d1:t1:joins", [message(["SENT"], Message_ID=OURS)], FOUND),
        ("d1:t1", [message(["SENT", "DRAFT"], Message_ID=OURS)], None),
        ("d1:t1", [message(["INBOX"], Message_ID=OURS)], None),
        ("d1:t1", [message(["SENT"], number="m0"), message(["SENT"], number="m2")], None),
        (
            "d1:t1",
            [message(["SENT"], number="m0"), message(["SENT"], Message_ID=OURS)],
            FOUND,
        ),
        ("d1:t1", [], None),
    ],
)
def test_what_became_of_a_draft_is_looked_up_in_its_thread(mailbox, told, draft_id, thread, found):
    told.answers = [{"messages": thread}, {}]
    assert mailbox.find_sent(OURS, draft_id) == found
    assert told.asked[0] == {"format": ["metadata"]}
    assert len(told.requests) == (2 if found is None else 1)


@pytest.mark.parametrize(
    ("hit", "found"),
    [
        (message(["SENT"], Message_ID=OURS), FOUND),
        (message(["SENT"], Message_ID="<other@x>"), None),
        (message(["DRAFT"], Message_ID=OURS), None),
        (message([], Message_ID=OURS), None),
    ],
)
@pytest.mark.parametrize("draft_id", [None, "d1", "d1:gone"])
def test_else_it_is_searched_and_the_hit_compared(mailbox, told, draft_id, hit, found):
    gone = [NotFound("gone")] if draft_id == "d1:gone" else []
    told.answers = [*gone, {"messages": [{"id": "m1"}]}, hit]
    assert mailbox.find_sent(OURS, draft_id) == found
    assert told.asked[-2:] == [
        {"q": ["in:sent rfc822msgid:a1@ourco.example"], "maxResults": ["5"]},
        {"format": ["metadata"]},
    ]


def added(message_id, *labels):
    made = {"id": message_id, "threadId": f"t{message_id}", "labelIds": list(labels)}
    return {"messagesAdded": [{"message": made}]}


def test_arrivals_are_what_was_added_page_by_page(mailbox, told):
    told.answers = [
        {
            "history": [added("1", "INBOX"), added("2", "SENT"), added("3", "DRAFT"), {}],
            "nextPageToken": "p2",
            "historyId": "8",
        },
        {"history": [added("4", "SENT", "INBOX"), added("5", "SPAM")], "historyId": "9"},
    ]
    pages = list(mailbox.arrivals("7"))
    refs = [[(one.message_id, one.is_sent) for one in page.arrivals] for page in pages]
    assert refs == [[("1", False), ("2", True)], [("4", False), ("5", False)]]
    assert [page.cursor for page in pages] == [None, "9"]
    first = {"startHistoryId": ["7"], "historyTypes": ["messageAdded"], "maxResults": ["500"]}
    assert told.asked == [first, {**first, "pageToken": ["p2"]}]


def test_without_a_cursor_only_what_comes_from_now_on_is_listed(mailbox, told):
    told.answers = [{"historyId": 7}]
    (page,) = mailbox.arrivals(None)
    assert (page.arrivals, page.cursor) == ((), "7")
    told.answers = [{}]
    assert [one.cursor for one in mailbox.arrivals("7")] == ["7"]
    told.answers = [NotFound("gone")]
    with pytest.raises(CursorExpired):
        list(mailbox.arrivals("7"))


def test_what_came_since_is_searched_wherever_a_filter_put_it(mailbox, told):
    told.answers = [
        {"historyId": "7"},
        {"messages": [{"id": "1", "threadId": "t1"}], "nextPageToken": "p2"},
        {"messages": [{"id": "2", "threadId": "t2"}]},
    ]
    pages = list(mailbox.arrivals_since(SINCE))
    assert [page.arrivals for page in pages] == [(MailRef("1", "t1"),), (MailRef("2", "t2"),)]
    assert [page.cursor for page in pages] == [None, "7"]
    query = "in:anywhere -in:drafts {-in:sent to:me} after:1795525200"
    search = {"q": [query], "includeSpamTrash": ["true"], "maxResults": ["500"]}
    assert told.asked == [{}, search, {**search, "pageToken": ["p2"]}]


SOURCE = b"From: a@b.co\r\n\r\nhi"
RAW = {"id": "m1", "threadId": "t1", "internalDate": "1795525200500",
       "raw": base64.urlsafe_b64encode(SOURCE).decode().rstrip("=")}  # fmt: skip


@pytest.mark.parametrize(("labels", "is_own"), [(["SENT", "INBOX"], True), (["INBOX"], False)])
def test_a_mail_is_fetched_as_it_came(mailbox, told, labels, is_own):
    told.answers = [RAW | {"labelIds": labels}]
    fetched = mailbox.fetch(MailRef("m1", "t1"))
    assert (fetched.message_id, fetched.thread_id, fetched.raw) == ("m1", "t1", SOURCE)
    assert fetched.received_at == SINCE.replace(microsecond=500_000)
    assert fetched.sent_by_owner is is_own
    assert told.asked == [{"format": ["raw"]}]


@pytest.mark.parametrize("missing", ["raw", "internalDate", "threadId"])
def test_a_mail_that_is_not_whole_is_not_read(mailbox, told, missing):
    told.answers = [{name: value for name, value in RAW.items() if name != missing}]
    with pytest.raises(ProviderError):
        mailbox.fetch(MailRef("m1", "t1"))
