"""`nudger connect`: one person's consent, for the personal mode; and the tokens of Slack."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from nudger.admin.connect import keep_consent
from nudger.cli.app import app
from nudger.cli.connect_slack import slack
from nudger.cli.console import fail, plain, say
from nudger.cli.startup import opened
from nudger.domain.event import Provider
from nudger.providers.google.auth import connect as connect_google
from nudger.providers.google.auth import oauth_client, read_credentials
from nudger.providers.microsoft.admin_consent import admin_consent_link
from nudger.providers.microsoft.auth import PERSONAL_SCOPES
from nudger.providers.microsoft.consent import ConsentDialogue, DevicePrompt
from nudger.providers.microsoft.credentials import personal_app
from nudger.providers.microsoft.graph import new_http
from nudger.providers.microsoft.permissions import missing_permissions

connect = typer.Typer(
    no_args_is_help=True, help="Give Nudger consent to one person's calendar and mail, or to Slack."
)
app.add_typer(connect, name="connect")
connect.command(epilog="Example:  nudger connect slack")(slack)


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
        keep_consent(ctx, Provider.GOOGLE, email.lower(), consent)
    say(f"{plain(email)} is connected (google).")


@connect.command("outlook", epilog="Example:  nudger connect outlook ana@ourco.com --device")
def outlook(
    context: typer.Context,
    email: str,
    device: Annotated[
        bool, typer.Option("--device", help="Show a code to enter in any browser.")
    ] = False,
) -> None:
    """Have a person sign in at Microsoft and keep the consent, sealed."""
    with opened(context) as ctx:
        microsoft = ctx.settings.microsoft
        app_registration = personal_app(read_credentials(ctx.settings.credentials))
        link = admin_consent_link(
            app_registration, authority=microsoft.authority, graph_root=microsoft.graph_root
        )
        say(f'Does Microsoft say "Need admin approval"? Have an admin open:  {plain(link)}')
        dialogue = ConsentDialogue(
            app_registration,
            new_http(),
            authority=microsoft.authority,
            graph_root=microsoft.graph_root,
        )
        consent = dialogue.by_device(_show) if device else dialogue.in_browser(_open)
        if consent.address != email.lower():
            fail(f"{consent.address} signed in, not {email}: sign out there and try again.")
        missing = missing_permissions(consent.granted, PERSONAL_SCOPES)
        if missing:
            fail(f"Microsoft connected without {', '.join(missing)}: have an admin open {link}")
        keep_consent(ctx, Provider.MICROSOFT, consent.address, consent.cache)
    say(f"{plain(email)} is connected (microsoft).")


def _show(prompt: DevicePrompt) -> None:
    minutes = prompt.seconds // 60
    say(f"Open {plain(prompt.address)} and enter [bold]{plain(prompt.code)}[/] ({minutes} min).")


def _open(address: str) -> None:
    say(f"Opening the browser; if none opens, follow:  {plain(address)}")
    webbrowser.get().open(address)
