"""Add-ons in Google Calendar as its servers call them: with tokens of the project and of the user,
and an event object that has what the manifest asked for.

Sources: developers.google.com/workspace/add-ons/guides/alternate-runtimes, /concepts/event-objects,
/reference/rest/v1/projects.deployments; developers.google.com/apps-script/manifest/calendar-addons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx

from nudger.sandbox.entries import Entry
from nudger.sandbox.google.cards import Answer, AnswerRefused, read_answer
from nudger.sandbox.google.id_tokens import IdTokenIssuer
from nudger.sandbox.world import World

ADDON_ACCOUNT = "service-1@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
ADDON_CLIENT = "1-addon.apps.googleusercontent.com"
PATIENCE_SECONDS = 30
LOOPBACK = ("127.0.0.1", "localhost")
EVENT_ACCESS = ("METADATA", "READ", "READ_WRITE")
"""With which `currentEventAccess` an add-on is told which event is open; without any it is not."""
_SCOPES = "https://www.googleapis.com/auth/"
_NEEDED = f"{_SCOPES}calendar.addons.execute"
_WHO = f"{_SCOPES}userinfo.email"
_LOCALE = f"{_SCOPES}script.locale"


class DeploymentRefused(Exception):
    """gcloud would not take it."""


@dataclass(frozen=True)
class Click:
    """A click in a card: what it calls, with which parameters, and what stands in the fields."""

    function: str
    parameters: Mapping[str, str]
    fields: Mapping[str, str]


class Addons:
    """Holds one add-on, for everybody of the organization."""

    def __init__(self, world: World, identities: IdTokenIssuer) -> None:
        self._world, self._identities = world, identities
        self._deployment: dict[str, Any] | None = None

    @property
    def is_installed(self) -> bool:
        return self._deployment is not None

    def install(self, deployment: dict[str, Any]) -> None:
        """As an admin does, for everybody. Raises `DeploymentRefused`."""
        _check(deployment)
        self._deployment = deployment

    def home(self, person: str) -> Answer:
        """The panel without an event. Raises `AnswerRefused`."""
        trigger = self._manifest["calendar"]["homepageTrigger"]["runFunction"]
        return self._call(trigger, person, None)

    def open_event(self, person: str, entry: Entry) -> Answer:
        """An event is opened, to read or to edit it. Raises `AnswerRefused`."""
        trigger = self._manifest["calendar"]["eventOpenTrigger"]["runFunction"]
        return self._call(trigger, person, entry)

    def click(self, person: str, entry: Entry | None, click: Click) -> Answer:
        """Raises `AnswerRefused`."""
        return self._call(click.function, person, entry, click)

    @property
    def _manifest(self) -> dict[str, Any]:
        assert self._deployment is not None  # noqa: S101 - ask `is_installed` before
        manifest: dict[str, Any] = self._deployment["addOns"]
        return manifest

    def _call(
        self, function: str, person: str, entry: Entry | None, click: Click | None = None
    ) -> Answer:
        home = self._manifest["calendar"]["homepageTrigger"]["runFunction"]
        if urlsplit(function)[:2] != urlsplit(home)[:2]:
            raise AnswerRefused(f"{function} is not of this add-on")
        token = self._identities.system_token(ADDON_ACCOUNT, function)
        body = self._event_object(person, entry, click, token)
        try:
            answer = httpx.post(
                function,
                json=body,
                headers={"Authorization": f"Bearer {token}", "User-Agent": "Google-gsuiteaddons"},
                timeout=PATIENCE_SECONDS,
            )
        except httpx.HTTPError as error:
            raise AnswerRefused(f"the add-on does not answer: {type(error).__name__}") from error
        if answer.status_code != 200:
            raise AnswerRefused(f"the add-on answered {answer.status_code}")
        try:
            content = answer.json()
        except ValueError as error:
            raise AnswerRefused("the add-on's answer is no JSON") from error
        return read_answer(content, to_click=click is not None)

    def _event_object(
        self, person: str, entry: Entry | None, click: Click | None, token: str
    ) -> dict[str, Any]:
        assert self._deployment is not None  # noqa: S101 - looked at before
        scopes = self._deployment["oauthScopes"]
        common: dict[str, Any] = {"hostApp": "CALENDAR", "platform": "WEB"}
        if _LOCALE in scopes and self._manifest["common"].get("useLocaleFromApp"):
            common |= {"userLocale": "en-GB", "timeZone": self._zone(person)}
        if click is not None:
            common["parameters"] = dict(click.parameters)
            filled = {name: value for name, value in click.fields.items() if value}
            common["formInputs"] = {
                name: {"stringInputs": {"value": [value]}} for name, value in filled.items()
            }
        authorization = {"systemIdToken": token, "authorizedScopes": scopes}
        if _WHO in scopes:
            authorization["userIdToken"] = self._identities.user_token(person, ADDON_CLIENT)
        told: dict[str, Any] = {
            "commonEventObject": common,
            "authorizationEventObject": authorization,
        }
        is_told = self._manifest["calendar"].get("currentEventAccess") in EVENT_ACCESS
        return {**told, "calendar": _metadata(entry)} if entry and is_told else told

    def _zone(self, person: str) -> dict[str, Any]:
        zone = self._world.people[person].zone
        offset = self._world.now().astimezone(ZoneInfo(zone)).utcoffset()
        return {"id": zone, "offset": int(offset.total_seconds() * 1000) if offset else 0}


def _metadata(entry: Entry) -> dict[str, Any]:
    """What an add-on that may have metadata is told: nothing of what the event says."""
    told: dict[str, Any] = {
        "id": entry.id,
        "calendarId": entry.owner,
        "organizer": {"email": entry.organizer},
        "capabilities": {
            "canSeeAttendees": False,
            "canAddAttendees": False,
            "canSeeConferenceData": False,
            "canSetConferenceData": False,
            "canAddAttachments": False,
        },
    }
    return told | ({"recurringEventId": entry.series_id} if entry.series_id else {})


def _check(deployment: dict[str, Any]) -> None:
    try:
        common, calendar = (deployment["addOns"][one] for one in ("common", "calendar"))
        triggers = [calendar[one]["runFunction"] for one in ("homepageTrigger", "eventOpenTrigger")]
        named = common["name"], common["logoUrl"]
        scopes = deployment["oauthScopes"]
    except (KeyError, TypeError) as error:
        raise DeploymentRefused(f"{error} is missing") from error
    for address in (*triggers, named[1]):
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise DeploymentRefused(f"{address} is no https address")
    if _NEEDED not in scopes:
        raise DeploymentRefused(f"{_NEEDED} is not among the scopes")
