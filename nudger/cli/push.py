"""`nudger push`: what lets Google and Microsoft tell of changes at once."""

from __future__ import annotations

from typing import Annotated

import typer

from nudger.admin.push_setup import NotPossible, PushSetup, google_push, microsoft_push
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, problems_in_one_line, say
from nudger.cli.startup import settings_of

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

push_app = typer.Typer(
    no_args_is_help=True,
    help="Say what lets Google and Microsoft tell of changes at once.",
    epilog="Examples:  nudger push google   ·   nudger push microsoft",
)
app.add_typer(push_app, name="push")


@push_app.command(epilog="Example:  nudger push google --project ourco-nudger")
def google(
    context: typer.Context,
    project: Annotated[
        str | None,
        typer.Option(help="The Google Cloud project; else that of your credentials."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the gcloud lines for Gmail's topic, with your own values, and the settings.

    Calendars need nothing but the address. Nothing is run, and nothing is sent.
    """
    try:
        with problems_in_one_line():
            setup = google_push(settings_of(context), project)
    except NotPossible as missing:
        fail(str(missing))
    _show(setup, as_json=as_json)


@push_app.command(epilog="Example:  nudger push microsoft --json")
def microsoft(context: typer.Context, as_json: AsJson = False) -> None:
    """Print the address that Microsoft has to reach, and the settings.

    Nothing is granted for it: the permissions that Nudger has are enough.
    """
    try:
        with problems_in_one_line():
            setup = microsoft_push(settings_of(context))
    except NotPossible as missing:
        fail(str(missing))
    _show(setup, as_json=as_json)


def _show(setup: PushSetup, *, as_json: bool) -> None:
    if as_json:
        print_json(setup.as_json())
        return
    say("Reached from the Internet by POST, with a certificate that everybody trusts:\n")
    for address in setup.addresses:
        say(f"  {plain(address)}")
    if setup.run:
        say("\nOnce, where gcloud is signed in:\n")
        for line in setup.run:
            say(f"  {plain(line)}")
    say("\nIn nudger.toml:\n")
    say(plain("  [push]"))
    for name, value in setup.settings.items():
        shown = "true" if value is True else f'"{value}"'
        say(f"  {plain(f'{name} = {shown}')}")
    say("\nThen start nudger run anew; nudger doctor says whether it works (docs/operations.md).")
