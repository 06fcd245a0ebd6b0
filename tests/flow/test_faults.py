"""Two workers on one database, and a fault at each API call of a meeting's life, once."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from nudger.sandbox.faults import Fault
from tests.databases import BOTH
from tests.office import run_once

ANA, NUDGER = "ana@ourco.example", "nudger@ourco.example"
GOOGLE_CALLS = (
    "oauth.token",
    "calendar.events.list",
    "calendar.events.get",
    "calendar.events.patch",
    "gmail.users.drafts.create",
    "gmail.users.drafts.send",
    "gmail.users.getProfile",
    "gmail.users.messages.list",
    "gmail.users.history.list",
    "gmail.users.messages.get",
)
OUTLOOK_CALLS = (
    "microsoft.token",
    "graph.calendar.delta",
    "graph.calendar.get",
    "graph.calendar.update",
    "graph.mail.draft",
    "graph.mail.send",
    "graph.mail.delta",
    "graph.mail.source",
)
CALLS = [("google", call) for call in GOOGLE_CALLS] + [("microsoft", c) for c in OUTLOOK_CALLS]
HAVE_EFFECT = {
    "calendar.events.patch", "gmail.users.drafts.create", "gmail.users.drafts.send",
    "graph.calendar.update", "graph.mail.draft", "graph.mail.send",
}  # fmt: skip
FAULTS = {
    "busy": {"status": 503},
    "busy_after_effect": {"status": 500, "effect": True},
    "dropped": {"status": 0, "effect": True},
    "cut_before_a_byte": {"status": 0, "reason": "no_byte"},
    "cut_before_a_byte_after_effect": {"status": 0, "reason": "no_byte", "effect": True},
    "throttled": {"status": 429, "reason": "rateLimitExceeded", "retry_after": 1},
    "garbage": {"status": 200, "reason": "garbage", "effect": True},
}
AT_READS = ("busy", "dropped", "cut_before_a_byte", "garbage")
"""Where nothing changes there is no after the effect. To wait when told so is the transport's, which
all calls have in common. `make faults` draws from every kind of fault at every call."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Retries wait for nothing: the faults are scripted, not a matter of time."""
    monkeypatch.setattr("nudger.providers.retry.time", SimpleNamespace(sleep=lambda _seconds: None))


@pytest.fixture
def kept_by(request):
    """The first part of a case, or both for a test that has none."""
    return request.param


def cases():
    for provider, call in CALLS:
        for fault in FAULTS if call in HAVE_EFFECT else AT_READS:
            yield pytest.param(provider, call, fault, id=f"{call}-{fault}")


@pytest.mark.parametrize(("kept_by", "call", "fault"), list(cases()), indirect=["kept_by"])
def test_one_fault_neither_loses_nor_doubles_anything(office, call, fault):
    office.meet()
    other = office.another_worker()
    office.world.faults.add(Fault(call, **FAULTS[fault]))
    for step in range(12):
        if step == 5:
            questions = [m for m in office.inbox(ANA) if "what will they" in m.headers["subject"]]
            assert len(questions) == 1
            office.reply("Dana agrees to a pilot by Friday\n2")
        run_once(office.ctx if step % 2 else other)
        office.later(minutes=3)
    questions = [m for m in office.inbox(ANA) if "what will they" in m.headers["subject"]]
    assert len(questions) == 1
    assert left_among_drafts(office) == 0
    text = office.description("call1")
    assert text.count("Dana agrees to a pilot by Friday") == 1
    assert "https://meet.google.com/abc-defg-hij" in text
    told = office.world.receives("dana@acme.example")
    assert len(told) == (1 if office.is_outlook else 0)


def left_among_drafts(office):
    boxes = office.world.mailboxes
    kept = [one for one in boxes.of(NUDGER).values() if "DRAFT" in one.labels]
    return len(kept) + len(boxes.drafts_of(NUDGER))


@pytest.mark.parametrize("kept_in", BOTH)
@pytest.mark.parametrize("kept_by", ["google", "microsoft"], indirect=True)
def test_two_workers_at_once_ask_and_write_once(office):
    """Whoever claims the work does it in that round. The next is for what the other held just then:
    a confirmation waits a moment for notes on their way."""
    for number in range(12):
        office.meet(f"call{number}", title=f"Call {number}")
    contexts = [office.ctx, office.another_worker()]

    def together():
        threads = [threading.Thread(target=run_once, args=(ctx,)) for ctx in contexts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    together()
    office.later(minutes=2)
    together()
    assert len(office.inbox(ANA)) == 1
    office.reply(
        "\n".join(f"{n + 1}: Dana signs part {n} of the contract on Friday" for n in range(12))
    )
    for _ in range(2):
        office.later(minutes=2)
        together()
    notes = [office.description(f"call{number}") for number in range(12)]
    assert all(note.count("C.O.: Dana signs part") == 1 for note in notes)
    assert len(set(notes)) == 12
    assert len(office.inbox(ANA)) == 2, "one confirmation for the one reply"
    write_call = "graph.calendar.update" if office.is_outlook else "calendar.events.patch"
    assert office.calls[write_call] == 12


@pytest.mark.parametrize("stands_still", ["before the draft", "after the draft"])
@pytest.mark.parametrize("kept_by", ["google", "microsoft"], indirect=True)
def test_who_is_overtaken_at_a_draft_leaves_none_behind(office, stands_still):
    office.meet("call1")
    box = type(office.ctx.accounts.mailbox(NUDGER)._guarded)
    make, waiting = box.create_draft, [office.another_worker()]

    def stand_still():
        if waiting:
            other = waiting.pop()
            for _ in range(3):
                office.later(minutes=11)
                run_once(other)

    def made(self, message):
        if stands_still == "before the draft":
            stand_still()
        draft_id = make(self, message)
        if stands_still == "after the draft":
            stand_still()
        return draft_id

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(box, "create_draft", made)
        run_once(office.ctx)
    for _ in range(3):
        office.later(minutes=11)
        run_once(office.ctx)
    questions = [m for m in office.inbox(ANA) if "what will they" in m.headers["subject"]]
    assert waiting == []
    assert len(questions) == 1
    assert left_among_drafts(office) == 0
