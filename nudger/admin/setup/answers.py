"""What may be answered to each question of `nudger init`, and what is wrong with what may not.

A reader takes what was typed and what was answered before it. It returns the answer in the form in
which it is kept, or raises `Unfit` with a sentence that says what is wrong.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn
from zoneinfo import available_timezones

from nudger.domain.addresses import read_address
from nudger.domain.bundled import freemail_domains
from nudger.domain.domain_names import a_label, parents
from nudger.domain.domains import clean_entry
from nudger.domain.event import Provider
from nudger.domain.starter_milestones import LANGUAGES, MilestoneList
from nudger.domain.zones import iana_name, known_zone
from nudger.mail.token import TOKEN_BYTES, new_token, reply_address

OWN = "own"
"""Each rep's own mailbox asks: the personal mode."""
KEEP = "keep"
PROVIDERS = (Provider.GOOGLE.value, Provider.MICROSOFT.value)
WRITE_BACK = ("meeting", "private")

Answers = Mapping[str, str]
"""The answers so far by the question's key; what is missing is not answered."""

Reader = Callable[[str, Answers], str]


class Unfit(ValueError):
    """What was typed is no answer; one sentence that says why."""


def one_of(choices: Iterable[str]) -> Reader:
    """One of these words, or the beginning of a single one."""
    known = tuple(choices)

    def read(text: str, _before: Answers) -> str:
        wanted = text.strip().lower()
        if wanted in known:
            return wanted
        meant = [one for one in known if wanted and one.startswith(wanted)]
        if len(meant) != 1:
            _unfit(f"{_shown(text)} is none of {', '.join(known)}.")
        return meant[0]

    return read


read_provider = one_of(PROVIDERS)
read_write_back = one_of(WRITE_BACK)
read_language = one_of(LANGUAGES)
read_milestones = one_of((*(one.value for one in MilestoneList), KEEP))


def read_mailbox(text: str, _before: Answers) -> str:
    """A shared mailbox's address, or `OWN`."""
    if text.strip().lower() == OWN:
        return OWN
    address = _address(text)
    domain = address.rpartition("@")[2]
    if domain in freemail_domains():
        _unfit(
            f"{domain} is open to everybody: a shared mailbox lives in your own organization. "
            f'Type "{OWN}" to connect your own account in its place.'
        )
    try:
        reply_address(address, new_token(lambda count: bytes(count or TOKEN_BYTES)))
    except ValueError:
        _unfit(f"{address} is too long before the @: replies carry 35 more characters there.")
    return address


def read_domains(text: str, _before: Answers) -> str:
    """Domains, or single addresses of one's own, with blanks between."""
    entries = dict.fromkeys(_entry(one) for one in text.replace(",", " ").split())
    if not entries:
        _unfit("At least one domain is needed.")
    return " ".join(entries)


def _entry(text: str) -> str:
    try:
        entry = clean_entry(text)
    except ValueError as problem:
        raise Unfit(str(problem)) from problem
    if entry in freemail_domains():
        _unfit(f"{entry} is open to everybody: type your whole address in its place.")
    return entry


def read_time_zone(text: str, _before: Answers) -> str:
    """An IANA name; Windows' names are understood."""
    name = text.strip().replace(" ", "_") if "/" in text else text.strip()
    if name and known_zone(name) is not None and name in available_timezones():
        return name
    found = iana_name(text.strip()) if text.strip() else None
    if found is not None and found != "UTC":
        return found
    likely = _zones_like(name)
    hint = f" Did you mean {' or '.join(likely)}?" if likely else " One is Europe/Berlin."
    raise Unfit(f"{_shown(text)} is not a time zone.{hint}")


def _zones_like(text: str) -> list[str]:
    """Zones whose city this is, or nearly is."""
    wanted = text.rpartition("/")[2].replace(" ", "_").casefold()
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(available_timezones())}
    close = difflib.get_close_matches(wanted, cities, n=2, cutoff=0.8)
    return [cities[wanted]] if wanted in cities else [cities[one] for one in close]


def read_rep(text: str, before: Answers) -> str:
    """An address at one of the domains that are ours, other than the mailbox that asks; empty for
    nobody yet."""
    if not text.strip():
        return ""
    address = _address(text)
    if address == before.get("mailbox"):
        _unfit(f"{address} is the mailbox that asks: it cannot be asked as well.")
    ours = before.get("domains", "").split()
    domain = address.rpartition("@")[2]
    is_ours = address in ours or any(one in ours for one in parents(a_label(domain)))
    if ours and not is_ours:
        _unfit(f"{domain} is not among your own domains, {', '.join(ours)}.")
    return address


def _address(text: str) -> str:
    address = read_address(text)
    if address is None:
        _unfit(f"{_shown(text)} is not a mail address such as nudger@yourcompany.com.")
    return address


def _shown(text: str) -> str:
    return f'"{text.strip()[:60]}"' if text.strip() else "An empty line"


def _unfit(message: str) -> NoReturn:
    raise Unfit(message)
