"""`nudger preview`: a mail as a rep would get it, with made-up people in it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from nudger.admin.samples import SAMPLES, sample_on, stage_of
from nudger.cli.app import app
from nudger.cli.console import fail
from nudger.config import ConfigProblem, Settings, load_settings
from nudger.mail.template_cache import own_templates
from nudger.mail.templates import TemplateProblem, languages_of


@app.command(
    epilog="Example:  nudger preview question --language de --html > question.html",
)
def preview(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(SAMPLES)}.")],
    language: Annotated[
        str | None, typer.Option(help='As in "de"; unset, the one of nudger.toml.')
    ] = None,
    html: Annotated[bool, typer.Option("--html/--text", help="Which part to print.")] = False,
) -> None:
    """Print a mail or the note, by your own templates where you have some."""
    if kind not in SAMPLES:
        fail(f"{kind!r} is not one of {', '.join(SAMPLES)}.")
    settings = _settings(context)
    own = settings.templates if settings else None
    chosen = language or (settings.language if settings else "en")
    if chosen not in languages_of(own):
        fail(f"There are no mails in {chosen!r}: choose {', '.join(languages_of(own))}.")
    try:
        shown = sample_on(kind, own_templates(own, chosen), stage_of(settings, datetime.now(UTC)))
    except TemplateProblem as problem:
        fail(str(problem))
    head = f"Subject: {shown.subject}\n\n" if shown.subject else ""
    sys.stdout.write(shown.html if html else head + shown.text)


def _settings(context: typer.Context) -> Settings | None:
    """The settings if there are some: a preview needs none."""
    if not context.obj.exists():
        return None
    try:
        return load_settings(context.obj)
    except ConfigProblem as problem:
        fail(str(problem))
