"""`nudger read-reply`: what Nudger reads in a mail, without sending or writing anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from nudger.cli.app import app
from nudger.cli.console import aside, fail, plain, say
from nudger.cli.exits import Exit
from nudger.domain.commitment import Answer, Milestone
from nudger.mail.calls import letter_of
from nudger.mail.inbound import MailRejected, decode_text, parse_mail
from nudger.mail.message import Asked, AskedMeeting, Command, CommandName, Reply
from nudger.mail.reply import read_reply, read_text


@app.command(
    "read-reply",
    epilog='Example:  nudger read-reply reply.eml --milestones "First call;Decision" --json',
)
def read_reply_command(
    files: Annotated[list[Path], typer.Argument(help="Mails (.eml), folders of them, or - .")],
    text: Annotated[bool, typer.Option("--text", help="Bare plain-text replies, no MIME.")] = False,
    milestones: Annotated[
        str,
        typer.Option(help='The list, with other names behind bars: "First call|Intro;Decision".'),
    ] = "",
    meetings: Annotated[
        Path | None,
        typer.Option(
            help="The calls of a digest, a JSON list of objects in the mail's order: title, "
            'customer (a domain), guests ("Dana Reyes <dana@acme.example>") and label ("A").'
        ),
    ] = None,
    rep: Annotated[str, typer.Option(help="The name of who was asked.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a file.")] = False,
) -> None:
    """Read replies: the sender's own new words, and the answer or the command in them."""
    calls = _calls(meetings) if meetings else {"A": AskedMeeting(1, "")}
    asked = Asked(_listed(milestones), tuple(calls.values()), rep_name=rep)
    failed = False
    for file in _each(files):
        try:
            reply = _read(file, asked, as_text=text)
        except (OSError, MailRejected) as error:
            failed = True
            reason = error.reason if isinstance(error, MailRejected) else error.strerror
            aside(f"[red]error:[/] {plain(str(file))} cannot be read: {plain(str(reason))}.")
            continue
        shown = _as_json(str(file), reply)
        if meetings:
            shown["calls"] = {
                label: _of_call(reply, one.number, len(calls)) for label, one in calls.items()
            }
        if as_json:
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
        else:
            _show(shown)
    if failed:
        raise typer.Exit(Exit.FAILED)


def _listed(milestones: str) -> tuple[Milestone, ...]:
    names = [name.split("|") for name in milestones.split(";") if name.strip()]
    return tuple(
        Milestone(name.strip(), "", tuple(alias.strip() for alias in aliases))
        for name, *aliases in names
    )


def _calls(file: Path) -> dict[str, AskedMeeting]:
    """The calls of a file, by their labels."""
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))
        return {
            str(one.get("label") or letter_of(number)): AskedMeeting(
                number,
                str(one.get("title", "")),
                (str(one["customer"]),) if one.get("customer") else (),
                guests=tuple(map(str, one.get("guests", ()))),
            )
            for number, one in enumerate(listed, start=1)
        }
    except (OSError, ValueError, TypeError, AttributeError) as error:
        fail(f"{file} is no JSON list of calls: {error}.")


def _each(files: list[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            yield from sorted(one for one in file.rglob("*") if one.is_file())
        else:
            yield file


def _read(file: Path, asked: Asked, *, as_text: bool) -> Reply:
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    if as_text:
        return read_text(decode_text(raw, "utf-8").removeprefix("\ufeff"), asked)
    return read_reply(parse_mail(raw), asked)


def _as_json(file: str, reply: Reply) -> dict[str, Any]:
    return {
        "file": file,
        "disposition": reply.disposition.value,
        "reason": reply.reason,
        "text": reply.text,
        **_said(reply.answers.get(1, Answer()), reply.command),
        "language": reply.language,
        "doubtful": 1 in reply.doubtful,
    }


def _said(answer: Answer, command: Command | None) -> dict[str, Any]:
    return {
        "commitment_objective": answer.commitment_objective,
        "next_milestone": answer.next_milestone,
        "fallback": answer.fallback,
        "remark": answer.remark,
        "private": answer.private or (command is not None and command.name is CommandName.PRIVATE),
        "command": (
            None if command is None else {"name": command.name.value, "argument": command.argument}
        ),
    }


def _of_call(reply: Reply, number: int, calls: int) -> dict[str, Any]:
    """What a reply says about one of several calls."""
    command = reply.commands.get(number) or reply.command
    answer = reply.answers.get(number)
    if command is None and answer is None:
        is_unclear = number in reply.unread or number in reply.fillers
        disposition = "unclear" if is_unclear or calls == 1 else None
    else:
        disposition = "answer" if command is None else "command"
    return {
        "disposition": disposition,
        **_said(answer or Answer(), command),
        "doubtful": number in reply.doubtful,
        "unread": reply.unread.get(number),
    }


def _show(shown: dict[str, Any]) -> None:
    say(f"[bold]{plain(shown['file'])}[/]  {shown['disposition']}")
    if "calls" in shown:
        for label, one in shown["calls"].items():
            say(f"[bold]{plain(label)}[/]  {one['disposition'] or 'nothing said'}")
            _show_fields(one)
        return
    _show_fields(shown)


def _show_fields(shown: dict[str, Any]) -> None:
    for name in ("commitment_objective", "next_milestone", "fallback", "remark", "language"):
        if shown.get(name):
            say(f"  {name.replace('_', ' ')}: {plain(shown[name])}")
    if shown["command"]:
        argument = shown["command"]["argument"] or ""
        say(f"  command: {shown['command']['name']} {plain(argument)}")
    if shown["private"]:
        say("  private")
