"""`nudger coach`: is this a Commitment Objective, and if not, why?"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from nudger.cli.app import app
from nudger.cli.console import plain, print_json, refuse, say
from nudger.domain.coach import Advice, Kind
from nudger.domain.coach import coach as advise
from nudger.domain.commitment import Milestone

_TITLES = {
    Kind.COMMITMENT: "[green]A Commitment Objective.[/]",
    Kind.CALL_OBJECTIVE: "[yellow]A call objective: what you want to know or build.[/]",
    Kind.SELLER_ACTIVITY: "[yellow]Your own activity, not the customer's act.[/]",
    Kind.VAGUE: "[yellow]Too vague to see whether it happened.[/]",
    Kind.UNCLEAR: "[yellow]Not a sentence about a sale.[/]",
}


@app.command(
    epilog='Examples:  nudger coach "Dana agrees"   ·   nudger coach --stdin --json < co.txt',
)
def coach(
    text: Annotated[str | None, typer.Argument(help="A sentence, in quotes.")] = None,
    milestone: Annotated[str | None, typer.Option(help="The next milestone it leads to.")] = None,
    milestones: Annotated[
        str, typer.Option(help='All of them in order, as in "First call;Pilot;Decision".')
    ] = "",
    stdin: Annotated[bool, typer.Option("--stdin", help="Read a sentence a line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
) -> None:
    """Say whether a sentence is a Commitment Objective, why, and one question that sharpens it."""
    if stdin == (text is not None):
        refuse("give one sentence in quotes, or --stdin to read a sentence a line.")
    listed = tuple(Milestone(name.strip()) for name in milestones.split(";") if name.strip())
    wanted = Milestone(milestone) if milestone else None
    if text is not None:
        _show(text, advise(text, milestone=wanted, milestones=listed), as_json=as_json)
        return
    for line in sys.stdin:
        sentence = line.rstrip("\n")
        advice = advise(sentence, milestone=wanted, milestones=listed)
        if as_json:
            sys.stdout.write(json.dumps(_as_json(sentence, advice), ensure_ascii=False) + "\n")
        else:
            say(f"{advice.kind:16} {plain(sentence)}")


def _show(text: str, advice: Advice, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(text, advice))
        return
    say(_TITLES[advice.kind])
    for finding in advice.findings:
        quoted = f' [dim]("{plain(finding.evidence)}")[/]' if finding.evidence else ""
        say(f"  · {plain(finding.says)}{quoted}")
    if advice.question:
        say(f"\n{plain(advice.question)}")


def _as_json(text: str, advice: Advice) -> dict[str, Any]:
    return {
        "text": text,
        "kind": advice.kind.value,
        "probability": round(advice.probability, 3),
        "certain": advice.is_certain,
        "findings": [
            {"code": one.code, "evidence": one.evidence, "says": one.says}
            for one in advice.findings
        ],
        "question": advice.question,
    }
