from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from nudger.providers.microsoft.gate import Gates


class Crowd:
    """Counts how many are inside at once."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self._lock = threading.Lock()

    def visit(self, gates: Gates, mailbox: str, places: int) -> None:
        with gates.hold(mailbox, places):
            with self._lock:
                self.inside += places
                self.most = max(self.most, self.inside)
            time.sleep(0.002)
            with self._lock:
                self.inside -= places


@pytest.mark.parametrize("sizes", [[1] * 40, [4] * 8, [1, 1, 4, 1, 1, 1, 4, 1] * 4, [9, 1, 9]])
def test_never_more_than_four_in_one_mailbox(sizes: list[int]) -> None:
    gates, crowd = Gates(), Crowd()
    with ThreadPoolExecutor(12) as pool:
        places = [min(size, 4) for size in sizes]
        list(pool.map(lambda size: crowd.visit(gates, "a@b.example", size), places))
    assert crowd.most <= 4
    assert crowd.inside == 0


@pytest.mark.parametrize("sizes", [[1, 1, 1, 1], [1, 3], [2, 2], [4]])
def test_as_many_as_four_are_in_one_mailbox(sizes: list[int]) -> None:
    together = threading.Barrier(len(sizes))
    gates = Gates()

    def visit(places: int) -> None:
        with gates.hold("a@b.example", places):
            together.wait(60)

    with ThreadPoolExecutor(len(sizes)) as pool:
        list(pool.map(visit, sizes))


def test_mailboxes_do_not_wait_for_each_other() -> None:
    gates = Gates()
    with gates.hold("a@b.example", 4), gates.hold("c@b.example", 4):
        pass


def test_a_failed_call_gives_its_place_back() -> None:
    gates = Gates()
    for _ in range(9):
        with pytest.raises(ZeroDivisionError), gates.hold("a@b.example", 4):
            raise ZeroDivisionError
