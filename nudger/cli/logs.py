"""What the log says: our own steps, and each head of the audit trail, which the log keeps in a
second place. Libraries are heard from warnings on only, since they log whole addresses of calls,
with mailboxes, ids and tokens in them."""

from __future__ import annotations

import logging

from nudger.admin.audit_trail import HEADS_LOG


def begin_logging(*, verbose: bool) -> None:
    """Log to standard error: warnings, and with `verbose` each of our steps."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("nudger").setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger(HEADS_LOG).setLevel(logging.INFO)
