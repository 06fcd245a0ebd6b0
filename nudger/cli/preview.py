"""`nudger preview`: a mail as a rep would get it, with made-up people in it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from nudger.admin.samples import SAMPLES, sample
from nudger.cli.app import app
from nudger.cli.console import fail
from nudger.config import ConfigProblem, Settings, load_settings
from nudger.domain.commitment import Milestone
from nudger.mail.compose import Audience
from nudger.mail.templates import TemplateProblem, languages_of, templates_for

DEFAULT_MILESTONES = tuple(
    Milestone(name)
    for name in ("First call", "Needs analysis", "All decision makers met", "Proposal meeting",
                 "Decision")
)  # fmt: skip


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
    zone = ZoneInfo(settings.time_zone if settings else "UTC")
    is_private = settings is not None and settings.write_back == "private"
    audience = Audience.REP if is_private else Audience.GUESTS
    listed = tuple(Milestone(m.name) for m in settings.milestones) if settings else ()
    start = datetime.now(UTC) + timedelta(days=1)
    try:
        templates = templates_for(own, chosen)
        shown = sample(
            kind, templates, listed or DEFAULT_MILESTONES, start.astimezone(zone), audience
        )
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
