"""The company of the demonstration: what its admin set up, and who is who in it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from nudger.admin.console_access import invite
from nudger.demo.installation import Installation, introduce
from nudger.domain.event import Provider
from nudger.domain.roles import Role
from nudger.runtime.context import Context
from nudger.sandbox.openid import CLIENT_ID, CLIENT_SECRET, ISSUERS, TENANT
from nudger.sandbox.scenario import ANA, BEN, LEA, NUDGER
from nudger.sandbox.world import World
from nudger.store import people
from nudger.store.people import NewRep

TABLES = """
[scan]
every_seconds = 5

[meetings]
watch = "everybody"

[[milestones]]
name = "First call"
[[milestones]]
name = "Needs analysis"
[[milestones]]
name = "All decision makers met"
[[milestones]]
name = "Proposal meeting"
[[milestones]]
name = "Decision"
"""
DOMAINS = {"ourco.example": "ours", "sistercorp.example": "partner", "acme.example": "customer"}
REPS = ((ANA, "Ana Weber"), (BEN, "Ben Okafor"))
SHARED_FOR = timedelta(weeks=8)
MANAGER = LEA
"""Leads both reps, and is the company's admin of Nudger as well."""


@dataclass(frozen=True, slots=True)
class Company:
    """Where the reps are ("google", "microsoft" or "both"), and whether their admin lets Outlook
    mail guests about a write."""

    provider: str = "google"
    may_notify_guests: bool = False

    def installation(self, url: str) -> Installation:
        """What stands in nudger.toml, beside a sandbox at `url`."""
        is_outlook = self.provider == "microsoft"
        mailboxes = {
            "google": None if is_outlook else NUDGER,
            "microsoft": NUDGER if is_outlook else None,
        }
        accounts_at = "microsoft" if is_outlook else "google"
        return Installation(
            mailboxes,
            self.may_notify_guests,
            TABLES + _pages_at(free_port()) + _accounts(accounts_at, url),
            has_google_addon=not is_outlook,
            has_outlook_addin=self.provider != "google",
            templates="templates",
        )


AT_GOOGLE = Company()


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _pages_at(port: int) -> str:
    address = f"127.0.0.1:{port}"
    return f'[web]\naddress = "{address}"\npublic_url = "http://{address}"\n'


def _accounts(provider: str, url: str) -> str:
    """Where whoever has a role signs in to the console."""
    tenant = f'tenant = "{TENANT}"\n' if provider == "microsoft" else ""
    return (
        f'[console]\nprovider = "{provider}"\nissuer = "{url}{ISSUERS[provider]}"\n{tenant}'
        f'client_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
    )


def gather(ctx: Context, world: World) -> None:
    """Make everybody known to Nudger. Both reps were told who their manager is; Ana lets her read
    the calls, Ben does not."""
    introduce(ctx, _reps(world), DOMAINS)
    with ctx.database.begin() as tx:
        for rep in people.list_reps(tx):
            people.set_disclosed_manager(tx, rep.id, MANAGER)
            if rep.email == ANA:
                people.set_shared_with(tx, rep.id, MANAGER, ctx.clock() - SHARED_FOR)
        invite(ctx, tx, MANAGER, Role.ADMIN)


def _reps(world: World) -> Iterator[NewRep]:
    for email, name in REPS:
        yield NewRep(email, Provider(world.people[email].provider), name, manager=MANAGER)
