"""`nudger try`: what Nudger would ask about, read from an exported calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer

from nudger.cli.app import TRY, app
from nudger.cli.console import aside, plain, print_json, print_table, say
from nudger.domain.addresses import read_address
from nudger.domain.bundled import freemail_domains
from nudger.domain.domains import clean_entry
from nudger.domain.zones import known_zone
from nudger.ics.load import NotACalendar, find_files, read_files
from nudger.ics.occurrences import occurrences
from nudger.ics.preview import preview_text
from nudger.ics.trial import Judged, TrialRules, judge_all

Domains = Annotated[list[str] | None, typer.Option(metavar="DOMAIN")]


@app.command(
    "try",
    rich_help_panel=TRY,
    epilog="Example:  nudger try calendar.ics --me ana@ourco.com --customer acme.com --preview",
)
def try_calendar(
    files: Annotated[list[Path], typer.Argument(help=".ics files, or folders of them.")],
    me: Annotated[str, typer.Option(help="Whose calendar it is.", metavar="EMAIL")],
    ours: Domains = None,
    partner: Annotated[list[str] | None, typer.Option(metavar="DOMAIN|ADDRESS")] = None,
    customer: Domains = None,
    never: Domains = None,
    now: Annotated[
        str | None, typer.Option(help="Pretend it is this moment.", metavar="ISO")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How far to look ahead.")] = 14,
    time_zone: Annotated[str | None, typer.Option(help="Yours, if not the calendar's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show the mails too.")] = False,
) -> None:
    """Say of each event in an exported calendar whether it would be asked about, why, and when.

    No account and no configuration are needed; nothing leaves this machine. Without --ours, your
    own address's domain is ours. With --customer, only these domains are watched.
    """
    address = _address(me)
    entries = _entries(address, ours, partner, customer, never)
    try:
        exported = read_files(find_files(files))
    except NotACalendar as problem:
        _refuse(str(problem))
    zone = _zone(time_zone) if time_zone else exported.zone or "UTC"
    begin = _moment(now, zone)
    window = (begin, begin + timedelta(days=days))
    rules = TrialRules(address, entries, ZoneInfo(zone))
    judged = judge_all(occurrences(exported, address, window, zone), rules, begin)
    for line in exported.problems[:20]:
        aside(f"[yellow]note:[/] {plain(line)}")
    if len(exported.problems) > 20:
        aside(f"[yellow]note:[/] and {len(exported.problems) - 20} more like these")
    if as_json:
        print_json([one.as_json() for one in judged])
    else:
        _show(judged, rules, begin, previews=preview)


def _show(judged: list[Judged], rules: TrialRules, now: datetime, *, previews: bool) -> None:
    rows = [_row(one, rules) for one in judged]
    print_table(("START", "TITLE", "", "WHY", "CUSTOMER", "ASKED AT"), rows, "No events.")
    asked = [one for one in judged if one.verdict.asks]
    say(f"\n[bold]{len(asked)}[/] to ask about, {len(judged) - len(asked)} not.")
    for one in asked if previews else ():
        say("\n" + "─" * 60)
        say(plain_lines(preview_text(one, rules, now)))


def plain_lines(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines())


def _row(one: Judged, rules: TrialRules) -> tuple[str, ...]:
    start = one.event.start.astimezone(rules.zone)
    asked = [at.astimezone(rules.zone) for at in one.ask_at]
    return (
        f"{start:%a %d %b %H:%M}",
        one.event.title[:50],
        one.verdict.decision.value,
        f"{one.reason}, look-alike" if one.verdict.lookalike else one.reason,
        ", ".join(one.verdict.customers),
        ", ".join(f"{at:%a %d %b %H:%M}" for at in asked),
    )


def _entries(
    me: str,
    ours: list[str] | None,
    partner: list[str] | None,
    customer: list[str] | None,
    never: list[str] | None,
) -> dict[str, Any]:
    domain = me.rpartition("@")[2]
    own = ours or [me if domain in freemail_domains() else domain]
    groups = {"ours": own, "partner": partner, "customer": customer, "never": never}
    entries: dict[str, Any] = {}
    for kind, given in groups.items():
        for entry in given or ():
            try:
                entries[clean_entry(entry)] = kind
            except ValueError as problem:
                _refuse(f"--{kind}: {problem}")
    return entries


def _address(me: str) -> str:
    address = read_address(me)
    if address is None:
        _refuse(f"--me: {me!r} is not a mail address.")
    return address


def _zone(name: str) -> str:
    if known_zone(name) is None:
        _refuse(f'--time-zone: {name!r} is not a time zone such as "Europe/Berlin".')
    return name


def _moment(text: str | None, zone: str) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        _refuse(f"--now: {text!r} is not a moment such as 2026-12-01T09:00:00+01:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _refuse(message: str) -> NoReturn:
    aside(f"[red]error:[/] {plain(message)}")
    raise typer.Exit(2)
