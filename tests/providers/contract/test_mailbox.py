"""What every provider's mailbox does."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from nudger.providers.base import CursorExpired, NotFound, Unavailable
from nudger.sandbox.faults import Fault
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
