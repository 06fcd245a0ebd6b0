"""`nudger webhooks`: those who are told what happens to calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nudger.admin import webhooks
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, print_table, say
from nudger.cli.exits import Exit
from nudger.cli.since import moment_since
from nudger.cli.startup import opened
from nudger.cli.status import local_time
from nudger.domain.notices import DeliveryState, Effect
from nudger.jobs.telling.payload import payload_schema
from nudger.runtime.context import Context

HEAD = ("NAME", "EVENTS", "WAITING", "DELIVERED", "GIVEN UP", "LAST DELIVERY", "STATE")
DELIVERIES = ("ID", "EVENT", "CALL", "STATE", "TRIES", "WHY")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="The receiver's name in nudger.toml.")]

webhooks_app = typer.Typer(
    no_args_is_help=True,
    epilog="Examples:  nudger webhooks list   ·   nudger webhooks test crm",
    help="Those who are told what happens to calls: webhooks and CRMs.",
)
app.add_typer(webhooks_app, name="webhooks")


@contextmanager
def _opened(context: typer.Context) -> Iterator[Context]:
    with opened(context) as ctx:
        try:
            yield ctx
        except webhooks.UnknownReceiver as problem:
            fail(str(problem))


@webhooks_app.command("list", epilog="Example:  nudger webhooks list --json")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the receivers: what they are told of, what waits, what went wrong."""
    with _opened(context) as ctx:
        found = [one.as_json() for one in webhooks.list_receivers(ctx)]
        if as_json:
            print_json(found)
        else:
            rows = [_row(ctx, one) for one in found]
            print_table(HEAD, rows, plain("Nobody is told: add [[webhooks]] to nudger.toml."))


def _row(ctx: Context, one: dict[str, Any]) -> list[str]:
    return [
        one["name"],
        ", ".join(one["events"]),
        str(one["waiting"]),
        str(one["delivered"]),
        str(one["given_up"]),
        local_time(ctx, one["delivered_at"]) or "never",
        _state(ctx, one),
    ]


def _state(ctx: Context, one: dict[str, Any]) -> str:
    why = " ".join(filter(None, (one["words"], one["detail"])))
    if one["off_since"]:
        return f"off since {local_time(ctx, one['off_since'])}: {why}"
    if one["failures"]:
        return f"tried again {local_time(ctx, one['left_until'])}: {why}"
    return "good"


@webhooks_app.command("test", epilog="Example:  nudger webhooks test crm")
def try_(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Send a message that tells of no call, and say what the receiver answered."""
    with _opened(context) as ctx:
        receipt = webhooks.try_webhook(ctx, name)
    took = receipt.effect is Effect.DELIVERED
    if as_json:
        found = {"ok": took, "reason": receipt.reason, "detail": receipt.detail or None}
        print_json({"receiver": name, **found, "words": receipt.reason.words})
    else:
        mark = "[green]ok[/]  " if took else "[red]FAIL[/]"
        said = " ".join(filter(None, (receipt.reason.words, receipt.detail)))
        say(f"{mark} {plain(name)}: {plain(said)}")
    if not took:
        raise typer.Exit(Exit.FAILED)


@webhooks_app.command(
    epilog="Examples:  nudger webhooks replay crm   ·   nudger webhooks replay crm --since -30d"
)
def replay(
    context: typer.Context,
    name: Name,
    since: Annotated[
        str, typer.Option(help='From a day on, or "-7d" for seven days back.')
    ] = "-7d",
    as_json: AsJson = False,
) -> None:
    """Tell a receiver again what happened since a day, in the same order and with the same ids."""
    with _opened(context) as ctx:
        moment = moment_since(since, ctx.clock(), ZoneInfo(ctx.settings.time_zone))
        count = webhooks.replay(ctx, name, moment)
    if as_json:
        print_json({"receiver": name, "since": moment.isoformat(), "notices": count})
    else:
        say(f"{plain(name)} is told again: {count} notices are due now.")


@webhooks_app.command(epilog="Example:  nudger webhooks on crm")
def on(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Go on telling a receiver that was switched off, or that is left alone for a while."""
    with _opened(context) as ctx:
        webhooks.switch_on(ctx, name)
    if as_json:
        print_json({"receiver": name, "on": True})
    else:
        say(f"{plain(name)} is told again, with all that waits.")


@webhooks_app.command(
    epilog="Examples:  nudger webhooks show crm --state given_up   ·   "
    "nudger webhooks show msg_2f0c..."
)
def show(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="A receiver's name, or a message's id.")],
    state: Annotated[
        DeliveryState | None, typer.Option(help="Only a receiver's deliveries in this state.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a receiver's latest deliveries; or one message, its tries and its body."""
    with _opened(context) as ctx:
        if what.startswith("msg_"):
            _show_message(ctx, what, as_json=as_json)
            return
        found = webhooks.recent_deliveries(ctx, what, state)
    if as_json:
        print_json(found)
    else:
        print_table(
            DELIVERIES, [_delivery_row(one) for one in found], "Nothing was sent to it yet."
        )


def _show_message(ctx: Context, message_id: str, *, as_json: bool) -> None:
    found = webhooks.show_notice(ctx, message_id)
    if found is None:
        fail(f"No message {message_id} is known: `nudger webhooks show NAME` lists them.")
    if as_json:
        print_json({**found, "body": json.loads(found["body"])})
        return
    say(f"{plain(found['event'])}, call {found['call']}, {local_time(ctx, found['at'])}")
    for one in found["deliveries"]:
        why = one["error"] or one["reason"] or ""
        say(f"  {plain(one['receiver'])}: {one['state']}, tries {one['tries']} {plain(why)}")
    say("As it would be sent now:")
    say(plain(found["body"]))


def _delivery_row(one: dict[str, Any]) -> list[str]:
    why = one["error"] or one["reason"] or ""
    return [one["id"], one["event"], str(one["call"]), one["state"], str(one["tries"]), why]


@webhooks_app.command(
    epilog="Examples:  nudger webhooks secret crm   ·   nudger webhooks secret crm --new"
)
def secret(
    context: typer.Context,
    name: Name,
    new: Annotated[
        bool, typer.Option("--new", help="Make another; the old one signs as well for a day.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the secret that signs a webhook's messages, for its receiver to verify them with."""
    with _opened(context) as ctx:
        found = webhooks.new_secret_of(ctx, name) if new else webhooks.secret_of(ctx, name)
    if as_json:
        print_json({"receiver": name, "secret": found})
    else:
        typer.echo(found)


@webhooks_app.command(epilog="Example:  nudger webhooks schema > nudger-webhooks.json")
def schema() -> None:
    """Print the JSON schema of the messages."""
    print_json(payload_schema())
