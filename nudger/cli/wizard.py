"""The questions of `nudger init` on a terminal, readable at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

import typer

from nudger.admin.machine import guess_language, guess_zone
from nudger.admin.setup.answers import Answers, Unfit
from nudger.admin.setup.draft import Draft
from nudger.admin.setup.install import Known
from nudger.admin.setup.questions import QUESTIONS, Choice, Question
from nudger.cli.console import fail, plain, say

WIDTH = 78
NO_ZONE = "This machine runs on UTC, where nobody lives: it cannot tell."


class Stopped(Exception):
    """Ctrl-C, or the end of the input."""


def ask_all(known: Known, given: Answers, draft: Draft) -> dict[str, str]:
    """Ask what is not given; returns everything that was answered or given. What stands there
    already is what Enter takes. Raises `Stopped`; the answers so far are in the draft."""
    before = draft.read()
    answers: dict[str, str] = dict(given)
    open_ones = [one for one in QUESTIONS if one.key not in given]
    _introduce(known, before, len(open_ones))
    for number, question in enumerate(open_ones, 1):
        offered = _offered(question, known, before, answers)
        say(f"\n[bold]{number} of {len(open_ones)}  {question.title}[/]")
        answers[question.key] = _ask(question, _so_far(known, answers), offered, known)
        try:
            draft.keep(answers)
        except OSError as error:
            fail(f"{error.filename} cannot be written: {error.strerror}.")
    return answers


def _introduce(known: Known, before: Answers, count: int) -> None:
    if not count:
        return
    say(f"[bold]Setting up Nudger: {count} question{'s' * (count != 1)}.[/]")
    say("Enter takes what stands in [dim]\\[brackets][/]. Ctrl-C stops; nothing is lost.")
    if known.text is not None:
        say("There is a nudger.toml already: what you do not change stays as it is.")
    if before:
        say("You stopped here before: your answers of then are offered again.")


def _so_far(known: Known, answers: Answers) -> Answers:
    """What holds while the next question is asked."""
    return {**known.answers, **answers}


def _offered(question: Question, known: Known, before: Answers, answers: Answers) -> str | None:
    if question.key in before:
        return before[question.key]
    if question.key in known.answers:
        return known.answers[question.key]
    if question.key == "rep":
        return ""
    guess = {"time_zone": guess_zone, "language": guess_language}.get(question.key)
    return guess() if guess else question.suggest(_so_far(known, answers))


def _ask(question: Question, so_far: Answers, offered: str | None, known: Known) -> str:
    for line in _explained(question, so_far):
        say(line)
    if question.key == "time_zone" and offered is None:
        say(NO_ZONE)
    if question.key == "rep" and known.reps:
        say(f"{known.reps} watched already: an address adds one more.")
    while True:
        try:
            typed: str = typer.prompt(
                question.prompt, default=offered or "", show_default=bool(offered)
            )
        except typer.Abort as abort:
            raise Stopped from abort
        try:
            return question.read(typed, so_far)
        except Unfit as problem:
            for line in textwrap.wrap(f"{problem} Please try again.", WIDTH):
                say(f"[yellow]{plain(line)}[/]")


def _explained(question: Question, so_far: Answers) -> Iterator[str]:
    """What one has to know, in lines with the console's markup."""
    choices = question.choices(so_far)
    widest = max((len(one.value) for one in choices), default=0)
    for one in choices:
        yield from _of_choice(one, 4 + widest)
    yield from textwrap.wrap(question.note, WIDTH)


def _of_choice(one: Choice, indent: int) -> Iterator[str]:
    first, rest = f"  {one.value:{indent - 2}}", " " * indent
    yield from textwrap.wrap(one.says, WIDTH, initial_indent=first, subsequent_indent=rest)
    for line in textwrap.wrap(one.warning, WIDTH, initial_indent=rest, subsequent_indent=rest):
        yield f"[yellow]{line}[/]"
    yield from textwrap.wrap(one.example, WIDTH, initial_indent=rest, subsequent_indent=rest)


def confirm(answers: Mapping[str, str], known: Known) -> bool:
    """Show what will be written, and have it confirmed. Raises `Stopped`."""
    say("\n[bold]This is what you answered:[/]")
    for question in QUESTIONS:
        value = answers.get(question.key)
        if value:
            was = known.answers.get(question.key)
            note = f" [dim](was {plain(was)})[/]" if was and was != value else ""
            say(f"  {question.key.replace('_', ' '):12} {plain(value)}{note}")
    try:
        return typer.confirm("Put it in place?", default=True)
    except typer.Abort as abort:
        raise Stopped from abort
