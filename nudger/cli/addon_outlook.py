"""`nudger addon outlook`: the files for Microsoft 365's admin center."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nudger.admin.outlook_addin import why_not_installable
from nudger.admin.outlook_manifests import PACKAGE, XML_FILE, Manifests, manifests_of
from nudger.cli.console import fail, plain, print_json, problems_in_one_line, say
from nudger.cli.startup import settings_of
from nudger.config import Settings

DEPLOY = (
    f"Microsoft 365 admin center, Settings, Integrated apps, Upload custom apps: {XML_FILE}, for "
    "your reps, and Fixed: optional ones were seen to vanish."
)


def outlook(
    context: typer.Context,
    write: Annotated[
        Path, typer.Option(help="The folder that the files are written into.", metavar="FOLDER")
    ] = Path(),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the manifests; write nothing.")
    ] = False,
) -> None:
    """Write the manifests of the add-in in Outlook for your address.

    The version goes up by one where they say anything else than those that lie
    in the folder: keep them there. Nothing is sent anywhere.
    """
    with problems_in_one_line():
        settings = settings_of(context)
    impossible = why_not_installable(settings)
    if impossible is not None:
        fail(impossible)
    made = _made(settings, write / XML_FILE)
    if as_json:
        print_json({"version": made.version, "manifest.xml": made.xml.decode(), "next": DEPLOY})
        return
    _write(write, made)
    address = plain(settings.web.public_url or "")
    say(f"Wrote {XML_FILE} and {PACKAGE} for {address}, version {made.version}.\n")
    say(f"{DEPLOY}")
    say(f"Where add-ins are managed by the unified manifest, {PACKAGE} instead.")
    say("Each click: docs/addin-outlook.md")


def _made(settings: Settings, xml: Path) -> Manifests:
    try:
        before = xml.read_bytes() if xml.exists() else None
        return manifests_of(settings, before)
    except OSError as error:
        fail(f"{xml} cannot be read: {error.strerror}.")
    except ValueError as error:
        fail(f"{xml} exists, and {error}: name another folder with --write.")


def _write(folder: Path, made: Manifests) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / XML_FILE).write_bytes(made.xml)
        (folder / PACKAGE).write_bytes(made.package)
    except OSError as error:
        fail(f"{folder} cannot be written to: {error.strerror}.")
