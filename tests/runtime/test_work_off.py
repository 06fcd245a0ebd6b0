"""Many pieces at once: each line in its order, nothing twice, nothing held up by what hangs."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from nudger.domain.mails import MailKind
from nudger.domain.turns import Course
from nudger.providers.base import Unavailable
from nudger.runtime.attempt import GIVEN_BACK, Failure, Work
from nudger.runtime.pool import HANGS_AFTER, Pool, Task
from nudger.runtime.work_off import each_claimed, work_off
from nudger.store import outbox, people
from nudger.store.leases import release
from nudger.store.outbox import NewMail, claim_mails
from tests.office import ANA
from tests.waiting import PATIENCE, wait_for

MAILS = 40


def keepers():
    return [one for one in threading.enumerate() if one.name == "keeper of leases"]


@pytest.fixture
def ctx(office):
    with office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        for number in range(MAILS):
            once = f"command:{number:02}"
            outbox.put(tx, NewMail(MailKind.COMMAND, once, rep.id, office.ctx.clock(), "help"))
    made = replace(office.ctx, pool=Pool(4, clock=StandingClock()))
    yield made
    made.pool.close()


class StandingClock:
    """By which nothing hangs, however slow the machine is, until it is set forward."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


def claimer(line):
    """Claims as much as there is room for; `line` tells a mail's from its number."""

    def claim(ctx, room):
        with ctx.database.begin() as tx:
            claimed = claim_mails(tx, ctx.claimant(), room)
        return [
            (Work(lease, mail.once, mail.attempts, course=Course(line(int(mail.once[-2:])))), mail)
            for lease, mail in claimed
        ]

    return claim


def each_its_own(number):
    return number


def finish(ctx, lease, mail):
    with ctx.database.begin() as tx:
        release(tx, lease, state="sent")
    return mail.once


def waiting(ctx):
    with ctx.database.read() as tx:
        return outbox.waiting(tx, (MailKind.COMMAND,))


def free(office):
    other = office.another_worker()
    with other.database.begin() as tx:
        return [mail.once for _, mail in claim_mails(tx, other.claimant(), 99)]


def test_everything_is_done_once_and_some_of_it_at_once(ctx):
    together = threading.Barrier(4)

    def in_fours(ctx, lease, mail):
        together.wait(PATIENCE)
        return finish(ctx, lease, mail)

    done = list(each_claimed(ctx, claimer(each_its_own), in_fours))
    assert sorted(done) == [f"command:{n:02}" for n in range(MAILS)]
    assert waiting(ctx) == []
    assert keepers() == []


def test_pieces_of_one_line_go_one_after_the_other_in_their_order(ctx):
    order, in_hand = {}, set()

    def one_at_a_time(ctx, lease, mail):
        line = int(mail.once[-2:]) % 3
        assert line not in in_hand
        in_hand.add(line)
        order.setdefault(line, []).append(mail.once)
        time.sleep(0)
        in_hand.remove(line)
        return finish(ctx, lease, mail)

    assert len(list(each_claimed(ctx, claimer(lambda n: n % 3), one_at_a_time))) == MAILS
    assert all(mails == sorted(mails) for mails in order.values())


def test_no_more_than_the_width_go_at_once(ctx):
    in_hand, most = set(), []

    def count(ctx, lease, mail):
        in_hand.add(mail.once)
        most.append(len(in_hand))
        in_hand.remove(mail.once)
        return finish(ctx, lease, mail)

    assert len(list(work_off(ctx, claimer(each_its_own), count, width=2))) == MAILS
    assert max(most) <= 2


def test_what_fails_stops_nothing_else_and_is_put_off(ctx):
    def fail_some(ctx, lease, mail):
        if mail.once.endswith("0"):
            raise Unavailable("busy")
        return finish(ctx, lease, mail)

    assert len(list(each_claimed(ctx, claimer(each_its_own), fail_some))) == MAILS - 4
    assert {mail.attempts for mail in waiting(ctx)} == {1}


class Defect(BaseException):
    """No error of a piece of work, but the end of the program."""


def test_what_ends_the_program_ends_the_round_and_what_had_not_begun_is_free(ctx, office):
    def break_down(ctx, lease, mail):
        raise Defect

    with pytest.raises(Defect):
        list(each_claimed(ctx, claimer(lambda _: "one line"), break_down))
    assert len(free(office)) >= MAILS - 4
    assert keepers() == []


def test_when_told_to_stop_what_has_not_begun_is_given_back(ctx, office):
    def stop(ctx, lease, mail):
        ctx.stop.set()
        return finish(ctx, lease, mail)

    ended = [result for _, result in work_off(ctx, claimer(lambda _: "one line"), stop)]
    done = [one for one in ended if not isinstance(one, Failure)]
    assert len(done) == 1
    assert all(one is GIVEN_BACK for one in ended if isinstance(one, Failure))
    assert len(free(office)) == MAILS - 1


def test_who_looks_at_the_first_only_leaves_nothing_held(ctx, office):
    rounds = each_claimed(ctx, claimer(each_its_own), finish)
    next(rounds)
    rounds.close()
    left = waiting(ctx)
    assert 0 < len(left) < MAILS
    assert len(free(office)) == len(left)


class Hanging:
    """Work of which the first two pieces hang until told to go on; on this pool, from when both
    have begun."""

    def __init__(self, size):
        self.go_on = threading.Event()
        self._clock, self._both = StandingClock(), threading.Barrier(2, self._hang)
        self.pool = Pool(size, clock=self._clock)

    def _hang(self):
        self._clock.seconds += HANGS_AFTER.total_seconds()

    def __call__(self, ctx, lease, mail):
        if mail.once in ("command:00", "command:01"):
            self._both.wait(PATIENCE)
            assert self.go_on.wait(PATIENCE)
        return finish(ctx, lease, mail)


@pytest.fixture
def hanging(size):
    made = Hanging(size)
    yield made
    made.go_on.set()
    made.pool.close()


@pytest.fixture
def size():
    return 2


@pytest.mark.parametrize("size", [2, 4])
def test_what_hangs_keeps_nobody_waiting_not_even_the_end_of_the_round(ctx, office, hanging):
    worker = replace(ctx, pool=hanging.pool, leaves_behind=True)
    done = list(each_claimed(worker, claimer(each_its_own), hanging))
    assert len(done) == MAILS - 2
    assert not hanging.go_on.is_set()
    assert free(office) == [], "what hangs stays held"
    assert not hanging.pool.is_idle_within(0)
    hanging.go_on.set()
    assert hanging.pool.is_idle_within(PATIENCE)
    assert waiting(ctx) == []
    wait_for(lambda: keepers() == [])


def test_a_command_waits_for_what_hangs(ctx, hanging):
    done = []
    rounds = each_claimed(replace(ctx, pool=hanging.pool), claimer(each_its_own), hanging)
    for one in rounds:
        done.append(one)
        if len(done) == MAILS - 2:
            hanging.go_on.set()
    assert len(done) == MAILS


def test_what_waits_behind_something_that_hangs_comes_after_it(ctx, hanging):
    order = []

    def note_order(ctx, lease, mail):
        result = hanging(ctx, lease, mail)
        order.append(mail.once)
        return result

    worker = replace(ctx, pool=hanging.pool, leaves_behind=True)
    of_two = list(each_claimed(worker, claimer(lambda n: n % 4), note_order))
    assert all(int(one[-2:]) % 4 in (2, 3) for one in of_two)
    hanging.go_on.set()
    wait_for(lambda: hanging.pool.is_idle_within(0) and len(order) >= len(of_two) + 2)
    behind = [one for one in order if int(one[-2:]) % 4 == 0]
    assert behind == sorted(behind)
    assert behind[0] == "command:00"


def test_parts_of_what_has_begun_go_before_what_has_not():
    pool, done, may_end = Pool(1), [], threading.Event()
    pool.submit(Task(Course("begun"), lambda _task: may_end.wait(PATIENCE)))
    pool.submit(Task(Course("next"), lambda _task: done.append("next")))
    parts = [Task(Course(number), lambda _task, n=number: done.append(n)) for number in (1, 2)]
    pool.submit_parts(parts)
    may_end.set()
    assert pool.is_idle_within(PATIENCE)
    assert done == [1, 2, "next"]
