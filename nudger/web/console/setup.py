"""The set-up in the browser: the questions of `nudger init`, one a page, whether all works, and
what would be asked in the next days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from nudger.admin.rewriting import Unchanged
from nudger.admin.setup.answers import KEEP, OWN, PROVIDERS, Unfit
from nudger.admin.setup.progress import Progress, Step, answer, progress_of
from nudger.admin.setup.proof import Proof, prove, try_week
from nudger.admin.setup.questions import QUESTIONS, Question, question_of
from nudger.config import ConfigProblem
from nudger.mail.display import display_text
from nudger.runtime.problems import EXPECTED_PROBLEMS
from nudger.web.console.desk import Desk
from nudger.web.console.health import check_row
from nudger.web.console.section import Section
from nudger.web.console.setup_view import week_values
from nudger.web.site import READ

LONGEST_ANSWER, LONGEST_WHY = 2000, 600
SHORT_NAMES = {
    "provider": "Calendars",
    "mailbox": "Mailbox that asks",
    "domains": "Your domains",
    "write_back": "Where answers stand",
    "time_zone": "Time zone",
    "language": "Language",
    "milestones": "Milestones",
    "rep": "First rep",
}


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages = _Setup(desk)
    router.add_api_route("", pages.page, methods=READ)
    router.add_api_route("/check", pages.ready, methods=READ)
    router.add_api_route("/check", pages.check, methods=["POST"])
    router.add_api_route("/week", pages.week, methods=["POST"])
    router.add_api_route("/{key}", pages.step, methods=READ)
    router.add_api_route("/{key}", pages.answer, methods=["POST"])


SETUP = Section("setup", "Set-up", _add_routes, is_listed=False)


class AnswerForm(BaseModel):
    """What was typed, the provider that was chosen before, and the file as the page showed it."""

    value: str = ""
    provider: str = ""
    seen: str = ""


@dataclass(frozen=True)
class _Setup:
    """The handlers of these routes."""

    desk: Desk

    def page(self, request: Request) -> Response:
        found = progress_of(self.desk.ctx)
        missing = found.missing
        values = {
            **_frame(found),
            "first": missing[0].question.key if missing else None,
            "missing": [SHORT_NAMES[one.question.key] for one in missing],
        }
        return self.desk.show(request, "setup/home.html.j2", values)

    def step(self, request: Request, key: str, provider: str = "") -> Response:
        found = progress_of(self.desk.ctx, provider)
        return self._show(request, found, found.step(_known(key).key), provider)

    def answer(self, request: Request, key: str, form: Annotated[AnswerForm, Form()]) -> Response:
        question, ctx = _known(key), self.desk.ctx
        value = form.value[:LONGEST_ANSWER]
        try:
            self.desk.site.change(
                lambda tx: answer(ctx, tx, question, value, form.seen, form.provider)
            )
        except (Unfit, Unchanged) as problem:
            found = progress_of(ctx, form.provider)
            why = display_text(str(problem), LONGEST_WHY)
            step = found.step(key)
            return self._show(request, found, step, form.provider, form, {"value": why}, 422)
        return RedirectResponse(_after(question, value), 303)

    def ready(self, request: Request) -> Response:
        return self._proof(request, None)

    def check(self, request: Request) -> Response:
        return self._proof(request, prove(self.desk.ctx))

    def week(self, request: Request) -> Response:
        try:
            values = week_values(try_week(self.desk.ctx))
        except (ConfigProblem, *EXPECTED_PROBLEMS) as problem:
            values = {"problem": display_text(str(problem), LONGEST_WHY)}
        return self.desk.show(request, "setup/week.html.j2", values)

    def _proof(self, request: Request, proof: Proof | None) -> Response:
        found = progress_of(self.desk.ctx)
        values = {
            **_frame(found),
            "missing": [SHORT_NAMES[one.question.key] for one in found.missing],
            "checks": [check_row(one) for one in proof.checks] if proof else None,
            "works": proof.works if proof else None,
            "next": proof.next if proof else None,
            "back": f"{SETUP.path}/{QUESTIONS[-1].key}",
        }
        return self.desk.show(request, "setup/check.html.j2", values)

    def _show(
        self,
        request: Request,
        found: Progress,
        step: Step,
        provider: str,
        form: AnswerForm | None = None,
        problems: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        question = step.question
        at = QUESTIONS.index(question)
        values = {
            **_frame(found),
            "question": question,
            "kind": question.form.name.lower(),
            "choices": question.choices(found.answers),
            "answer": step.answer,
            "typed": form.value if form else step.offered,
            "why_not": step.why_not,
            "line": step.line,
            "by_hand": step.by_hand,
            "seen": found.policy.seen,
            "provider": provider or found.answers.get("provider", PROVIDERS[0]),
            "providers": [(one, one.title()) for one in PROVIDERS],
            "asks_provider": question.key == "rep",
            "reps": found.reps,
            "number": at + 1,
            "back": f"{SETUP.path}/{QUESTIONS[at - 1].key}" if at else SETUP.path,
            "onward": _after(question, provider),
            "longest": LONGEST_ANSWER,
        }
        return self.desk.show(request, "setup/step.html.j2", values, problems, status)


def _known(key: str) -> Question:
    question = question_of(key)
    if question is None:
        raise HTTPException(404)
    return question


def _after(question: Question, value: str) -> str:
    """Where it goes on; the provider is kept by its mailbox, which is asked for next."""
    at = QUESTIONS.index(question) + 1
    if at == len(QUESTIONS):
        return f"{SETUP.path}/check"
    onward = f"{SETUP.path}/{QUESTIONS[at].key}"
    goes_along = question.key == "provider" and value
    return f"{onward}?{urlencode({'provider': value})}" if goes_along else onward


def _frame(found: Progress) -> dict[str, Any]:
    """What every page of the set-up shows."""
    return {
        "steps": [_listed(one, found) for one in found.steps],
        "of": len(found.steps),
        "done": sum(one.answer is not None for one in found.steps),
        "file": str(found.policy.file),
        "waits": found.policy.waits,
    }


def _listed(step: Step, found: Progress) -> dict[str, Any]:
    key = step.question.key
    kind, says = "", "by default"
    if step.answer is not None:
        kind, says = "good", step.answer
    elif step.is_missing:
        kind, says = "warn", "missing"
    more = f" and {found.reps - 1} more" if key == "rep" and found.reps > 1 else ""
    return {
        "key": key,
        "name": SHORT_NAMES[key],
        "kind": kind,
        "says": _SAID.get((key, says), says) + more,
    }


_SAID = {
    ("provider", "by default"): "not said",
    ("mailbox", OWN): "each rep's own",
    ("domains", "by default"): "those of the reps",
    ("milestones", KEEP): "listed",
    ("milestones", "by default"): "none",
}
"""Answers as people say them."""
