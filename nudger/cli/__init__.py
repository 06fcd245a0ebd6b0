"""The commands: parse, call, print."""

from __future__ import annotations

from nudger.cli import (
    announce,
    audit,
    coach,
    connect,
    controls,
    database,
    demo,
    doctor,
    domain_import,
    domain_review,
    domains,
    explain,
    export,
    flow,
    help_command,
    keys,
    mail_trial,
    meetings,
    pages,
    preview,
    privacy,
    read_reply,
    rep_sync,
    report,
    reps,
    setup,
    status,
    try_calendar,
)
from nudger.cli.app import app
from nudger.cli.paragraphs import reflow_help

__all__ = ["app", "main"]

COMMANDS = (
    coach,
    demo,
    try_calendar,
    setup,
    keys,
    database,
    domains,
    domain_review,
    domain_import,
    reps,
    rep_sync,
    connect,
    doctor,
    mail_trial,
    announce,
    flow,
    pages,
    status,
    meetings,
    explain,
    export,
    controls,
    audit,
    preview,
    read_reply,
    report,
    privacy,
    help_command,
)

reflow_help(app)


def main() -> None:
    """The `nudger` command."""
    app()
