"""`nudger serve`, and the pages beside `nudger run`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Annotated

import typer

from nudger import worker
from nudger.admin.page_sign_in import site_url
from nudger.admin.setup.progress import progress_of
from nudger.cli.app import app
from nudger.cli.console import fail, plain, say
from nudger.cli.logs import AsLog, begin_logging, chosen_format
from nudger.cli.startup import opened_begun
from nudger.runtime.context import Context


@app.command(epilog="Example:  nudger serve --verbose")
def serve(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step.")] = False,
    log_format: AsLog = None,
) -> None:
    """Serve the pages alone; `nudger run` serves them beside its work.

    So are /healthz and /readyz, and with [web] metrics = true /metrics.
    """
    from nudger.web.serving import learn_data_keys  # noqa: PLC0415 - a worker does without

    begin_logging(verbose=verbose, log_format=chosen_format(context.obj, log_format))
    with opened_begun(context) as ctx:
        if not ctx.settings.web.is_served:
            fail(
                "[web] public_url is not set: write into nudger.toml where browsers reach the "
                'pages, such as "https://nudger.ourco.com"; `nudger init --console` does it.'
            )
        with pages_here(ctx):
            _say_what_is_missing(ctx)
            say("Stop it with Ctrl-C.")
            worker.stop_when_told(ctx)
            while not ctx.stop.wait(worker.TICK_SECONDS):
                learn_data_keys(ctx)


def _say_what_is_missing(ctx: Context) -> None:
    if ctx.settings.web.public_url is not None and progress_of(ctx).missing:
        say(plain(f"The set-up is not finished: {site_url(ctx)}/console/setup goes on with it."))
        say("`nudger admins code` makes a code that lets you in.")


@contextmanager
def pages_here(ctx: Context) -> Iterator[None]:
    """Pages while the block lasts, by this process; health alone where the settings only say where
    we listen."""
    from nudger.web.serving import WebServer  # noqa: PLC0415 - a worker does without

    with _told_where(ctx, WebServer):
        yield


@contextmanager
def pages_beside(ctx: Context, begin_logging: Callable[[], None]) -> Iterator[None]:
    """The same, by a process of their own that logs as `begin_logging` says; nothing where the
    settings say nothing of pages."""
    if not ctx.settings.web.is_served:
        yield
    elif sys.platform == "win32":  # where a socket cannot be handed on
        with pages_here(ctx):
            yield
    else:
        from nudger.web.process import PagesProcess  # noqa: PLC0415 - where there are pages

        worker.expect_rounds(ctx)
        with _told_where(ctx, partial(PagesProcess, begin_logging=begin_logging)):
            yield


@contextmanager
def _told_where(
    ctx: Context, served: Callable[[Context], AbstractContextManager[object]]
) -> Iterator[None]:
    web = ctx.settings.web
    try:
        server = served(ctx)
    except OSError as error:
        fail(f"The pages cannot listen at {web.address}: {error.strerror}. Set [web] address.")
    with server:
        what = f"Pages at {web.public_url}" if web.public_url else "Health"
        say(f"{what}, listening at {web.address}.")
        yield
