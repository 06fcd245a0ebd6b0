"""Working off what is due: claim as much as there is room for, hand each piece to the pool, claim
more as pieces end, until nothing is due or we are to stop.

A piece that hangs is left to go on by itself where `ctx.leaves_behind`: the next round of the
worker begins without waiting for it. Its row stays held as long as it goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from nudger.domain.turns import Course
from nudger.runtime.attempt import Failure, Work, attempt
from nudger.runtime.context import Context
from nudger.runtime.holding import Keeper, holding
from nudger.runtime.pool import MOST_HANGING, Task
from nudger.store.leases import Lease, give_back

log = logging.getLogger(__name__)

BATCH = 20
LOOK_EVERY_SECONDS = 0.2

Item = TypeVar("Item")
Result = TypeVar("Result")
Pieces = Sequence[tuple[Work, Item]]
Claim = Callable[[Context, int], Pieces[Item]]
Do = Callable[..., Result]
Outcome = tuple[Work, Result | Failure]


def each_claimed(ctx: Context, claim: Claim[Item], do: Do[Result]) -> Iterator[Result]:
    """Claim and do until nothing is due or we are to stop; yields what came of each piece that did
    not fail. `claim` is given for how many there is room; `do` gets context, lease and item."""
    for _, result in work_off(ctx, claim, do):
        if not isinstance(result, Failure):
            yield result


def work_off(
    ctx: Context, claim: Claim[Item], do: Do[Result], width: int | None = None
) -> Iterator[Outcome[Result]]:
    """The same, with each piece and what came of it or why it failed; no more than `width` at a
    time."""
    room = min(width or ctx.pool.size, ctx.pool.size)
    if room == 1:
        return _one_after_the_other(ctx, claim, do)
    return _AtOnce(ctx, claim, do, room).outcomes()


def do_claimed(ctx: Context, pieces: Pieces[Item], do: Do[Result]) -> list[Result]:
    """Do what is claimed, in its order; returns what came of each piece that did not fail."""
    done = list(_in_order(ctx, pieces, do))
    return [result for _, result in done if not isinstance(result, Failure)]


def _one_after_the_other(
    ctx: Context, claim: Claim[Item], do: Do[Result]
) -> Iterator[Outcome[Result]]:
    while not ctx.stop.is_set() and (pieces := claim(ctx, BATCH)):
        yield from _in_order(ctx, pieces, do)


def _in_order(ctx: Context, pieces: Pieces[Item], do: Do[Result]) -> Iterator[Outcome[Result]]:
    with holding(ctx, [work.lease for work, _ in pieces]):
        for work, item in pieces:
            yield work, attempt(ctx, work, partial(do, ctx, work.lease, item))


class _AtOnce(Generic[Item, Result]):
    """One round of working off on the pool."""

    def __init__(self, ctx: Context, claim: Claim[Item], do: Do[Result], room: int) -> None:
        self._ctx = ctx
        self._claim = claim
        self._do = do
        self._room = room
        self._keeper = Keeper(ctx)
        self._leases: dict[Task, Lease] = {}
        self._ended: SimpleQueue[tuple[Task, Outcome[Result] | BaseException]] = SimpleQueue()
        self._is_dry = False

    def outcomes(self) -> Iterator[Outcome[Result]]:
        try:
            while self._go_on():
                yield from self._ends()
        finally:
            self._give_back_waiting()
            while self._leases and not self._leaves_the_rest():
                self._next_end()

    def _go_on(self) -> bool:
        """Claim what there is room for; whether there is anything to wait for."""
        if self._ctx.stop.is_set():
            self._give_back_waiting()
        elif self._should_claim():
            self._claim_more()
        return bool(self._leases) and not (self._is_dry and self._leaves_the_rest())

    def _should_claim(self) -> bool:
        """A few at once, since each claim is a transaction; once nothing more was due, only when
        all is done: another of the same line may have kept some from being claimed."""
        moving = self._moving()
        return moving == 0 or (not self._is_dry and moving <= self._room * 3 // 4)

    def _claim_more(self) -> None:
        wanted = min(self._room - self._moving(), self._room + MOST_HANGING - len(self._leases))
        if wanted < 1:
            return
        pieces = self._claim(self._ctx, wanted)
        self._is_dry = len(pieces) < wanted
        self._keeper.take([work.lease for work, _ in pieces])
        for work, item in pieces:
            self._hand_over(work, item)

    def _hand_over(self, work: Work, item: Item) -> None:
        def run(task: Task) -> None:
            ended: Outcome[Result] | BaseException
            try:
                ended = work, self._try(work, item)
            except BaseException as error:
                ended = error
            self._keeper.let_go([work.lease])
            self._ended.put((task, ended))

        task = Task(work.course or Course((work.lease.table.name, work.lease.key)), run)
        self._leases[task] = work.lease
        self._ctx.pool.submit(task)

    def _try(self, work: Work, item: Item) -> Result | Failure:
        return attempt(self._ctx, work, partial(self._do, self._ctx, work.lease, item))

    def _ends(self) -> Iterator[Outcome[Result]]:
        ended = self._next_end()
        if isinstance(ended, BaseException):
            raise ended
        if ended is not None:
            yield ended

    def _next_end(self) -> Outcome[Result] | BaseException | None:
        """The next that ends; `None` where none does for a moment."""
        try:
            task, ended = self._ended.get(timeout=LOOK_EVERY_SECONDS)
        except Empty:
            self._ctx.pool.look_again()
            return None
        self._leases.pop(task, None)
        return ended

    def _moving(self) -> int:
        return len(self._leases) - self._ctx.pool.standing_still(self._leases)

    def _leaves_the_rest(self) -> bool:
        return self._ctx.leaves_behind and self._moving() == 0

    def _give_back_waiting(self) -> None:
        """What has not begun is free for others at once; where that cannot be written down, when
        its lease runs out."""
        waiting = self._ctx.pool.withdraw(self._leases)
        if not waiting:
            return
        leases = [self._leases.pop(task) for task in waiting]
        try:
            with self._ctx.database.begin() as tx:
                for lease in leases:
                    give_back(tx, lease)
        except SQLAlchemyError:
            log.warning("what was not begun could not be given back", exc_info=True)
        finally:
            self._keeper.let_go(leases)
