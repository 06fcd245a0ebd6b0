"""What a template makes while it is written: its mail with made-up people in it, what is wrong with
it, and the mail itself to the admin who writes it."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from nudger.admin.samples import (
    NOTE,
    SAMPLES,
    Sample,
    sample_mail,
    sample_on,
    stage_of,
)
from nudger.admin.template_files import languages_by, with_own_files
from nudger.admin.template_kinds import SHARED, TemplateFile, files_of
from nudger.config import Settings
from nudger.domain.addresses import name_in
from nudger.domain.event import Provider
from nudger.domain.reasons import Reason, StepName
from nudger.jobs.outgoing.recipient import NO_REP
from nudger.jobs.outgoing.render import envelope_of
from nudger.mail.display import safe_header
from nudger.mail.template_cache import FallbackTemplates, templates_for
from nudger.mail.templates import DEFAULT_LANGUAGE, TemplateProblem
from nudger.mail.token import message_id, new_token
from nudger.runtime.context import Context
from nudger.store import audit
from nudger.store.people import Rep

SAMPLE_MARK = "[Sample]"
"""What a sample's subject begins with: nobody shall take it for a question about a call."""


class CannotBeMailed(Exception):
    """A sample cannot be mailed; one line that says why."""


def samples_of(file: TemplateFile) -> Sequence[str]:
    """What it is part of."""
    return SAMPLES if file.kind == SHARED else (file.kind,)


def values_of(file: TemplateFile) -> Sequence[str]:
    """What templates of this kind may show, as the shipped ones do."""
    shipped = templates_for(None, DEFAULT_LANGUAGE)
    beside = [file] if file.kind == SHARED else files_of(file.kind)
    return sorted({value for one in beside for value in shipped.values_in(one.name)})


def look(ctx: Context, file: TemplateFile, text: str, language: str, name: str) -> Sample:
    """What becomes of this text in a sample of `samples_of`. Raises `TemplateProblem`."""
    templates = _with(ctx.settings, file, text, language)
    return sample_on(name, templates, stage_of(ctx.settings, ctx.clock()))


def judge(ctx: Context, file: TemplateFile, text: str) -> None:
    """Raises `TemplateProblem` where a mail that it is part of cannot be made of it. A language
    with files of its own is tried as well; in any other, the words alone are others."""
    first, *others = languages_by(ctx.settings, file)
    for language in (first, *with_own_files(ctx.settings, others)):
        templates = _with(ctx.settings, file, text, language)
        for name in samples_of(file):
            made = sample_on(name, templates, stage_of(ctx.settings, ctx.clock()))
            if name != NOTE and not made.subject:
                says = f"{file.path}, line 1: a mail needs a subject."
                raise TemplateProblem(says, file.path, 1)


def mail_to_admin(
    ctx: Context, file: TemplateFile, text: str, language: str, name: str, address: str
) -> None:
    """Send a sample of it to the admin who is signed in, to nobody else. A reply to it is dropped.
    Raises `TemplateProblem`, `ProviderError`, `Held`, `CannotBeMailed`."""
    if name == NOTE:
        raise CannotBeMailed("The note is never mailed: it stands in the meeting.")
    if ctx.settings.mode == "personal":
        raise CannotBeMailed("Where each rep's own mailbox asks, no other address is mailed.")
    reader = _reader(address)
    mailbox = ctx.accounts.mailbox_for(reader)
    rfc_id = message_id(ctx.random_bytes, mailbox)
    envelope = envelope_of(ctx, reader, new_token(ctx.random_bytes), rfc_id)
    stage = stage_of(ctx.settings, ctx.clock())
    message = sample_mail(name, _with(ctx.settings, file, text, language), stage, envelope)
    _mark(message)
    box = ctx.accounts.mailbox(mailbox)
    box.send_draft(box.create_draft(message))
    step = audit.Step(StepName.TEST_MAIL, Reason.TEST_MAIL, detail={"template": file.path})
    with ctx.database.begin() as tx:
        audit.record(tx, step, ctx.clock())


def _with(settings: Settings, file: TemplateFile, text: str, language: str) -> FallbackTemplates:
    """Raises `TemplateProblem` for what says nothing; parts of other templates may."""
    if file.kind != SHARED and not text.strip():
        raise TemplateProblem(f"{file.path}, line 1: it says nothing.", file.path, 1)
    return FallbackTemplates(settings.templates, language, {file.path: text})


def _reader(address: str) -> Rep:
    return Rep(NO_REP, address, name_in(address), Provider.GOOGLE, 0)


def _mark(message: EmailMessage) -> None:
    subject = str(message["Subject"])
    del message["Subject"]
    message["Subject"] = safe_header(f"{SAMPLE_MARK} {subject}")
