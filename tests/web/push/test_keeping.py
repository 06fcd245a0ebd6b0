"""Channels are opened, kept open, found where they lapsed, and ended where they are not wanted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from nudger.domain.push import SILENCE_LASTS
from nudger.jobs.subscribe import subscribe
from nudger.sandbox.faults import Fault
from nudger.store import people, push, tables
from tests.office import ANA
from tests.web.push.test_hints import change


def standing(told):
    with told.office.ctx.database.read() as tx:
        return push.count(tx, told.office.ctx.clock())["calendars"]


def at_the_provider(told):
    server = told.office.server
    kept = server.microsoft.subscriptions if told.office.is_outlook else server.google.channels
    now = told.office.world.now()
    return [one for one in kept.open.values() if one.expires_at > now]


def lapse(told):
    server = told.office.server
    kept = server.microsoft.subscriptions if told.office.is_outlook else server.google.channels
    kept.lapse(ANA)


def open_calls(told):
    name = "graph.subscription.create" if told.office.is_outlook else "calendar.events.watch"
    return told.office.calls.get(name, 0)


def test_it_is_opened_once(told):
    for _ in range(3):
        told.office.later(minutes=40)
        subscribe(told.office.ctx)
    assert (standing(told).watched, standing(told).open, open_calls(told)) == (1, 1, 1)
    assert len(at_the_provider(told)) == 1


def test_only_the_hash_of_its_secret_is_kept(told):
    with told.office.ctx.database.read() as tx:
        kept = str(tx.execute(select(tables.push_channel)).all())
    (there,) = at_the_provider(told)
    secret = there.body["clientState"] if told.office.is_outlook else there.token
    assert secret not in kept


def test_it_never_ends_in_a_month(told):
    for _ in range(60):
        told.office.later(hours=12)
        subscribe(told.office.ctx)
        told.deliver()
        told.readings()
        assert len(at_the_provider(told)) == 1
        assert standing(told).open == 1
    change(told)
    told.deliver()
    told.office.later(seconds=10)
    assert told.readings() == 1


def test_one_that_lapsed_is_found_and_opened_anew(told):
    lapse(told)
    told.office.later(seconds=SILENCE_LASTS.total_seconds())
    for number in range(3):
        change(told, f"ACME: {number}")
        told.deliver()
        told.readings()
        subscribe(told.office.ctx)
        told.office.later(minutes=1)
    assert (len(at_the_provider(told)), standing(told).silent) == (1, 0)
    change(told, "ACME: at last")
    assert set(told.deliver()) <= {202, 204}
    told.office.later(seconds=10)
    assert told.readings() == 1


def test_after_the_first_change_that_was_not_told_it_is_read_as_often_as_ever(told):
    lapse(told)
    told.office.later(minutes=15)
    change(told)
    assert told.readings() == 1
    told.office.later(minutes=1)
    assert told.readings() == 1


def test_it_is_ended_where_push_is_switched_off(told):
    file = told.office.file
    file.write_text(file.read_text().replace("enabled = true", "enabled = false"))
    told.office.configure("")
    subscribe(told.office.ctx)
    assert (at_the_provider(told), standing(told).watched) == ([], 0)


def test_what_was_replaced_or_ended_is_known_no_more(told):
    """So that what it still tells is no hint."""

    def known():
        with told.office.ctx.database.read() as tx:
            return list(tx.scalars(select(tables.push_channel.c.name)))

    (first,) = known()
    for _ in range(20):
        told.office.later(hours=12)
        subscribe(told.office.ctx)
        told.deliver()
        told.readings()
    (current,) = known()
    assert (current == first) is told.office.is_outlook, "Google's cannot be extended"
    test_it_is_ended_where_push_is_switched_off(told)
    assert known() == []


def test_a_refusal_is_shown_and_tried_again_and_nothing_else_suffers(unopened):
    name = "calendar.events.watch"
    name = "graph.subscription.create" if unopened.office.is_outlook else name
    unopened.office.world.faults.add(Fault(name, status=403, reason="forbidden"))
    unopened.office.meet()
    subscribe(unopened.office.ctx)
    assert (standing(unopened).open, standing(unopened).failing) == (0, 1)
    assert unopened.readings() > 0
    unopened.office.later(minutes=61)
    subscribe(unopened.office.ctx)
    assert (standing(unopened).open, standing(unopened).failing) == (1, 0)


def test_an_answer_that_got_lost_leaves_one_channel(unopened):
    name = "graph.subscription.create" if unopened.office.is_outlook else "calendar.events.watch"
    fault = Fault(name, status=0, reason="no_byte", effect=unopened.office.is_outlook)
    unopened.office.world.faults.add(fault)
    subscribe(unopened.office.ctx)
    unopened.office.later(minutes=2)
    subscribe(unopened.office.ctx)
    assert (standing(unopened).open, len(at_the_provider(unopened))) == (1, 1)


def test_who_is_forgotten_leaves_nothing(told):
    with told.office.ctx.database.begin() as tx:
        people.remove_rep(tx, ANA)
    subscribe(told.office.ctx)
    assert standing(told).watched == 0
    with told.office.ctx.database.read() as tx:
        assert tx.execute(select(tables.push_channel)).all() == []
    assert set(told.deliver()) <= {204, 404}


class TestMicrosoft:
    @pytest.fixture
    def kept_by(self):
        return "microsoft"

    def tell(self, told, lifecycle):
        told.office.server.microsoft.subscriptions.tell(ANA, lifecycle)
        return told.deliver()

    def test_a_removed_one_is_opened_anew_and_the_calendar_read(self, told):
        told.office.later(minutes=1)
        assert self.tell(told, "subscriptionRemoved") == [202]
        assert told.readings() == 1
        subscribe(told.office.ctx)
        assert len(at_the_provider(told)) == 1

    def test_what_was_missed_is_read(self, told):
        told.office.later(minutes=1)
        assert self.tell(told, "missed") == [202]
        assert told.readings() == 1

    def test_one_that_is_to_be_extended_is_once(self, told):
        told.office.later(minutes=5)
        for _ in range(3):
            assert self.tell(told, "reauthorizationRequired") == [202]
            subscribe(told.office.ctx)
            told.office.later(seconds=1)
        assert told.office.calls["graph.subscription.patch"] == 1
        assert told.readings() == 0
