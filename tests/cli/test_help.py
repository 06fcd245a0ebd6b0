"""The help of every command, and what their exit codes mean."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import nudger.cli
from nudger.cli import app
from nudger.cli.app import app as registered
from nudger.cli.app import command_named
from nudger.cli.commands import LISTED, LOOK, RUN, SET_UP, TRY
from nudger.cli.exits import Exit
from nudger.config import COMMAND_VARIABLES
from nudger.domain.health import Concern

COMMANDS = {name: command_named(name) for name in LISTED}
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def every_command(commands, path=()):
    for name, one in commands.items():
        yield (*path, name), one
        yield from every_command(getattr(one, "commands", {}), (*path, name))


PATHS = [(), *(path for path, _ in every_command(COMMANDS))]


def shown(*arguments, columns="80"):
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": columns})
    return result.exit_code, result.output


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_fits_a_narrow_terminal_and_is_the_same_both_ways(path):
    code, text = shown(*path, "--help")
    assert (code, max(map(len, text.splitlines())) <= 80) == (0, True)
    assert shown("help", *path) == (0, text)
    assert "…" not in text.replace("NUDGER_…", "").replace("/…", "")


def test_paragraphs_fill_the_line_and_lists_stay_lists():
    text = shown("export", "calls", "--help")[1]
    assert "stands in --json. With it as --after, only calls" in " ".join(text.split())
    ends = [line.rstrip() for line in text.splitlines() if line.startswith(" The cursor")]
    assert len(ends[0]) > 70
    assert re.search(r"^ 11 no calendar", shown("status", "--help")[1], re.MULTILINE)


@pytest.mark.parametrize("name", LISTED)
def test_the_list_says_of_a_command_what_its_help_begins_with(name):
    said = " ".join(COMMANDS[name].help.split("\n\n")[0].split())
    assert LISTED[name].says in (said, COMMANDS[name].short_help)


def test_every_command_is_listed():
    for module in Path(nudger.cli.__path__[0]).glob("*.py"):
        import_module(f"nudger.cli.{module.stem}")
    assert set(get_command(registered).commands) == set(LISTED)


def test_the_panels_come_as_a_newcomer_needs_them():
    found = re.findall(r"─ ([A-Z][\w ]+) ─", shown("--help")[1])
    assert found == ["Options", SET_UP, RUN, LOOK, TRY]


@pytest.mark.parametrize("path", [path for path in PATHS if len(path) == 1], ids=" ".join)
def test_every_command_has_an_example(path):
    text = shown(*path, "--help", columns="200")[1]
    assert "Example" in text or "First steps" in text or path[0] == "connect"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["stauts"], "did you mean status?"),
        (["xyzzy"], "there are init"),
        (["reps", "lst"], "did you mean list?"),
        (["status", "now"], "has no commands of its own"),
    ],
)
def test_help_on_what_is_no_command(words, says):
    result = CliRunner().invoke(app, ["help", *words])
    assert (result.exit_code, says in result.stderr) == (Exit.USAGE, True)
    assert len(result.stderr.splitlines()) == 1


def test_the_exit_codes_are_told():
    text = shown("--help")[1]
    (line,) = [line for line in text.splitlines() if "Exit codes:" in line]
    assert all(f" {int(one)} " in line for one in Exit)
    page = OPERATIONS.read_text()
    for code in [*map(int, Exit), *(one.exit_code for one in Concern)]:
        assert re.search(rf"^\| {code} \|", page, re.MULTILINE), code


def test_no_code_means_two_things():
    codes = [*map(int, Exit), *(one.exit_code for one in Concern)]
    assert len(codes) == len(set(codes))


def test_variables_of_options_are_no_unknown_ones():
    named = {
        variable
        for _, command in [((), get_command(app)), *every_command(COMMANDS)]
        for option in command.params
        for variable in ([option.envvar] if isinstance(option.envvar, str) else option.envvar or ())
    }
    assert named == COMMAND_VARIABLES


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"], ["status", "--nonsense"], ["explain"], ["scan", "--csv"], ["coach"],
        ["report", "--json", "--csv"], ["report", "--since", "soon"], ["lockdown", "--keep-tokens"],
        ["reps", "add", "nobody"], ["reps", "add", "a@b.com", "--time-zone", "Mars"],
        ["export", "calls", "--json", "--csv"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_followed_is_2_everywhere(nudger, arguments):
    result = nudger(*arguments)
    assert (result.exit_code, result.stdout) == (Exit.USAGE, "")
    assert "Traceback" not in result.stderr
