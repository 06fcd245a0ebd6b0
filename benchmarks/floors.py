"""The least that reading so many calendars can cost: tokens, hours and pages are asked for and
parsed, no more. By `http.client`, which does least, and by httpx, as a usual client does it.

What is asked is what a first scan asks, and must be answered as it is there.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from google.auth import jwt
from google.oauth2 import service_account

from benchmarks.costs import Cost, cost_of
from benchmarks.office import rep_address
from nudger.providers.google.auth import CALENDAR_SCOPE
from nudger.providers.google.calendar import LIST_FIELDS, PAGE_SIZE
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.microsoft.identity import app_credentials

AT_ONCE = 4
Headers = Mapping[str, str]
Ask = Callable[[str, Headers, bytes | None], bytes]
"""A path and its query, headers, and a form to post; what is answered, which is no refusal."""


@dataclass
class Floor:
    """What tokens, working hours and pages cost; `items` are the events as they came."""

    tokens: Cost
    hours: Cost
    pages: Cost
    items: list[dict[str, Any]]

    @property
    def cpu(self) -> float:
        return self.cpu_without_hours + self.hours.cpu

    @property
    def cpu_without_hours(self) -> float:
        return self.tokens.cpu + self.pages.cpu

    @property
    def wall(self) -> float:
        return self.tokens.wall + self.hours.wall + self.pages.wall


def floor(provider: str, url: str, reps: int, events: int, ask: Ask) -> Floor:
    """Read the calendars of so many reps with so many events each, by this client."""
    asked = Google(url, ask) if provider == "google" else Microsoft(ask)
    items: list[dict[str, Any]] = []

    def page(number: int) -> None:
        items.extend(asked.page(number))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        costs = [
            cost_of(lambda step=step: list(pool.map(step, range(reps))))
            for step in (asked.token, asked.hours, page)
        ]
    if len(items) != reps * events:
        raise AssertionError(f"{len(items)} events came, not {reps * events}")
    return Floor(*costs, items)


class Google:
    """A page cannot be had without a token of that person, and each is signed for. It tells the
    hours."""

    def __init__(self, url: str, ask: Ask) -> None:
        self._ask = ask
        self._info = new_service_account(url)
        self._account = service_account.Credentials.from_service_account_info(self._info)
        self._tokens: dict[int, str] = {}
        since, until = _window()
        self._query = urlencode({
            "singleEvents": "true", "maxResults": str(PAGE_SIZE), "fields": LIST_FIELDS,
            "timeMin": since, "timeMax": until,
        })  # fmt: skip

    def token(self, number: int) -> None:
        now = int(time.time())
        claims = {
            "iss": self._account.service_account_email, "sub": rep_address(number),
            "scope": CALENDAR_SCOPE, "aud": self._info["token_uri"], "iat": now, "exp": now + 3600,
        }  # fmt: skip
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": jwt.encode(self._account.signer, claims).decode(),
        }
        path = urlsplit(self._info["token_uri"]).path
        self._tokens[number] = _token(self._ask, path, form)

    def hours(self, number: int) -> None: ...

    def page(self, number: int) -> list[dict[str, Any]]:
        path = f"/calendar/v3/calendars/{rep_address(number)}/events?{self._query}"
        page = json.loads(self._ask(path, _bearer(self._tokens[number]), None))
        return list(page["items"])


class Microsoft:
    """One token serves all mailboxes; each is asked for its hours."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        app = app_credentials()
        form = {
            "grant_type": "client_credentials", "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "scope": "https://graph.microsoft.com/.default",
        }  # fmt: skip
        token = _token(ask, "/tenant/oauth2/v2.0/token", form)
        self._headers = {**_bearer(token), "Prefer": "odata.maxpagesize=200"}
        since, until = _window()
        self._query = urlencode({"startDateTime": since, "endDateTime": until})
        self._settings = urlencode({"$select": "timeZone,workingHours"})

    def token(self, number: int) -> None: ...

    def hours(self, number: int) -> None:
        path = f"/v1.0/users/{rep_address(number)}/mailboxSettings?{self._settings}"
        json.loads(self._ask(path, self._headers, None))

    def page(self, number: int) -> list[dict[str, Any]]:
        path = f"/v1.0/users/{rep_address(number)}/calendarView/delta?{self._query}"
        return list(json.loads(self._ask(path, self._headers, None))["value"])


def plainly(url: str) -> Ask:
    """By `http.client`, with a connection a thread that stays open."""
    address, local = urlsplit(url).netloc, threading.local()

    def ask(path: str, headers: Headers, form: bytes | None) -> bytes:
        if not hasattr(local, "connection"):
            local.connection = HTTPConnection(address, timeout=30)
        connection: HTTPConnection = local.connection
        connection.request("GET" if form is None else "POST", path, form, dict(headers))
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise AssertionError(f"{answer.status} {content[:200]!r}")
        return content

    return ask


def by_httpx(url: str) -> Ask:
    client = httpx.Client(base_url=url, timeout=30)

    def ask(path: str, headers: Headers, form: bytes | None) -> bytes:
        method = "GET" if form is None else "POST"
        answer = client.request(method, path, content=form, headers=headers)
        return answer.raise_for_status().content

    return ask


def _token(ask: Ask, path: str, form: Mapping[str, str]) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return str(json.loads(ask(path, headers, urlencode(form).encode()))["access_token"])


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _window() -> tuple[str, str]:
    now = datetime.now(UTC)
    ends = (now - timedelta(days=1), now + timedelta(days=21))
    return ends[0].isoformat(timespec="seconds"), ends[1].isoformat(timespec="seconds")
