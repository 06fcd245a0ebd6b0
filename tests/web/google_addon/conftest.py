"""The add-on's endpoints as Google calls them: tokens signed by the sandbox, over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.office import ANA, Office, run_once
from tests.web.conftest import Place

SERVICE_ACCOUNT = "gcp-sa-gsuiteaddons@service-1.iam.gserviceaccount.com"
CLIENT = "1-addon.apps.googleusercontent.com"


@dataclass
class Panel:
    """Somebody's side panel in Google Calendar, on Ana's computer unless told otherwise."""

    office: Office
    url: str
    client: httpx.Client
    person: str = ANA
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def identities(self):
        return self.office.server.google.identities

    def system_token(self, name: str = "event", **claims: Any) -> str:
        return self.identities.system_token(
            SERVICE_ACCOUNT, f"{self.url}/addon/google/{name}", **claims
        )

    def user_token(self, person: str = "", **claims: Any) -> str:
        return self.identities.user_token(person or self.person, CLIENT, **claims)

    def body(
        self, user_token: str, event: dict[str, str] | None = None, **common: Any
    ) -> dict[str, Any]:
        shown = {"hostApp": "CALENDAR", "platform": "WEB", "userLocale": "de-DE", **common}
        authorization = {"userIdToken": user_token, "systemIdToken": "x", "authorizedScopes": []}
        made = {"commonEventObject": shown, "authorizationEventObject": authorization}
        return made | ({"calendar": event} if event is not None else {})

    def post(self, name: str, body: Any, token: str | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {token or self.system_token(name)}"}
        return self.client.post(f"/addon/google/{name}", json=body, headers=headers)

    def home(self) -> dict[str, Any]:
        return self._card(self.post("home", self.body(self.user_token())))

    def event(
        self, event_id: str = "call1", person: str = "", calendar: str = ""
    ) -> dict[str, Any]:
        event = {
            "id": event_id,
            "calendarId": calendar or self.person,
            "organizer": {"email": self.person},
        }
        return self._card(self.post("event", self.body(self.user_token(person), event)))

    def click(self, parameters: dict[str, str], person: str = "", **fields: str) -> httpx.Response:
        inputs = {name: {"stringInputs": {"value": [value]}} for name, value in fields.items()}
        body = self.body(self.user_token(person), parameters=parameters, formInputs=inputs)
        return self.post("act", body)

    def press(
        self, card: dict[str, Any], what: str, person: str = "", **fields: str
    ) -> httpx.Response:
        """Press the button that does this, with these fields typed over what the card has."""
        typed = {**fields_of(card), **fields}
        return self.click(button_of(card, what), person, **typed)

    @staticmethod
    def _card(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        (navigation,) = answer.json()["action"]["navigations"]
        return navigation["pushCard"]


def card_after(answer: httpx.Response) -> dict[str, Any]:
    """The card that a click leads to."""
    assert answer.status_code == 200, answer.text
    (navigation,) = answer.json()["renderActions"]["action"]["navigations"]
    (card,) = navigation.values()
    return card


def toast(answer: httpx.Response) -> str:
    return answer.json()["renderActions"]["action"].get("notification", {}).get("text", "")


def widgets(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [widget for section in card["sections"] for widget in section["widgets"]]


def words(card: dict[str, Any]) -> str:
    """All that can be read on a card."""
    found = [card["header"]["title"], card["header"].get("subtitle", "")]
    for section in card["sections"]:
        found.append(section.get("header", ""))
        for widget in section["widgets"]:
            for kind in ("textParagraph", "decoratedText"):
                shown = widget.get(kind, {})
                found += [shown.get(one, "") for one in ("topLabel", "text", "bottomLabel")]
            found += [one["text"] for one in widget.get("buttonList", {}).get("buttons", [])]
    return "\n".join(found)


def fields_of(card: dict[str, Any]) -> dict[str, str]:
    """What stands in the fields: Google leaves out those that are empty."""
    found: dict[str, str] = {}
    for widget in widgets(card):
        if one := widget.get("textInput"):
            found[one["name"]] = one.get("value", "")
        if one := widget.get("selectionInput"):
            chosen = [item["value"] for item in one["items"] if item.get("selected")]
            found[one["name"]] = "".join(chosen)
    return {name: value for name, value in found.items() if value}


def clicks_of(card: dict[str, Any]) -> list[dict[str, str]]:
    """The parameters of everything that can be clicked and calls us."""
    clicked = [one.get("decoratedText", {}).get("onClick") for one in widgets(card)]
    lists = [one.get("buttonList", {}).get("buttons", []) for one in widgets(card)]
    clicked += [button["onClick"] for buttons in lists for button in buttons]
    return [
        {one["key"]: one["value"] for one in click["action"]["parameters"]}
        for click in clicked
        if click and "action" in click
    ]


def button_of(card: dict[str, Any], what: str) -> dict[str, str]:
    (found,) = [one for one in clicks_of(card) if one["do"] == what]
    return found


@contextmanager
def installed(office: Office, more: str = "") -> Iterator[Panel]:
    """The office served with an add-on that the sandbox's Google calls; `more` ends its settings."""
    place = Place()
    office.configure(
        f'[web]\naddress = "{place.address}"\npublic_url = "{place.url}"\n'
        f'[google_addon]\nservice_account = "{SERVICE_ACCOUNT}"\noauth_client = "{CLIENT}"\n'
        f'certificates = "{office.server.url}/oauth2/v3/certs"\n{more}\n'
    )
    with place.serve(office.ctx), httpx.Client(base_url=place.url, timeout=30) as client:
        yield Panel(office, place.url, client)


@pytest.fixture
def panel(office: Office) -> Iterator[Panel]:
    """The add-on of an office at Google, installed."""
    with installed(office) as opened:
        yield opened


@pytest.fixture
def asked(panel: Panel) -> Panel:
    """The same, where Ana was asked about her call with Dana tomorrow."""
    panel.office.meet()
    run_once(panel.office.ctx)
    return panel
