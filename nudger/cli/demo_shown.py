"""What `nudger demo` shows: a week played to its end, or the doors to a live one.

Imported by the command when it is ready to be stopped: all of Nudger is behind it.
"""

from __future__ import annotations

import logging
import threading

from nudger.cli.console import plain, print_json, say
from nudger.demo.company import Company
from nudger.demo.doors import addresses
from nudger.demo.play import begin, play, watch
from nudger.demo.stage import Stage, Stopped, stage
from nudger.domain.sign_in_lifetimes import SIGN_IN_LASTS

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


def show(company: Company, port: int, stop: threading.Event) -> bool:
    """Until `stop` is set; whether it had begun by then. Raises `OSError` for a port in use."""
    try:
        with stage(port, company, stop) as on_stage:
            begin(on_stage)
            on_stage.go_on()
            _watch(on_stage, stop)
    except Stopped:
        return False
    return True


def show_played(company: Company, port: int, stop: threading.Event, *, as_json: bool) -> bool:
    """The same of a week that is played; whether it came to its end."""
    try:
        with stage(port, company, stop) as on_stage:
            _play(on_stage, company.provider, as_json=as_json)
    except Stopped:
        return False
    return True


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


def _watch(on_stage: Stage, stop: threading.Event) -> None:
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
    watch(on_stage, _tell, stop)
    say("\nThe demonstration has ended; nothing is left behind.")


def _tell(line: str) -> None:
    say(f"  {plain(line)}")


def _silent(_line: str) -> None:
    """JSON is all that a script wants."""
