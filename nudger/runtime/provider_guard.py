"""What stands between our jobs and the providers, whatever the job.

Nothing is sent or written while an admin has locked everything down. A provider that fails again
and again is left alone for a while, and so is one person's calendar or mailbox, so that what is
sick neither delays what is well nor is flooded. What a call was to do waits; nothing is given up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nudger.domain.circuit import Circuit
from nudger.domain.controls import Activity
from nudger.domain.event import Provider
from nudger.providers.base import ProviderError, SignInFailed, Unavailable
from nudger.runtime.holds import refuse_if_held
from nudger.runtime.measures import PROVIDER_CALLS
from nudger.store.database import Database

Clock = Callable[[], datetime]

PERSON_OPENS_AFTER = 3
PROVIDER_OPENS_AFTER = 5
"""More than a person's, so that one person's trouble is not taken for their provider's."""

EFFECTS = {
    "create_draft": Activity.SEND,
    "send_draft": Activity.SEND,
    "pin_sender": Activity.WRITE,
    "write_description": Activity.WRITE,
    "create_companion": Activity.WRITE,
    "update_companion": Activity.WRITE,
    "delete_companion": Activity.WRITE,
}


class LeftAlone(Unavailable):
    """It failed several times in a row, or asked for it; it is tried again when `wait` is over."""

    def __init__(self, name: str, wait: timedelta) -> None:
        super().__init__(f"{name} failed or asked for a pause: left alone for a while", wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Line:
    """A way to somebody's calendar or mailbox at a provider."""

    provider: Provider
    person: str

    @property
    def circuits(self) -> tuple[tuple[str, int], ...]:
        """The circuits on it, each with the number of failures that opens it."""
        name = self.provider.value
        return (name, PROVIDER_OPENS_AFTER), (f"{self.person} at {name}", PERSON_OPENS_AFTER)


class Circuits:
    """The circuits of this process, for all its threads. Those through which all goes take no
    room."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._troubled: dict[str, Circuit] = {}
        self._lock = threading.Lock()

    def require_closed(self, line: Line) -> None:
        """Raises `LeftAlone` where no call may be made now."""
        with self._lock:
            self._require_closed(line, self._clock())

    def begin_call(self, line: Line) -> None:
        """The same, and whoever comes next waits for what comes of a probe."""
        now = self._clock()
        with self._lock:
            self._require_closed(line, now)
            for name, _ in line.circuits:
                if name in self._troubled:
                    self._troubled[name] = self._troubled[name].admitting(now)

    def succeeded(self, line: Line) -> None:
        with self._lock:
            for name, _ in line.circuits:
                self._troubled.pop(name, None)

    def failed(self, line: Line, asked: timedelta | None = None) -> None:
        """`asked` is for how long this calendar or mailbox is to be left alone: it says nothing of
        others at the provider."""
        now = self._clock()
        (provider, *opens), (person, *person_opens) = line.circuits
        with self._lock:
            self._troubled[provider] = self._circuit(provider, *opens).failed(now)
            self._troubled[person] = self._circuit(person, *person_opens).failed(now, asked)

    def _circuit(self, name: str, opens_after: int) -> Circuit:
        return self._troubled.get(name, Circuit(opens_after))

    def _require_closed(self, line: Line, now: datetime) -> None:
        for name, _ in line.circuits:
            until = self._troubled[name].closed_from(now) if name in self._troubled else None
            if until is not None:
                raise LeftAlone(name, until - now)


class Guarded:
    """Stands for a `Calendar` or a `Mailbox`, and is asked the same."""

    def __init__(self, guarded: object, line: Line, circuits: Circuits, database: Database) -> None:
        self._guarded = guarded
        self._line = line
        self._circuits = circuits
        self._database = database

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._guarded, name)
        return self._watched(name, found) if callable(found) else found

    def _watched(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            if name in EFFECTS:
                with self._database.read() as tx:
                    refuse_if_held(tx, EFFECTS[name])
            self._circuits.begin_call(self._line)
            answer = self._report(name, lambda: method(*values, **named))
            return self._pages(name, answer) if isinstance(answer, Iterator) else answer

        return call

    def _pages(self, name: str, pages: Iterator[Any]) -> Iterator[Any]:
        end = object()
        while (page := self._report(name, lambda: next(pages, end))) is not end:
            yield page

    def _report(self, name: str, ask: Callable[[], Any]) -> Any:
        """Have the answer, and tell the circuits of it: a provider that says no is well."""
        try:
            answer = ask()
        except Unavailable as unavailable:
            self._count(name, "unavailable")
            self._circuits.failed(self._line, unavailable.retry_after)
            raise
        except SignInFailed:
            self._count(name, "sign_in_failed")
            raise  # it says nothing of this calendar or mailbox, and is put off by itself
        except ProviderError:
            self._count(name, "refused")
            self._circuits.succeeded(self._line)
            raise
        if not isinstance(answer, Iterator):
            self._count(name, "answered")
            self._circuits.succeeded(self._line)
        return answer

    def _count(self, name: str, outcome: str) -> None:
        PROVIDER_CALLS.labels(self._line.provider.value, name, outcome).inc()
