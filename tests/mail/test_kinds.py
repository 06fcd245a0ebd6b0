"""Each kind of mail is whole: its content, its templates and its samples."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from nudger.domain.commitment import Answer, Milestone
from nudger.domain.mails import MailKind
from nudger.mail.compose import Audience
from nudger.mail.kind import Scene
from nudger.mail.kinds import KINDS
from nudger.mail.kinds.colleague import AskedColleague, ColleagueContent
from nudger.mail.kinds.command import CommandContent
from nudger.mail.kinds.confirmation import ConfirmationContent, Saved
from nudger.mail.kinds.problem import ProblemContent
from nudger.mail.kinds.quarantined import QuarantinedContent
from nudger.mail.sample_people import calls_on
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import shipped_templates

START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
SCENE = Scene(
    calls_on(START, Audience.GUESTS), (Milestone("Decision"),), templates_for(None, "en").words
)
ANSWER = {"commitment_objective": "x", "next_milestone": None, "fallback": "y", "private": True}


def test_every_kind_is_here_under_its_name():
    assert list(KINDS) == list(MailKind)
    assert all(kind.name is name for name, kind in KINDS.items())


def test_every_template_belongs_to_a_kind_and_every_kind_has_its_templates():
    folder = shipped_templates() / "en"
    files = {file.name for file in folder.glob("*.j2") if not file.name.startswith("_")}
    samples = [name for kind in KINDS.values() for name in kind.samples]
    assert len(samples) == len(set(samples))
    mails = [*samples, "trial", "sign_in"]
    wanted = {f"{name}.{part}.j2" for name in mails for part in ("subject", "txt", "html")}
    assert files - wanted == {"calendar_trial.html.j2", "note.txt.j2", "report.html.j2"}
    assert wanted - files == set()


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in KINDS.values() for name in kind.samples]
)
def test_what_a_mail_says_comes_back_as_it_was_stored(kind, name):
    content = kind.samples[name](SCENE).content
    stored = json.dumps(content.model_dump(mode="json"))
    assert kind.content.model_validate(json.loads(stored)) == content


@pytest.mark.parametrize(
    ("kind", "stored", "read"),
    [
        (
            MailKind.PROBLEM,
            {"reason": "desc_full", "answer": ANSWER},
            ProblemContent(reason="desc_full", answer=Answer("x", None, "y", private=True)),
        ),
        (
            MailKind.CONFIRMATION,
            {
                "reason": "as_asked",
                "saved": [
                    {"reason": "as_asked", "place": "private", "answer": ANSWER, "question": None}
                ],
            },
            ConfirmationContent(
                reason="as_asked",
                saved=(
                    Saved(
                        reason="as_asked",
                        place="private",
                        answer=Answer("x", None, "y", private=True),
                    ),
                ),
            ),
        ),
        (
            MailKind.COMMAND,
            {"reason": "skip", "explanation": "No question.", "inbound_id": 3},
            CommandContent(reason="skip", explanation="No question."),
        ),
        (
            MailKind.QUARANTINED,
            {"reason": "sender_mismatch"},
            QuarantinedContent(reason="sender_mismatch"),
        ),
        (
            MailKind.COLLEAGUE,
            {"asked": {"12": ["Ben", "ben@x.co"]}},
            ColleagueContent(asked={12: AskedColleague("Ben", "ben@x.co")}),
        ),
    ],
)
def test_rows_that_are_stored_already_are_read(kind, stored, read):
    assert KINDS[kind].content.model_validate(stored) == read


def test_what_is_no_content_of_the_kind_is_refused():
    with pytest.raises(ValidationError):
        KINDS[MailKind.PROBLEM].content.model_validate({"reason": "desc_full"})
