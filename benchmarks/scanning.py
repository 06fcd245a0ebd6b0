"""A first scan of many calendars, beside the floor: the same pages fetched and parsed, no more."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from google.auth import jwt
from google.oauth2 import service_account
from sqlalchemy import event

from benchmarks.office import office, rep_address
from benchmarks.sandbox import sandbox
from nudger.jobs.scan import scan
from nudger.providers.google.auth import CALENDAR_SCOPE
from nudger.providers.google.calendar import LIST_FIELDS, PAGE_SIZE
from nudger.runtime.context import Context
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.microsoft.identity import app_credentials
from nudger.store import calendars


@dataclass
class Cost:
    wall: float
    cpu: float


def cost_of(run: Callable[[], Any]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def measure(provider: str, reps: int, events: int) -> dict[str, Any]:
    """JSON: events/s, CPU per event, ratio to the floor, calls and statements per calendar."""
    with sandbox("--fleet", f"{reps}x{events}", "--provider", provider) as box:
        floor = FLOORS[provider](box.url, reps)
        with office(box.url, reps, provider) as ctx:
            statements = _count_statements(ctx)
            box.reset()
            first = cost_of(lambda: scan(ctx))
            first_calls, first_sql = box.calls(), statements()
            _wake(ctx)
            statements()
            box.reset()
            unchanged = cost_of(lambda: scan(ctx))
            again_calls, again_sql = box.calls(), statements()
    total = reps * events
    return {
        "calendars": reps,
        "events": total,
        "floor": {
            "events_per_second": round(total / (floor.pages.wall + floor.tokens.wall)),
            "cpu_us_per_event": round(floor.whole / total * 1e6, 1),
            "cpu_us_per_event_without_tokens": round(floor.pages.cpu / total * 1e6, 1),
        },
        "first_scan": {
            "events_per_second": round(total / first.wall),
            "cpu_us_per_event": round(first.cpu / total * 1e6, 1),
            "cpu_ratio_to_floor": round(first.cpu / floor.whole, 2),
            "cpu_ratio_to_floor_without_tokens": round(first.cpu / floor.pages.cpu, 2),
            "api_calls_per_calendar": _calls(first_calls) / reps,
            "token_calls": first_calls.get("oauth.token", 0)
            + first_calls.get("microsoft.token", 0),
            "sql_statements_per_calendar": round(first_sql / reps, 1),
        },
        "unchanged_scan": {
            "calendars_per_second": round(reps / unchanged.wall),
            "api_calls_per_calendar": _calls(again_calls) / reps,
            "sql_statements_per_calendar": round(again_sql / reps, 1),
        },
    }


def _calls(calls: dict[str, int]) -> int:
    return sum(count for name, count in calls.items() if not name.endswith(".token"))


@dataclass
class Floor:
    """`pages` is fetching and parsing alone; `tokens` is asking for each person's token."""

    pages: Cost
    tokens: Cost

    @property
    def whole(self) -> float:
        return self.pages.cpu + self.tokens.cpu


def google_floor(url: str, reps: int) -> Floor:
    """The pages of every calendar by a bare pooled client and json.loads, as many at a time.

    A page cannot be had without a token of that person, so that getting these is measured too, by
    the same client and with nothing around it but the signature.
    """
    info = new_service_account(url)
    account = service_account.Credentials.from_service_account_info(info)
    query = {
        "singleEvents": "true", "maxResults": str(PAGE_SIZE), "fields": LIST_FIELDS,
        "timeMin": _window()[0], "timeMax": _window()[1],
    }  # fmt: skip

    def token(client: httpx.Client, number: int) -> str:
        claims = {
            "iss": account.service_account_email, "sub": rep_address(number),
            "scope": CALENDAR_SCOPE, "aud": info["token_uri"],
            "iat": int(time.time()), "exp": int(time.time()) + 3600,
        }  # fmt: skip
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": jwt.encode(account.signer, claims).decode(),
        }
        return str(json.loads(client.post(info["token_uri"], data=form).content)["access_token"])

    def address(number: int) -> str:
        return f"{url}/calendar/v3/calendars/{rep_address(number)}/events"

    return _fetch_all(reps, token, address, query, "items")


def microsoft_floor(url: str, reps: int) -> Floor:
    """As Google's; one token serves all mailboxes."""
    app = app_credentials()
    form = {
        "grant_type": "client_credentials", "client_id": app["client_id"],
        "client_secret": app["client_secret"], "scope": "https://graph.microsoft.com/.default",
    }  # fmt: skip
    token_of_all = ""
    query = {"startDateTime": _window()[0], "endDateTime": _window()[1]}

    def token(client: httpx.Client, _number: int) -> str:
        nonlocal token_of_all
        if not token_of_all:
            answer = client.post(f"{url}/tenant/oauth2/v2.0/token", data=form)
            token_of_all = str(json.loads(answer.content)["access_token"])
        return token_of_all

    def address(number: int) -> str:
        return f"{url}/v1.0/users/{rep_address(number)}/calendarView/delta"

    return _fetch_all(reps, token, address, query, "value")


FLOORS = {"google": google_floor, "microsoft": microsoft_floor}


def _window() -> tuple[str, str]:
    now = datetime.now(UTC)
    ends = (now - timedelta(days=1), now + timedelta(days=21))
    return ends[0].isoformat(timespec="seconds"), ends[1].isoformat(timespec="seconds")


def _fetch_all(
    reps: int,
    token: Callable[[httpx.Client, int], str],
    address: Callable[[int], str],
    query: dict[str, str],
    items: str,
) -> Floor:
    headers = {"Prefer": "odata.maxpagesize=200"}

    def fetch(number: int) -> int:
        bearer = {"Authorization": f"Bearer {tokens[number]}"}
        page = client.get(address(number), params=query, headers=headers | bearer)
        return len(json.loads(page.content)[items])

    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(4) as pool:
        tokens: list[str] = []
        asking = cost_of(
            lambda: tokens.extend(pool.map(lambda number: token(client, number), range(reps)))
        )
        return Floor(cost_of(lambda: list(pool.map(fetch, range(reps)))), asking)


def _count_statements(ctx: Context) -> Callable[[], int]:
    """A function that tells how many SQL statements ran since it was last called."""
    count = 0

    def note(*_arguments: Any) -> None:
        nonlocal count
        count += 1

    event.listen(ctx.database.engine, "before_cursor_execute", note)

    def since() -> int:
        nonlocal count
        counted, count = count, 0
        return counted

    return since


def _wake(ctx: Context) -> None:
    with ctx.database.begin() as tx:
        calendars.wake_calendars(tx, ctx.clock())
