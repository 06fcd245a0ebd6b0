"""`nudger serve`, and the pages beside `nudger run`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from nudger import worker
from nudger.cli.app import app
from nudger.cli.console import fail, say
from nudger.cli.logs import AsLog, begin_logging, chosen_format
from nudger.cli.startup import opened
from nudger.runtime.context import Context
from nudger.web.serving import WebServer


@app.command(epilog="Example:  nudger serve --verbose")
def serve(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step.")] = False,
    log_format: AsLog = None,
) -> None:
    """Serve the pages alone; `nudger run` serves them beside its work.

    So are /healthz and /readyz, and with [web] metrics = true /metrics.
    """
    begin_logging(verbose=verbose, log_format=chosen_format(context.obj, log_format))
    with opened(context) as ctx:
        if not ctx.settings.web.is_served:
            fail(
                "[web] public_url is not set: write into nudger.toml where browsers reach the "
                'pages, such as "https://nudger.ourco.com".'
            )
        with pages_beside(ctx):
            say("Stop it with Ctrl-C.")
            worker.stop_when_told(ctx)
            ctx.stop.wait()


@contextmanager
def pages_beside(ctx: Context) -> Iterator[None]:
    """Pages while the block lasts, where the settings say where browsers reach them; health alone
    where they only say where we listen."""
    web = ctx.settings.web
    if not web.is_served:
        yield
        return
    try:
        server = WebServer(ctx)
    except OSError as error:
        fail(f"The pages cannot listen at {web.address}: {error.strerror}. Set [web] address.")
    with server:
        what = f"Pages at {web.public_url}" if web.public_url else "Health"
        say(f"{what}, listening at {web.address}.")
        yield
