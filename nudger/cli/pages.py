"""`nudger serve`, and the pages beside `nudger run`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from nudger import worker
from nudger.cli.app import RUN, app
from nudger.cli.console import fail, say
from nudger.cli.logs import begin_logging
from nudger.cli.startup import opened
from nudger.runtime.context import Context
from nudger.web.serving import WebServer


@app.command(rich_help_panel=RUN, epilog="Example:  nudger serve --verbose")
def serve(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step.")] = False,
) -> None:
    """Serve the pages alone; `nudger run` serves them beside its work."""
    begin_logging(verbose=verbose)
    with opened(context) as ctx:
        if ctx.settings.web.public_url is None:
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
    """Pages while the block lasts, where the settings say where browsers reach them."""
    web = ctx.settings.web
    if web.public_url is None:
        yield
        return
    try:
        server = WebServer(ctx)
    except OSError as error:
        fail(f"The pages cannot listen at {web.address}: {error.strerror}. Set [web] address.")
    with server:
        say(f"Pages at {web.public_url}, listening at {web.address}.")
        yield
