"""`nudger api-tokens`: who may read calls by `/api/v1`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer

from nudger.admin import api_tokens
from nudger.cli.app import app
from nudger.cli.console import aside, fail, plain, print_json, print_table, say
from nudger.cli.startup import opened
from nudger.cli.status import local_time
from nudger.domain.api_scopes import Scope
from nudger.runtime.context import Context

HEAD = ("NAME", "SCOPES", "STATE", "MADE", "LAST USED")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="What the token is for, as in: warehouse.")]

tokens_app = typer.Typer(
    no_args_is_help=True,
    epilog="Examples:  nudger api-tokens add warehouse --scope calls   ·   nudger api-tokens list",
    help="Who may read calls by the API (docs/api.md).",
)
app.add_typer(tokens_app, name="api-tokens")


@contextmanager
def _opened(context: typer.Context) -> Iterator[Context]:
    with opened(context) as ctx:
        try:
            yield ctx
        except api_tokens.TokenProblem as problem:
            fail(str(problem))


@tokens_app.command(
    epilog="Example:  nudger api-tokens add warehouse --scope calls --days 365 --json"
)
def add(
    context: typer.Context,
    name: Name,
    scope: Annotated[list[Scope], typer.Option(help="What it may read; may be repeated.")],
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3650, help="When it expires; without it, when it is revoked."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it, once: only its hash is kept."""
    lasting = None if days is None else timedelta(days=days)
    with _opened(context) as ctx:
        token = api_tokens.add_token(ctx, name, scope, lasting)
        is_served = ctx.settings.web.api and ctx.settings.web.is_served
    if as_json:
        print_json({"name": name, "token": token})
    else:
        typer.echo(token)
        aside("It is not shown again. Send it as `Authorization: Bearer …`.")
    if not is_served:
        aside(plain("The API is not served yet: set [web] api = true."))


@tokens_app.command("list", epilog="Example:  nudger api-tokens list --json")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the tokens by name: what they open, until when, and when they were last used."""
    with _opened(context) as ctx:
        found = api_tokens.list_tokens(ctx)
        if as_json:
            print_json(found)
            return
        rows = [
            [
                one["name"],
                ", ".join(one["scopes"]),
                _state(ctx, one),
                local_time(ctx, one["created_at"]),
                local_time(ctx, one["used_at"]) or "never",
            ]
            for one in found
        ]
        print_table(HEAD, rows, "There is no token: `nudger api-tokens add NAME --scope calls`.")


def _state(ctx: Context, one: dict[str, str | None]) -> str:
    if one["revoked_at"]:
        return f"revoked {local_time(ctx, one['revoked_at'])}"
    if one["expires_at"]:
        word = "until" if one["counts"] else "expired"
        return f"{word} {local_time(ctx, one['expires_at'])}"
    return "good"


@tokens_app.command(epilog="Example:  nudger api-tokens revoke warehouse")
def revoke(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Have a token count no more, from the next request on."""
    with _opened(context) as ctx:
        api_tokens.revoke_token(ctx, name)
    if as_json:
        print_json({"name": name, "revoked": True})
    else:
        say(f"{plain(name)} counts no more.")
