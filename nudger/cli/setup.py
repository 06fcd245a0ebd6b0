"""`nudger init`, `upgrade`: from nothing to a configuration that works."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from nudger.admin.doctor import diagnose
from nudger.admin.doctor_checks import Check
from nudger.admin.machine import guess_zone
from nudger.admin.setup.answers import OWN, Unfit
from nudger.admin.setup.draft import Draft
from nudger.admin.setup.install import Known, begin, install, look
from nudger.admin.setup.next_step import next_step
from nudger.admin.setup.questions import QUESTIONS
from nudger.cli.app import app
from nudger.cli.console import fail, plain, problems_in_one_line, refuse, say
from nudger.cli.doctor import show_checks
from nudger.cli.exits import Exit
from nudger.cli.startup import opened_database
from nudger.cli.wizard import Stopped, ask_all, confirm
from nudger.config.values import is_web_address
from nudger.domain.starter_milestones import MilestoneList
from nudger.runtime.context import current_time

WriteBack = Literal["meeting", "private"]
Mode = Literal["organization", "personal"]
ADDRESSES = (
    "Give the one at which browsers reach this machine, such as https://nudger.ourco.com; "
    "to try it on this machine alone, http://localhost:8025."
)
CHOOSE = "say where answers are written: --write-back meeting (guests can read it) or private."


@app.command(
    epilog="Examples:  nudger init   ·   nudger init --no-ask --provider google "
    "--mailbox nudger@ourco.com --domain ourco.com --write-back private --rep ana@ourco.com   ·   "
    "nudger init --console https://nudger.ourco.com",
)
def init(
    context: typer.Context,
    provider: Annotated[
        Literal["google", "microsoft"] | None, typer.Option(help="Where the reps' calendars are.")
    ] = None,
    mailbox: Annotated[str | None, typer.Option(help="The shared mailbox that asks.")] = None,
    mode: Annotated[
        Mode | None, typer.Option(help="personal: each rep's own mailbox asks, by consent.")
    ] = None,
    domain: Annotated[list[str] | None, typer.Option(help="A domain of your own.")] = None,
    write_back: Annotated[
        WriteBack | None,
        typer.Option(help="Where answers are written; a meeting's guests can read it there."),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help='As in "Europe/Berlin"; else the machine\'s.')
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Of mails and milestones: en, de, es, fr, it, nl or pt.")
    ] = None,
    milestones: Annotated[
        MilestoneList | None, typer.Option(help="A list of steps to begin with.")
    ] = None,
    rep: Annotated[str | None, typer.Option(help="The first rep's address.")] = None,
    ask: Annotated[
        bool | None, typer.Option("--ask/--no-ask", help="Asked on a terminal unless said.")
    ] = None,
    console: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Go on in the browser: the address at which the console is to be reached.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Start the file anew; the old one is kept as .old.")
    ] = False,
) -> None:
    """Set Nudger up: asks for what is not given, then looks whether all works.

    Run again it shows what is there, and changes only what is answered; all
    that you wrote into nudger.toml yourself stays. Without a terminal nothing
    is asked. With --console the console asks, in the browser.
    """
    file: Path = context.obj
    named = {
        "provider": provider,
        "mailbox": OWN if mode == "personal" else mailbox,
        "domains": " ".join(domain) if domain else None,
        "write_back": write_back,
        "time_zone": time_zone,
        "language": language,
        "milestones": milestones and milestones.value,
        "rep": rep,
    }
    given = {key: value for key, value in named.items() if value is not None}
    if console is not None:
        _begin(file, console, named, anew=force)
        return
    asks = ask if ask is not None else sys.stdin.isatty() and sys.stdout.isatty()
    with problems_in_one_line():
        known = _look(file, anew=force)
        if mode == "organization" and not mailbox and known.answers.get("mailbox") == OWN:
            fail("--mode organization needs the mailbox that asks: --mailbox nudger@ourco.com")
        answers = _checked(known, given)
        if asks:
            _by_dialogue(file, known, answers)
        else:
            _put_in_place(file, known, _with_guesses(known, answers))
            say("Next:  nudger doctor   says what is still missing.")


def _begin(file: Path, url: str, named: Mapping[str, object], *, anew: bool) -> None:
    """What the console needs to ask the rest."""
    if anew or any(value is not None for value in named.values()):
        refuse("--console asks the rest in the browser: give it without other options.")
    if not is_web_address(url):
        fail(f"--console: {url} is no web address. {ADDRESSES}")
    with problems_in_one_line():
        _look(file, anew=False)
        try:
            done = begin(file, url)
        except OSError as error:
            fail(f"{error.filename or file} cannot be written: {error.strerror}.")
    for line in done or ["Everything is as it was."]:
        say(plain(line))
    say("Next:  nudger serve         serves the console")
    say("       nudger admins code   a code that lets you in, once, within ten minutes")
    say(plain(f"Then open {url.rstrip('/')}/console/setup in your browser."))


def _look(file: Path, *, anew: bool) -> Known:
    try:
        if not file.resolve().parent.is_dir():
            fail(f"{file.resolve().parent} is no folder: make it, then try again.")
        return look(file, anew=anew)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.")


def _checked(known: Known, given: dict[str, str]) -> dict[str, str]:
    """The options in the form in which answers are kept; ends the command for a wrong one."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        if question.key in given:
            try:
                so_far = {**known.answers, **answers}
                answers[question.key] = question.read(given[question.key], so_far)
            except Unfit as problem:
                refuse(f"--{_OPTIONS.get(question.key, question.key)}: {problem}")
    return answers


_OPTIONS = {"domains": "domain", "write_back": "write-back", "time_zone": "time-zone"}


def _with_guesses(known: Known, answers: dict[str, str]) -> dict[str, str]:
    """For a new file what nobody was asked for, and cannot be left out."""
    if (known.text is None or known.is_begun) and "write_back" not in answers:
        fail(CHOOSE)
    if known.text is not None:
        return answers
    zone = guess_zone()
    return {"time_zone": zone, **answers} if zone else answers


def _by_dialogue(file: Path, known: Known, given: dict[str, str]) -> None:
    draft = Draft(file)
    try:
        answers = ask_all(known, given, draft)
        wanted = confirm(answers, known)
    except Stopped:
        say("\nStopped: nothing was changed. Your answers are kept; `nudger init` goes on.")
        raise typer.Exit(Exit.STOPPED) from None
    if not wanted:
        say("Nothing was changed. Your answers are kept: `nudger init` offers them.")
        return
    _put_in_place(file, known, answers)
    draft.forget()
    say("\n[bold]Does it work?[/] (`nudger doctor`)")
    checks = show_checks(diagnose(file))
    _show_next(checks, {**known.answers, **answers})


def _show_next(checks: Sequence[Check], answers: dict[str, str]) -> None:
    step = next_step(checks, answers)
    say(f"\n[bold]Next:[/]  {plain(step.command)}")
    say(f"       {plain(step.why)}")


def _put_in_place(file: Path, known: Known, answers: dict[str, str]) -> None:
    try:
        done = install(file, known, answers, current_time())
    except OSError as error:
        fail(f"{error.filename or file} cannot be written: {error.strerror}.")
    for line in done or ["Everything is as it was."]:
        say(plain(line))


@app.command(epilog="Example:  nudger upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database to this version's schema (also done by every other command)."""
    with opened_database(context) as database:
        database.require_current()
    say("The database is current.")
