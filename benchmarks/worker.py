"""A worker of an installation whose clock is ahead: `python -m benchmarks.worker FILE SECONDS`. As
with `nudger run`, a process of its own serves the pages where the settings say where they are."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.clock import ahead
from nudger.cli.logs import begin_logging
from nudger.config import load_settings
from nudger.runtime.startup import open_context
from nudger.web.process import PagesProcess
from nudger.worker import run


def main() -> None:
    file, by = Path(sys.argv[1]), timedelta(seconds=float(sys.argv[2]))
    with open_context(load_settings(file), partial(ahead, by)) as ctx:
        is_served = ctx.settings.web.public_url is not None
        as_here = partial(begin_logging, verbose=False)
        with PagesProcess(ctx, as_here) if is_served else nullcontext():
            run(ctx)


if __name__ == "__main__":
    main()
