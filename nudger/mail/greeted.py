"""What a line says behind its greeting: "Hi, skip please", "Hello, Dana signs Friday"."""

from __future__ import annotations

import re

from nudger.domain.clauses import is_plan
from nudger.domain.coach.judge import is_commitment
from nudger.mail.commands import read_command_alone
from nudger.mail.privacy import mentions
from nudger.mail.quoting import behind_greeting

COMMITMENT_FROM = 0.6
PLAN_FROM = 0.9
"""Names, which mostly stand there, reach 0.6."""

_BREAK = re.compile(r",\s*+|(?:^|\s)[-–—]+\s")


def without_greeting(line: str) -> str:
    """The words behind a line's greeting where they are more than names, and else the line."""
    said = behind_greeting(line)
    if not said:
        return line
    last = _BREAK.split(said)[-1]
    return next((one for one in (last, said) if one and _says_something(one)), line)


def _says_something(text: str) -> bool:
    has_number = any(map(str.isdigit, text))
    if has_number or mentions(text) or read_command_alone(text) is not None:
        return True
    return len(text.split()) > 1 and (
        is_commitment(text, COMMITMENT_FROM) or is_plan(text, PLAN_FROM)
    )
