"""`nudger try`: what Nudger would ask about, read from an exported calendar."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from icalendar import Event as Entry

from nudger.cli.app import app
from nudger.cli.console import (
    aside,
    plain,
    print_json,
    print_table,
    say,
    with_progress,
    write_file,
)  # fmt: skip
from nudger.domain.addresses import read_address
from nudger.domain.bundled import freemail_domains
from nudger.domain.domains import clean_entry
from nudger.domain.reasons import Reason
from nudger.domain.watching import Watch
from nudger.domain.zones import known_zone
from nudger.ics.load import NotACalendar, find_files, read_files
from nudger.ics.occurrences import occurrences
from nudger.ics.trial import Judged, TrialRules, count_unlisted, judge_all
from nudger.ics.trial_page import Trial, trial_page

MOST_NOTES = 20
MOST_DOMAINS = 20
Domains = Annotated[list[str] | None, typer.Option(metavar="DOMAIN")]


@app.command(
    "try",
    epilog="Example:  nudger try calendar.ics --me ana@ourco.com --customer acme.com --preview",
)
def try_calendar(
    files: Annotated[list[Path], typer.Argument(help=".ics files, or folders of them.")],
    me: Annotated[str, typer.Option(help="Whose calendar it is.", metavar="EMAIL")],
    ours: Domains = None,
    partner: Annotated[list[str] | None, typer.Option(metavar="DOMAIN|ADDRESS")] = None,
    customer: Domains = None,
    never: Domains = None,
    watch: Annotated[
        Watch, typer.Option(help="Which unlisted domains are watched.")
    ] = Watch.REVIEW,
    now: Annotated[
        str | None, typer.Option(help="Pretend it is this moment.", metavar="ISO")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How far to look ahead.")] = 14,
    time_zone: Annotated[str | None, typer.Option(help="Yours, if not the calendar's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the events as JSON.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(help="Write events, notes and domains as one JSON object; - prints it."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one self-contained page; - prints it.")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show the mails too.")] = False,
) -> None:
    """Say of each event in an exported calendar whether it would be asked about, why, and when.

    No account and no configuration are needed; nothing leaves this machine. Without --ours, your
    own address's domain is ours. With --watch listed, only the domains of --customer are watched.
    Whatever had to be assumed of a time zone is said.
    """
    address = _address(me)
    entries = _entries(address, ours, partner, customer, never)
    try:
        exported = read_files(with_progress(find_files(files), "Reading files"))
    except NotACalendar as problem:
        _refuse(str(problem))
    zone = _zone(time_zone) if time_zone else exported.zone or "UTC"
    begin = _moment(now, zone)
    window = (begin, begin + timedelta(days=days))
    rules = TrialRules(address, entries, ZoneInfo(zone), watch)
    dates = occurrences(exported, address, window, zone, _watched)
    trial = Trial(rules, window, judge_all(dates.events, rules, begin), dates)
    _show_notes(trial, known=bool(time_zone or exported.zone))
    _write(trial, report, html)
    printed = "-" in (str(report), str(html))
    if as_json:
        print_json(trial.rows())
    elif not printed:
        _show(trial, begin, previews=preview)


def _watched(named: Collection[tuple[str, list[Entry]]]) -> Iterable[tuple[str, list[Entry]]]:
    return with_progress(named, "Looking at events")


def _show_notes(trial: Trial, *, known: bool) -> None:
    notes = trial.notes
    if not known:
        notes.append("no time zone is given: UTC is taken; --time-zone says another")
    for line in notes[:MOST_NOTES]:
        aside(f"[yellow]note:[/] {plain(line)}")
    if len(notes) > MOST_NOTES:
        aside(f"[yellow]note:[/] and {len(notes) - MOST_NOTES} more like these")


def _write(trial: Trial, report: Path | None, html: Path | None) -> None:
    if report is not None:
        text = json.dumps(trial.as_json(), ensure_ascii=False, indent=2) + "\n"
        write_file(report, text, ".")
    if html is not None:
        write_file(html, trial_page(trial), ": open it in a browser.")


def _show(trial: Trial, now: datetime, *, previews: bool) -> None:
    rows = [_row(one, trial.rules) for one in trial.judged]
    print_table(("START", "TITLE", "", "WHY", "CUSTOMER", "ASKED AT"), rows, "No events.")
    asked, late = trial.asked, trial.too_late
    others = len(trial.judged) - len(asked) - late
    too_late = f"{late} too late to ask, " if late else ""
    say(f"\n[bold]{len(asked)}[/] to ask about, {too_late}{others} not.")
    say(f"Times and working hours are those of {plain(trial.rules.zone.key)}.")
    _show_unlisted(trial)
    if previews:
        _show_previews(asked, trial.rules, now)


def _show_previews(asked: Iterable[Judged], rules: TrialRules, now: datetime) -> None:
    from nudger.ics.preview import preview_text  # noqa: PLC0415 - the mails are much to import

    for one in asked:
        say("\n" + "─" * 60)
        say(plain_lines(preview_text(one, rules, now)))


def _show_unlisted(trial: Trial) -> None:
    unlisted = count_unlisted(trial.judged)
    if unlisted:
        say("\nOutside domains that are in no list: customer, partner or never?")
    for domain, count in unlisted[:MOST_DOMAINS]:
        say(f"  {count:4}  nudger domains add customer {plain(domain)}")
    if len(unlisted) > MOST_DOMAINS:
        say(f"        and {len(unlisted) - MOST_DOMAINS} more: --report tells them all")


def plain_lines(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines())


def _row(one: Judged, rules: TrialRules) -> tuple[str, ...]:
    start = one.event.start.astimezone(rules.zone)
    asked = [at.astimezone(rules.zone) for at in one.ask_at]
    return (
        f"{start:%a %d %b %H:%M}",
        one.event.title[:50],
        "late" if one.reason == Reason.TOO_LATE else one.verdict.decision.value,
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
