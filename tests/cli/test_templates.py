"""`nudger templates`: which are the company's own, what is other in them, back to ours."""

from __future__ import annotations

import pytest

from nudger.domain.reasons import Reason
from nudger.store import audit

NOTE = "en/note.txt.j2"


@pytest.fixture
def own(office):
    folder = office.folder / "own"
    (folder / "en").mkdir(parents=True)
    (folder / NOTE).write_text("Plan: {{ commitment_objective }}\n")
    office.configure('templates = "own"\n')
    return folder


def test_the_own_ones_are_listed(nudger_in_office, own):
    (one,) = nudger_in_office.json("templates", "list", "--own")
    assert (one["file"], one["kind"], one["own"]) == (NOTE, "note", True)
    every = nudger_in_office.json("templates", "list")
    assert {"en/question.html.j2", "en/sign_in.txt.j2", NOTE} <= {one["file"] for one in every}
    assert "yours" in nudger_in_office("templates", "list").stdout


def test_what_is_other_is_shown(nudger_in_office, own):
    assert "+ Plan: {{ commitment_objective }}" in nudger_in_office("templates", "diff").stdout
    told = nudger_in_office.json("templates", "diff", "en/trial.txt.j2")
    assert told == {"en/trial.txt.j2": []}
    assert nudger_in_office("templates", "show", NOTE).stdout.startswith("Plan: ")


def test_the_shipped_one_is_taken_again(nudger_in_office, office, own):
    assert nudger_in_office.json("templates", "reset", NOTE) == {"reset": NOTE}
    assert not (own / NOTE).exists()
    assert (own / f"{NOTE}.old").exists()
    with office.ctx.database.read() as tx:
        (one,) = audit.latest(tx, Reason.TEMPLATE_CHANGED, 9)
    assert one.step.detail == {"template": NOTE, "change": "reset"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["reset", "en/trial.txt.j2"], 1, "is the shipped one"),
        (["reset", "en/nosuch"], 2, "is no template"),
        (["diff", "nosuch"], 2, "is no template"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(nudger_in_office, own, arguments, code, says):
    result = nudger_in_office("templates", *arguments)
    assert (result.exit_code, len(result.stderr.splitlines())) == (code, 1)
    assert says in result.stderr
