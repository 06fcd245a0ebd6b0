"""Domains: the review of those that nobody listed, the list, and a CRM's accounts from a file. What
would change of coming meetings is shown before it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from nudger.admin.domain_changes import Entries, change_domains, impact_of, in_words
from nudger.admin.domain_column import AccountList, read_accounts
from nudger.admin.domain_review import ANSWERS, put_off, review, say_kind, take_back
from nudger.admin.spreadsheet import NotAList
from nudger.domain.domains import DomainKind
from nudger.domain.impact import Impact
from nudger.domain.reasons import reason_of
from nudger.jobs.outgoing.unknown_domains import UnknownDomain
from nudger.mail.display import display_text
from nudger.store import outside, people
from nudger.web.console.desk import Desk
from nudger.web.console.domains_form import Change, ChangeForm, ListForm, ReviewForm, Said
from nudger.web.console.section import Section
from nudger.web.site import READ

A_PAGE, MOST_NEXT, MOST_SHOWN, LONGEST_TITLE = 100, 20, 20, 70
MOST_IMPORTED, A_FIELD = 200_000, 3000
"""How many entries are taken at once, and how many one field of a form holds."""
KINDS = {
    DomainKind.CUSTOMER: "customer",
    DomainKind.OURS: "ours",
    DomainKind.PARTNER: "partner",
    DomainKind.NEVER: "never asked about",
}
NO_FILE = "Choose a file: CSV, as a CRM or Excel saves it."
MEANWHILE = "{} was listed meanwhile, and stays as it is."


def _add_routes(router: APIRouter, desk: Desk) -> None:
    reviewing, listing, importing = _Review(desk), _List(desk), _Import(desk)
    router.add_api_route("", reviewing.page, methods=READ)
    router.add_api_route("/say", reviewing.say, methods=["POST"])
    router.add_api_route("/undo", reviewing.undo, methods=["POST"])
    router.add_api_route("/list", listing.page, methods=READ)
    router.add_api_route("/list", listing.change, methods=["POST"])
    router.add_api_route("/import", importing.page, methods=READ)
    router.add_api_route("/import", importing.look, methods=["POST"])
    router.add_api_route("/import-now", importing.do, methods=["POST"])


DOMAINS = Section(
    "domains", "Domains", _add_routes, uploads=frozenset({"import", "import-now"})
)  # fmt: skip


@dataclass(frozen=True)
class _Review:
    """One domain after the other, each said with one key or button."""

    desk: Desk

    def page(self, request: Request, said: str = "", kept: str = "") -> Response:
        found = review(self.desk.ctx)
        waiting = found.waiting
        values = {
            "tab": "review",
            "left": len(waiting),
            "current": _unknown(waiting[0]) if waiting else None,
            "answers": [
                {"key": key, "kind": kind.value, "would": _told(found.would[kind])}
                for key, kind in ANSWERS.items()
            ] if waiting else [],
            "next": [_unknown(one) for one in waiting[1 : MOST_NEXT + 1]],
            "done": self._done(said),
            "kept": MEANWHILE.format(kept) if self._is_listed(kept) else "",
        }  # fmt: skip
        return self.desk.show(request, "domains/review.html.j2", values)

    def say(self, form: Annotated[ReviewForm, Form()]) -> Response:
        said = next((one for one in Said if one.value == form.said), None)
        if said is None or not form.domain:
            return RedirectResponse(DOMAINS.path, 303)
        now = self.desk.ctx.clock()
        if said is Said.LATER:
            self.desk.site.change(lambda tx: put_off(tx, form.domain, now))
            is_new = True
        else:
            kind = DomainKind(said.value)
            is_new = self.desk.site.change(lambda tx: say_kind(tx, form.domain, kind, now))
        query = urlencode({"said" if is_new else "kept": form.domain})
        return RedirectResponse(f"{DOMAINS.path}?{query}", 303)

    def undo(self, form: Annotated[ReviewForm, Form()]) -> Response:
        now = self.desk.ctx.clock()
        return self.desk.change(DOMAINS.path, lambda tx: take_back(tx, form.domain, now))

    def _is_listed(self, domain: str) -> bool:
        with self.desk.ctx.database.read() as tx:
            return domain in people.list_domains(tx)

    def _done(self, domain: str) -> dict[str, str] | None:
        """What was said of the domain a moment ago, as far as it can be taken back."""
        if not domain:
            return None
        with self.desk.ctx.database.read() as tx:
            kind = people.list_domains(tx).get(domain)
            is_put_off = domain in outside.reviews(tx)
        if kind is None and not is_put_off:
            return None
        what = f"is {KINDS[DomainKind(kind)]}" if kind else "is shown again in a month"
        return {"domain": domain, "what": what}


@dataclass(frozen=True)
class _List:
    """What was listed: looked through, added to, taken from."""

    desk: Desk

    def page(self, request: Request, form: Annotated[ListForm, Query()]) -> Response:
        return self._show(request, form, ChangeForm(kind=DomainKind.CUSTOMER.value), {})

    def change(self, request: Request, form: Annotated[ChangeForm, Form()]) -> Response:
        wanted = form.change()
        if wanted.problems:
            return self._show(request, ListForm(), form, wanted.problems)
        with self.desk.ctx.database.read() as tx:
            changes = _changes(tx, wanted)
            changed = impact_of(tx, self.desk.ctx.settings, changes, self.desk.ctx.clock())
        here = f"{DOMAINS.path}/list"
        if (changed.stops or changed.starts) and not form.sure:
            return _confirm(self.desk, request, wanted, changed, here)
        now = self.desk.ctx.clock()
        return self.desk.change(here, lambda tx: _make(tx, wanted, now))

    def _show(
        self, request: Request, form: ListForm, entered: ChangeForm, problems: dict[str, str]
    ) -> Response:
        with self.desk.ctx.database.read() as tx:
            known = people.list_domains(tx)
        words = form.find.strip().lower()
        fitting = [
            (entry, kind)
            for entry, kind in known.items()
            if words in entry and form.kind in ("", kind) and entry > form.after
        ]
        shown = fitting[:A_PAGE]
        query = {"find": words, "kind": form.kind}
        here = f"{DOMAINS.path}/list"
        more = shown[-1][0] if len(fitting) > A_PAGE else None
        values = {
            "tab": "list",
            "kinds": [(kind.value, says) for kind, says in KINDS.items()],
            "entries": [(entry, kind, KINDS[DomainKind(kind)]) for entry, kind in shown],
            "count": len(known),
            "find": words,
            "kind": form.kind,
            "entered": entered,
            "first": f"{here}?{urlencode(query)}" if form.after else None,
            "later": more and f"{here}?{urlencode({**query, 'after': more})}",
        }
        status = 422 if problems else 200
        return self.desk.show(request, "domains/list.html.j2", values, problems, status)


@dataclass(frozen=True)
class _Import:
    """A CRM's accounts: what they would be is shown first."""

    desk: Desk

    def page(self, request: Request) -> Response:
        return self._show(request, {}, DomainKind.CUSTOMER, "")

    def look(
        self,
        request: Request,
        file: Annotated[UploadFile | None, File()] = None,
        kind: Annotated[str, Form()] = "",
        column: Annotated[str, Form()] = "",
    ) -> Response:
        wanted = next((one for one in DomainKind if one.value == kind), DomainKind.CUSTOMER)
        content = file.file.read() if file is not None else b""
        if not content:
            return self._show(request, {"file": NO_FILE}, wanted, column)
        try:
            accounts = read_accounts(content, column.strip() or None)
        except NotAList as problem:
            return self._show(request, {"file": f"No list: {problem}"}, wanted, column)
        with self.desk.ctx.database.read() as tx:
            known = people.list_domains(tx)
            new = [entry for entry in accounts.entries if entry not in known]
            changes = dict.fromkeys(new, wanted.value)
            changed = impact_of(tx, self.desk.ctx.settings, changes, self.desk.ctx.clock())
        values = {
            "tab": "import",
            "kind": wanted.value,
            "kind_says": KINDS[wanted],
            "new": len(new),
            "parts_of_new": [new[at : at + A_FIELD] for at in range(0, len(new), A_FIELD)],
            "would": _told(changed),
            **_counts(accounts, known, wanted),
        }
        return self.desk.show(request, "domains/import_look.html.j2", values)

    def do(
        self,
        request: Request,
        entries: Annotated[list[str] | None, Form()] = None,
        kind: Annotated[str, Form()] = "",
    ) -> Response:
        wanted = ChangeForm(entries="\n".join(entries or ()), kind=kind).change(MOST_IMPORTED)
        if wanted.problems or wanted.kind is None:
            return self._show(request, {"file": NO_FILE}, DomainKind.CUSTOMER, "")
        now = self.desk.ctx.clock()
        leads_to = f"{DOMAINS.path}/list"
        return self.desk.change(leads_to, lambda tx: _add_new(tx, wanted, now))

    def _show(
        self, request: Request, problems: dict[str, str], kind: DomainKind, column: str
    ) -> Response:
        values = {
            "tab": "import",
            "kinds": [(one.value, says) for one, says in KINDS.items()],
            "kind": kind.value,
            "column": column,
        }
        status = 422 if problems else 200
        return self.desk.show(request, "domains/import.html.j2", values, problems, status)


def _unknown(one: UnknownDomain) -> dict[str, Any]:
    is_silent = not one.is_asked and one.reason is not None
    return {
        "domain": one.domain,
        "meetings": one.meetings,
        "coming": one.coming,
        "titles": [display_text(title, LONGEST_TITLE) for title in one.titles],
        "why_not": reason_of(one.reason).words if is_silent and one.reason else "",
    }


def _told(changed: Impact) -> list[str]:
    """What would change, a line for what stops and one for what starts."""
    stops, starts = changed.stops, changed.starts
    return [
        *([f"Would no longer be asked about: {in_words(stops)}."] if stops else []),
        *([f"Would be asked about from now on: {in_words(starts)}."] if starts else []),
    ]


def _confirm(
    desk: Desk, request: Request, wanted: Change, changed: Impact, leads_to: str
) -> Response:
    values = {
        "tab": "list",
        "entries": wanted.entries,
        "kind": wanted.kind.value if wanted.kind else ChangeForm.FORGET,
        "becomes": KINDS[wanted.kind] if wanted.kind else "taken from the list",
        "would": _told(changed),
        "leads_to": leads_to,
    }
    return desk.show(request, "domains/confirm.html.j2", values)


def _changes(tx: Connection, wanted: Change) -> Entries:
    """Without what is so already."""
    known = people.list_domains(tx)
    kind = wanted.kind.value if wanted.kind else None
    return {entry: kind for entry in wanted.entries if known.get(entry) != kind}


def _make(tx: Connection, wanted: Change, now: datetime) -> None:
    changes = _changes(tx, wanted)
    if changes:
        change_domains(tx, changes, now)


def _add_new(tx: Connection, wanted: Change, now: datetime) -> None:
    """What is listed already stays as it is."""
    known = people.list_domains(tx)
    new = {entry: wanted.kind for entry in wanted.entries if entry not in known}
    if new:
        change_domains(tx, new, now)


def _counts(accounts: AccountList, known: Mapping[str, str], kind: DomainKind) -> dict[str, Any]:
    differ = {e: known[e] for e in accounts.entries if known.get(e, kind.value) != kind.value}
    listed = sum(known.get(entry) == kind.value for entry in accounts.entries)
    problems: Sequence[tuple[int, str, str]] = [
        (one.line, display_text(one.text, 60), one.why) for one in accounts.problems
    ]
    return {
        "lines": accounts.lines,
        "column": display_text(accounts.column, 60),
        "listed": listed,
        "blank": accounts.blank,
        "differ": [(entry, KINDS[DomainKind(kind)]) for entry, kind in differ.items()][:MOST_SHOWN],
        "differ_count": len(differ),
        "wrong": problems[:MOST_SHOWN],
        "wrong_count": len(problems),
    }
