"""`nudger demo`: the whole loop on this machine, without any account."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import Annotated, Literal

import typer

from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, problems_in_one_line, say
from nudger.demo.company import Company
from nudger.demo.doors import addresses
from nudger.demo.play import begin, play, watch
from nudger.demo.stage import Stage, stage
from nudger.store.retention import SIGN_IN_LASTS

NAMES = {
    "start": "Start here:",
    "inbox": "Ana's inbox:",
    "calendar": "Her calendar:",
    "answer": "Answer page:",
    "rep": "Rep's page:",
    "manager": "Manager's:",
    "console": "Console:",
}
MINUTES = int(SIGN_IN_LASTS.total_seconds() // 60)
DEFAULT_PORT = 8765
LAST_PORT = 65535


def _known_port(port: int | None) -> int | None:
    if port is not None and not 0 <= port <= LAST_PORT:
        raise typer.BadParameter(f"a port is a number from 0 to {LAST_PORT}.")
    return port


@app.command(
    epilog="Examples:  nudger demo   ·   nudger demo --auto --json --provider microsoft",
)
def demo(
    auto: Annotated[bool, typer.Option("--auto", help="Play the reps, then end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --auto: print JSON.")] = False,
    provider: Annotated[
        Literal["google", "microsoft", "both"],
        typer.Option(help="Where calendars are: google, microsoft, both.", metavar="NAME"),
    ] = "google",
    outlook_may_notify_guests: Annotated[
        bool,
        typer.Option(
            "--outlook-may-notify-guests",
            help="Let Outlook mail guests about a write, as an admin may.",
        ),
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(callback=_known_port, help="The pages' port; 0 for any.", metavar="PORT"),
    ] = None,
) -> None:
    """Show Nudger at work on a sandbox with a week of a sales team in it."""
    chosen = port if port is not None else 0 if auto else DEFAULT_PORT
    company = Company(provider, outlook_may_notify_guests)
    with problems_in_one_line():
        try:
            with stage(chosen, company) as on_stage:
                if auto:
                    _play(on_stage, provider, as_json=as_json)
                else:
                    _watch(on_stage)
        except OSError as error:
            fail(f"Port {chosen} cannot be used ({error.strerror}): choose another with --port.")


def _play(on_stage: Stage, provider: str, *, as_json: bool) -> None:
    result = play(on_stage, provider, _silent if as_json else _tell)
    if as_json:
        print_json(result)
        return
    say(
        f"\n{len(result['asked'])} questions, {result['replies']} replies, "
        f"{len(result['written'])} notes written, "
        f"[bold]{result['guest_mails']}[/] mails to guests."
    )


def _watch(on_stage: Stage) -> None:
    begin(on_stage)
    say("[bold]Nudger runs on a sandbox. Nothing leaves this machine.[/]\n")
    doors = on_stage.doors
    for name, address in addresses(on_stage.server.url, doors, on_stage.answer_page).items():
        say(f"  {NAMES[name]:14} {plain(address or 'behind the link in each question')}")
    say(f"\nOn the rep's page sign in as {doors.rep_is}, on the manager's as")
    say(f"{doors.manager_is}: the mail with a code comes into their inboxes here.")
    say(f"The console opens with the code [bold]{doors.code}[/], once and for {MINUTES} minutes;")
    say("the first page makes another one, as `nudger admins code` does in your company.\n")
    say('Read, reply, and see the event change. "An hour passes" and "Next morning"')
    say("stand on top of every page.")
    server = on_stage.server
    if server.google.addons.is_installed or server.microsoft.addins.is_installed:
        say("Or open an event in her calendar, and answer in the add-on's panel beside it.")
    say("")
    say("Ctrl-C ends it. What Nudger does:\n")
    logging.basicConfig(level=logging.ERROR, format="  %(message)s")
    stop = threading.Event()

    def told_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    watch(on_stage, _tell, stop)
    say("\nThe demonstration has ended; nothing is left behind.")


def _tell(line: str) -> None:
    say(f"  {plain(line)}")


def _silent(_line: str) -> None:
    """JSON is all that a script wants."""
