"""`nudger read-reply`: what Nudger reads in a mail, without sending or writing anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from nudger.cli.app import app
from nudger.cli.console import aside, plain, say
from nudger.domain.commitment import Answer, Milestone
from nudger.mail.inbound import MailRejected, decode_text, parse_mail
from nudger.mail.message import Asked, AskedMeeting, Reply
from nudger.mail.reply import read_reply, read_text


@app.command(
    "read-reply",
    epilog='Example:  nudger read-reply reply.eml --milestones "First call;Decision" --json',
)
def read_reply_command(
    files: Annotated[list[Path], typer.Argument(help="Mails (.eml), folders of them, or - .")],
    text: Annotated[bool, typer.Option("--text", help="Bare plain-text replies, no MIME.")] = False,
    milestones: Annotated[
        str, typer.Option(help='The list that numbers refer to, as in "First call;Decision".')
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a file.")] = False,
) -> None:
    """Read replies: the sender's own new words, and the answer or the command in them."""
    listed = tuple(Milestone(name.strip()) for name in milestones.split(";") if name.strip())
    asked = Asked(listed, (AskedMeeting(1, ""),))
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
        if as_json:
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
        else:
            _show(shown)
    if failed:
        raise typer.Exit(1)


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
    answer = reply.answers.get(1, Answer())
    command = reply.command
    return {
        "file": file,
        "disposition": reply.disposition.value,
        "text": reply.text,
        "commitment_objective": answer.commitment_objective,
        "next_milestone": answer.next_milestone,
        "fallback": answer.fallback,
        "private": answer.private,
        "command": (
            None if command is None else {"name": command.name.value, "argument": command.argument}
        ),
        "language": reply.language,
    }


def _show(shown: dict[str, Any]) -> None:
    say(f"[bold]{plain(shown['file'])}[/]  {shown['disposition']}")
    for name in ("commitment_objective", "next_milestone", "fallback", "language"):
        if shown[name]:
            say(f"  {name.replace('_', ' ')}: {plain(shown[name])}")
    if shown["command"]:
        argument = shown["command"]["argument"] or ""
        say(f"  command: {shown['command']['name']} {plain(argument)}")
    if shown["private"]:
        say("  private")
