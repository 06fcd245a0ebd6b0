"""`nudger addon`: giving reps a panel in their calendar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from nudger.admin.google_addon import deployment_of, why_not_deployable
from nudger.cli.addon_outlook import outlook
from nudger.cli.app import app
from nudger.cli.console import fail, plain, print_json, problems_in_one_line, say
from nudger.cli.startup import settings_of

DEPLOYMENT = Path("deployment.json")
GCLOUD = "gcloud workspace-add-ons"
PUBLISHING = (
    "For everybody: publish it as private in the Google Workspace Marketplace SDK. That is at "
    "once, without Google's review, and for good: it can never be made public."
)

addon_app = typer.Typer(
    no_args_is_help=True,
    help="Give reps a panel in their calendar.",
    epilog="Examples:  nudger addon google   ·   nudger addon outlook",
)
app.add_typer(addon_app, name="addon")
addon_app.command(epilog="Example:  nudger addon outlook --write outlook-files")(outlook)


@addon_app.command(epilog="Example:  nudger addon google --write deployment.json")
def google(
    context: typer.Context,
    write: Annotated[
        Path, typer.Option(help="The file that gcloud is given.", metavar="FILE")
    ] = DEPLOYMENT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the deployment and what to run; write nothing.")
    ] = False,
) -> None:
    """Write the deployment of the add-on in Google Calendar for your address.

    It says which gcloud lines make it known to Google, and how it is published
    to everybody. Nothing is sent anywhere.
    """
    with problems_in_one_line():
        settings = settings_of(context)
    impossible = why_not_deployable(settings)
    if impossible is not None:
        fail(impossible)
    deployment, lines = deployment_of(settings), _lines(write)
    if as_json:
        print_json({"deployment": deployment, "run": lines, "publishing": PUBLISHING})
        return
    _write(write, deployment)
    say(f"Wrote {plain(str(write))} for {plain(settings.web.public_url or '')}.\n")
    say("Where gcloud is signed in to the add-on's own project:\n")
    for line in lines:
        say(f"  {plain(line)}")
    known = settings.google_addon.is_installed
    says = "stand under [google_addon]" if known else "go into nudger.toml, under [google_addon]"
    say(f"\nThe last prints serviceAccountEmail and oauthClientId: they {plain(says)}.")
    say(PUBLISHING)
    say("Each click: docs/addon-google.md")


def _lines(file: Path) -> list[str]:
    """What is run once, by whoever may change the project."""
    return [
        f"{GCLOUD} deployments create nudger --deployment-file={file}",
        f"{GCLOUD} deployments install nudger",
        f"{GCLOUD} get-authorization",
    ]


def _write(file: Path, deployment: dict[str, Any]) -> None:
    if file.exists() and not _is_deployment(file):
        fail(f"{file} exists and is no deployment: name another file with --write.")
    try:
        file.write_text(json.dumps(deployment, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")


def _is_deployment(file: Path) -> bool:
    try:
        return "addOns" in json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False
