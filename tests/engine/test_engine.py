"""Workers that are handed their work by a real broker: nothing lost, nothing twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from kombu import Connection

from nudger import worker
from nudger.admin.overview import overview
from nudger.domain.event import Provider
from nudger.domain.health import Concern
from nudger.domain.turns import Course
from nudger.engine import threads
from nudger.engine.app import App
from nudger.engine.engine import Engine
from nudger.jobs.due import Piece
from nudger.runtime.broker import Broker, declared, declared_dead, look_at, queue_name
from nudger.store import people
from nudger.store.people import NewRep
from nudger.worker import Schedule
from tests.engine.rabbitmq import broker_alone, needs_broker
from tests.office import ANA, BERLIN, DANA
from tests.waiting import PATIENCE, wait_for

pytestmark = [
    needs_broker,
    pytest.mark.timeout(1800),  # a guard against hanging on a busy machine, no measure
]
OFTEN = Schedule(outgoing=0.2, incoming=0.2)
REPS = [f"rep{number:02}@ourco.example" for number in range(40)]


@pytest.fixture
def kept_in():
    return "postgresql"


@pytest.fixture
def at_once():
    return 4


@pytest.fixture
def broker():
    with broker_alone() as found:
        yield found


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """What is to be ended at a stop may take a busy machine longer than we let it in earnest."""
    for module in ("worker", "engine.engine"):
        monkeypatch.setattr(f"nudger.{module}.GRACE_SECONDS", PATIENCE)


@pytest.fixture
def engine(office, broker):
    made = Engine(office.ctx, broker.url, OFTEN)
    made.start()
    yield made
    assert made.stop()


def ask_and_answer(office):
    office.meet()
    wait_for(lambda: office.calls.get("calendar.events.list"))
    office.later(hours=1)
    wait_for(lambda: office.inbox(ANA))
    office.reply("Dana agrees to a pilot\n2")
    office.later(minutes=2)
    wait_for(lambda: "Dana agrees to a pilot" in office.description("call1"))
    office.later(minutes=2)
    wait_for(lambda: len(office.inbox(ANA)) == 2)


def test_a_meeting_is_asked_about_and_its_answer_written(office, engine, monkeypatch):
    wait_for(lambda: engine.is_heard)
    for round_of_its_own in ("outgoing", "incoming"):
        monkeypatch.setattr(worker, round_of_its_own, lambda _ctx: 1 / 0)
    ask_and_answer(office)
    assert engine.is_heard


def test_what_is_done_makes_room_for_what_comes_after(office, engine, broker, at_once):
    """What is delivered at a time is a few; the broker waits with the rest until these are done."""
    wait_for(lambda: engine.is_heard)
    app = App(office.ctx, broker.url)
    for nobodys in range(1_000, 1_000 + 5 * at_once):
        app.hand_out(Piece("send", nobodys, 0, Course(nobodys)))
    with Connection(broker.url) as connection:
        channel = connection.default_channel
        wait_for(lambda: channel.queue_declare(queue_name("send"), passive=True)[1] == 0)


@pytest.fixture
def _quick_heartbeat(monkeypatch):
    monkeypatch.setattr(threads, "HEARTBEAT_SECONDS", 2)


@pytest.mark.usefixtures("_quick_heartbeat")
def test_a_broker_that_falls_silent_is_noticed_and_heard_again(engine, broker):
    wait_for(lambda: engine.is_heard)
    with broker.frozen():
        wait_for(lambda: not engine._app.is_heard.is_set())
    wait_for(lambda: engine.is_heard)


@pytest.mark.usefixtures("_quick_heartbeat")
def test_the_broker_hears_something_on_a_connection_that_waits(office, broker, monkeypatch):
    """It ends one on which it hears nothing for two heartbeats."""
    heard = set()
    wait = threads._Impatient.drain_events

    def noted(self, timeout):
        heard.add(self._connection.connection.last_heartbeat_sent)
        return wait(self, timeout)

    monkeypatch.setattr(threads._Impatient, "drain_events", noted)
    engine = Engine(office.ctx, broker.url, Schedule(outgoing=600, incoming=600))
    engine.start()
    wait_for(lambda: len(heard) > 3)
    assert engine.stop()


def test_without_a_broker_workers_look_for_work_themselves_and_say_so(office, broker):
    office.configure(f'[celery]\nbroker = "{broker.url}"\n')
    assert Concern.BROKER_AWAY.code not in codes(office)
    broker.kill()
    engine = Engine(office.ctx, broker.url, OFTEN)
    engine.start()
    ask_and_answer(office)
    assert not engine.is_heard
    assert Concern.BROKER_AWAY.code in codes(office)
    broker.start()
    wait_for(lambda: engine.is_heard)
    office.later(minutes=2)
    assert Concern.BROKER_AWAY.code not in codes(office)
    assert engine.stop()


def codes(office):
    return [one["code"] for one in overview(office.ctx)["concerns"]]


def test_what_is_delivered_in_vain_again_and_again_is_a_dead_letter(office, broker):
    office.configure(f'[celery]\nbroker = "{broker.url}"\n')
    assert look_at(broker.url) == Broker(answers=True)
    with Connection(broker.url) as connection:
        channel = connection.default_channel
        for queue in (declared_dead(), declared("send")):
            queue(channel).declare()
        connection.Producer().publish("1", routing_key=queue_name("send"))
        wait_for(lambda: refused(channel, queue_name("send")) or look_at(broker.url).dead_letters)
        wait_for(lambda: look_at(broker.url) == Broker(answers=True, dead_letters=1))
    assert Concern.DEAD_LETTERS.code in codes(office)


def refused(channel, name):
    """Have what is delivered go back, as a worker that dies does; never true."""
    message = channel.basic_get(name)
    if message is not None:
        channel.basic_reject(message.delivery_tag, requeue=True)
    return False


@pytest.fixture
def crowd(office, broker):
    """An office whose forty reps are all to be asked an hour later."""
    for address in REPS:
        office.world.add_person(address, address[:5], zone=BERLIN, provider="google")
        office.meet(f"call-{address[:5]}", owner=address, guests=[address, DANA], title=address[:5])
    with office.ctx.database.begin() as tx:
        for address in REPS:
            people.add_rep(tx, NewRep(address, Provider.GOOGLE, address[:5]), office.ctx.clock())
    office.configure("listen_every_seconds = 5\n")
    office.configure(f'[celery]\nbroker = "{broker.url}"\n')
    worker.outgoing(office.ctx)
    office.later(hours=1)
    return office


class Workers:
    """Processes, the first of which leads."""

    def __init__(self, office, folder):
        self._office, self._folder, self.running = office, folder, []

    def start(self):
        log = (self._folder / f"log{len(list(self._folder.glob('log*')))}").open("w")
        moment = self._office.world.now().isoformat()
        command = [sys.executable, "-m", "tests.engine.neighbour", str(self._office.file), moment]
        self.running.append(subprocess.Popen(command, stdout=log, stderr=log))

    def kill(self, number):
        killed = self.running.pop(number)
        killed.kill()
        killed.wait()


@pytest.fixture
def workers(crowd, tmp_path):
    made = Workers(crowd, tmp_path)
    yield made
    while made.running:
        made.kill(0)


def asked(office):
    return sum(bool(office.inbox(address)) for address in REPS)


def test_kills_of_workers_and_of_the_broker_lose_nothing_and_double_nothing(crowd, workers, broker):
    workers.start()
    wait_for(lambda: asked(crowd) > 2)
    workers.start()
    workers.start()
    workers.kill(0)
    before = asked(crowd)
    wait_for(lambda: asked(crowd) > min(before, len(REPS) - 1))
    broker.kill()
    workers.kill(0)
    broker.start()
    wait_for(lambda: asked(crowd) == len(REPS))
    assert Counter(len(crowd.inbox(address)) for address in REPS) == {1: len(REPS)}
