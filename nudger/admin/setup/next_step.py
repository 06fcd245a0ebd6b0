"""What to do after `nudger init`, by what the doctor found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nudger.admin.doctor_checks import Check
from nudger.admin.setup.answers import OWN
from nudger.domain.event import Provider
from nudger.runtime.consents import connect_command

_GUIDES = {"google": "docs/setup-google.md", "microsoft": "docs/setup-microsoft.md"}


@dataclass(frozen=True, slots=True)
class NextStep:
    """A command or a page, and why."""

    command: str
    why: str


def next_step(checks: Sequence[Check], answers: Mapping[str, str]) -> NextStep:
    """The first thing that is missing; where nothing is, the way to see it work."""
    provider, rep = answers.get("provider", "google"), answers.get("rep", "")
    failing = [check.what for check in checks if check.fails]
    if any(what.startswith("credentials") for what in failing):
        why = "tells step by step how to get credentials.json; then: nudger doctor"
        return NextStep(_GUIDES[provider], why)
    if failing == ["consents"] and rep:
        command = connect_command(Provider(provider), rep)
        return NextStep(command, "has a browser ask for your consent; then: nudger doctor")
    if failing:
        return NextStep("nudger doctor", "again, once what fails is mended")
    look = "nudger scan --dry-run"
    if answers.get("mailbox") == OWN:
        return NextStep(look, "shows what would be asked; then: nudger run")
    if rep:
        why = f"sends one real mail there; then: {look}, nudger announce"
        return NextStep(f"nudger test-mail {rep}", why)
    return NextStep(look, "shows what would be asked; then: nudger announce, nudger run")
