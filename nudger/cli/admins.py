"""`nudger admins`: who may come into the console, and a code for the first time."""

from __future__ import annotations

from typing import Annotated

import typer

from nudger.admin import console_access
from nudger.admin.console_access import Invited, NoAddress, NotAnAdmin
from nudger.admin.page_sign_in import site_url
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, print_table, refuse, say
from nudger.cli.startup import opened_begun
from nudger.domain.roles import Role
from nudger.domain.sign_in_lifetimes import SIGN_IN_LASTS
from nudger.store import admins

COLUMNS = ("ADDRESS", "ROLE", "SINCE", "SIGNED IN FIRST")

admins_app = typer.Typer(
    no_args_is_help=True,
    epilog="Example:  nudger admins code",
    help="Who may come into the console in the browser: admins, auditors, managers.",
)
app.add_typer(admins_app, name="admins")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Address = Annotated[str, typer.Argument(help="Their mail address at work.")]
Whose = Annotated[
    str | None, typer.Argument(help="Somebody with a role; without it, an admin without a name.")
]


@admins_app.command(
    "code", epilog="Examples:  nudger admins code   ·   nudger admins code kim@x.co"
)
def code(context: typer.Context, whose: Whose = None, as_json: AsJson = False) -> None:
    """Print a one-time code that opens the console in the browser.

    It counts once and for ten minutes, and needs no sign-in at Google or Microsoft: it is how the
    first admin comes in. A new one replaces the last.
    """
    with opened_begun(context) as ctx:
        try:
            with ctx.database.begin() as tx:
                made = console_access.make_code(ctx, tx, whose)
        except NotAnAdmin as problem:
            fail(str(problem))
        except NoAddress as problem:
            refuse(str(problem))
        url = f"{site_url(ctx)}/console/sign-in"
        is_served = ctx.settings.web.public_url is not None
    minutes = int(SIGN_IN_LASTS.total_seconds() // 60)
    if as_json:
        print_json({"code": made, "url": url, "minutes": minutes})
        return
    say(f"[bold]{made}[/]")
    say(f"It counts once, for {minutes} minutes, at {plain(url)}")
    if not is_served:
        say("[yellow]not served[/]  set [web] public_url in nudger.toml first, then `nudger run`.")


@admins_app.command("list", epilog="Example:  nudger admins list --json")
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show who has a role, and whether they signed in already."""
    with opened_begun(context) as ctx, ctx.database.read() as tx:
        found = admins.list_admins(tx)
    if as_json:
        print_json(
            [
                {
                    "email": one.email,
                    "role": one.role.value,
                    "added_at": one.added_at.isoformat(),
                    "bound_at": one.bound_at and one.bound_at.isoformat(),
                    "issuer": one.account and one.account.issuer,
                }
                for one in found
            ]
        )
        return
    rows = [
        (one.email, one.role.value, f"{one.added_at:%Y-%m-%d}",
         f"{one.bound_at:%Y-%m-%d}" if one.bound_at else "not yet")
        for one in found
    ]  # fmt: skip
    print_table(COLUMNS, rows, "Nobody has a role: `nudger admins code` lets you in without one.")


@admins_app.command("add", epilog="Example:  nudger admins add kim@ourco.com --role auditor")
def add(
    context: typer.Context,
    email: Address,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.ADMIN,
    as_json: AsJson = False,
) -> None:
    """Give somebody a role, or another one than they have.

    An admin sees and changes everything, an auditor sees it and changes nothing, a manager sees the
    calls of the reps who were told of it. Their first sign-in with Google or Microsoft binds the
    account for good.
    """
    with opened_begun(context) as ctx:
        try:
            with ctx.database.begin() as tx:
                done = console_access.invite(ctx, tx, email, role)
        except NoAddress as problem:
            refuse(str(problem))
    if as_json:
        print_json({"email": email, "role": role.value, "changed": done is not Invited.UNCHANGED})
    else:
        already = " already" if done is Invited.UNCHANGED else ""
        say(f"{plain(email)} is [bold]{role.value}[/]{already}.")


@admins_app.command("remove", epilog="Example:  nudger admins remove kim@ourco.com")
def remove(context: typer.Context, email: Address, as_json: AsJson = False) -> None:
    """Take somebody's role, and sign them out at once."""
    with opened_begun(context) as ctx:
        try:
            with ctx.database.begin() as tx:
                console_access.remove(ctx, tx, email)
        except NotAnAdmin as problem:
            fail(str(problem))
        except NoAddress as problem:
            refuse(str(problem))
    if as_json:
        print_json({"removed": email})
    else:
        say(f"{plain(email)} has no role any more.")
