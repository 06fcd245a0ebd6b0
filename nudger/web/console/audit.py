"""What was done and why: filtered, a page at a time, verified, taken along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response, StreamingResponse

from nudger.admin import audit_trail
from nudger.store.audit import Place
from nudger.store.audit_seals import Verified
from nudger.web.console.audit_form import SHORT_HEAD, SHORTEST_HEAD, Chosen, FilterForm, HeadForm
from nudger.web.console.desk import Desk
from nudger.web.console.section import Section
from nudger.web.site import READ

A_PAGE = 50


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages = _Audit(desk)
    router.add_api_route("", pages.page, methods=READ)
    router.add_api_route("/verify", pages.verify, methods=["POST"])
    router.add_api_route("/export", pages.export, methods=["POST"])


AUDIT = Section("audit", "Audit", _add_routes, reads=frozenset({"verify", "export"}))


@dataclass(frozen=True)
class _Audit:
    """The handlers of these routes."""

    desk: Desk

    def page(self, request: Request, form: Annotated[FilterForm, Query()]) -> Response:
        return self._show(request, form, {})

    def verify(self, request: Request, form: Annotated[HeadForm, Form()]) -> Response:
        """Reads the whole trail: on request, never by opening a page."""
        head = form.head.strip().lower()
        if head and len(head) < SHORTEST_HEAD:
            return self._show(request, FilterForm(), {}, {"head": SHORT_HEAD}, 422)
        found = audit_trail.verify(self.desk.ctx, head or None)
        return self._show(request, FilterForm(), {"verified": _verified(found)})

    def export(self, request: Request, form: Annotated[FilterForm, Form()]) -> Response:
        """All that the filter lets through, an object a line; the trail has that it was taken."""
        chosen = self._chosen(form)
        if chosen.problems:
            return self._show(request, form, {}, status=422)
        ctx = self.desk.ctx
        self.desk.site.change(lambda tx: audit_trail.record_export(ctx, tx))
        headers = {"content-disposition": 'attachment; filename="nudger-audit.jsonl"'}
        lines = audit_trail.exported(ctx, chosen.wanted)
        return StreamingResponse(lines, media_type="application/jsonl", headers=headers)

    def _chosen(self, form: FilterForm) -> Chosen:
        with self.desk.ctx.database.read() as tx:
            return form.chosen(tx, self.desk.moments)

    def _show(
        self,
        request: Request,
        form: FilterForm,
        more: dict[str, Any],
        problems: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        chosen = self._chosen(form)
        status = 422 if chosen.problems else status
        place = Place(A_PAGE, before=form.before, after=form.after)
        found = audit_trail.a_page(self.desk.ctx, chosen.wanted, place)
        here, typed = AUDIT.path, form.typed
        values = {
            "steps": [self._step(one) for one in found.steps],
            "newer": found.newer and _address(here, typed, after=found.newer),
            "older": found.older and _address(here, typed, before=found.older),
            "first": _address(here, typed),
            "typed": {name: typed.get(name, "") for name in FilterForm.FIELDS},
            "verified": None,
            **more,
        }
        said = {**chosen.problems, **(problems or {})}
        return self.desk.show(request, "audit.html.j2", values, said, status)

    def _step(self, one: dict[str, Any]) -> dict[str, Any]:
        return {**one, "at": self.desk.moments.say_exactly(one["at"])}


def _address(here: str, typed: dict[str, str], **place: int) -> str:
    query = urlencode({**typed, **place})
    return f"{here}?{query}" if query else here


def _verified(found: Verified) -> dict[str, str]:
    counted = (
        f"{found.seals} seals, {found.rows} rows, {found.erased} of them erased; {found.removed} "
        f"older seals without rows; {found.unsealed} rows not sealed yet."
    )
    if found.broken is not None:
        row = "" if found.broken.row_id is None else f", row {found.broken.row_id}"
        says = f"Seal {found.broken.seal_id}{row}: {found.broken.why}."
        return {"kind": "bad", "says": says, "counted": counted}
    if not found.knows_head:
        says = "The head that you noted is not in the chain: its end was cut off."
        return {"kind": "bad", "says": says, "counted": counted}
    return {"kind": "good", "says": "Every row is as it was sealed.", "counted": counted}
