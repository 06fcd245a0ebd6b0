"""`nudger init`, `upgrade`: from nothing to a configuration that works."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from nudger.cli.app import SET_UP, app
from nudger.cli.console import fail, plain, say
from nudger.cli.keys import write_key
from nudger.cli.startup import opened_database
from nudger.config import ConfigProblem, load_settings
from nudger.domain.starter_milestones import LANGUAGES, starter_milestones
from nudger.store.vault import new_key

WriteBack = Literal["meeting", "private"]
Mode = Literal["organization", "personal"]

EXPLAIN_WRITE_BACK = """
Where shall a rep's Commitment Objective be written?

  [bold]meeting[/]   Into the meeting's own description. [yellow]Its guests can read it there[/]:
            an edit reaches every guest's copy, although nobody is mailed.
            Each question says so to the rep.
  [bold]private[/]   Into a private event on the rep's own calendar, at the same time. Only the rep
            (and whoever may read that calendar) sees it.

A rep can always send one answer to the private place with the line "private".
"""

STARTER = """\
# Nudger's settings. Every key is explained in docs/configuration.md.
# Environment variables override: NUDGER_WRITE_BACK, NUDGER_SCAN__EVERY_SECONDS, ...

# "meeting": answers go into the meeting's description, where its guests can read them.
# "private": they go into a private event on the rep's own calendar.
write_back = {write_back}

# "organization": one shared mailbox asks and listens. "personal": one rep, own consent.
mode = {mode}

# Where reps live unless their calendar or `nudger reps` says otherwise.
time_zone = {time_zone}

# The language of mails, unless `nudger reps` says otherwise.
language = {language}

database = "sqlite:///nudger.db"
credentials = "credentials.json"
key_file = "nudger.key"
# templates = "my-templates"      # your own mail templates, file by file

[google]
{mailbox}# api_root = "http://127.0.0.1:8080"   # another server in place of Google's

[microsoft]
# mailbox = "nudger@yourcompany.com"
# outlook_may_notify_guests = false     # true lets Outlook mail every guest on each write

[scan]
every_seconds = 120
horizon_days = 14

[ask]
day_starts = "09:00"
day_ends = "17:30"
working_days = ["mon", "tue", "wed", "thu", "fri"]
least_notice_minutes = 120
# lead_hours = 6                  # working hours ahead, in place of the morning before
# hours_from = "settings"         # "calendar": a rep's own zone and hours go before these
# country = "DE"                  # public holidays are not working days
# tell_colleagues = true          # tell reps who take part that a colleague was asked

[weekly]
enabled = true                    # each rep's own numbers, once a week
day = "mon"

[meetings]
# watch = "listed"                # only customer domains; "all_outside": every outside one
private = "skip"
max_hours = 8
max_guests = 30
# series = "first"                # of a series, only the first date; or a number: every n-th
# title_words = ["kickoff internal"]    # beside bundled ones such as "interview"
# bundled_title_words = true      # false: only your own

# The steps of your sales process, in order; reps answer with a number or a name.
{milestones}
# What is different for some of the reps (docs/configuration.md#teams).
# [[teams]]
# name = "emea"
# language = "de"
# ask = {{ lead_hours = 6, country = "DE" }}
"""


def _milestone_tables(language: str) -> str:
    return "".join(
        f"[[milestones]]\nname = {_quoted(one.name)}\nexit = {_quoted(one.exit)}\n\n"
        for one in starter_milestones(language)
    ).rstrip("\n")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@app.command(
    rich_help_panel=SET_UP,
    epilog="Example:  nudger init --write-back private --mailbox nudger@ourco.com",
)
def init(
    context: typer.Context,
    write_back: Annotated[WriteBack | None, typer.Option(help="Where answers are written.")] = None,
    mode: Annotated[Mode, typer.Option(help="How Nudger is run.")] = "organization",
    mailbox: Annotated[str | None, typer.Option(help="The shared mailbox that asks.")] = None,
    time_zone: Annotated[str, typer.Option(help='As in "Europe/Berlin".')] = "UTC",
    language: Annotated[
        str, typer.Option(help="Of mails and milestones: en, de, es, fr, it, nl or pt.")
    ] = "en",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write a commented starter nudger.toml and a fresh key; asks for what is not given."""
    file: Path = context.obj
    if file.exists() and not force:
        fail(f"{file} exists already: edit it, or replace it with --force.")
    if language not in LANGUAGES:
        fail(f"--language is one of {', '.join(LANGUAGES)}.")
    chosen = write_back or _ask_write_back()
    mailbox_line = f"mailbox = {json.dumps(mailbox)}\n" if mailbox else _MAILBOX_HINT
    text = STARTER.format(
        write_back=json.dumps(chosen),
        mode=json.dumps(mode),
        time_zone=json.dumps(time_zone),
        language=json.dumps(language),
        milestones=_milestone_tables(language),
        mailbox=mailbox_line,
    )
    _write_checked(file, text)
    key_file = file.parent / "nudger.key"
    if not key_file.exists():
        write_key(key_file, new_key())
    say(f"Wrote {plain(str(file))} and {plain(str(key_file))}.")
    say("Next:  nudger domains add ours yourcompany.com   ·   nudger reps add you@yourcompany.com")
    say("       nudger doctor   says what is still missing.")


_MAILBOX_HINT = (
    '# mailbox = "nudger@yourcompany.com"   # the shared mailbox that asks and listens\n'
)


def _ask_write_back() -> str:
    if not sys.stdin.isatty():
        fail("say where answers are written: --write-back meeting (guests can read it) or private.")
    say(EXPLAIN_WRITE_BACK)
    while (answer := typer.prompt("meeting or private").strip().lower()) not in (
        "meeting",
        "private",
    ):
        say('Please type "meeting" or "private".')
    return str(answer)


def _write_checked(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
        load_settings(file)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")
    except ConfigProblem as problem:
        file.unlink()
        fail(str(problem))


@app.command(rich_help_panel=SET_UP, epilog="Example:  nudger upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database to this version's schema (also done by every other command)."""
    with opened_database(context) as database:
        database.require_current()
    say("The database is current.")
