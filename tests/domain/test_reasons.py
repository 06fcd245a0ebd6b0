"""Each code that the program can record has its words, here and in the docs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nudger
from nudger.domain.assignee import RepReason
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason, StepName, reason_of
from nudger.runtime.mail_reader import OVER_THE_LIMIT

DOCS = Path(__file__).parents[2] / "docs"
PACKAGE = Path(nudger.__file__).parent
SAYS_A_REASON = {
    "SenderVerdict", "MailRejected", "NoteProblem", "NotWritten", "Never", "End", "Failure",
    "_held", "Reply",
}  # fmt: skip


def literal_reasons() -> set[str]:
    """The codes that are given as texts where a reason is expected."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        if "sandbox" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = [one.value for one in node.keywords if one.arg == "reason"]
            if name in SAYS_A_REASON:
                given += node.args
            found |= {text for one in given for text in texts_of(one)}
    return found


def texts_of(node: ast.expr) -> set[str]:
    """The code that an argument is, or the two that it may be."""
    if isinstance(node, ast.IfExp):
        return texts_of(node.body) | texts_of(node.orelse)
    is_code = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return {node.value} if is_code and node.value.isidentifier() else set()


def test_a_reason_that_is_a_text_in_the_code_is_in_the_catalogue():
    texts = literal_reasons()
    assert len(texts) > 15
    assert texts - {one.value for one in Reason} == set()


def test_every_code_says_itself_in_a_sentence():
    for member in (*Reason, *RepReason):
        assert member.words[0].isupper()
        assert member.words.endswith(".")
        assert str(member) == member.value
    assert len({one.value for one in Reason}) == len(list(Reason))


def test_every_kind_of_mail_is_a_step():
    assert {kind.name for kind in MailKind} <= {step.name for step in StepName}
    assert {kind.value for kind in MailKind} <= {step.value for step in StepName}


def test_a_code_of_another_version_is_told_as_unknown():
    assert reason_of("customer") is Reason.CUSTOMER
    assert reason_of("made_up") is Reason.UNKNOWN


def test_the_docs_list_every_code_with_its_words():
    listed = (DOCS / "reasons.md").read_text()
    for member in (*Reason, *RepReason):
        assert f"| `{member.value}` | {member.words} |" in listed
    assert listed.count("| `") == len(list(Reason)) + len(list(RepReason))


def test_every_sign_of_an_automatic_mail_is_in_the_catalogue():
    source = (PACKAGE / "mail" / "automatic.py").read_text()
    codes = re.findall(r'(?:Disposition\.\w+|kind), "(\w+)"', source)
    assert len(codes) > 8
    assert {code for code in codes if reason_of(code) is Reason.UNKNOWN} == set()


def test_a_mail_that_takes_too_long_to_read_has_its_reason():
    assert reason_of(OVER_THE_LIMIT) is Reason.READING_LIMIT
