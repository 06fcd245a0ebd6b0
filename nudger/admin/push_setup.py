"""What an admin runs and writes down, so that Google and Microsoft tell of changes.

Sources: https://developers.google.com/workspace/gmail/api/guides/push (the topic is in the project
of whoever watches; who publishes); https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nudger.config import Settings
from nudger.domain.event import Provider
from nudger.jobs.subscribe import gmail_audience, gmail_push_address, push_address
from nudger.providers.base import ProviderError
from nudger.runtime.google_accounts import google_credentials_in

NAME, ACCOUNT = "nudger", "nudger-push"
GMAIL = "gmail-api-push@system.gserviceaccount.com"
"""As whom Gmail publishes."""
_PROJECT = re.compile(r"[a-z][a-z0-9\-.:]{4,62}", re.ASCII)
_ACCOUNT = re.compile(r"[^@]+@([a-z0-9\-.]{4,62})\.iam\.gserviceaccount\.com", re.ASCII)
_TOPIC = re.compile(r"projects/([^/]+)/topics/([^/]+)")
NO_ADDRESS = (
    "providers tell of changes at an https address alone: serve the pages and write down where, "
    'under [web], as in public_url = "https://nudger.ourco.com" (docs/operations.md#push).'
)
NO_PROJECT = (
    "In which Google Cloud project is your service account, or your OAuth client? Name it: "
    "nudger push google --project ourco-nudger"
)


class NotPossible(ValueError):
    """One line that says what is missing."""


@dataclass(frozen=True, slots=True)
class PushSetup:
    """The addresses that have to be reached from outside, what to run, what to write down."""

    addresses: tuple[str, ...]
    run: tuple[str, ...]
    settings: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {
            "addresses": list(self.addresses),
            "run": list(self.run),
            "settings": {"push": dict(self.settings)},
        }


def microsoft_push(settings: Settings) -> PushSetup:
    """Calendars and mail alike. Raises `NotPossible`."""
    address = push_address(_served_at(settings), Provider.MICROSOFT)
    return PushSetup((address,), (), {"enabled": True})


def google_push(settings: Settings, project: str | None = None) -> PushSetup:
    """Calendars tell us; Gmail tells a topic, which passes it on: made in the project of whoever
    opens the mailboxes, unless it is another one. Raises `NotPossible`."""
    address = push_address(_served_at(settings), Provider.GOOGLE)
    if settings.mode == "organization" and settings.google.mailbox is None:
        return PushSetup((address,), (), {"enabled": True})
    chosen = settings.push
    known = _TOPIC.fullmatch(chosen.gmail_topic or "")
    where = project or (known[1] if known else _project_of(settings))
    if where is None or not _PROJECT.fullmatch(where):
        raise NotPossible(NO_PROJECT)
    topic = known[2] if known and not project else NAME
    account = chosen.gmail_account or f"{ACCOUNT}@{where}.iam.gserviceaccount.com"
    endpoint = gmail_push_address(settings)
    written = {
        "enabled": True,
        "gmail_topic": f"projects/{where}/topics/{topic}",
        "gmail_account": account,
    }
    lines = _lines(where, topic, account, endpoint, gmail_audience(settings))
    return PushSetup((address, endpoint), lines, written)


def _lines(project: str, topic: str, account: str, endpoint: str, audience: str) -> tuple[str, ...]:
    within = ("--project", project)
    commands: tuple[tuple[str, ...], ...] = (
        ("services", "enable", "pubsub.googleapis.com", *within),
        ("pubsub", "topics", "create", topic, *within),
        ("pubsub", "topics", "add-iam-policy-binding", topic, *within,
         "--role", "roles/pubsub.publisher", "--member", f"serviceAccount:{GMAIL}"),
        ("iam", "service-accounts", "create", account.partition("@")[0], *within),
        ("pubsub", "subscriptions", "create", topic, *within, "--topic", topic,
         "--push-endpoint", endpoint, "--push-auth-service-account", account,
         "--push-auth-token-audience", audience),
    )  # fmt: skip
    return tuple(shlex.join(("gcloud", *one)) for one in commands)


def _served_at(settings: Settings) -> str:
    address = settings.web.public_url or ""
    if not address.startswith("https://"):
        raise NotPossible(NO_ADDRESS)
    return address


def _project_of(settings: Settings) -> str | None:
    """By what opens the mailboxes: a key, an OAuth client, or an account that is acted as."""
    signs = _ACCOUNT.fullmatch(settings.google.sign_as or "")
    try:
        content = google_credentials_in(settings)
    except ProviderError:
        content = {}
    parts = [content, *(one for one in content.values() if isinstance(one, Mapping))]
    parts += [one for part in parts for one in part.values() if isinstance(one, Mapping)]
    told = next((part["project_id"] for part in parts if "project_id" in part), None)
    if told is None and signs is not None:
        return signs[1]
    return told if isinstance(told, str) else None
