"""Lines of `nudger doctor`, and how one group of them waits for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it works, and a line about it.

    It `warns` where it works and somebody should know something. It was not `tried` where what it
    needs does not work. What `may_pass` need not be mended: it is an outage, and may be over.
    """

    what: str
    ok: bool
    says: str
    warns: bool = False
    tried: bool = True
    may_pass: bool = False

    @property
    def fails(self) -> bool:
        """Whether this is the fault itself, and not what another one keeps from being tried."""
        return self.tried and not self.ok


def not_tried(what: str, because: str) -> Check:
    """`because` is a clause that says what does not work."""
    return Check(what, ok=False, says=f"not tried, because {because}", tried=False)


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """Checks that are made together, once each group that it `needs` has been found well."""

    what: str
    look: Callable[[T], Iterator[Check]]
    needs: tuple[str, ...] = ()


def examine(groups: Iterable[Group[T]], subject: T) -> Iterator[Check]:
    """Every group in order: what it finds, or the fault that keeps it from being tried."""
    faults: dict[str, str] = {}
    for group in groups:
        fault = next((faults[name] for name in group.needs if name in faults), None)
        if fault is not None:
            faults[group.what] = fault
            yield not_tried(group.what, f"{fault} fails")
            continue
        for check in group.look(subject):
            if check.fails:
                faults.setdefault(group.what, group.what)
            yield check
