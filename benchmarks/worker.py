"""A worker of an installation whose clock is ahead: `python -m benchmarks.worker FILE SECONDS`,
with a broker's URL behind it one that takes its work from there. As with `nudger run`, a process of
its own serves the pages where the settings say where they are. Told in the end: the processor time
that its work took, in seconds."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.clock import ahead
from nudger.cli.logs import begin_logging
from nudger.config import load_settings
from nudger.runtime.context import Context
from nudger.runtime.startup import open_context
from nudger.web.process import PagesProcess
from nudger.worker import run


def main() -> None:
    file, by = Path(sys.argv[1]), timedelta(seconds=float(sys.argv[2]))
    with open_context(load_settings(file), partial(ahead, by)) as ctx:
        is_served = ctx.settings.web.public_url is not None
        began = time.process_time()
        as_here = partial(begin_logging, verbose=False)
        with PagesProcess(ctx, as_here) if is_served else nullcontext():
            work(ctx, *sys.argv[3:])
    sys.stdout.write(f"{time.process_time() - began}\n")


def work(ctx: Context, broker: str | None = None) -> None:
    """Until SIGTERM. Raises `ModuleNotFoundError` for a broker without the extra `celery`."""
    if broker is None:
        run(ctx)
        return
    from nudger.engine import engine  # noqa: PLC0415 - an extra

    engine.run(ctx, broker)


if __name__ == "__main__":
    main()
