"""`nudger connect slack`: the tokens of the company's own app there."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nudger.admin.slack_tokens import connect_slack, disconnect_slack
from nudger.cli.console import is_terminal, refuse, say
from nudger.cli.startup import opened, settings_of

RESTART = "A process that runs learns of it when it starts anew."
IN_PLAIN_SIGHT = (
    "Beside them there are tokens in the environment or in nudger.toml, and those win: take them "
    "out there."
)


def slack(
    context: typer.Context,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget the tokens that are kept.")
    ] = False,
) -> None:
    """Try the tokens of your Slack app and keep them, sealed.

    They are asked for, and not shown; a program writes the bot token and the app-level token as
    two lines into the standard input.
    """
    with opened(context) as ctx:
        if forget:
            disconnect_slack(ctx)
            say(f"Slack's tokens are forgotten. {RESTART}")
            return
        connect_slack(ctx, *_tokens())
        say(f"Slack takes both tokens; they are kept, sealed. {RESTART}")
        written = settings_of(context).slack
        if written.bot_token is not None or written.app_token is not None:
            say(IN_PLAIN_SIGHT)


def _tokens() -> tuple[str, str]:
    if is_terminal():
        asked = ("Bot token (xoxb-…)", "App-level token (xapp-…)")
        bot, app = (typer.prompt(one, hide_input=True).strip() for one in asked)
        return bot, app
    lines = sys.stdin.read().split()
    if len(lines) != 2:
        refuse("Two lines are expected: the bot token (xoxb-…) and the app-level one (xapp-…).")
    return lines[0], lines[1]
