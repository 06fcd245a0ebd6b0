"""`nudger sandbox`: Google or Microsoft on this machine, to set Nudger up against by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import typer

from nudger.cli.app import app
from nudger.cli.console import fail, plain, say
from nudger.cli.on_loopback import DEFAULT_PORT, known_port, port_taken, told_to_stop
from nudger.demo.trial import Occupied, prepare, require_free
from nudger.sandbox.scenario import ANA, NUDGER, from_today
from nudger.sandbox.server import SandboxServer


@app.command(
    epilog="Examples:  nudger sandbox   ·   nudger sandbox --provider microsoft --port 8770",
)
def sandbox(
    context: typer.Context,
    provider: Annotated[
        Literal["google", "microsoft"],
        typer.Option(help="Where calendars are: google, microsoft.", metavar="NAME"),
    ] = "google",
    port: Annotated[
        int, typer.Option(callback=known_port, help="Its port; 0 for any.", metavar="PORT")
    ] = DEFAULT_PORT,
) -> None:
    """Stand in for Google or Microsoft on this machine, to set Nudger up against (docs/try-it.md).

    It writes credentials.json and sandbox.env beside the settings' file, in an
    empty folder as a rule, and serves a sales team's calendars and mail
    until it is stopped. What happened there is forgotten then.
    """
    file: Path = context.obj
    folder = file.parent
    try:
        require_free(folder)
        with told_to_stop() as stop, SandboxServer(from_today(provider), port) as server:
            for made in prepare(folder, server.url):
                say(f"{plain(str(made))} written.")
            _tell(server.url, provider)
            stop.wait()
    except Occupied as problem:
        fail(str(problem))
    except OSError as error:
        if error.filename is None:
            fail(port_taken(port, error))
        fail(f"{error.filename} cannot be written: {error.strerror}.")


def _tell(url: str, provider: str) -> None:
    say(f"\nThe sandbox runs at {url} in place of {provider.title()}:")
    say("a small sales team, and Ana's customer call on the next working day. Nothing")
    say("leaves this machine. Ctrl-C ends it, and forgets what happened there.\n")
    say("In another terminal, in the same folder:\n")
    say("  . ./sandbox.env")
    say(f"  nudger init --provider {provider} --mailbox {NUDGER} \\")
    say(f"              --rep {ANA}")
    say("  nudger doctor")
    say("  nudger scan --dry-run")
    say("  nudger run\n")
    say(f"Then reply to the question in {url}/inbox/{quote(ANA)}")
    say("docs/try-it.md goes through it step by step.")
