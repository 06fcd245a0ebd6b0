"""A worker of an installation whose clock is ahead: `python -m benchmarks.worker FILE SECONDS`. It
serves the pages beside its work where the settings say where they are."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nudger.config import load_settings
from nudger.runtime.startup import open_context
from nudger.web.serving import WebServer
from nudger.worker import run


def main() -> None:
    file, ahead = Path(sys.argv[1]), timedelta(seconds=float(sys.argv[2]))
    with open_context(load_settings(file), lambda: datetime.now(UTC) + ahead) as ctx:
        is_served = ctx.settings.web.public_url is not None
        with WebServer(ctx) if is_served else nullcontext():
            run(ctx)


if __name__ == "__main__":
    main()
