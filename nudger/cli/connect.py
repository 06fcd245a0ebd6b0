"""`nudger connect`: one person's consent, for the personal mode."""

from __future__ import annotations

from typing import Annotated

import typer

from nudger.cli.app import app
from nudger.cli.console import plain, say
from nudger.cli.opening import opened
from nudger.domain.event import Provider
from nudger.jobs.connect import keep_google_consent
from nudger.providers.google.auth import connect as connect_google
from nudger.providers.google.auth import oauth_client, read_credentials

connect = typer.Typer(
    no_args_is_help=True, help="Give Nudger consent to one person's calendar and mail."
)
app.add_typer(connect, name="connect")


@connect.command("google", epilog="Example:  nudger connect google ana@ourco.com")
def google(
    context: typer.Context,
    email: str,
    port: Annotated[
        int, typer.Option(help="The port on this machine that the consent comes back to.")
    ] = 0,
) -> None:
    """Open Google's consent page in the browser and keep the consent, sealed."""
    with opened(context) as ctx:
        client = oauth_client(read_credentials(ctx.settings.credentials))
        consent = connect_google(client, email.lower(), say, port)
        keep_google_consent(ctx, email.lower(), consent)
    say(f"{plain(email)} is connected ({Provider.GOOGLE.value}).")
