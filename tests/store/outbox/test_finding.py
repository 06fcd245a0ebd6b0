"""Mails are found by what was given to them."""

from __future__ import annotations

from nudger.domain.mails import MailKind, MailState
from nudger.store import outbox
from tests.store.mails import LATER, NOW, bring_to, merge_all


def test_the_mails_about_meetings_are_found_by_state(database, three):
    with database.begin() as tx:
        first, *_ = merge_all(tx)
        found = outbox.about_meetings(tx, [*three, 999], (MailState.DUE,))
    assert {meeting_id: [one.id for one in mails] for meeting_id, mails in found.items()} == {
        three[0]: [first], three[1]: [first], three[2]: [first], 999: [],
    }  # fmt: skip


def test_a_mail_is_found_by_what_was_given_to_it_and_by_nothing_else(database, two_reps):
    with database.begin() as tx:
        bring_to(tx, "w", token_hash="aa", rfc_message_id="<w@x>")
        bring_to(tx, "q", token_hash="bb", rfc_message_id="<q@x>")
        found = [outbox.find_by_token(tx, "aa"), outbox.find_by_message_id(tx, "<w@x>")]
        assert [mail.once for mail in found if mail] == ["w", "w"]
        assert outbox.find_by_token(tx, "cc") is None
        assert outbox.find_by_message_id(tx, "<x@x>") is None


def test_what_is_noted_about_one_mail_is_noted_about_no_other(database, two_reps):
    with database.begin() as tx:
        bring_to(tx, "w", token_hash="aa")
        mail = outbox.find_by_token(tx, "aa")
        outbox.set_content(tx, mail.id, b"sealed")
        outbox.set_bounced(tx, mail.id, LATER)
        rows = {
            one.once: (one.content, one.bounced_at) for one in outbox.waiting(tx, tuple(MailKind))
        }
        assert rows == {"w": (b"sealed", LATER), "m": (None, None), "q": (None, None)}


def test_the_state_and_the_moment_of_a_mail(database, two_reps):
    with database.begin() as tx:
        bring_to(tx, "q", state=MailState.MERGED.value, due_at=LATER)
        assert outbox.state_of(tx, "q") is MailState.MERGED
        assert outbox.state_of(tx, "w") is MailState.DUE
        assert outbox.state_of(tx, "x") is None
        moments = [outbox.due_at_of(tx, once) for once in ("q", "w", "x")]
    assert moments == [LATER, NOW, None]
