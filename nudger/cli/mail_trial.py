"""`nudger test-mail`: one real mail to a rep and back, and what it proves."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from rich.console import Console

from nudger.admin.mail_trial import MailTrial, Patience, pin
from nudger.cli.app import app
from nudger.cli.console import aside, fail, plain, print_json, say_entry
from nudger.cli.startup import opened
from nudger.domain.mail_trial import Proof, Result, Seen, is_sound, prove, should_pin
from nudger.runtime.context import Context
from nudger.runtime.holds import Held
from nudger.store import people
from nudger.store.people import Rep

DEFAULT_SECONDS = 600
LOOKS_EVERY = 5.0
_MARKS = {
    Result.PASSED: "[green]ok  [/]",
    Result.FAILED: "[red]FAIL[/]",
    Result.WARNS: "[yellow]warn[/]",
    Result.UNKNOWN: "[dim]--  [/]",
}


@app.command(
    "test-mail",
    epilog="Example:  nudger test-mail ana@ourco.com --timeout 300 --pin",
)
def try_mail(
    context: typer.Context,
    rep: Annotated[str, typer.Argument(help="A rep's address.")],
    timeout: Annotated[
        int, typer.Option(min=0, max=86_400, help="Seconds to wait for the reply.")
    ] = DEFAULT_SECONDS,
    pins: Annotated[
        bool, typer.Option("--pin", help="Have Outlook show our mails under Focused.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Send a rep one real mail and say what works on its way and back.

    It waits for the reply, and proves that the mail arrives and where it
    lies, that replies reach the address with the token, that the mail server
    vouches for the rep, and that the thread holds. No reply to it ever becomes
    an answer. Exit code 1 where something fails or no reply comes in time.
    """
    with opened(context) as ctx:
        known = _rep(ctx, rep)
        try:
            if pins:
                _pin(ctx, known)
            with _progress(shown=not as_json) as watching:
                patience = Patience(timeout, LOOKS_EVERY, time.sleep, watching.tell_left)
                seen = MailTrial(ctx, known, watching.tell).run(patience)
            if not pins and not as_json:
                _offer_pin(ctx, known, seen)
        except Held as held:
            fail(f"Nothing is sent: {held} See `nudger status`.")
    proofs = prove(seen)
    _show(proofs, as_json=as_json)
    if not is_sound(proofs):
        raise typer.Exit(1)


def _rep(ctx: Context, email: str) -> Rep:
    with ctx.database.read() as tx:
        found = people.find_rep(tx, email.strip().lower())
    if found is None:
        fail(f"{email} is not a rep. See `nudger reps list`.")
    return found


def _pin(ctx: Context, rep: Rep) -> None:
    if not pin(ctx, rep):
        fail("--pin is for Outlook: Gmail has no such tab that a program may choose.")
    aside(f"{plain(ctx.accounts.mailbox_for(rep))} is pinned to Focused for {plain(rep.email)}.")


def _offer_pin(ctx: Context, rep: Rep, seen: Seen) -> None:
    """Only to somebody who sits at a terminal."""
    if should_pin(seen) and sys.stdin.isatty() and sys.stdout.isatty():
        question = 'It lies under "Other". Pin the sender, so that it comes under "Focused"?'
        if typer.confirm(question, default=True):
            _pin(ctx, rep)


def _show(proofs: tuple[Proof, ...], *, as_json: bool) -> None:
    if as_json:
        proven = [asdict(proof) for proof in proofs]
        print_json({"ok": is_sound(proofs), "proofs": proven})
        return
    for proof in proofs:
        say_entry(_MARKS[proof.result], proof.what, proof.says)


@dataclass(frozen=True, slots=True)
class _Watching:
    """Where somebody waits: a line for each step, and how long it may last yet."""

    tell: Callable[[str], None]
    tell_left: Callable[[int], None]


@contextmanager
def _progress(*, shown: bool) -> Iterator[_Watching]:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if not shown:
        yield _Watching(_silent, _no_time)
        return
    if not console.is_terminal:
        yield _Watching(lambda line: aside(f"  {plain(line)}"), _no_time)
        return
    with console.status("Sending ...") as status:
        yield _Watching(
            lambda line: console.print(f"  {plain(line)}"),
            lambda left: status.update(
                f"Waiting for the reply, {left // 60}:{left % 60:02} left. Ctrl-C stops."
            ),
        )


def _no_time(_left: int) -> None:
    """Nobody watches."""


def _silent(_line: str) -> None:
    """JSON is all that a script wants."""
