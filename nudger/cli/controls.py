"""`nudger pause`, `resume` and `lockdown`: an admin's switches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from nudger.admin import controls
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, refuse, say
from nudger.cli.startup import opened_database
from nudger.runtime.context import current_time

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OneRep = Annotated[str | None, typer.Argument(help="One rep's address; without it, everybody.")]


@app.command(epilog="Examples:  nudger pause   ·   nudger pause ana@ourco.com")
def pause(context: typer.Context, rep: OneRep = None, as_json: AsJson = False) -> None:
    """Send nothing any more, to one rep or to anybody. Calendars and replies are still read.

    Every worker obeys within seconds. Mails wait until `nudger resume`; a question whose call has
    begun by then is dropped.
    """
    with opened_database(context) as database:
        try:
            changed = controls.pause_sending(database, rep, current_time())
        except controls.NotARep as problem:
            fail(str(problem))
    whom = plain(rep or "anybody")
    done = f"Nothing is sent to {whom}" + ("." if changed else " already.")
    _tell(done, {"paused": rep or "everything", "changed": changed}, as_json=as_json)


@app.command(epilog="Examples:  nudger resume   ·   nudger resume ana@ourco.com")
def resume(context: typer.Context, rep: OneRep = None, as_json: AsJson = False) -> None:
    """Undo `nudger pause`. Reps who were paused one by one are resumed one by one.

    So is a rep to whom nothing is sent because two mails in a row came back.
    """
    with opened_database(context) as database:
        try:
            changed = controls.resume_sending(database, rep, current_time())
        except controls.NotARep as problem:
            fail(str(problem))
        with database.read() as tx:
            held = controls.switches(tx)
            own = controls.own_silence(tx, rep)
    still = sorted({*held["reps_paused_since"], *held["reps_unreachable_since"]})
    everything = ["everything"] if held["paused_since"] else []
    whom = plain(rep or "everybody")
    done = f"The pause of {whom} is undone." if changed else f"{whom} was not paused."
    lines = [done, *_still_held(held, still), *([own] if own else [])]
    found = {
        "resumed": rep or "everything",
        "changed": changed,
        "still_paused": everything + still,
    }
    _tell(" ".join(lines), found, as_json=as_json)


def _still_held(held: Mapping[str, Any], reps: Sequence[str]) -> Iterator[str]:
    if held["locked_since"]:
        yield "Everything is still locked down: `nudger lockdown --end`."
    if held["paused_since"]:
        yield "Sending to everybody is still paused: `nudger resume`."
    if reps:
        yield f"Still paused: {plain(', '.join(reps))}."


@app.command(epilog="Examples:  nudger lockdown   ·   nudger lockdown --end")
def lockdown(
    context: typer.Context,
    end: Annotated[bool, typer.Option("--end", help="Go on as before.")] = False,
    keep_tokens: Annotated[
        bool,
        typer.Option("--keep-tokens", help="With --end: replies to mails from before count."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Stop everything at once: nothing is sent or written, and no reply is obeyed.

    Replies are kept meanwhile, and read after the end. Those to mails from before the end are then
    not obeyed either, unless their tokens are kept: their senders get a mail that can be answered.
    """
    if keep_tokens and not end:
        refuse("--keep-tokens goes with --end.")
    with opened_database(context) as database:
        if end:
            ended = controls.end_lockdown(database, current_time(), keep_tokens=keep_tokens)
        else:
            changed = controls.lock_down(database, current_time())
    if not end:
        done = "Everything is locked down" + ("." if changed else " already.")
        _tell(done, {"locked": True, "changed": changed}, as_json=as_json)
    elif ended is None:
        _tell("Nothing was locked down.", {"locked": False, "changed": False}, as_json=as_json)
    else:
        _tell(
            f"The lockdown has ended. Tokens that count no more: {ended.voided}. "
            f"Replies that wait: {ended.replies}.",
            {"locked": False, "changed": True, "voided": ended.voided, "replies": ended.replies},
            as_json=as_json,
        )


def _tell(line: str, found: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        say(line)
