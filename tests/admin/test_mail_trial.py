"""A real mail to a rep and back, on both providers."""

from __future__ import annotations

from itertools import count

import pytest

from nudger.admin.mail_trial import MailTrial, Patience, pin
from nudger.domain.mail_trial import Result, is_sound, prove
from nudger.providers.base import ProviderError
from nudger.runtime.holds import Held
from nudger.sandbox.faults import Fault
from nudger.store import controls, people
from tests.office import ANA, NUDGER, run_once

BOTH = pytest.mark.parametrize("kept_by", ["google", "microsoft"])


@pytest.fixture
def ana(office):
    with office.ctx.database.read() as tx:
        found = people.find_rep(tx, ANA)
    assert found is not None
    return found


def tried(office, rep, *happens, looks=3):
    """The trial's proofs by name; each of `happens` comes about before a further look."""
    steps, clock = iter(happens), count()
    told: list[str] = []

    def tell_left(_seconds):
        next(steps, lambda: None)()

    patience = Patience(looks, 1, lambda _seconds: None, tell_left, lambda: next(clock) / 2)
    seen = MailTrial(office.ctx, rep, told.append).run(patience)
    return {proof.what: proof for proof in prove(seen)}, told


def failed(proofs):
    return {what for what, proof in proofs.items() if proof.result is Result.FAILED}


@BOTH
def test_all_is_well(office, ana, kept_by):
    proofs, _ = tried(office, ana, lambda: office.reply("ok"))
    assert {proof.result for what, proof in proofs.items() if what != "place"} == {Result.PASSED}
    assert is_sound(tuple(proofs.values()))
    assert proofs["place"].result is (Result.PASSED if kept_by == "microsoft" else Result.UNKNOWN)


@BOTH
def test_the_reply_never_becomes_an_answer(office, ana):
    office.meet()
    run_once(office.ctx)
    before = office.description("call1")
    tried(office, ana, lambda: office.reply("Dana agrees to a pilot by Friday\n2"))
    office.later(minutes=5)
    run_once(office.ctx)
    run_once(office.ctx)
    assert office.description("call1") == before
    assert not [m for m in office.inbox(ANA) if "Dana agrees" in m.raw.decode(errors="replace")]
    assert len(office.inbox(ANA)) == 2, "our question and the test, and no word about the reply"


@BOTH
def test_who_replies_to_from_is_found_all_the_same(office, ana):
    def reply_to_from():
        with office.world.lock:
            mail = office.inbox(ANA)[-1]
            raw = (
                f"From: {ANA}\r\nTo: {NUDGER}\r\nSubject: Re: test\r\n"
                f"In-Reply-To: {mail.rfc_message_id}\r\nMessage-ID: <r@x>\r\n\r\nok\r\n"
            )
            office.world.mailboxes.send(ANA, raw.encode())

    proofs, _ = tried(office, ana, reply_to_from)
    assert failed(proofs) == {"plus-address"}
    assert "Reply-To" in proofs["plus-address"].says


def test_a_sender_for_whom_no_server_vouches_is_named(office, ana):
    def forge():
        with office.world.lock:
            mail = office.inbox(ANA)[-1]
            raw = (
                f"From: {ANA}\r\nTo: {mail.headers['reply-to']}\r\nSubject: Re: test\r\n"
                f"In-Reply-To: {mail.rfc_message_id}\r\n\r\nok\r\n"
            )
            office.world.mailboxes.receive(raw.encode(), dmarc="fail")

    proofs, _ = tried(office, ana, forge)
    assert failed(proofs) == {"sender"}
    assert "DMARC" in proofs["sender"].says


@BOTH
def test_a_machine_that_answers_is_waited_out(office, ana):
    def out_of_office():
        with office.world.lock:
            mail = office.inbox(ANA)[-1]
            raw = (
                f"From: {ANA}\r\nTo: {mail.headers['reply-to']}\r\nSubject: Away\r\n"
                f"Auto-Submitted: auto-replied\r\nIn-Reply-To: {mail.rfc_message_id}\r\n\r\nAway\r\n"
            )
            office.world.mailboxes.send(ANA, raw.encode())

    proofs, told = tried(office, ana, out_of_office, lambda: office.reply("ok", mail=0))
    assert failed(proofs) == set()
    assert any("a machine answered" in line for line in told)


@BOTH
def test_no_reply_within_the_time(office, ana):
    proofs, _ = tried(office, ana)
    assert failed(proofs) == {"reply"}
    assert proofs["plus-address"].result is Result.PASSED


@BOTH
def test_an_outage_while_waiting_is_waited_out(office, ana, kept_by):
    call = "gmail.users.history.list" if kept_by == "google" else "graph.mail.delta"

    def break_it():
        office.world.faults.add(Fault(call, status=503, times=20))

    def mend_it():
        office.world.faults.reset()
        office.later(minutes=10)
        office.reply("ok")

    office.ctx.stop.clear()
    proofs, told = tried(office, ana, break_it, mend_it, looks=4)
    assert failed(proofs) == set()
    assert any("tried again" in line for line in told)


@BOTH
def test_a_reply_that_cannot_be_opened_at_first_is_opened_later(office, ana, kept_by):
    call = "gmail.users.messages.get" if kept_by == "google" else "graph.mail.source"

    def reply_during_an_outage():
        office.reply("ok")
        office.world.faults.add(Fault(call, status=503, times=20))

    def mend_it():
        office.world.faults.reset()
        office.later(minutes=10)

    proofs, _ = tried(office, ana, reply_during_an_outage, mend_it, looks=4)
    assert failed(proofs) == set()


def test_nothing_is_sent_while_sending_is_paused(office, ana):
    with office.ctx.database.begin() as tx:
        controls.pause(tx, None, office.world.now())
    with pytest.raises(Held):
        tried(office, ana)
    assert office.inbox(ANA) == []


class TestOnOutlook:
    @pytest.fixture
    def kept_by(self):
        return "microsoft"

    def test_the_tab_is_told_and_pinning_helps(self, office, ana):
        office.world.people[ANA].usual_tab = "other"
        proofs, _ = tried(office, ana, lambda: office.reply("ok"))
        assert proofs["place"].result is Result.WARNS
        pin(office.ctx, ana)
        pin(office.ctx, ana)
        assert office.world.people[ANA].tabs == {NUDGER: "focused"}
        proofs, _ = tried(office, ana, lambda: office.reply("ok"))
        assert proofs["place"].says == 'in the inbox, under "Focused"'

    def test_the_junk_folder_is_named(self, office, ana):
        office.world.people[ANA].junk = {NUDGER}
        proofs, _ = tried(office, ana)
        assert "Junk Email" in proofs["place"].says
        assert failed(proofs) == {"place", "reply"}

    def test_a_mailbox_that_may_not_be_read_is_no_fault(self, office, ana):
        office.server.microsoft.identity.mailboxes = frozenset({NUDGER})
        proofs, _ = tried(office, ana, lambda: office.reply("ok"))
        assert failed(proofs) == set()
        assert "could not be looked at" in proofs["place"].says
        with pytest.raises(ProviderError):
            pin(office.ctx, ana)

    def test_without_plus_addresses_the_way_back_is_cut(self, office, ana):
        office.world.mailboxes.plus_addresses = False
        proofs, _ = tried(office, ana, lambda: office.reply("ok"))
        assert failed(proofs) == {"plus-address", "reply"}
        assert "5.1.10" in proofs["plus-address"].says
