"""What a test mail and the reply to it prove."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.mail_trial import Landed, Seen, SeenReply, is_sound, prove, should_pin

GOOD = SeenReply(has_token=True, believed=True, reason="accepted", in_thread=True, names_ours=True)
SEEN = Seen("nudger@ourco.com", "ana@ourco.com", own_mail_came=True, reply=GOOD)
SILENT = replace(SEEN, reply=None)


def result(seen, what):
    return next(proof for proof in prove(seen) if proof.what == what)


def test_all_is_well():
    assert {proof.result for proof in prove(SEEN)} == {"passed"}
    assert is_sound(prove(SEEN))


@pytest.mark.parametrize(
    ("seen", "what", "expected", "says"),
    [
        (SEEN, "plus-address", "passed", "nudger+…@ourco.com reaches"),
        (SILENT, "plus-address", "passed", "reaches"),
        (replace(SILENT, own_mail_came=False), "plus-address", "failed", "PlusAddressing"),
        (replace(SILENT, own_mail_came=False, own_mail_came_back="5.1.10"), "plus-address",
         "failed", "came back (5.1.10)"),
        (replace(SILENT, own_mail_came=None), "plus-address", "unknown", "only a reply"),
        (replace(SEEN, reply=replace(GOOD, has_token=False)), "plus-address", "failed",
         "in place of Reply-To"),
        (SILENT, "reply", "failed", "--timeout"),
        (SILENT, "sender", "unknown", "no reply came"),
        (SILENT, "thread", "unknown", "no reply came"),
        (SILENT, "delivery", "unknown", "did not come back"),
        (replace(SILENT, came_back="5.1.1"), "delivery", "failed", "check the address"),
        (replace(SILENT, landed=Landed("Inbox", in_inbox=True)), "delivery", "passed", "got it"),
        (replace(SEEN, reply=replace(GOOD, believed=False, reason="auth_not_pass")), "sender",
         "failed", "Publish DMARC for ourco.com"),
        (replace(SEEN, reply=replace(GOOD, believed=False, reason="sender_mismatch")), "sender",
         "failed", "nudger reps add ana@ourco.com --alias"),
        (replace(SEEN, reply=replace(GOOD, in_thread=False)), "thread", "passed", "by itself"),
        (replace(SEEN, reply=replace(GOOD, in_thread=False, names_ours=False)), "thread",
         "warns", "In-Reply-To"),
        (replace(SEEN, landed=Landed("Inbox", True, "focused")), "place", "passed", '"Focused"'),
        (replace(SEEN, landed=Landed("Inbox", True, "other")), "place", "warns", "--pin"),
        (replace(SEEN, landed=Landed("Junk Email", False)), "place", "failed", '"Junk Email"'),
        (replace(SEEN, why_not_looked="no"), "place", "unknown", "no"),
        (replace(SEEN, from_outside="another house"), "organization", "warns", "another house"),
    ],
)  # fmt: skip
def test_each_thing_is_told_with_what_to_do(seen, what, expected, says):
    proof = result(seen, what)
    assert proof.result == expected
    assert says in proof.says


def test_only_a_failure_makes_it_unsound():
    assert not is_sound(prove(SILENT))
    assert is_sound(prove(replace(SEEN, landed=Landed("Inbox", True, "other"))))


@pytest.mark.parametrize(("tab", "pins"), [("other", True), ("focused", False), (None, False)])
def test_the_sender_is_to_be_pinned(tab, pins):
    assert should_pin(replace(SEEN, landed=Landed("Inbox", True, tab))) is pins
    assert not should_pin(SEEN)
