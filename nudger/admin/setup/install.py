"""Putting an installation in place by its answers: the settings' file, the key, the people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from nudger.admin.domain_changes import change_domains
from nudger.admin.rep_entry import Entered, save_reps
from nudger.admin.replaced_file import backup_of
from nudger.admin.setup.answers import Answers
from nudger.admin.setup.settings_file import (
    answered_in,
    begun,
    with_answers,
    with_pages_at,
    write_settings,
)
from nudger.config import ConfigProblem, Settings, load_begun, load_settings
from nudger.domain.domains import DomainKind
from nudger.domain.event import Provider
from nudger.store import people
from nudger.store.database import Database
from nudger.store.vault import new_key


@dataclass(frozen=True, slots=True)
class Known:
    """What is there already: in the settings' file, and who is in the database. `is_begun` tells
    that it has still to be said where answers are written."""

    text: str | None
    answers: Answers
    reps: int = 0
    is_begun: bool = False


def look(file: Path, *, anew: bool) -> Known:
    """What there is. `anew` leaves an existing file out of account.

    Raises `ConfigProblem` where it cannot be read, `OSError`.
    """
    if anew or not file.exists():
        return Known(None, {})
    text = file.read_bytes().decode("utf-8")
    try:
        settings = load_begun(file)
    except ConfigProblem as problem:
        says = f"Mend it, or start anew with --force: the old one is kept as {backup_of(file)}."
        raise ConfigProblem(f"{problem}\n{says}") from problem
    found = dict(answered_in(text))
    domains, reps = _people(settings)
    if domains:
        found["domains"] = " ".join(domains)
    return Known(text, found, reps, "write_back" not in settings.model_fields_set)


def _people(settings: Settings) -> tuple[list[str], int]:
    """Our domains, and the number of reps; nothing is made where there is no database yet."""
    file = settings.database.removeprefix("sqlite:///")
    if file != settings.database and not Path(file).exists():
        return [], 0
    database = Database(settings.database)
    try:
        database.upgrade()
        with database.read() as tx:
            listed = people.list_domains(tx)
            reps = len(people.list_reps(tx))
    finally:
        database.close()
    return [one for one, kind in listed.items() if kind == DomainKind.OURS.value], reps


def begin(file: Path, public_url: str) -> list[str]:
    """What pages need to be served, so that the console can ask the rest; returns a line for each
    thing that was done. Raises `ConfigProblem`, `OSError`."""
    known = look(file, anew=False)
    text = begun(public_url)
    if known.text is not None:
        text = with_pages_at(known.text, public_url)
    done = []
    if text != known.text:
        write_settings(file, text, load_begun)
        done = [f"{file}: {'begun' if known.text is None else f'pages at {public_url}'}"]
    return [*done, *_make_key(load_begun(file))]


def install(file: Path, known: Known, answers: Answers, now: datetime) -> list[str]:
    """Put in place what was answered; returns a line for each thing that was done.

    Raises `ConfigProblem`, `DatabaseProblem`, `OSError`.
    """
    done = [*_write(file, known, answers)]
    settings = load_settings(file)
    done += _make_key(settings)
    if answers.get("domains") or answers.get("rep"):
        done += _introduce(settings, answers, now)
    return done


def _write(file: Path, known: Known, answers: Answers) -> list[str]:
    try:
        text = with_answers(known.text, answers)
    except ConfigProblem as problem:
        raise ConfigProblem(f"{file}: {problem}.") from problem
    if text == known.text:
        return []
    write_settings(file, text)
    return [f"{file}: {'written' if known.text is None else _changes(known, answers)}"]


def _changes(known: Known, answers: Answers) -> str:
    changed = [
        f"{key.replace('_', ' ')} {answers[key]}"
        for key in ("provider", "mailbox", "write_back", "time_zone", "language", "milestones")
        if key in answers and answers[key] != known.answers.get(key)
    ]
    return f"changed: {', '.join(changed)}"


def _make_key(settings: Settings) -> list[str]:
    """None beside a database that has been sealed with another."""
    if settings.key or settings.key_command or settings.key_file.exists():
        return []
    database = Path(settings.database.removeprefix("sqlite:///"))
    if database.exists():
        return []
    settings.key_file.touch(mode=0o600, exist_ok=False)
    settings.key_file.write_text(new_key() + "\n")
    return [f"{settings.key_file}: made; keep a copy apart from the database's backups"]


def _introduce(settings: Settings, answers: Answers, now: datetime) -> list[str]:
    database = Database(settings.database)
    try:
        database.upgrade()
        with database.begin() as tx:
            done = list_ours(tx, answers.get("domains", "").split(), now)
            if email := answers.get("rep"):
                provider = Provider(answers.get("provider", Provider.GOOGLE))
                done += add_first_rep(tx, settings, email, provider, now)
            return done
    finally:
        database.close()


def list_ours(tx: Connection, entries: Iterable[str], now: datetime) -> list[str]:
    """List domains as ours; returns a line for each that was not listed so."""
    listed = people.list_domains(tx)
    new = [one for one in entries if listed.get(one) != DomainKind.OURS.value]
    if not new:
        return []
    change_domains(tx, dict.fromkeys(new, DomainKind.OURS.value), now)
    return [
        f"{one}: ours{f', and no {listed[one]} any more' if one in listed else ''}" for one in new
    ]


def add_first_rep(
    tx: Connection, settings: Settings, email: str, provider: Provider, now: datetime
) -> list[str]:
    """Watch somebody who is not watched yet; returns a line if so."""
    if people.find_rep(tx, email) is not None:
        return []
    save_reps(tx, settings, [Entered(email, {"provider": provider})], now)
    own = " from their own mailbox" if settings.mode == "personal" else ""
    return [f"{email}: watched, and asked{own}"]
