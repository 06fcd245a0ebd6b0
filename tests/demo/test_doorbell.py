"""Mail that came is heard of before the listening interval is over, and nothing else is."""

from __future__ import annotations

import pytest

from nudger.demo.doorbell import Doorbell
from nudger.demo.stage import stage
from nudger.sandbox.people_pages import reply_to
from nudger.sandbox.scenario import ANA
from nudger.worker import incoming, outgoing

LISTENED = "gmail.users.history.list"


@pytest.fixture
def asked():
    """A demonstration whose clock stands still, where Ana was asked and nobody answered yet."""
    with stage() as on_stage:
        world = on_stage.server.world
        world.set_now(world.now())
        outgoing(on_stage.ctx)
        incoming(on_stage.ctx)
        incoming(on_stage.ctx)
        yield on_stage


def answer(asked):
    world = asked.server.world
    with world.lock:
        (question,) = world.mailboxes.of(ANA).values()
        reply_to(world, ANA, question, "B: Dana agrees to a pilot by Monday")


def is_written(asked):
    return any("Dana agrees" in text for text in asked.server.world.reads(ANA).values())


def test_a_reply_is_heard_of_at_once(asked):
    doorbell = Doorbell(asked)
    answer(asked)
    incoming(asked.ctx)
    assert not is_written(asked), "the mailbox was listened to a moment ago"
    doorbell.listen()
    incoming(asked.ctx)
    assert is_written(asked)


def test_where_nothing_came_nobody_listens(asked):
    doorbell = Doorbell(asked)
    before = asked.server.world.ledger.calls[LISTENED]
    doorbell.listen()
    incoming(asked.ctx)
    assert asked.server.world.ledger.calls[LISTENED] == before


def test_it_rings_again_for_who_was_just_leaving_and_then_is_still(asked):
    doorbell = Doorbell(asked)
    answer(asked)
    calls = asked.server.world.ledger.calls
    listened = []
    for _ in range(8):
        before = calls[LISTENED]
        doorbell.listen()
        incoming(asked.ctx)
        listened.append(calls[LISTENED] > before)
    assert listened == [True] * 5 + [False] * 3
