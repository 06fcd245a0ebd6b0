"""What the log says: our own steps, and each head of the audit trail, which the log keeps in a
second place. Libraries are heard from warnings on only, since they log whole addresses of calls,
with mailboxes, ids and tokens in them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from nudger.admin.audit_trail import HEADS_LOG
from nudger.runtime import attempt


def begin_logging(*, verbose: bool) -> None:
    """Log to standard error: warnings, and with `verbose` each of our steps."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("nudger").setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger(HEADS_LOG).setLevel(logging.INFO)


@contextmanager
def failures_unlogged() -> Iterator[None]:
    """While a command does the work that it will itself tell the failures of: each is told once."""
    log = logging.getLogger(attempt.__name__)
    log.addFilter(_nothing)
    try:
        yield
    finally:
        log.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False
