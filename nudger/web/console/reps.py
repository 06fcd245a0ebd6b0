"""Reps and teams: how each stands, pauses, the announcement, many at once, and forgetting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from nudger.admin import controls
from nudger.admin.announce import plan, preview, why_impossible
from nudger.admin.answering import MOST_ID
from nudger.admin.forget import CannotForget, forget, resolve
from nudger.admin.forget import preview as forget_preview
from nudger.admin.rep_entry import (
    WrongRep,
    read_entries,
    read_entry,
    save_reps,
    try_reps,
)
from nudger.admin.rep_list import Standing, find_standing, list_standings, waiting_mails
from nudger.admin.spreadsheet import NotAList, as_csv, read_rows
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason
from nudger.domain.working_hours import WEEKDAYS, ChosenHours
from nudger.mail.display import display_text
from nudger.runtime.policies import for_rep
from nudger.store.people import Rep
from nudger.web.console.desk import Desk
from nudger.web.console.reps_form import FIELDS, ForgetForm, RepForm, WhoForm
from nudger.web.console.section import Section
from nudger.web.console.teams import add_team_routes
from nudger.web.site import READ

LONGEST_ERROR, MOST_WRONG, MOST_WAITING = 200, 50, 20
NO_FILE = "Choose a file: CSV, with a first line that names the columns."
AGAIN = "Type the address once more."
_WORSE = frozenset({Reason.REP_RECONNECT, Reason.RECONNECT, Reason.UNREACHABLE})


def _add_routes(router: APIRouter, desk: Desk) -> None:
    reps, many, one = _Reps(desk), _Many(desk), _Rep(desk)
    router.add_api_route("", reps.page, methods=READ)
    router.add_api_route("/add", reps.entry, methods=READ)
    router.add_api_route("/add", reps.add, methods=["POST"])
    router.add_api_route("/import", many.page, methods=READ)
    router.add_api_route("/import", many.look, methods=["POST"])
    router.add_api_route("/import-now", many.do, methods=["POST"])
    router.add_api_route("/pause", reps.pause, methods=["POST"])
    router.add_api_route("/resume", reps.resume, methods=["POST"])
    router.add_api_route("/announce", reps.announce, methods=["POST"])
    add_team_routes(router, desk)
    router.add_api_route("/{rep_id:int}", one.page, methods=READ)
    router.add_api_route("/{rep_id:int}/forget", one.look, methods=READ)
    router.add_api_route("/{rep_id:int}/forget", one.forget, methods=["POST"])


REPS = Section(
    "reps", "Reps", _add_routes, uploads=frozenset({"import", "import-now"})
)  # fmt: skip


@dataclass(frozen=True)
class _Reps:
    """All reps, and what is done about one of them from any page."""

    desk: Desk

    def page(self, request: Request, find: str = "", team: str = "") -> Response:
        found = list_standings(self.desk.ctx)
        words = find.strip().lower()
        shown = [
            one for one in found
            if words in f"{one.rep.email} {one.rep.name}".lower()
            and team in ("", one.rep.team or "")
        ]  # fmt: skip
        values = {
            "reps": [_row(self.desk, one) for one in shown],
            "count": len(found),
            "find": words,
            "team": team,
            "teams": list(self._teams(found)),
        }
        return self.desk.show(request, "reps/list.html.j2", values)

    def entry(self, request: Request) -> Response:
        return self._enter(request, RepForm(provider=Provider.GOOGLE.value), {})

    def add(self, request: Request, form: Annotated[RepForm, Form()]) -> Response:
        ctx = self.desk.ctx
        try:
            entered = read_entry(form.model_dump())
            saved = self.desk.site.change(
                lambda tx: save_reps(tx, ctx.settings, [entered], ctx.clock())
            )
        except WrongRep as problem:
            return self._enter(request, form, {"email": str(problem)})
        return RedirectResponse(f"{REPS.path}/{saved.reps[0].id}", 303)

    def pause(self, form: Annotated[WhoForm, Form()]) -> Response:
        return self._switch(form, pauses=True)

    def resume(self, form: Annotated[WhoForm, Form()]) -> Response:
        return self._switch(form, pauses=False)

    def announce(self, form: Annotated[WhoForm, Form()]) -> Response:
        rep = self._known(form)
        if why_impossible(self.desk.ctx.settings) is None:
            plan(self.desk.ctx, [rep])
        return RedirectResponse(f"{REPS.path}/{rep.id}", 303)

    def _switch(self, form: WhoForm, *, pauses: bool) -> Response:
        rep, ctx = self._known(form), self.desk.ctx
        switch = controls.pause_sending if pauses else controls.resume_sending
        switch(ctx.database, rep.email, ctx.clock())
        return RedirectResponse(f"{REPS.path}/{rep.id}", 303)

    def _known(self, form: WhoForm) -> Rep:
        """Raises 404 for somebody who is no rep (any more)."""
        for one in list_standings(self.desk.ctx):
            if one.rep.email == form.email:
                return one.rep
        raise HTTPException(404)

    def _enter(self, request: Request, form: RepForm, problems: dict[str, str]) -> Response:
        values = {
            "entered": form,
            "providers": [(one.value, one.value.title()) for one in
                          (Provider.GOOGLE, Provider.MICROSOFT)],
            "teams": [(one.name, one.name) for one in self.desk.ctx.settings.teams],
        }  # fmt: skip
        status = 422 if problems else 200
        return self.desk.show(request, "reps/add.html.j2", values, problems, status)

    def _teams(self, found: Iterable[Standing]) -> Iterable[dict[str, Any]]:
        counts: dict[str, int] = {}
        for one in found:
            counts[one.rep.team or ""] = counts.get(one.rep.team or "", 0) + 1
        for team in self.desk.ctx.settings.teams:
            yield {"name": team.name, "count": counts.pop(team.name, 0), "is_known": True}
        counts.pop("", None)
        for name, count in counts.items():
            yield {"name": name, "count": count, "is_known": False}


@dataclass(frozen=True)
class _Many:
    """Reps from a file: what would become of them is shown first; all are saved or none."""

    desk: Desk

    def page(self, request: Request) -> Response:
        return self._show(request, {})

    def look(self, request: Request, file: Annotated[UploadFile | None, File()] = None) -> Response:
        content = file.file.read() if file is not None else b""
        if not content:
            return self._show(request, {"file": NO_FILE})
        try:
            rows = read_rows(content)
            entered, wrong = read_entries(rows)
            said = try_reps(self.desk.ctx, entered) if entered else None
        except (NotAList, WrongRep) as problem:
            return self._show(request, {"file": display_text(str(problem))})
        values = {
            "wrong": [(one.line, display_text(one.why, LONGEST_ERROR)) for one in wrong],
            "new": said.new if said else 0,
            "changed": len(said.reps) - said.new if said else 0,
            "emails": [rep.email for rep in said.reps] if said else [],
            "foreign": sorted(set(said.foreign.values())) if said else [],
            "content": as_csv(rows),
            "most": MOST_WRONG,
        }
        return self.desk.show(request, "reps/import_look.html.j2", values)

    def do(self, request: Request, content: Annotated[str, Form()] = "") -> Response:
        """What was looked at."""
        ctx = self.desk.ctx
        try:
            entered, wrong = read_entries(read_rows(content.encode()))
            if wrong or not entered:
                return self._show(request, {"file": NO_FILE})
            self.desk.site.change(lambda tx: save_reps(tx, ctx.settings, entered, ctx.clock()))
        except (NotAList, WrongRep) as problem:
            return self._show(request, {"file": str(problem)})
        return RedirectResponse(REPS.path, 303)

    def _show(self, request: Request, problems: dict[str, str]) -> Response:
        status = 422 if problems else 200
        values = {"columns": FIELDS}
        return self.desk.show(request, "reps/import.html.j2", values, problems, status)


@dataclass(frozen=True)
class _Rep:
    """One rep."""

    desk: Desk

    def page(self, request: Request, rep_id: int) -> Response:
        found = self._found(rep_id)
        rep, settings, moments = found.rep, self.desk.ctx.settings, self.desk.moments
        policy = for_rep(settings, rep)
        waiting = waiting_mails(self.desk.ctx, rep)
        values = {
            **_row(self.desk, found),
            "name": display_text(rep.name),
            "provider": rep.provider.value.title(),
            "aliases": rep.aliases,
            "hours": _hours(policy.hours),
            "language": rep.language or settings.language,
            "manager": policy.manager,
            "is_manager_told": policy.manager == rep.disclosed_manager,
            "announced": moments.say(rep.announced_at),
            "announcing": self._announcing(rep),
            "is_paused": Reason.SENDING_PAUSED in found.held,
            "is_unreachable": Reason.UNREACHABLE in found.held,
            "waiting": [
                {
                    "due": moments.say(one.due_at),
                    "why": one.reason.words,
                    "of": [(meeting, moments.say(start)) for meeting, start in one.starts.items()],
                }
                for one in waiting[:MOST_WAITING]
            ],
            "more_waiting": max(0, len(waiting) - MOST_WAITING),
        }
        return self.desk.show(request, "reps/one.html.j2", values)

    def look(self, request: Request, rep_id: int) -> Response:
        return self._confirm(request, self._found(rep_id).rep, {})

    def forget(
        self, request: Request, rep_id: int, form: Annotated[ForgetForm, Form()]
    ) -> Response:
        rep = self._found(rep_id).rep
        if form.again.strip().lower() != rep.email:
            return self._confirm(request, rep, {"again": AGAIN})
        try:
            done = forget(self.desk.ctx, rep.email, take_out_notes=bool(form.notes))
        except CannotForget as problem:
            return self._confirm(request, rep, {"again": str(problem)})
        left = [f"{one.what} in {one.rep}: {one.event_id} ({one.why})" for one in done.left]
        values = {"email": rep.email, "done": asdict(done), "left": left}
        return self.desk.show(request, "reps/forgotten.html.j2", values)

    def _confirm(self, request: Request, rep: Rep, problems: dict[str, str]) -> Response:
        values: dict[str, Any] = {"email": rep.email, "id": rep.id, "would": None}
        try:
            values["would"] = asdict(forget_preview(resolve(self.desk.ctx, rep.email)))
        except CannotForget as problem:
            problems = {"again": str(problem)}
        status = 422 if problems else 200
        return self.desk.show(request, "reps/forget.html.j2", values, problems, status)

    def _announcing(self, rep: Rep) -> dict[str, Any]:
        """Whether the announcement can be sent, and why not."""
        impossible = why_impossible(self.desk.ctx.settings)
        if impossible is not None:
            return {"can": False, "why": impossible}
        (found,) = preview(self.desk.ctx, [rep])
        return {"can": found.reason is None, "why": found.reason.words if found.reason else ""}

    def _found(self, rep_id: int) -> Standing:
        found = find_standing(self.desk.ctx, rep_id) if rep_id <= MOST_ID else None
        if found is None:
            raise HTTPException(404)
        return found


def _hours(chosen: ChosenHours) -> str:
    hours = chosen.hours
    days = ", ".join(WEEKDAYS[day] for day in sorted(hours.days))
    return f"{hours.starts:%H:%M} to {hours.ends:%H:%M}, {days}, {chosen.zone_shown}"


def _row(desk: Desk, one: Standing) -> dict[str, Any]:
    rep, calendar = one.rep, one.calendar
    is_worse = bool(_WORSE & set(one.held)) or calendar.error is not None
    kind = "bad" if is_worse else "warn" if one.held else "good"
    return {
        "id": rep.id,
        "email": rep.email,
        "shown_name": display_text(rep.name),
        "team": rep.team,
        "kind": kind,
        "stands": "gets questions" if not one.held else "gets none" ,
        "held": [reason.words for reason in one.held],
        "error": calendar.error and display_text(calendar.error, LONGEST_ERROR),
        "read": desk.moments.say(calendar.read_at),
        "wants_to_be_forgotten": one.wants_to_be_forgotten,
    }  # fmt: skip
