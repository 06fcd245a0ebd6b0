"""What our calls to Graph's mailbox ask for beside their effect, and what of its answers is
believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from nudger.providers.base import MailRef, NotFound, SentMail, Unavailable
from nudger.providers.microsoft.draft import MESSAGE_KEY
from nudger.providers.microsoft.mailbox import OutlookMailbox

OURS = "<a1@ourco.example>"
NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
IMMUTABLE = 'IdType="ImmutableId"'
SENT_FIELDS = "id,conversationId,internetMessageId,isDraft,lastModifiedDateTime"
ARRIVAL_FIELDS = "id,conversationId,internetMessageId,receivedDateTime,from"
EXPAND = f"singleValueExtendedProperties($filter=id eq '{MESSAGE_KEY}')"
KEYED = [{"id": MESSAGE_KEY, "value": OURS}]
SOURCE = b"From: a@b.co\r\n\r\nhi"


@pytest.fixture
def mailbox(graph, rep) -> OutlookMailbox:
    return OutlookMailbox(graph, rep, lambda: NOW)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def message(**more: Any) -> dict[str, Any]:
    return {"id": "m1", "conversationId": "c1", "internetMessageId": OURS, **more}


def mail() -> EmailMessage:
    made = EmailMessage()
    made["To"], made["Subject"], made["Message-ID"] = "rep@ourco.example", "x", OURS
    made.set_content("x")
    return made


def paths(service) -> list[str]:
    return [f"{one.method} {one.path.partition('example/')[2]}" for one in service.seen]


def test_a_draft_that_was_just_made_is_sent_in_two_calls(mailbox, service) -> None:
    service.say(message(isDraft=True), 201)
    service.say(None, 202)
    assert mailbox.send_draft(mailbox.create_draft(mail())) == SentMail("m1", "c1", OURS)
    assert paths(service) == ["POST messages", "POST messages/m1/send"]
    assert service.seen[0].json["singleValueExtendedProperties"] == KEYED


@pytest.mark.parametrize(
    ("hit", "found"),
    [
        (message(), "m1"),
        (message(internetMessageId="<e@x>", singleValueExtendedProperties=KEYED), "m1"),
        (message(internetMessageId="<e@x>"), None),
        (
            message(
                internetMessageId="<e@x>",
                singleValueExtendedProperties=[{"id": MESSAGE_KEY, "value": "<b@x>"}],
            ),
            None,
        ),
    ],
)
@pytest.mark.parametrize("folder", ["drafts", "sentitems"])
def test_what_a_search_by_our_key_hits_is_compared(
    mailbox, service, folder: str, hit: dict[str, Any], found: str | None
) -> None:
    service.say({"value": [hit]})
    if folder == "drafts":
        assert mailbox.find_draft(OURS) == found
    else:
        sent = mailbox.find_sent(OURS)
        assert (sent and sent.message_id) == found
    (seen,) = service.seen
    assert seen.path.endswith(f"/mailFolders/{folder}/messages")
    assert seen.params == {
        "$filter": f"singleValueExtendedProperties/Any(ep: ep/id eq '{MESSAGE_KEY}' "
        f"and ep/value eq '{OURS}')",
        "$expand": EXPAND,
        "$top": "5",
        "$select": SENT_FIELDS,
    }


@pytest.mark.parametrize(("is_draft", "calls"), [(True, 2), (False, 2), (None, 2)])
def test_a_draft_that_was_just_found_by_our_key_is_sent_at_once(
    mailbox, service, is_draft: bool | None, calls: int
) -> None:
    service.say({"value": [message(isDraft=is_draft, lastModifiedDateTime=stamp(NOW))]})
    draft_id = mailbox.find_draft(OURS)
    service.say(None, 202) if is_draft else service.say(message(isDraft=is_draft))
    if is_draft:
        assert mailbox.send_draft(draft_id).message_id == "m1"
    else:
        with pytest.raises(NotFound):
            mailbox.send_draft(draft_id)
    assert len(service.seen) == calls


@pytest.mark.parametrize(
    ("touched", "wait"),
    [
        (NOW, timedelta(minutes=10)),
        (NOW - timedelta(minutes=9), timedelta(minutes=1)),
        (NOW - timedelta(minutes=10), None),
        (NOW + timedelta(seconds=1), None),
        (None, None),
    ],
)
def test_a_draft_that_was_touched_a_moment_ago_may_be_on_its_way(
    mailbox, service, touched: datetime | None, wait: timedelta | None
) -> None:
    service.say(message(isDraft=True, lastModifiedDateTime=touched and stamp(touched)))
    service.say(None, 202)
    if wait is None:
        assert mailbox.send_draft("m1") == SentMail("m1", "c1", OURS)
    else:
        with pytest.raises(Unavailable) as caught:
            mailbox.send_draft("m1")
        assert (caught.value.retry_after, caught.value.in_doubt) == (wait, True)
    assert service.seen[0].params == {"$select": SENT_FIELDS}
    assert len(service.seen) == (2 if wait is None else 1)


def test_a_send_that_was_surely_refused_is_tried_again_without_a_look(
    mailbox, service, answer
) -> None:
    service.say(message(isDraft=True), 201)
    draft_id = mailbox.create_draft(mail())
    service.tell(*[answer(429, None, {"Retry-After": "1"})] * 3, answer(202))
    with pytest.raises(Unavailable):
        mailbox.send_draft(draft_id)
    mailbox.send_draft(draft_id)
    assert set(paths(service)[1:]) == {"POST messages/m1/send"}


def test_a_send_whose_answer_was_lost_is_looked_at_first(mailbox, service, answer) -> None:
    service.say(message(isDraft=True), 201)
    draft_id = mailbox.create_draft(mail())
    service.tell(answer(hang_up=True), answer(200, message(isDraft=False)))
    with pytest.raises(Unavailable):
        mailbox.send_draft(draft_id)
    with pytest.raises(NotFound):
        mailbox.send_draft(draft_id)
    assert paths(service)[1:] == ["POST messages/m1/send", "GET messages/m1"]


@pytest.mark.parametrize(
    ("looked_at", "found"),
    [
        (message(isDraft=False), SentMail("m1", "c1", OURS)),
        (message(), SentMail("m1", "c1", OURS)),
        (message(isDraft=True), None),
    ],
)
def test_what_became_of_a_draft_is_asked_of_its_id(mailbox, service, looked_at, found) -> None:
    service.say(looked_at)
    assert mailbox.find_sent(OURS, "m1") == found
    assert paths(service) == ["GET messages/m1"]
    assert service.seen[0].params == {"$select": SENT_FIELDS}


def test_an_id_that_changed_with_the_move_is_found_by_our_key(mailbox, service, answer) -> None:
    gone = {"error": {"code": "ErrorItemNotFound", "message": "gone"}}
    service.tell(answer(404, gone), answer(200, {"value": [message(id="m2")]}))
    assert mailbox.find_sent(OURS, "m1") == SentMail("m2", "c1", OURS)
    service.say({"value": []})
    assert mailbox.find_sent(OURS) is None


@pytest.mark.parametrize(("is_draft", "is_deleted"), [(True, True), (False, False), (None, False)])
def test_only_a_draft_is_discarded(mailbox, service, is_draft, is_deleted) -> None:
    service.say(message(isDraft=is_draft))
    service.say(None, 204)
    mailbox.discard_draft("m1")
    assert ("DELETE messages/m1" in paths(service)) is is_deleted
    assert service.seen[0].params == {"$select": SENT_FIELDS}


def test_the_first_cursor_begins_a_little_earlier_and_lists_nothing(mailbox, service) -> None:
    service.say({"value": [message()]})
    service.say({"value": [message(id="m2")], "@odata.deltaLink": f"{service.root}/d"})
    pages = list(mailbox.arrivals(None))
    since = stamp(NOW - timedelta(minutes=5))
    assert [page.arrivals for page in pages] == [(), ()]
    assert [page.cursor for page in pages] == [None, f"{service.root}/d#listed={since}"]
    anywhere, inbox = service.seen
    assert anywhere.params == {
        "$filter": f"receivedDateTime ge {since} and isDraft eq false",
        "$select": ARRIVAL_FIELDS,
        "$top": "100",
    }
    assert inbox.path.endswith("/mailFolders/inbox/messages/delta")
    assert inbox.params == {
        "changeType": "created",
        "$select": ARRIVAL_FIELDS,
        "$filter": f"receivedDateTime ge {since}",
    }
    assert inbox.headers["prefer"] == f"{IMMUTABLE}, odata.maxpagesize=100"
    assert anywhere.headers["prefer"] == IMMUTABLE


@pytest.mark.parametrize(
    ("mark", "since"),
    [
        ("#listed=2026-11-24T12:55:00Z", NOW - timedelta(minutes=5)),
        ("#listed=2026-11-24T12:55:00", NOW - timedelta(minutes=5)),
        ("#listed=2026-11-24T13:55:00+01:00", NOW - timedelta(minutes=5)),
        ("#listed=x", NOW - timedelta(days=1)),
        ("", NOW - timedelta(days=1)),
    ],
)
def test_what_came_is_listed_once_from_the_moment_of_the_listing_before(
    mailbox, service, mark: str, since: datetime
) -> None:
    theirs = {"from": {"emailAddress": {"address": " REP@ourco.example "}}}
    service.say({"value": [message(**theirs), message(id="m2", conversationId=None), {}]})
    service.say(
        {
            "value": [message(), message(id="m3"), {"id": "m4", "@removed": {"reason": "deleted"}}],
            "@odata.deltaLink": f"{service.root}/e",
        }
    )
    elsewhere, inbox = mailbox.arrivals(f"{service.root}/d{mark}")
    assert elsewhere.arrivals == (MailRef("m1", "c1", True), MailRef("m2", "", False))
    assert inbox.arrivals == (MailRef("m3", "c1", False),)
    assert inbox.cursor == f"{service.root}/e#listed={stamp(NOW - timedelta(minutes=5))}"
    assert service.seen[0].params["$filter"].startswith(f"receivedDateTime ge {stamp(since)} ")
    assert service.seen[1].path == "/v1.0/d"
    assert service.seen[1].headers["prefer"] == f"{IMMUTABLE}, odata.maxpagesize=100"


def came(address: str = "dana@acme.example", **more: Any) -> dict[str, Any]:
    sender = {"emailAddress": {"address": address}}
    return message(receivedDateTime="2026-11-24T12:00:00Z", **{"from": sender}, **more)


def test_a_mail_is_fetched_as_it_came(mailbox, service, answer) -> None:
    service.say(came())
    service.tell(answer(200, SOURCE))
    fetched = mailbox.fetch(MailRef("m1", ""))
    assert (fetched.message_id, fetched.thread_id, fetched.raw) == ("m1", "c1", SOURCE)
    assert (fetched.received_at, fetched.sent_by_owner) == (NOW - timedelta(hours=1), False)
    assert service.seen[0].params == {"$select": ARRIVAL_FIELDS}
    assert paths(service) == ["GET messages/m1", "GET messages/m1/$value"]


def test_a_mail_that_was_just_listed_is_fetched_in_one_call(mailbox, service, answer) -> None:
    service.say({"value": [came()]})
    service.say({"value": [], "@odata.deltaLink": f"{service.root}/e"})
    refs = [ref for page in mailbox.arrivals(f"{service.root}/d") for ref in page.arrivals]
    service.tell(answer(200, SOURCE))
    assert mailbox.fetch(refs[0]).thread_id == "c1"
    assert paths(service)[2:] == ["GET messages/m1/$value"]


REP = "Rep@ourco.example"


@pytest.mark.parametrize(
    ("hits", "source", "is_own"),
    [
        ([{"id": "s1", "internetMessageId": OURS}], "s1", True),
        ([{"id": "s1", "internetMessageId": "<b@x>"}], "m1", False),
        ([], "m1", False),
    ],
)
def test_who_claims_to_be_the_owner_is_believed_by_the_owners_copy(
    mailbox, service, answer, hits, source: str, is_own: bool
) -> None:
    service.say(came(REP))
    service.say({"value": hits})
    service.tell(answer(200, SOURCE))
    assert mailbox.fetch(MailRef("m1", "c1")).sent_by_owner is is_own
    assert paths(service)[2] == f"GET messages/{source}/$value"
    assert service.seen[1].path.endswith("/mailFolders/sentitems/messages")
    assert service.seen[1].params == {
        "$filter": f"internetMessageId eq '{OURS}'",
        "$select": "id,internetMessageId",
        "$expand": EXPAND,
        "$top": "5",
    }


def test_a_mail_of_our_own_is_no_arrival(mailbox, service) -> None:
    service.say(came(REP))
    own = {"id": "s1", "internetMessageId": OURS, "singleValueExtendedProperties": KEYED}
    service.say({"value": [own]})
    with pytest.raises(NotFound):
        mailbox.fetch(MailRef("m1", "c1"))


@pytest.mark.parametrize("content", [b"", b"<html>proxy</html>", b"\r\n", b"no header"])
def test_what_begins_without_headers_is_no_mail(mailbox, service, answer, content: bytes) -> None:
    service.say(came())
    service.tell(answer(200, content))
    with pytest.raises(Unavailable):
        mailbox.fetch(MailRef("m1", "c1"))


def test_a_mail_without_a_moment_came_now(mailbox, service, answer) -> None:
    service.say(message(internetMessageId=None, **{"from": None}))
    service.tell(answer(200, SOURCE))
    assert mailbox.fetch(MailRef("m1", "c1")).received_at == NOW
