"""Reps as admins enter them: one by one, or many from a spreadsheet's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from nudger.admin.spreadsheet import NotAList, Row
from nudger.config import Settings
from nudger.domain.addresses import read_address
from nudger.domain.domains import PartyKind, foreign_domain
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason, StepName
from nudger.domain.zones import known_zone
from nudger.jobs.planning.calendar_hours import retime_if_changed
from nudger.mail.catalogue import is_language
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules, load_rules
from nudger.store import audit, people
from nudger.store.people import NewRep, Rep

COLUMNS = (
    "email", "name", "provider", "time_zone", "country", "language", "aliases", "team", "manager",
)  # fmt: skip


class WrongRep(ValueError):
    """What was entered cannot be saved; one line that says why."""


class WrongValue(WrongRep):
    """The same of a single value, whatever else is there."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What was said of one rep: `given` holds the fields of `NewRep` that were named, and only
    these change for a rep who is known."""

    email: str
    given: Mapping[str, Any]

    def onto(self, known: Rep | None) -> NewRep:
        before = NewRep(self.email, Provider.GOOGLE) if known is None else people.as_entered(known)
        return replace(before, **self.given)


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line of a file, counted from 1 as in an editor, and what is wrong with it."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The reps that were added or changed, how many are new, and the domains of theirs that are
    not listed as ours, by address."""

    reps: list[Rep]
    new: int
    foreign: Mapping[str, str]


def read_entry(row: Mapping[str, str | None]) -> Entered:
    """One rep from its columns; a value of `None` is not given, an empty one clears. Raises
    `WrongRep`."""
    email = _address(row["email"] or "")
    texts = {name: text.strip() for name in COLUMNS if (text := row.get(name)) is not None}
    given = {name: _value(name, text) for name, text in texts.items() if name != "email"}
    if given.get("manager") == email:
        raise WrongRep(f"{email} cannot be their own manager.")
    return Entered(email, given)


def read_entries(rows: Sequence[Row]) -> tuple[list[Entered], list[WrongLine]]:
    """The reps of a file whose first line names the columns, and the lines that are wrong. Raises
    `NotAList`."""
    header = [name.strip().lower() for name in _without_blank_end(rows[0].cells)]
    if "email" not in header or not set(header) <= set(COLUMNS):
        columns = ", ".join(COLUMNS)
        raise NotAList(f"the first line must name columns of {columns}; found {header}.")
    entered: list[Entered] = []
    wrong: list[WrongLine] = []
    for row in rows[1:]:
        try:
            entered.append(_entry_of(header, row))
        except WrongRep as problem:
            wrong.append(WrongLine(row.line, str(problem)))
    return entered, wrong


def save_reps(
    tx: Connection, settings: Settings, entered: Sequence[Entered], now: datetime
) -> Saved:
    """Add or change these reps; questions of others whose hours change are timed anew. Raises
    `WrongRep`: then the transaction must not count."""
    before = people.list_reps(tx)
    known = {rep.email for rep in before}
    _know_the_teams(settings, {one.given["team"] for one in entered if one.given.get("team")})
    saved = [people.add_rep(tx, one.onto(people.find_rep(tx, one.email)), now) for one in entered]
    managers = {one.given["manager"] for one in entered if one.given.get("manager")}
    _check_managers(settings, tx, managers)
    rules = load_rules(tx, settings)
    for rep in before:
        retime_if_changed(tx, rules, rep, now)
    new = sum(rep.email not in known for rep in saved)
    detail = {"added": new, "changed": len(saved) - new}
    audit.record(tx, audit.Step(StepName.CONTROL, Reason.REPS_CHANGED, detail=detail), now)
    foreign = {rep.email: foreign_domain(rules.judging(rep).rules, rep.email) for rep in saved}
    return Saved(saved, new, {rep: domain for rep, domain in foreign.items() if domain})


def try_reps(ctx: Context, entered: Sequence[Entered]) -> Saved:
    """What saving them would do; nothing is changed. Raises `WrongRep`."""
    tried: list[Saved] = []
    try:
        with ctx.database.begin() as tx:
            tried.append(save_reps(tx, ctx.settings, entered, ctx.clock()))
            raise _OnlyTried
    except _OnlyTried:
        return tried[0]


class _OnlyTried(Exception):
    """Rolls back what was tried."""


def _entry_of(header: Sequence[str], row: Row) -> Entered:
    if len(_without_blank_end(row.cells)) > len(header):
        raise WrongRep(
            "more cells than the first line has; put quotes around a comma in one."
        )  # fmt: skip
    return read_entry(dict(zip(header, row.cells, strict=False)))


def _without_blank_end(cells: list[str]) -> list[str]:
    """The cells up to the last that holds something: spreadsheets add blank ones to any row."""
    last = max((at for at, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _value(column: str, text: str) -> str | Provider | tuple[str, ...] | None:
    match column:
        case "name":
            return text
        case "aliases":
            return tuple(text.lower().replace(";", " ").split())
        case "provider":
            return _provider(text.lower() or Provider.GOOGLE)
        case "manager" if text:
            return _address(text)
        case "time_zone" if text and known_zone(text) is None:
            raise WrongValue(f"{text!r} is not a time zone such as Europe/Berlin.")
        case "language" if text and not is_language(text):
            raise WrongValue(f"{text!r} is not a language such as de.")
        case "language":
            return text.lower() or None
        case "country":
            return text.upper() or None
    return text or None


def _provider(text: str) -> Provider:
    try:
        return Provider(text)
    except ValueError as error:
        raise WrongValue(f"provider {text!r} is neither google nor microsoft.") from error


def _address(text: str) -> str:
    address = read_address(text)
    if address is None:
        raise WrongValue(f"{text!r} is not a mail address.")
    return address


def _know_the_teams(settings: Settings, given: set[str]) -> None:
    known = [team.name for team in settings.teams]
    unknown = sorted(given - set(known))
    if unknown:
        have = f"there are {', '.join(known)}" if known else "there are none yet"
        names = ", ".join(unknown)
        raise WrongRep(f"team {names}: {have}. Add it under [[teams]] in nudger.toml.")


def _check_managers(settings: Settings, tx: Connection, managers: set[str]) -> None:
    """Refuse where numbers would leave the company or nobody mails them."""
    if managers and settings.mode == "personal":
        raise WrongRep(
            'a manager is mailed by the shared mailbox: there is none in mode = "personal".'
        )
    rules = load_domain_rules(tx, settings)
    for manager in sorted(managers):
        if rules.classify(manager).kind is not PartyKind.OURS:
            domain = manager.rpartition("@")[2]
            raise WrongRep(
                f"{manager} cannot be a manager: reps' numbers stay within your own domains. "
                f"Is it one?  nudger domains add ours {domain}"
            )
