"""`nudger reps`: whose customer meetings are watched."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy import Connection

from nudger.admin.forget import forget
from nudger.admin.spreadsheet import NotAList, Row, read_rows
from nudger.cli.app import app
from nudger.cli.console import aside, fail, plain, print_json, print_table, refuse, say
from nudger.cli.privacy import show_left
from nudger.cli.startup import opened, opened_database, settings_of
from nudger.config import Settings
from nudger.domain.addresses import read_address
from nudger.domain.domains import PartyKind, foreign_domain
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason
from nudger.domain.working_hours import WEEKDAYS
from nudger.domain.zones import known_zone
from nudger.jobs.planning.calendar_hours import retime_if_changed
from nudger.mail.catalogue import is_language
from nudger.runtime.context import current_time
from nudger.runtime.policies import Rules, for_rep, load_domain_rules, load_rules
from nudger.store import manager_stops, people
from nudger.store.people import NewRep, Rep

reps = typer.Typer(
    no_args_is_help=True,
    epilog="Example:  nudger reps add you@yourcompany.com --time-zone Europe/Berlin",
    help="The people whose customer meetings are watched.",
)
app.add_typer(reps, name="reps")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ProviderOption = Annotated[
    Provider | None, typer.Option(help="Where the rep's calendar is; google unless said.")
]
COMMAND_LINE = "the command line"
COLUMNS = (
    "email", "name", "provider", "time_zone", "country", "language", "aliases", "team", "manager",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """What was said of one rep: `given` holds the fields of `NewRep` that were named, and only
    these change for a rep who is known."""

    email: str
    given: Mapping[str, Any]

    def onto(self, known: Rep | None) -> NewRep:
        before = NewRep(self.email, Provider.GOOGLE) if known is None else people.as_entered(known)
        return replace(before, **self.given)


@reps.command("add", epilog="Example:  nudger reps add ana@ourco.com --time-zone Europe/Berlin")
def add(
    context: typer.Context,
    email: str,
    provider: ProviderOption = None,
    name: Annotated[str | None, typer.Option(help="As it stands in a mail.")] = None,
    time_zone: Annotated[str | None, typer.Option(help='As in "Europe/Berlin".')] = None,
    country: Annotated[str | None, typer.Option(help='For public holidays, as in "DE".')] = None,
    language: Annotated[str | None, typer.Option(help='Of the mails, as in "de".')] = None,
    alias: Annotated[list[str] | None, typer.Option(help="Another address of theirs.")] = None,
    team: Annotated[str | None, typer.Option(help="One of the teams in nudger.toml.")] = None,
    manager: Annotated[
        str | None, typer.Option(help="Who gets their weekly numbers too, once they were told.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Watch this rep's calendar, or change a rep who is known.

    Of a known rep only what is given changes; an empty one, as in --team "", is cleared.
    """
    row = {
        "email": email, "name": name, "provider": provider, "time_zone": time_zone,
        "country": country, "language": language, "aliases": " ".join(alias) if alias else None,
        "team": team, "manager": manager,
    }  # fmt: skip
    _save(context, [_entered(row, COMMAND_LINE)], as_json=as_json)


@reps.command("import", epilog="Example:  nudger reps import team.csv")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV with a header line, or - for standard input.")],
    as_json: AsJson = False,
) -> None:
    """Add or change many reps from CSV.

    The first line names the columns: email, name, provider, time_zone, country, language, aliases,
    team, manager.

    Commas, semicolons or tabs, in any encoding that Excel writes.

    Only email must be there. Of a known rep an absent column changes nothing, and an empty cell
    clears. Nothing is saved when a line is wrong.
    """
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        rows = read_rows(content)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    except NotAList as problem:
        fail(f"{file}: {problem}")
    _save(context, list(_all_entered(rows, str(file))), as_json=as_json)


@reps.command("remove", epilog="Example:  nudger reps remove ana@ourco.com")
def remove(context: typer.Context, email: str, as_json: AsJson = False) -> None:
    """Stop watching this rep and forget everything about them, as `nudger forget` does."""
    with opened(context) as ctx:
        with ctx.database.read() as tx:
            known = people.find_rep(tx, email.lower())
        if known is None:
            fail(f"{email} is not a rep. See `nudger reps list`.")
        done = forget(ctx, known.email)
    if as_json:
        print_json({"removed": known.email, **asdict(done)})
    else:
        say(f"{plain(known.email)} is no longer watched, and forgotten.")
        show_left(done)


@reps.command("list", epilog="Example:  nudger reps list --json")
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every rep and their state."""
    with opened_database(context) as database, database.read() as tx:
        settings, known = settings_of(context), people.list_reps(tx)
        stopped = manager_stops.all_stopped(tx)
    if as_json:
        print_json([_as_json(settings, rep, stopped) for rep in known])
        return
    zones = [for_rep(settings, rep).hours.zone_shown for rep in known]
    rows = [
        (r.email, r.name, r.provider, zone, _team(settings, r),
         _manager(settings, r, stopped), r.state,
         r.state_reason or "")
        for r, zone in zip(known, zones, strict=True)
    ]  # fmt: skip
    used = [n for n, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    columns = ("EMAIL", "NAME", "PROVIDER", "TIME ZONE", "TEAM", "MANAGER", "STATE", "WHY")
    empty = "No reps yet. Start with:  nudger reps add you@yourcompany.com"
    print_table([columns[n] for n in used], [[row[n] for n in used] for row in rows], empty)


def _team(settings: Settings, rep: Rep) -> str:
    if rep.team is None or settings.team(rep.team):
        return rep.team or ""
    return f"{rep.team} (not in nudger.toml)"


def _manager(settings: Settings, rep: Rep, stopped: Mapping[str, Reason]) -> str:
    """With what keeps them from numbers, and whether the rep lets them read their calls."""
    manager = for_rep(settings, rep).manager
    if manager is None:
        return ""
    said = [stopped[manager].value] if manager in stopped else []
    said += [] if manager == rep.disclosed_manager else ["not told yet"]
    said += ["reads the calls"] if manager == rep.shared_with else []
    return f"{manager} ({', '.join(said)})" if said else manager


def _all_entered(rows: Sequence[Row], file: str) -> Iterator[Entered]:
    header = [name.strip().lower() for name in _without_blank_end(rows[0].cells)]
    unknown = [name for name in header if name not in COLUMNS]
    if "email" not in header or unknown:
        fail(f"{file}: the first line must name columns of {', '.join(COLUMNS)}; found {header}.")
    for row in rows[1:]:
        place = f"{file}, line {row.line}"
        if len(_without_blank_end(row.cells)) > len(header):
            fail(f"{place}: more cells than the first line has; put quotes around a comma in one.")
        yield _entered(dict(zip(header, row.cells, strict=False)), place)


def _without_blank_end(cells: list[str]) -> list[str]:
    """The cells up to the last that holds something: spreadsheets add blank ones to any row."""
    last = max((at for at, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _entered(row: Mapping[str, str | None], place: str) -> Entered:
    """Check what the row has; a value of `None` is not given, an empty one clears."""
    email = _address(row["email"] or "", place)
    texts = {name: text.strip() for name in COLUMNS if (text := row.get(name)) is not None}
    given = {name: _value(name, text, place) for name, text in texts.items() if name != "email"}
    if given.get("manager") == email:
        fail(f"{place}: {email} cannot be their own manager.")
    return Entered(email, given)


def _value(column: str, text: str, place: str) -> str | Provider | tuple[str, ...] | None:
    match column:
        case "name":
            return text
        case "aliases":
            return tuple(text.lower().replace(";", " ").split())
        case "provider":
            return _provider(text.lower() or Provider.GOOGLE, place)
        case "manager" if text:
            return _address(text, place)
        case "time_zone" if text and known_zone(text) is None:
            _bad(place, f"{text!r} is not a time zone such as Europe/Berlin.")
        case "language" if text and not is_language(text):
            _bad(place, f"{text!r} is not a language such as de.")
        case "language":
            return text.lower() or None
        case "country":
            return text.upper() or None
    return text or None


def _bad(place: str, message: str) -> NoReturn:
    """A value is wrong: in what was typed, or in a file that was named."""
    end = refuse if place == COMMAND_LINE else fail
    end(f"{place}: {message}")


def _provider(text: str, place: str) -> Provider:
    try:
        return Provider(text)
    except ValueError:
        _bad(place, f"provider {text!r} is neither google nor microsoft.")


def _address(text: str, place: str) -> str:
    address = read_address(text)
    if address is None:
        _bad(place, f"{text!r} is not a mail address.")
    return address


def _save(context: typer.Context, entered: list[Entered], *, as_json: bool) -> None:
    now = current_time()
    with opened_database(context) as database, database.begin() as tx:
        settings, before = settings_of(context), people.list_reps(tx)
        _know_the_teams(settings, {one.given["team"] for one in entered if one.given.get("team")})
        saved = [
            people.add_rep(tx, one.onto(people.find_rep(tx, one.email)), now) for one in entered
        ]
        managers = {one.given["manager"] for one in entered if one.given.get("manager")}
        _check_managers(settings, tx, managers)
        rules, stopped = load_rules(tx, settings), manager_stops.all_stopped(tx)
        for rep in before:
            retime_if_changed(tx, rules, rep, now)
    _question_domains(rules, saved)
    if as_json:
        print_json([_as_json(settings, rep, stopped) for rep in saved])
    else:
        say(f"{len(saved)} rep{'s' * (len(saved) != 1)} watched: {plain(_names(saved))}")


def _question_domains(rules: Rules, saved: Iterable[Rep]) -> None:
    for rep in saved:
        if domain := foreign_domain(rules.judging(rep).rules, rep.email):
            aside(
                f"[yellow]warning:[/] {plain(domain)} is not listed as yours, so that "
                f"colleagues of {plain(rep.email)} there count as customers. Is it yours?  "
                f"nudger domains add ours {plain(domain)}"
            )


def _know_the_teams(settings: Settings, given: set[str]) -> None:
    known = [team.name for team in settings.teams]
    unknown = sorted(given - set(known))
    if unknown:
        have = f"there are {', '.join(known)}" if known else "there are none yet"
        fail(f"team {', '.join(unknown)}: {have}. Add it under [[teams]] in nudger.toml.")


def _check_managers(settings: Settings, tx: Connection, managers: set[str]) -> None:
    """Refuse, and so save nothing, where numbers would leave the company or nobody mails them."""
    if managers and settings.mode == "personal":
        fail('a manager is mailed by the shared mailbox: there is none in mode = "personal".')
    rules = load_domain_rules(tx, settings)
    for manager in sorted(managers):
        if rules.classify(manager).kind is not PartyKind.OURS:
            domain = manager.rpartition("@")[2]
            fail(
                f"{manager} cannot be a manager: reps' numbers stay within your own domains. "
                f"Is it one?  nudger domains add ours {domain}"
            )


def _names(saved: list[Rep]) -> str:
    return ", ".join(rep.email for rep in saved[:5]) + (" …" if len(saved) > 5 else "")


def _as_json(settings: Settings, rep: Rep, stopped: Mapping[str, Reason]) -> dict[str, Any]:
    chosen, manager = for_rep(settings, rep).hours, for_rep(settings, rep).manager
    hours = chosen.hours
    return {
        "email": rep.email,
        "name": rep.name,
        "provider": rep.provider.value,
        "time_zone": rep.time_zone,
        "works": {
            "time_zone": hours.zone.key,
            "time_zone_from": chosen.zone_from.value,
            "starts": f"{hours.starts:%H:%M}",
            "ends": f"{hours.ends:%H:%M}",
            "hours_from": chosen.hours_from.value,
            "days": [WEEKDAYS[day] for day in sorted(hours.days)],
            "days_from": chosen.days_from.value,
        },
        "country": rep.country,
        "language": rep.language,
        "aliases": list(rep.aliases),
        "team": rep.team,
        "manager": rep.manager,
        "disclosed_manager": rep.disclosed_manager,
        "shared_with": rep.shared_with,
        "manager_stopped": stopped[manager].value if manager and manager in stopped else None,
        "state": rep.state.value,
        "state_reason": rep.state_reason,
    }
