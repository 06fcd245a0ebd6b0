"""What the whole life of one answered meeting costs at its provider: asked, answered, written."""

from __future__ import annotations

import pytest

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from tests.office import ANA

POLLING = (
    "calendar.events.list", "gmail.users.history.list", "gmail.users.getProfile",
    "graph.calendar.delta", "graph.mail.delta", "graph.mail.list", "graph.settings.get",
)  # fmt: skip
"""What all meetings share: one call a round, whatever came."""
ASKED_AND_WRITTEN = {
    "google": {
        "gmail.users.drafts.create": 1,
        "gmail.users.drafts.send": 1,
        "gmail.users.messages.get": 1,
        "calendar.events.get": 1,
        "calendar.events.patch": 1,
    },
    "microsoft": {
        "graph.mail.draft": 1,
        "graph.mail.send": 1,
        "graph.mail.source": 1,
        "graph.calendar.get": 1,
        "graph.calendar.update": 1,
    },
}
CONFIRMED = {
    "google": {"gmail.users.drafts.create": 1, "gmail.users.drafts.send": 1},
    "microsoft": {"graph.mail.draft": 1, "graph.mail.send": 1},
}


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


def made(office, run):
    """The calls of this, without the polling."""
    before = dict(office.calls)
    run()
    calls = {name: count - before.get(name, 0) for name, count in office.calls.items()}
    return {name: count for name, count in calls.items() if count and name not in POLLING}


def ask_and_write(office):
    scan(office.ctx)
    assert ask(office.ctx) == 1
    office.reply("Dana agrees to a pilot by Friday")
    office.later(minutes=2)
    assert listen(office.ctx) == 1
    assert understand(office.ctx) == 1
    assert write(office.ctx) == 1
    assert "Dana agrees to a pilot" in office.description("call1")


def look_again(office):
    """What we wrote comes back as a change, which asks for nothing more."""
    office.later(minutes=2)
    scan(office.ctx)
    listen(office.ctx)
    write(office.ctx)


def test_each_call_of_an_answered_meeting_has_a_reason(office, kept_by):
    listen(office.ctx)
    office.meet()
    assert made(office, lambda: ask_and_write(office)) == ASKED_AND_WRITTEN[kept_by]
    assert made(office, lambda: ask(office.ctx)) == CONFIRMED[kept_by]
    assert len(office.inbox(ANA)) == 2
    assert made(office, lambda: look_again(office)) == {}
