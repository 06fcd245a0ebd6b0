"""`nudger templates`: which texts of mails and notes are the company's own, what is other in them,
and back to ours."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nudger.admin import template_files as files
from nudger.admin.rewriting import Unchanged
from nudger.admin.template_files import Standing
from nudger.admin.template_kinds import KINDS, NoTemplate, TemplateFile, files_of, find_file
from nudger.admin.text_changes import Is, Line, changes
from nudger.cli.app import app
from nudger.cli.console import (
    fail,
    plain,
    print_json,
    print_table,
    problems_in_one_line,
    refuse,
    say,
)
from nudger.cli.startup import opened, settings_of
from nudger.config import Settings

COLUMNS = ("FILE", "OF", "PART", "WHOSE")
SIGNS = {Is.SAME: "  ", Is.GONE: "- ", Is.NEW: "+ "}

templates_app = typer.Typer(
    no_args_is_help=True,
    epilog="Example:  nudger templates diff",
    help="The texts of mails and notes: which are your own, and what is other in them.",
)
app.add_typer(templates_app, name="templates")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
File = Annotated[str, typer.Argument(help="As `list` has it, such as en/question.txt.j2.")]


@templates_app.command("list", epilog="Example:  nudger templates list --own")
def show_all(
    context: typer.Context,
    own: Annotated[bool, typer.Option("--own", help="Your own alone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show every template, and which are your own.

    Your own are in the folder that `templates` names in nudger.toml. What is
    in "en" counts for every language that has no file of its own.
    """
    settings = _settings(context)
    ours = files.own_files(settings)
    every = [file for kind in KINDS for file in files_of(kind)]
    found = ours if own else sorted({*every, *ours}, key=lambda file: _place(file, every))
    if as_json:
        print_json([_as_json(file, is_own=file in ours) for file in found])
        return
    rows = [
        (file.path, KINDS[file.kind][0], file.part, "yours" if file in ours else "shipped")
        for file in found
    ]
    print_table(COLUMNS, rows, "No template of your own.")


@templates_app.command("show", epilog="Example:  nudger templates show en/note.txt.j2")
def show(context: typer.Context, file: File) -> None:
    """Print a template as it counts now: to begin one of your own with."""
    sys.stdout.write(_standing(_settings(context), file).text)


@templates_app.command("diff", epilog="Example:  nudger templates diff en/question.txt.j2")
def diff(
    context: typer.Context,
    file: Annotated[str | None, typer.Argument(help="One file; without it, all your own.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is other in your own templates than in the shipped ones.

    Lines with "-" stand in the shipped one, lines with "+" in yours.
    """
    settings = _settings(context)
    wanted = [_standing(settings, file).file] if file else files.own_files(settings)
    found = {one.path: _compared(files.standing_of(settings, one)) for one in wanted}
    if as_json:
        print_json({path: [_line_as_json(one) for one in lines] for path, lines in found.items()})
        return
    if not found:
        say("No template of your own.")
    for path, lines in found.items():
        say(f"[bold]{plain(path)}[/]")
        for one in lines:
            say(f"  … {one.text} the same" if one.what is Is.SKIPPED else _printed(one))
        if not lines:
            say("  as the shipped one")


@templates_app.command("reset", epilog="Example:  nudger templates reset en/question.txt.j2")
def reset(context: typer.Context, file: File, as_json: AsJson = False) -> None:
    """Use the shipped template again; yours is kept beside it as .old."""
    with opened(context) as ctx:
        standing = _standing(ctx.settings, file)
        try:
            with ctx.database.begin() as tx:
                files.reset(ctx, tx, standing.file, standing.seen)
        except Unchanged as why:
            fail(str(why))
    if as_json:
        print_json({"reset": file})
        return
    say(f"{plain(file)}: the shipped one counts from the next mail on.")


def _settings(context: typer.Context) -> Settings:
    with problems_in_one_line():
        return settings_of(context)


def _standing(settings: Settings, path: str) -> Standing:
    try:
        return files.standing_of(settings, find_file(settings, path))
    except NoTemplate as problem:
        refuse(str(problem))


def _place(file: TemplateFile, every: list[TemplateFile]) -> tuple[int, str]:
    """Beside the same of other languages, in the order of the kinds."""
    names = [one.name for one in every]
    return names.index(file.name), file.path


def _compared(standing: Standing) -> tuple[Line, ...]:
    found = changes(standing.shipped, standing.text)
    if found is None:
        fail(f"{standing.file.path} is too long to be compared.")
    return found


def _printed(line: Line) -> str:
    colour = {Is.GONE: "red", Is.NEW: "green"}.get(line.what)
    text = f"{SIGNS[line.what]}{plain(line.text)}"
    return f"[{colour}]{text}[/]" if colour else text


def _as_json(file: TemplateFile, *, is_own: bool) -> dict[str, object]:
    return {
        "file": file.path,
        "kind": file.kind,
        "part": file.part,
        "language": file.language,
        "own": is_own,
    }


def _line_as_json(line: Line) -> dict[str, object]:
    return {
        "is": line.what.value,
        "shipped_line": line.before,
        "own_line": line.after,
        "text": line.text,
    }
