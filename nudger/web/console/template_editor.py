"""The editor of a template: what is typed, the mail that comes of it, and what is other in it than
in the shipped one. Only saving and mailing do anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from nudger.admin import template_files as files
from nudger.admin import template_previews as previews
from nudger.admin.rewriting import Unchanged
from nudger.admin.template_files import ChangedMeanwhile, Standing
from nudger.admin.template_kinds import KINDS, NoTemplate, TemplateFile, files_of, find_file
from nudger.admin.template_previews import CannotBeMailed
from nudger.config import Settings
from nudger.mail.display import display_text
from nudger.mail.templates import DEFAULT_LANGUAGE, TemplateProblem, languages_of
from nudger.providers.base import ProviderError
from nudger.runtime.holds import Held
from nudger.web.console.desk import Desk
from nudger.web.console.guard import visitor_of
from nudger.web.console.previews import Previews
from nudger.web.console.section import PREFIX
from nudger.web.console.templates_form import EditForm, compared, refusal_of
from nudger.web.every_request import POLICY
from nudger.web.rate_limits import Limiter

HERE = f"{PREFIX}/templates"
MOST_MAILS, WITHIN = 5, timedelta(minutes=10)
LONGEST_SAYS = 400
DONE = {
    "saved": "✓ Saved: the next mail is written by it.",
    "reset": "✓ The shipped one counts again.",
}


@dataclass(frozen=True)
class Editor:
    """The handlers of the editor, and of the frames in it."""

    desk: Desk
    previews: Previews = field(default_factory=Previews)
    mails: Limiter = field(init=False)

    def __post_init__(self) -> None:
        limiter = Limiter(MOST_MAILS, WITHIN, self.desk.ctx.clock)
        object.__setattr__(self, "mails", limiter)

    def page(
        self, request: Request, file: str = "", language: str = "", sample: str = "", done: str = ""
    ) -> Response:
        standing = standing_at(self.desk, file)
        form = EditForm(text=standing.text, seen=standing.seen, language=language, sample=sample)
        return self._show(request, standing, form, {"done": DONE.get(done, "")})

    def edit(self, request: Request, form: Annotated[EditForm, Form()]) -> Response:
        standing = standing_at(self.desk, form.file)
        if form.button == "save":
            return self._save(request, standing, form)
        if form.button == "mail":
            return self._mail(request, standing, form)
        return self._show(request, standing, form, {"is_unsaved": form.typed != standing.text})

    def look(self, request: Request, name: str) -> Response:
        return self.previews.show(visitor_of(request).who.id_hash, name)

    def _save(self, request: Request, standing: Standing, form: EditForm) -> Response:
        ctx, file = self.desk.ctx, standing.file
        more: dict[str, Any] = {"is_unsaved": True}
        try:
            previews.judge(ctx, file, form.typed)
            return self.desk.change(
                editor_path(file, done="saved", language=form.language),
                lambda tx: files.save(ctx, tx, file, form.typed, form.seen),
            )
        except TemplateProblem as problem:
            more["problem"] = refusal_of(problem, file.path, form.typed)
        except ChangedMeanwhile as why:
            more |= {"why": str(why), "theirs": standing_at(self.desk, file.path)}
        except Unchanged as why:
            more["why"] = str(why)
        return self._show(request, standing, form, more, 422)

    def _mail(self, request: Request, standing: Standing, form: EditForm) -> Response:
        more: dict[str, Any] = {"is_unsaved": form.typed != standing.text}
        admin = visitor_of(request).who.admin
        if admin is None:
            more["why"] = "You came by a code that was made for nobody: no address is known."
        elif self.mails.is_exhausted(admin.email):
            more["why"] = f"{MOST_MAILS} mails in ten minutes are enough. Try again later."
        else:
            more |= self._mailed(standing.file, form, admin.email)
        return self._show(request, standing, form, more, 422 if "done" not in more else 200)

    def _mailed(self, file: TemplateFile, form: EditForm, address: str) -> dict[str, Any]:
        ctx = self.desk.ctx
        language, sample = self._chosen(file, form)
        try:
            previews.mail_to_admin(ctx, file, form.typed, language, sample, address)
        except TemplateProblem as problem:
            return {"problem": refusal_of(problem, file.path, form.typed)}
        except (ProviderError, Held, CannotBeMailed) as why:
            told = {"why": display_text(str(why), LONGEST_SAYS)}
        else:
            told = {"done": f"✓ It was mailed to {address}."}
        self.mails.count(address)
        return told

    def _chosen(self, file: TemplateFile, form: EditForm) -> tuple[str, str]:
        """The language and the sample that are looked at."""
        known, samples = files.languages_by(self.desk.ctx.settings, file), previews.samples_of(file)
        own = self.desk.ctx.settings.language
        language = next((one for one in (form.language, own) if one in known), known[0])
        return language, form.sample if form.sample in samples else samples[0]

    def _show(
        self,
        request: Request,
        standing: Standing,
        form: EditForm,
        more: dict[str, Any],
        status: int = 200,
    ) -> Response:
        file, text = standing.file, form.typed
        language, sample = self._chosen(file, form)
        values = {
            **_about(self.desk.ctx.settings, standing),
            "text": text,
            "seen": form.seen,
            "language": language,
            "sample": sample,
            "address": self._address_of(request),
            "differs": compared(standing.shipped, text),
            "changes": changes_shown(self.desk, file.path),
            **_NOTHING,
            **more,
        }
        if values["theirs"] is not None:
            values["seen"] = values["theirs"].seen
        if values["problem"] is None:
            values |= self._looked_at(request, file, text, language, sample)
        response = self.desk.show(request, "templates/edit.html.j2", values, status=status)
        response.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
        return response

    def _looked_at(
        self, request: Request, file: TemplateFile, text: str, language: str, sample: str
    ) -> dict[str, Any]:
        try:
            made = previews.look(self.desk.ctx, file, text, language, sample)
        except TemplateProblem as problem:
            return {"problem": refusal_of(problem, file.path, text)}
        name = self.previews.keep(visitor_of(request).who.id_hash, made.html)
        return {"look": {"subject": made.subject, "text": made.text, "name": name}}

    def _address_of(self, request: Request) -> str:
        admin = visitor_of(request).who.admin
        return admin.email if admin else ""


_NOTHING = {
    "is_unsaved": False,
    "problem": None,
    "why": "",
    "done": "",
    "theirs": None,
    "look": None,
}
"""What the page says beside the template, unless it has to."""


def _about(settings: Settings, standing: Standing) -> dict[str, Any]:
    file = standing.file
    title, says = KINDS[file.kind]
    return {
        "file": file,
        "title": title,
        "says": says,
        "files": files_of(file.kind, file.language),
        "is_own": standing.own is not None,
        "languages": sorted(
            languages_of(settings.templates), key=lambda one: one != DEFAULT_LANGUAGE
        ),
        "looked_in": files.languages_by(settings, file),
        "knows": previews.values_of(file),
        "samples": [(one, KINDS[one][0]) for one in previews.samples_of(file)],
        "why_not": files.why_not_saved(settings),
    }


def standing_at(desk: Desk, path: str) -> Standing:
    """How the file of this path stands; a page that is not there for any other."""
    settings = desk.ctx.settings
    try:
        return files.standing_of(settings, find_file(settings, path))
    except NoTemplate as problem:
        raise HTTPException(404) from problem


def changes_shown(desk: Desk, path: str | None) -> list[dict[str, Any]]:
    """The latest changes, of one file or of all."""
    with desk.ctx.database.read() as tx:
        found = files.changes_of(tx, path)
    say = desk.moments.say
    return [{"at": say(one.at), "path": one.path, "what": one.what, "by": one.by} for one in found]


def editor_path(file: TemplateFile, **more: str) -> str:
    """Where the file is edited."""
    return f"{HERE}/edit?{urlencode({'file': file.path, **more})}"
