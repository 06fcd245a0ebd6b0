"""`nudger demo`: the whole loop on this machine, without any account."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from nudger.cli.app import app
from nudger.cli.console import aside, fail, problems_in_one_line, refuse
from nudger.cli.exits import Exit
from nudger.cli.on_loopback import DEFAULT_PORT, known_port, port_taken, told_to_stop


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
        typer.Option(callback=known_port, help="The pages' port; 0 for any.", metavar="PORT"),
    ] = None,
) -> None:
    """Show Nudger at work on a sandbox with a week of a sales team in it."""
    if as_json and not auto:
        refuse("--json goes with --auto: nudger demo --auto --json.")
    chosen = port if port is not None else 0 if auto else DEFAULT_PORT
    with told_to_stop() as stop:
        is_done = _show(Chosen(provider, chosen, outlook_may_notify_guests, auto, as_json), stop)
    if not is_done:
        aside("Stopped before it had begun; nothing is left behind.")
        raise typer.Exit(Exit.STOPPED)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was typed."""

    provider: Literal["google", "microsoft", "both"]
    port: int
    outlook_may_notify_guests: bool
    auto: bool
    as_json: bool


def _show(chosen: Chosen, stop: threading.Event) -> bool:
    """Whether it had begun before it was stopped."""
    # All of Nudger is behind these: a second or two, in which somebody may want it to stop.
    from nudger.cli.demo_shown import show, show_played  # noqa: PLC0415
    from nudger.demo.company import Company  # noqa: PLC0415

    company = Company(chosen.provider, chosen.outlook_may_notify_guests)
    with problems_in_one_line():
        try:
            if chosen.auto:
                return show_played(company, chosen.port, stop, as_json=chosen.as_json)
            return show(company, chosen.port, stop)
        except OSError as error:
            fail(port_taken(chosen.port, error))
