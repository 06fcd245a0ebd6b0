"""Listening: to whose mailboxes, and what it asks the database about the mails of a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.availability import RepState
from nudger.jobs.ask import ask
from nudger.jobs.listen import ensure_mailboxes, listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.store import inbox, people
from tests.office import ANA, NUDGER


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


def asked(office):
    office.meet()
    scan(office.ctx)
    ask(office.ctx)
    listen(office.ctx)
    office.later(minutes=2)


@pytest.mark.parametrize("mode", ["organization", "personal"])
@pytest.mark.parametrize("labels", [{"SPAM"}, set()])
def test_a_reply_that_a_filter_took_from_the_inbox_is_read(office, mode, labels):
    personal = office.ctx.settings.model_copy(update={"mode": mode})
    office.ctx = replace(office.ctx, settings=personal)
    asked(office)
    office.reply("Dana agrees to the pilot")
    with office.world.lock:
        (reply,) = office.inbox(NUDGER)
        reply.labels = set(labels)
    assert listen(office.ctx) == 1
    assert understand(office.ctx) == 1
    office.later(minutes=2)
    assert listen(office.ctx) == 0


def test_what_we_sent_ourselves_is_not_fetched(office):
    asked(office)
    assert listen(office.ctx) == 0
    fetched = [name for name in office.calls if name in ("gmail.users.messages.get",
               "graph.mail.source", "graph.mail.get")]  # fmt: skip
    assert fetched == []


def test_a_page_of_mails_is_looked_up_in_one_go(office):
    office.meet()
    scan(office.ctx)
    ask(office.ctx)
    for n in range(12):
        office.reply(f"Dana agrees to pilot number {n}", mail=0)
    personal = office.ctx.settings.model_copy(update={"mode": "personal"})
    office.ctx = replace(office.ctx, settings=personal)
    office.later(minutes=2)
    heard: list[int] = []
    statements = office.statements(lambda: heard.append(listen(office.ctx)))
    assert heard == [12]
    (threads,) = (s for s in statements if s.startswith("SELECT mail."))
    assert "thread_id IN" in threads, "not every mail that was ever sent"


@pytest.mark.parametrize("state", RepState)
def test_whose_own_mailbox_is_listened_to(office, state):
    """Theirs too who paused or stopped, since they may say "start"; without a consent there is
    nothing to open."""
    office.configure('mode = "personal"\n')
    with office.ctx.database.begin() as tx:
        people.set_state(tx, people.find_rep(tx, ANA).id, state)
    ensure_mailboxes(office.ctx)
    with office.ctx.database.read() as tx:
        assert (ANA in inbox.mailbox_addresses(tx)) is (state is not RepState.RECONNECT)
