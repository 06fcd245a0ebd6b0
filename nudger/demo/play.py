"""The two ways to see the demonstration: played to its end, or live with a visitor as the rep."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nudger.demo.doorbell import Doorbell
from nudger.demo.history import remember
from nudger.demo.rep import PlayedReps
from nudger.demo.report import report
from nudger.demo.stage import Stage
from nudger.domain.reasons import Reason, StepName
from nudger.sandbox.people_pages import next_morning
from nudger.sandbox.scenario import ZONE
from nudger.store import audit
from nudger.worker import Schedule, Worker, incoming, outgoing

WORKING_DAYS = 4
ROUNDS_A_DAY = 3
LATER = timedelta(minutes=2)
ANY_MAIL = b"From: ana@ourco.example\r\nSubject: Hello\r\n\r\nHello\r\n"
"""Read once at the start: the process that reads mails takes a second to come up."""


def play(stage: Stage, provider: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """Let a working week pass with played reps; returns the report."""
    reps = PlayedReps(stage)
    story = Story(stage)
    for day in range(WORKING_DAYS):
        if day:
            _go_to_next_morning(stage)
        for _ in range(ROUNDS_A_DAY):
            outgoing(stage.ctx)
            reps.answer_mails()
            _let_time_pass(stage, LATER)
            incoming(stage.ctx)
            stage.go_on()
            for line in story.new_lines():
                tell(line)
    return report(stage, reps.replies, provider)


def begin(stage: Stage) -> None:
    """Have weeks behind it and the first questions asked, so that there is something behind each of
    the doors."""
    remember(stage.ctx, stage.server.world.local_now(ZONE))
    stage.go_on()
    outgoing(stage.ctx)


def watch(stage: Stage, tell: Callable[[str], None], stop: threading.Event) -> None:
    """Run the worker until `stop` is set, telling each step as it happens."""
    worker = Worker(stage.ctx, Schedule(outgoing=1, incoming=0.5, hourly=10))
    story, doorbell = Story(stage), Doorbell(stage)
    worker.start()
    stage.ctx.reader.parse(ANY_MAIL)
    try:
        while not stop.wait(0.3):
            doorbell.listen()
            for line in story.new_lines():
                tell(line)
    finally:
        worker.stop()


def _go_to_next_morning(stage: Stage) -> None:
    world = stage.server.world
    with world.lock:
        zone = stage.ctx.settings.time_zone
        world.run_from(next_morning(world.local_now(zone)))


def _let_time_pass(stage: Stage, by: timedelta) -> None:
    world = stage.server.world
    with world.lock:
        world.run_from(world.now() + by)


@dataclass
class Story:
    """The audit trail in plain words, each line once."""

    stage: Stage
    _last: int = 0

    def new_lines(self) -> Iterator[str]:
        ctx = self.stage.ctx
        with ctx.database.read() as tx:
            for recorded in audit.after(tx, self._last):
                self._last = recorded.id
                step = recorded.step
                words = _WORDS.get((step.step, step.reason)) or _WORDS.get((step.step, None))
                if words is not None and step.meeting_id is not None:
                    title = ctx.meetings.get(tx, step.meeting_id).details.title
                    at = recorded.at.astimezone(ZoneInfo(ctx.settings.time_zone))
                    yield f"{at:%a %H:%M}  {words}: {title}"


_WORDS: Mapping[tuple[StepName, Reason | None], str] = {
    (StepName.QUESTION, None): "asked about",
    (StepName.REMINDER, None): "reminded of",
    (StepName.ANSWER, None): "understood the answer for",
    (StepName.FOLLOW_UP, None): "asked what came of",
    (StepName.OUTCOME, None): "heard what came of",
    (StepName.COMMAND, None): "did what the rep asked about",
    (StepName.COMMAND, Reason.LATER): "asks later, as the rep asked, about",
    (StepName.COMMAND, Reason.SKIP): "skipped, as the rep asked",
    (StepName.WRITE, Reason.WRITTEN): "wrote the note into the meeting",
    (StepName.WRITE, Reason.KEPT_PRIVATE): "wrote the note into a private event for",
    (StepName.WRITE, Reason.NO_COMMITMENT): "kept for the rep alone what is no commitment, for",
    (StepName.WRITE, Reason.WRITE_REFUSED): "the calendar refused; wrote a private event for",
    (StepName.WRITE, Reason.WOULD_NOTIFY_GUESTS): "Outlook would mail the guests; "
    "wrote a private event for",
    (StepName.WRITE, Reason.NO_EFFECT): "the calendar ignored the write; wrote a private event for",
}
