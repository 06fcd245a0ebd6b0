"""Where everything stands, in numbers for Prometheus: what `nudger status` counts, and what this
process counted, with its worker where that is another. Nobody's name, address or customer is in it.

Source: the text format and its rules for names, https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain

from prometheus_client import Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from nudger import __version__
from nudger.admin.health import find_concerns
from nudger.domain.health import Concern
from nudger.runtime.context import Context
from nudger.runtime.measures import CombinedMeasures
from nudger.store import calendars, counts, meetings

Labels = tuple[str, ...]


class _Everything(Collector):
    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def collect(self) -> Iterator[Metric]:
        return chain(CombinedMeasures().collect(), _standing(self._ctx))


def metrics_text(ctx: Context) -> bytes:
    """All of it in Prometheus's text format."""
    return generate_latest(_Everything(ctx))


def _standing(ctx: Context) -> Iterator[Metric]:
    yield _gauge("nudger_info", "The version that runs", {(__version__,): 1}, "version")
    found = find_concerns(ctx)
    applies = _one_label({one.code: one in found for one in Concern})
    yield _gauge("nudger_concern", "Whether somebody has to look", applies, "code")
    with ctx.database.read() as tx:
        yield from _counted(tx)
        yield from _waiting(tx, ctx.clock())
        scanned = _moments({**counts.scanned_by_provider(tx)})
    says = "When a calendar was last read"
    yield _gauge("nudger_last_scan_timestamp_seconds", says, scanned, "provider")
    went = _moments(ctx.rounds.last())
    says = "When a round of this process's worker last went well"
    yield _gauge("nudger_last_good_round_timestamp_seconds", says, went, "round")


def _counted(tx: Connection) -> Iterator[Metric]:
    by_state = {
        "meetings": meetings.state_counts(tx),
        "notes": counts.notes_by_state(tx),
        "replies": counts.replies_by_state(tx),
        "reps": counts.reps_by_state(tx),
    }
    for what, found in by_state.items():
        yield _gauge(f"nudger_{what}", f"How many {what} there are", _one_label(found), "state")
    mails = counts.mails_by_kind(tx)
    yield _gauge("nudger_mails", "How many mails of ours there are", mails, "kind", "state")
    verdicts = _one_label(calendars.verdict_counts(tx))
    yield _gauge("nudger_events", "Known events by why they are asked about", verdicts, "reason")
    outcomes = _one_label(counts.outcomes_by_kind(tx))
    yield _gauge("nudger_outcomes", "What came of calls", outcomes, "outcome")
    yield _gauge("nudger_answers", "Answers that are kept", {(): counts.answers(tx)})


def _waiting(tx: Connection, now: datetime) -> Iterator[Metric]:
    found = counts.queues(tx, now)
    due = _one_label({name: queue.due for name, queue in found.items()})
    yield _gauge("nudger_queue_due", "Pieces of work that are due", due, "queue")
    failing = _one_label({name: queue.failing for name, queue in found.items()})
    yield _gauge("nudger_queue_failing", "Pieces of work that failed and wait", failing, "queue")
    late = {name: (now - (queue.oldest or now)).total_seconds() for name, queue in found.items()}
    says = "How long the oldest piece of work has been due"
    yield _gauge("nudger_queue_oldest_seconds", says, _one_label(late), "queue")


def _one_label(found: Mapping[str, float]) -> dict[Labels, float]:
    return {(label,): float(value) for label, value in found.items()}


def _moments(found: Mapping[str, datetime | None]) -> dict[Labels, float]:
    return {(label,): at.timestamp() for label, at in found.items() if at is not None}


def _gauge(name: str, says: str, values: Mapping[Labels, float], *labels: str) -> Metric:
    family = GaugeMetricFamily(name, says, labels=labels)
    for given, value in values.items():
        family.add_metric(given, value)
    return family
