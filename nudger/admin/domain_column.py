"""A CRM's list of accounts: the domains in it, from any of the files that spreadsheets write.

The column is guessed from its heading, or, without one, is the one that holds most domains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nudger.admin.spreadsheet import NotAList, Row, read_rows
from nudger.domain.bundled import freemail_domains
from nudger.domain.domain_names import registrable
from nudger.domain.domains import clean_entry

_HEADINGS = (
    ("domain", "domains", "domain name", "company domain", "company domain name", "email domain",
     "website domain", "domäne", "domaine", "dominio", "domínio", "domein"),
    ("website", "web site", "web", "url", "homepage", "company website", "account website",
     "www", "webseite", "internetseite", "site web", "site", "sitio web", "página web", "sito web",
     "sito"),
    ("email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse",
     "contact email", "correo", "correo electrónico", "courriel", "adresse e-mail", "e-mailadres",
     "account email"),
    ("account name", "account", "company", "company name", "name"),
)  # fmt: skip
"""What columns are called, the most certain first; in small letters."""

_OTHERS_PAGES = frozenset({
    "linkedin.com", "facebook.com", "instagram.com", "twitter.com", "x.com", "xing.com",
    "youtube.com", "google.com", "wikipedia.org", "crunchbase.com", "github.com", "tiktok.com",
})  # fmt: skip
"""Where companies have a page: its address is not theirs."""

_SEVERAL = re.compile(r"[;,|\s]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "null", "unknown", "#n/a", "?"})


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line, counted from 1 as in an editor, with what stands there."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class AccountList:
    """`entries` are domains, and addresses at freemail services, each with its first line; `column`
    is what they were read from; `blank` counts the lines that name none."""

    entries: dict[str, int]
    column: str
    lines: int
    blank: int
    problems: tuple[NotUnderstood, ...]


def read_accounts(content: bytes, column: str | None = None) -> AccountList:
    """Read the list; `column` is the heading of the one that holds the domains, where the guess is
    wrong. Raises `NotAList`."""
    rows = read_rows(content)
    at, has_heading = _column(rows, column)
    heading = rows[0].cells[at].strip() if has_heading else f"column {at + 1}"
    entries: dict[str, int] = {}
    problems: list[NotUnderstood] = []
    blank = 0
    accounts = rows[1:] if has_heading else rows
    for row in accounts:
        cell = row.cells[at].strip() if at < len(row.cells) else ""
        if cell.casefold() in _NOTHING:
            blank += 1
            continue
        for part in filter(None, _SEVERAL.split(cell)):
            try:
                entries.setdefault(_entry(part), row.line)
            except ValueError as problem:
                problems.append(NotUnderstood(row.line, part, str(problem)))
    return AccountList(entries, heading, len(accounts), blank, tuple(problems))


def _column(rows: Sequence[Row], wanted: str | None) -> tuple[int, bool]:
    """Which column holds the domains, and whether the first row is one of headings."""
    headings = [cell.strip().casefold() for cell in rows[0].cells]
    if wanted is not None:
        if wanted.strip().casefold() not in headings:
            named = ", ".join(cell for cell in rows[0].cells if cell.strip())
            raise NotAList(f"there is no column {wanted!r}. There are: {named}.")
        return headings.index(wanted.strip().casefold()), True
    named_columns = [headings.index(one) for names in _HEADINGS for one in names if one in headings]
    counts = {at: _domains_in(rows[1:], at) for at in named_columns}
    best = next((at for at in named_columns if counts[at] * 2 >= max(counts.values()) > 0), None)
    if best is not None:
        return best, True
    width = max(len(row.cells) for row in rows)
    at = max(range(width), key=lambda at: _domains_in(rows, at))
    if not _domains_in(rows, at):
        raise NotAList("no column holds domains, websites or mail addresses; name one: --column")
    return at, not _is_entry(rows[0].cells[at] if at < len(rows[0].cells) else "")


def _domains_in(rows: Sequence[Row], at: int) -> int:
    return sum(at < len(row.cells) and _is_entry(row.cells[at]) for row in rows[:200])


def _is_entry(cell: str) -> bool:
    parts = [part for part in _SEVERAL.split(cell.strip()) if part]
    try:
        return bool(parts) and bool(_entry(parts[0]))
    except ValueError:
        return False


def _entry(part: str) -> str:
    """A website, a domain or an address as an entry of the list. Raises `ValueError` with why it
    is none."""
    local, at, host = part.rpartition("@")
    page = ""
    if not at:
        whole = _SCHEME.sub("", part, count=1)
        host = re.split(r"[/?#]", whole, maxsplit=1)[0]
        page = whole.removeprefix(host).strip("/")
        host = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    host = host.strip(".<>\"'()").lower()
    if not re.fullmatch(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+", host):
        raise ValueError("no domain")
    if host.replace(".", "").isdecimal():
        raise ValueError("a number, not a domain")
    try:
        domain = registrable(clean_entry(host))
    except ValueError as error:
        raise ValueError("everybody's, not a company's") from error
    if domain in _OTHERS_PAGES and page:
        raise ValueError(f"a page at {domain}, not a domain of theirs")
    if domain in freemail_domains():
        if not local:
            raise ValueError("a freemail service: list the address")
        return clean_entry(f"{local.removeprefix('mailto:').strip('<')}@{domain}")
    return domain
