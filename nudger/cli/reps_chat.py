"""`nudger reps ask-in`: whether a rep is asked in Slack or by mail."""

from __future__ import annotations

import typer

from nudger.admin.chat_choice import AskedIn, NoChat, choose
from nudger.cli.console import fail, plain, print_json, say
from nudger.cli.reps import AsJson, reps
from nudger.cli.startup import opened
from nudger.store import people


@reps.command("ask-in", epilog="Example:  nudger reps ask-in ana@ourco.com slack")
def ask_in(context: typer.Context, email: str, where: AskedIn, as_json: AsJson = False) -> None:
    """Ask this rep in Slack, or by mail again. Reps choose it on their own page too."""
    with opened(context) as ctx, ctx.database.begin() as tx:
        rep = people.find_rep(tx, email.lower())
        if rep is None:
            fail(f"{email} is not a rep. See `nudger reps list`.")
        try:
            choose(ctx, tx, rep, where)
        except NoChat as problem:
            fail(str(problem))
    if as_json:
        print_json({"email": rep.email, "asked_in": where.value})
    else:
        say(f"{plain(rep.email)} is asked {'in Slack' if where is AskedIn.SLACK else 'by mail'}.")
