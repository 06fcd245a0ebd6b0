"""A worker as a process of its own, to be killed: `python -m tests.engine.neighbour FILE MOMENT`.

It takes it to be that moment when it starts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from nudger.config import load_settings
from nudger.engine.engine import run
from nudger.runtime.startup import open_context

file, moment = sys.argv[1:]
ahead = datetime.fromisoformat(moment) - datetime.now(UTC)
with open_context(load_settings(Path(file)), lambda: datetime.now(UTC) + ahead) as ctx:
    run(ctx, ctx.settings.celery.broker)
