"""`nudger export`: customer calls for a CRM, and what is kept about a person."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from nudger.admin.calls import Changed, changed_calls
from nudger.admin.export import export_of
from nudger.admin.forget import CannotForget
from nudger.cli.app import app
from nudger.cli.console import aside, fail, print_json, refuse
from nudger.cli.meetings import print_calls
from nudger.cli.startup import opened
from nudger.domain.call_changes import START, Cursor, read_cursor


class PersonUnlessNamed(TyperGroup):
    """`nudger export dana@acme.com` is `nudger export person dana@acme.com`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            args = ["person", *args]
        return super().resolve_command(ctx, args)


export = typer.Typer(
    cls=PersonUnlessNamed,
    no_args_is_help=True,
    epilog="Examples:  nudger export calls --csv > calls.csv   ·   "
    "nudger export dana@acme.com > dana.json",
    help="Customer calls for a CRM; or everything that is kept about a person.",
)
app.add_typer(export, name="export")


@export.command("person", epilog="Example:  nudger export dana@acme.com > dana.json")
def person(
    context: typer.Context,
    who: Annotated[
        str, typer.Argument(help="A rep's or a guest's address, or a customer's domain.")
    ],
) -> None:
    """Print everything that is kept about a person, as JSON."""
    with opened(context) as ctx:
        try:
            print_json(export_of(ctx, who))
        except CannotForget as problem:
            fail(str(problem))


@export.command(
    "calls",
    epilog="Examples:  nudger export calls > calls.csv   ·   "
    "nudger export calls --jsonl --after MSAyMDI2...",
)
def calls(
    context: typer.Context,
    after: Annotated[
        str | None,
        typer.Option(help="Only what changed since this cursor was printed.", metavar="CURSOR"),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, as without these.")] = False,
    as_lines: Annotated[
        bool, typer.Option("--jsonl", help="Print JSON lines, an object a call.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help='Print one JSON object: "calls" and "cursor".')
    ] = False,
) -> None:
    """Print every customer call: customer, rep, C.O., milestone, outcome, times, state.

    The cursor for the next time is printed on standard error, and stands in --json. With it as
    --after, only calls are printed that are new or that changed, as by an answer or an outcome.
    docs/export.md says what each column is.
    """
    if as_csv + as_lines + as_json > 1:
        refuse("Choose one of --csv, --jsonl and --json.")
    cursor = START if after is None else _cursor(after)
    with opened(context) as ctx:
        found = changed_calls(ctx, cursor)
    if as_json:
        print_json({"calls": [call.as_json() for call in found.calls], "cursor": str(found.cursor)})
        return
    if as_lines:
        _print_lines(found)
    else:
        print_calls(found.calls)
    sys.stdout.flush()
    aside(f"Next time:  --after {found.cursor}")


def _print_lines(found: Changed) -> None:
    for call in found.calls:
        sys.stdout.write(json.dumps(call.as_json(), ensure_ascii=False) + "\n")


def _cursor(text: str) -> Cursor:
    try:
        return read_cursor(text)
    except ValueError:
        refuse("--after is no cursor of `nudger export calls`; without it, every call is printed.")
