"""nudger.toml as `nudger init` writes it: whole where there is none, else only what was answered.

What an admin wrote by hand stays as it is, comments and order included.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.items import InlineTable

from nudger.admin.replaced_file import replace
from nudger.admin.setup.answers import KEEP, OWN, Answers
from nudger.config import ConfigProblem, Settings, load_settings
from nudger.domain.commitment import Milestone
from nudger.domain.starter_milestones import MilestoneList, starter_milestones

STARTER = """\
# Nudger's settings. Every key is explained in docs/configuration.md.
# Environment variables override: NUDGER_WRITE_BACK, NUDGER_SCAN__EVERY_SECONDS, ...

# "meeting": answers go into the meeting's description, where its guests can read them.
# "private": they go into a private event on the rep's own calendar.
write_back = "private"

# "organization": one shared mailbox asks and listens. "personal": one rep, own consent.
mode = "organization"

# Where reps live unless their calendar or `nudger reps` says otherwise.
time_zone = "UTC"

# The language of mails, unless `nudger reps` says otherwise.
language = "en"

database = "sqlite:///nudger.db"
credentials = "credentials.json"
key_file = "nudger.key"
# templates = "my-templates"      # your own mail templates, file by file

[google]
# mailbox = "nudger@yourcompany.com"     # the shared mailbox that asks and listens
# api_root = "http://127.0.0.1:8080"     # another server in place of Google's

[microsoft]
# mailbox = "nudger@yourcompany.com"     # the shared mailbox that asks and listens
# outlook_may_notify_guests = false      # true lets Outlook mail every guest on each write
# out_of_reach = "ceo@yourcompany.com"   # a mailbox that must be refused to us

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

[admin]
# mail = "you@yourcompany.com"    # gets, once a week, the outside domains that are new

[meetings]
# watch = "review"                # outside domains that you have not listed; "everybody", "listed"
private = "skip"
all_day = "customers"   # onsites: "customers" (a listed one has accepted), "ask" or "skip"
long = "customers"      # the same, of what is longer than max_hours
max_hours = 8
max_guests = 30
# series = "first"                # of a series, only the first date; or a number: every n-th
# title_words = ["kickoff internal"]    # beside bundled ones such as "interview"
# bundled_title_words = true      # false: only your own

# The steps of your sales process, in order; reps answer with a number or a name.
[[milestones]]
name = "First call"

# What is different for some of the reps (docs/configuration.md#teams).
# [[teams]]
# name = "emea"
# language = "de"
# ask = { lead_hours = 6, country = "DE" }
"""

_PLAIN_KEYS = ("write_back", "time_zone", "language")
_MILESTONES = "[[milestones]]"
_TABLE = re.compile(r"\s*\[")
_COMMENT = re.compile(r"\s*(?:#.*)?$")


def answered_in(text: str) -> Answers:
    """What the text of a settings' file answers already; it is TOML."""
    there = tomllib.loads(text)
    found = {key: str(there[key]) for key in _PLAIN_KEYS if key in there}
    mailboxes = {name: _mailbox(there, name) for name in ("google", "microsoft")}
    provider = next((name for name, mailbox in mailboxes.items() if mailbox), None)
    if provider is not None:
        found["provider"], found["mailbox"] = provider, mailboxes[provider] or ""
    if there.get("mode") == "personal":
        found["mailbox"] = OWN
    if there.get("milestones"):
        found["milestones"] = KEEP
    return found


def _mailbox(there: Mapping[str, Any], provider: str) -> str | None:
    section = there.get(provider)
    found = section.get("mailbox") if isinstance(section, Mapping) else None
    return found if isinstance(found, str) else None


def with_answers(text: str | None, answers: Answers) -> str:
    """The file's text, which is TOML, with these answers in it; `None` for a file to begin with.

    Raises `ConfigProblem` where its milestones shall change and are written in another way.
    """
    which = answers.get("milestones", MilestoneList.NEW_BUSINESS if text is None else KEEP)
    document: Any = tomlkit.parse(STARTER if text is None else text)
    for key in _PLAIN_KEYS:
        if key in answers:
            _set(document, key, answers[key])
    _set_mailbox(document, answers)
    written = tomlkit.dumps(document)
    if which == KEEP:
        return written
    language = str(document.get("language", "en"))
    return with_milestones(written, starter_milestones(language, MilestoneList(which)))


def begun(public_url: str) -> str:
    """A file that leaves every question of the set-up open, for the console to ask."""
    text = STARTER
    for key in (*_PLAIN_KEYS, "milestones"):
        text = with_setting(text, [key], None)
    return with_pages_at(text, public_url)


def with_pages_at(text: str, public_url: str) -> str:
    """The file's text with the address at which browsers reach the pages; on this machine alone,
    that is where they listen as well."""
    port = _own_port(public_url)
    if port is not None:
        text = with_setting(text, ["web", "address"], f"127.0.0.1:{port}")
    return with_setting(text, ["web", "public_url"], public_url)


def _own_port(url: str) -> int | None:
    """The port of an address on this machine; whether it is one at all is for the settings."""
    try:
        there = urlsplit(url)
        return there.port if there.hostname in ("127.0.0.1", "localhost") else None
    except ValueError:
        return None


def with_milestones(text: str, milestones: Sequence[Milestone]) -> str:
    """The file's text, which is TOML, with these milestones in the place of its own.

    Raises `ConfigProblem` where they are written in another way than as tables.
    """
    plain = text.replace("\r\n", "\n")
    changed = _with_tables(plain, "\n".join(map(_milestone_table, milestones)))
    return changed if plain == text else changed.replace("\n", "\r\n")


def _set_mailbox(document: Any, answers: Answers) -> None:
    mailbox = answers.get("mailbox")
    if mailbox is None:
        return
    personal = mailbox == OWN
    if personal or "mode" in document:
        _set(document, "mode", "personal" if personal else "organization")
    if not personal:
        provider = answers.get("provider", "google")
        if provider not in document:
            document[provider] = tomlkit.table()
        _set(document[provider], "mailbox", mailbox)


def _set(table: Any, key: str, value: str) -> None:
    """What stands there already keeps its form and its comment."""
    if table.get(key) != value:
        table[key] = value


def _milestone_table(one: Milestone) -> str:
    aliases = ", ".join(map(_quoted, one.aliases))
    also = f"aliases = [{aliases}]\n" if aliases else ""
    return f"{_MILESTONES}\nname = {_quoted(one.name)}\nexit = {_quoted(one.exit)}\n{also}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _with_tables(text: str, tables: str) -> str:
    """The text with these milestones in place of its own; comments between the old ones stay, below
    the new ones. Raises `ConfigProblem` where the old ones are not written as tables."""
    lines = text.splitlines(keepends=True)
    old = set(_milestone_lines(lines))
    at = min(old, default=len(lines))
    after = "".join(line for number, line in enumerate(lines) if number > at and number not in old)
    rest = f"\n{after.lstrip()}" if after.strip() else ""
    written = f"{''.join(lines[:at])}{'' if old else chr(10)}{tables}{rest}"
    wanted = {**tomllib.loads(text), **tomllib.loads(tables)}
    if not tables:
        wanted.pop("milestones", None)
    if not says(written, wanted):
        raise ConfigProblem("its milestones are not [[milestones]] tables: change them by hand")
    return written


def says(text: str, wanted: Mapping[str, Any]) -> bool:
    """Whether a text is TOML that means this."""
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _milestone_lines(lines: list[str]) -> Iterator[int]:
    """The lines that say something of milestones; not the comments and blanks among them."""
    within = False
    for number, line in enumerate(lines):
        if _TABLE.match(line):
            within = line.strip().startswith(_MILESTONES)
        if within and not _COMMENT.fullmatch(line.rstrip("\n")):
            yield number


def with_setting(text: str, path: Sequence[str], value: Any) -> str:
    """The file's text, which is TOML, with this setting in it; `None` takes it out."""
    document: Any = tomlkit.parse(text)
    put_setting(document, path, value)
    return tomlkit.dumps(document)


def put_setting(within: Any, path: Sequence[str], value: Any) -> None:
    """Put a setting into a table, whose own form and comments stay; `None` takes it out."""
    for part in path[:-1]:
        if part not in within:
            if value is None:
                return
            is_inline = isinstance(within, InlineTable)
            within[part] = tomlkit.inline_table() if is_inline else tomlkit.table()
        within = within[part]
    if value is None:
        within.pop(path[-1], None)
    elif within.get(path[-1]) != value:
        within[path[-1]] = value


def line_for(path: Sequence[str], written: str) -> str:
    """What to write by hand for a setting."""
    table = f"[{'.'.join(path[:-1])}]\n" if len(path) > 1 else ""
    return f"{table}{path[-1]} = {written}"


def write_settings(file: Path, text: str, load: Callable[[Path], Settings] = load_settings) -> None:
    """Put the text in place of the file once `load` found it good. Raises `ConfigProblem`,
    `OSError`."""

    def judge(fresh: Path) -> None:
        try:
            load(fresh)
        except ConfigProblem as problem:
            raise ConfigProblem(str(problem).replace(str(fresh), str(file))) from problem

    replace(file, text, judge)
