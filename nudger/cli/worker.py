"""`nudger worker`: the work without the pages, by itself or among many on several machines."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from nudger import worker as embedded
from nudger.cli.app import app
from nudger.cli.console import refuse, say
from nudger.cli.logs import AsLog, begin_logging, chosen_format
from nudger.cli.ready import require_ready
from nudger.cli.startup import opened
from nudger.runtime.context import Context


class Engine(StrEnum):
    """By what a worker gets its work."""

    EMBEDDED = "embedded"
    CELERY = "celery"


@app.command(epilog="Examples:  nudger worker   ·   nudger worker --engine celery --verbose")
def worker(
    context: typer.Context,
    engine: Annotated[
        Engine,
        typer.Option(help="embedded: looks for work itself. celery: many share it, by RabbitMQ."),
    ] = Engine.EMBEDDED,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step.")] = False,
    log_format: AsLog = None,
) -> None:
    """Work until stopped, as `nudger run` does, without the pages.

    With `--engine celery` start as many as you like, on as many machines:
    RabbitMQ hands each its share, and one of them looks what is due. They need
    PostgreSQL and `[celery] broker`; while the broker is away each looks for
    work itself, and `nudger status` says so.
    """
    begin_logging(verbose=verbose, log_format=chosen_format(context.obj, log_format))
    require_ready(context.obj)
    with opened(context) as ctx:
        if engine is Engine.CELERY:
            _run_among_many(ctx)
        else:
            say("Nudger works. Stop it with Ctrl-C.")
            embedded.run(ctx)
    say("Nudger has stopped.")


def _run_among_many(ctx: Context) -> None:
    if ctx.database.engine.dialect.name != "postgresql":
        refuse(
            "Workers on several machines need PostgreSQL, and `database` is SQLite: `nudger db "
            "copy` moves it (docs/operations.md), or go on with `nudger run`."
        )
    url = ctx.settings.celery.broker
    if url is None:
        refuse("Where is RabbitMQ? Set NUDGER_CELERY__BROKER, or `broker` in [celery].")
    try:
        from nudger.engine import engine  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        refuse(f"{error.name} is not installed: pip install 'nudger[celery]'.")
    say("Nudger works among others. Stop it with Ctrl-C.")
    engine.run(ctx, url)
