"""`nudger domains review` and `suggest`: the outside domains that nobody has listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import click
import typer

from nudger.admin.domain_changes import counted
from nudger.admin.domain_review import ANSWERS, put_off, say_kind, take_back
from nudger.cli.console import fail, is_terminal, plain, print_json, print_table, say
from nudger.cli.domains import AsJson, domains
from nudger.cli.startup import opened
from nudger.domain.domains import DomainKind
from nudger.domain.reasons import reason_of
from nudger.jobs.outgoing.unknown_domains import (
    UnknownDomain,
    unknown_domains,
    waiting_for_review,
)
from nudger.mail.display import display_text
from nudger.runtime.context import Context

LONGEST_TITLE = 70
LATER, UNDO, QUIT = "l", "u", "q"
LISTED = "listed"
"""What somebody else said meanwhile: undo takes back none of it."""
KEYS = (
    "[bold]c[/]ustomer  [bold]p[/]artner  [bold]n[/]ever  [bold]l[/]ater  [bold]u[/]ndo  "
    "[bold]q[/]uit"
)


@domains.command("review", epilog="Example:  nudger domains review --json")
def review(context: typer.Context, as_json: AsJson = False) -> None:
    """Say of each unknown outside domain, with one key, what it is.

    What you have said is kept when you stop; "undo" takes back the last key.
    """
    with opened(context) as ctx:
        waiting = waiting_for_review(ctx)
        if as_json:
            print_json([_as_json(one) for one in waiting])
        elif not waiting:
            say("No outside domain waits for a review.")
        elif not is_terminal():
            fail(
                f"{counted(len(waiting), 'domain')} to review, one key each: that needs a terminal."
                " In scripts:  nudger domains review --json, then  nudger domains add"
            )
        else:
            _Review(ctx, waiting).run(click.getchar)


@domains.command("suggest", epilog="Example:  nudger domains suggest --limit 30")
def suggest(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 15,
    as_json: AsJson = False,
) -> None:
    """Show the unknown outside domains that have most meetings, ready for `domains add`."""
    with opened(context) as ctx:
        found = unknown_domains(ctx)
    if as_json:
        print_json([_as_json(one) for one in found[:limit]])
        return
    rows = [[one.domain, str(one.meetings), str(one.coming), _asked(one)] for one in found[:limit]]
    print_table(("DOMAIN", "MEETINGS", "AHEAD", "ASKED ABOUT"), rows, "No unknown domain is known.")
    if len(found) > limit:
        say(f"[dim]and {len(found) - limit} more: --limit {len(found)}[/]")
    if found:
        say(f"\nSay what one is:  nudger domains add customer {plain(found[0].domain)}")
        say("[dim]In place of customer: partner, ours, or never. One key each:[/]")
        say("[dim]nudger domains review[/]")


@dataclass
class _Review:
    """Goes through the domains; each key is kept at once, `done` are those that undo takes back."""

    ctx: Context
    waiting: Sequence[UnknownDomain]
    done: list[str] = field(default_factory=list)

    def run(self, read_key: Callable[[], str]) -> None:
        try:
            while len(self.done) < len(self.waiting):
                self._show(self.waiting[len(self.done)])
                if not self._take(read_key().lower()):
                    break
        except (KeyboardInterrupt, EOFError):
            say("")
        said, left = sum(key in ANSWERS for key in self.done), len(self.waiting) - len(self.done)
        say(f"{counted(said, 'domain')} said, {left} left. Kept; go on:  nudger domains review")

    def _show(self, one: UnknownDomain) -> None:
        place = f"[dim]{len(self.done) + 1} of {len(self.waiting)}[/]"
        ahead = f", {one.coming} ahead" if one.coming else ""
        say(f"\n{place}  [bold]{plain(one.domain)}[/]  {counted(one.meetings, 'meeting')}{ahead}")
        if not one.is_asked and one.reason is not None:
            say(f"  not asked about: {plain(reason_of(one.reason).words)}")
        for title in one.titles:
            say(f"  [dim]-[/] {plain(display_text(title, LONGEST_TITLE))}")
        say(f"  {KEYS}")

    def _take(self, key: str) -> bool:
        """Do what the key says; false at the end."""
        if key in (QUIT, "\x03", "\x04"):
            return False
        if key == UNDO:
            self._undo()
        elif key == LATER:
            with self.ctx.database.begin() as tx:
                put_off(tx, self._current, self.ctx.clock())
            say(f"  {plain(self._current)} is shown again in a month.")
            self.done.append(key)
        elif key in ANSWERS:
            self.done.append(key if self._set(ANSWERS[key]) else LISTED)
        else:
            say("  [dim]One of these keys, please.[/]")
        return True

    @property
    def _current(self) -> str:
        return self.waiting[len(self.done)].domain

    def _undo(self) -> None:
        if not self.done:
            say("  [dim]Nothing to take back.[/]")
            return
        if self.done.pop() == LISTED:
            return
        with self.ctx.database.begin() as tx:
            take_back(tx, self._current, self.ctx.clock())
        say(f"  {plain(self._current)} is taken back.")

    def _set(self, kind: DomainKind) -> bool:
        with self.ctx.database.begin() as tx:
            is_new = say_kind(tx, self._current, kind, self.ctx.clock())
        was = f"is [bold]{kind.value}[/]" if is_new else "was listed meanwhile, and stays as it is"
        say(f"  {plain(self._current)} {was}.")
        return is_new


def _asked(one: UnknownDomain) -> str:
    return "yes" if one.is_asked else f"no: {one.reason}"


def _as_json(one: UnknownDomain) -> dict[str, Any]:
    return {
        "domain": one.domain,
        "meetings": one.meetings,
        "ahead": one.coming,
        "asked": one.is_asked,
        "reason": one.reason,
        "titles": one.titles,
    }
