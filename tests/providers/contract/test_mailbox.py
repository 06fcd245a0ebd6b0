"""What every provider's mailbox does."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from nudger.providers.base import CursorExpired, NotFound, Unavailable, Window
from nudger.sandbox.faults import Fault
from nudger.sandbox.mailboxes import Search
from nudger.sandbox.people_pages import reply_to

ANA, NUDGER = "ana@ourco.example", "nudger@ourco.example"


def question(message_id="<q1@ourco.example>"):
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Nudger <{NUDGER}>"
    message["To"] = ANA
    message["Reply-To"] = "nudger+r-abc@ourco.example"
    message["Subject"] = "ACME: what will they agree to?"
    message["Message-ID"] = message_id
    message.set_content("Question?\n")
    return message


def inbox(provider, person):
    mails = provider.server.world.mailboxes.of(person).values()
    return [mail for mail in mails if "INBOX" in mail.labels]


def arrived(pages):
    pages = list(pages)
    told = [ref for page in pages for ref in page.arrivals]
    assert len({ref.message_id for ref in told}) == len(told)
    return [ref for ref in told if not ref.is_sent], pages[-1].cursor


def test_a_draft_is_not_a_mail_until_it_is_sent(provider):
    draft = provider.mailbox.create_draft(question())
    assert inbox(provider, ANA) == []
    provider.mailbox.send_draft(draft)
    assert len(inbox(provider, ANA)) == 1


def test_a_draft_is_found_by_its_message_id(provider):
    draft = provider.mailbox.create_draft(question())
    assert provider.mailbox.find_draft("<q1@ourco.example>") == draft
    assert provider.mailbox.find_draft("<other@ourco.example>") is None


def test_a_draft_is_sent_once(provider):
    draft = provider.mailbox.create_draft(question())
    provider.mailbox.send_draft(draft)
    with pytest.raises(NotFound):
        provider.mailbox.send_draft(draft)
    assert len(inbox(provider, ANA)) == 1


def test_after_doubt_the_sent_mail_is_found(provider):
    draft = provider.mailbox.create_draft(question())
    provider.server.world.faults.add(
        Fault(provider.calls["send"], status=0, effect=True),
    )
    with pytest.raises(Unavailable) as raised:
        provider.mailbox.send_draft(draft)
    assert raised.value.in_doubt
    assert provider.mailbox.find_sent("<q1@ourco.example>", draft) is not None
    assert len(inbox(provider, ANA)) == 1


LOST = [{"status": 0, "reason": "no_byte"}, {"status": 0}, {"status": 500}]
PAGES = [
    {"status": status, "reason": reason}
    for status, reason in [(200, "html"), (200, "empty"), (404, "html"), (403, "html")]
]


def calls(provider, what):
    return provider.server.world.ledger.calls[provider.calls[what]]


def drafts(provider):
    boxes = provider.server.world.mailboxes
    kept = [one for one in boxes.of(NUDGER).values() if "DRAFT" in one.labels]
    return [*kept, *boxes.drafts_of(NUDGER).values()]


@pytest.mark.parametrize("lost", [*LOST, *PAGES])
@pytest.mark.parametrize("effect", [True, False])
def test_a_draft_whose_answer_is_lost_is_made_once(provider, lost, effect):
    provider.server.world.faults.add(Fault(provider.calls["draft"], effect=effect, **lost))
    with pytest.raises(Unavailable) as raised:
        provider.mailbox.create_draft(question())
    assert raised.value.in_doubt
    assert calls(provider, "draft") == 1
    assert len(drafts(provider)) == (1 if effect else 0)
    found = provider.mailbox.find_draft("<q1@ourco.example>")
    assert (found is not None) is effect


@pytest.mark.parametrize("lost", LOST)
def test_a_draft_that_was_found_again_is_sent_at_once(provider, lost):
    provider.server.world.faults.add(Fault(provider.calls["draft"], effect=True, **lost))
    with pytest.raises(Unavailable):
        provider.mailbox.create_draft(question())
    provider.mailbox.send_draft(provider.mailbox.find_draft("<q1@ourco.example>"))
    assert len(inbox(provider, ANA)) == 1


@pytest.mark.parametrize("lost", [*LOST, *PAGES])
@pytest.mark.parametrize("effect", [True, False])
def test_a_sending_whose_answer_is_lost_is_not_repeated(provider, lost, effect):
    draft = provider.mailbox.create_draft(question())
    provider.server.world.faults.add(Fault(provider.calls["send"], effect=effect, **lost))
    with pytest.raises(Unavailable) as raised:
        provider.mailbox.send_draft(draft)
    assert raised.value.in_doubt
    assert calls(provider, "send") == 1
    assert len(inbox(provider, ANA)) == (1 if effect else 0)


def test_a_reading_whose_answer_is_lost_is_repeated(provider):
    fault = Fault(provider.calls["list"], status=0, reason="no_byte")
    provider.server.world.faults.add(fault)
    window = Window(provider.server.world.now(), provider.server.world.now() + timedelta(days=1))
    list(provider.calendar.full(window))
    assert calls(provider, "list") == 2


def test_a_hit_of_a_search_is_not_believed_unchecked(provider):
    provider.mailbox.create_draft(question("<stranger@ourco.example>"))
    provider.mailbox.send_draft(
        provider.mailbox.create_draft(question("<other@ourco.example>")),
    )
    provider.server.world.mailboxes.search = Search.CARELESS
    assert provider.mailbox.find_draft("<q1@ourco.example>") is None
    assert provider.mailbox.find_sent("<q1@ourco.example>") is None
    assert provider.mailbox.find_draft("<stranger@ourco.example>") is not None
    assert provider.mailbox.find_sent("<other@ourco.example>") is not None


@pytest.mark.parametrize("search", [Search.LAGS, Search.CARELESS, Search.EXACT])
@pytest.mark.parametrize("rewrites", ["never", "with a trace", "without a trace"])
def test_what_was_sent_is_found_by_its_draft_whatever_the_search_does(provider, search, rewrites):
    boxes = provider.server.world.mailboxes
    provider.mailbox.send_draft(provider.mailbox.create_draft(question("<other@ourco.example>")))
    draft = provider.mailbox.create_draft(question())
    boxes.search, boxes.rewrites_message_ids = search, rewrites != "never"
    boxes.keeps_original_message_ids = rewrites == "with a trace"
    assert provider.mailbox.find_sent("<q1@ourco.example>", draft) is None
    sent = provider.mailbox.send_draft(draft)
    found = provider.mailbox.find_sent("<q1@ourco.example>", draft)
    assert (found.message_id, found.thread_id) == (sent.message_id, sent.thread_id)


@pytest.mark.parametrize("search", list(Search))
def test_a_mail_in_a_thread_is_not_taken_for_another_of_it(provider, search):
    first = provider.mailbox.send_draft(provider.mailbox.create_draft(question()))
    answer = question("<q2@ourco.example>")
    answer["In-Reply-To"] = "<q1@ourco.example>"
    draft = provider.mailbox.create_draft(answer)
    provider.server.world.mailboxes.search = search
    assert provider.mailbox.find_sent("<q2@ourco.example>", draft) is None
    sent = provider.mailbox.send_draft(draft)
    assert provider.mailbox.find_sent("<q2@ourco.example>", draft).message_id == sent.message_id
    assert sent.message_id != first.message_id


def test_a_mail_that_was_never_sent_is_not_found(provider):
    assert provider.mailbox.find_sent("<never@ourco.example>") is None


def test_replies_arrive_in_the_thread_with_their_source(provider):
    _, cursor = arrived(provider.mailbox.arrivals(None))
    sent = provider.mailbox.send_draft(provider.mailbox.create_draft(question()))
    reply_to(provider.server.world, ANA, inbox(provider, ANA)[0], "Dana agrees")
    refs, cursor = arrived(provider.mailbox.arrivals(cursor))
    assert [ref.thread_id for ref in refs] == [sent.thread_id]
    mail = provider.mailbox.fetch(refs[0])
    assert b"Dana agrees" in mail.raw
    assert not mail.sent_by_owner
    assert set(arrived(provider.mailbox.arrivals(cursor))[0]) <= set(refs), "told again at most"


@pytest.mark.parametrize("labels", [{"SPAM"}, {"Label_7"}, set(), {"TRASH"}])
@pytest.mark.parametrize("from_a_cursor", [True, False])
def test_what_never_reached_the_inbox_arrives_as_well(provider, labels, from_a_cursor):
    world, box = provider.server.world, provider.mailbox
    _, cursor = arrived(box.arrivals(None))
    box.send_draft(box.create_draft(question()))
    reply_to(world, ANA, inbox(provider, ANA)[0], "Dana agrees")
    (reply,) = inbox(provider, NUDGER)
    reply.labels = set(labels)
    since = world.now() - timedelta(hours=1)
    refs, _ = arrived(box.arrivals(cursor) if from_a_cursor else box.arrivals_since(since))
    assert b"Dana agrees" in box.fetch(refs[0]).raw
    assert len(refs) == 1


def test_an_old_cursor_is_expired_and_the_search_finds_what_was_missed(provider):
    _, cursor = arrived(provider.mailbox.arrivals(None))
    provider.mailbox.send_draft(provider.mailbox.create_draft(question()))
    reply_to(provider.server.world, ANA, inbox(provider, ANA)[0], "Dana agrees")
    world = provider.server.world
    world.mailboxes.oldest_history = world.mailboxes.history
    with pytest.raises(CursorExpired):
        arrived(provider.mailbox.arrivals(cursor))
    refs, cursor = arrived(provider.mailbox.arrivals_since(world.now() - timedelta(hours=1)))
    assert len(refs) == 1
    assert cursor is not None


def test_a_mail_that_was_deleted_meanwhile_is_not_found(provider):
    _, cursor = arrived(provider.mailbox.arrivals(None))
    provider.mailbox.send_draft(provider.mailbox.create_draft(question()))
    reply_to(provider.server.world, ANA, inbox(provider, ANA)[0], "Dana agrees")
    refs, _ = arrived(provider.mailbox.arrivals(cursor))
    provider.server.world.mailboxes.of(NUDGER).clear()
    with pytest.raises(NotFound):
        provider.mailbox.fetch(refs[0])


def test_a_draft_is_discarded_and_discarding_it_again_is_no_error(provider):
    draft = provider.mailbox.create_draft(question())
    kept = provider.mailbox.create_draft(question("<q2@ourco.example>"))
    provider.mailbox.discard_draft(draft)
    provider.mailbox.discard_draft(draft)
    assert provider.mailbox.find_draft("<q1@ourco.example>") is None
    assert len(drafts(provider)) == 1
    provider.mailbox.send_draft(kept)
    with pytest.raises(NotFound):
        provider.mailbox.send_draft(draft)


def test_what_was_sent_is_no_draft_to_discard(provider):
    draft = provider.mailbox.create_draft(question())
    sent = provider.mailbox.send_draft(draft)
    provider.mailbox.discard_draft(draft)
    assert provider.mailbox.find_sent("<q1@ourco.example>", draft).message_id == sent.message_id


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_is_discarded_through_a_proxy_that_lets_us_pass_again(provider, page):
    draft = provider.mailbox.create_draft(question())
    provider.server.world.faults.add(Fault(provider.calls["discard"], **page))
    provider.mailbox.discard_draft(draft)
    assert drafts(provider) == []
