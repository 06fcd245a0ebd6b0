"""Whole replies, labelled by hand, read as the jobs read them.

Somebody who knows neither our code nor our tests wrote the mails and said what each of them means
(`tests/corpus/mails`); `samples` are the mails of ours that they answer.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from nudger.domain.commitment import Milestone
from nudger.mail.inbound import parse_mail
from nudger.mail.message import Asked, AskedMeeting, Reply
from nudger.mail.reply import read_reply
from tests.mail.samples import MAILS, own_lines

CASES = [json.loads(row) for row in (MAILS / "expected.jsonl").read_text("utf-8").splitlines()]
MEETINGS = (AskedMeeting(1, "ACME: pilot review", ("acme.example",)),)
DIGEST = (*MEETINGS, AskedMeeting(2, "Globex: security questions", ("acme.example",)))

DISPOSITIONS = {
    "auto": {"auto_reply"},
    "reaction": {"empty"},
    "empty": {"empty", "unclear"},
}
COMMANDS = {"not_me": "hand_over"}

WEAK = dict.fromkeys(("023", "065"), "the arguments of two commands")
"""Mails that are not read right yet, and why."""


def asked(case: dict[str, Any]) -> Asked:
    return Asked(
        milestones=tuple(map(Milestone, case["milestones"])),
        meetings=DIGEST if case["asked"].startswith("digest") else MEETINGS,
        lines=own_lines(case["asked"]),
        rep_name="Ana Weber",
    )


def read(reply: Reply) -> dict[str, Any]:
    answer = reply.answers.get(1)
    return {
        "disposition": reply.disposition.value,
        "commitment_objective": answer.commitment_objective if answer else None,
        "next_milestone": answer.next_milestone if answer else None,
        "fallback": answer.fallback if answer else None,
        "private": answer.private if answer else False,
        "command": reply.command.name.value if reply.command else None,
        "argument": (reply.command.argument or None) if reply.command else None,
    }


def wanted(case: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What the label says, in our words, and where two readings are right the one that was found."""
    said = {name: case[name] for name in found}
    allowed = DISPOSITIONS.get(case["disposition"], {case["disposition"]})
    said["disposition"] = found["disposition"] if found["disposition"] in allowed else allowed
    said["command"] = COMMANDS.get(case["command"], case["command"])
    if case["command"] == "pause":
        argument = (case["argument"] or "").removeprefix("until ")
        if (found["argument"] or "").removeprefix("until ") == argument:
            said["argument"] = found["argument"]
    return said


@pytest.mark.parametrize("case", CASES, ids=[f"{one['file']} {one['kind']}" for one in CASES])
def test_the_mail_is_read_as_its_author_means_it(case, request):
    weakness = WEAK.get(case["file"].removesuffix(".eml"))
    if weakness:
        request.applymarker(pytest.mark.xfail(reason=weakness, strict=True))
    inbound = parse_mail((MAILS / case["file"]).read_bytes())
    found = read(read_reply(inbound, asked(case)))
    assert found == wanted(case, found)
