"""Every route of the program with everybody who may come along: whoever adds one, it is closed until
this table says for whom it is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import select
from starlette.routing import Mount

from nudger.admin.api_tokens import PREFIX
from nudger.domain.roles import Role
from nudger.store import tables
from nudger.web.app import create_app
from nudger.web.console.cookies import SESSION as CONSOLE_SESSION
from nudger.web.rep.cookies import SESSION
from tests.office import ANA, BEN, DANA, Office, run_once
from tests.web.conftest import Pages, Place
from tests.web.console.conftest import ALEX, KIM, SignIn, come_in, give_role  # noqa: F401 - a fixture
from tests.web.console.test_systems import HOOK
from tests.web.google_addon.conftest import CLIENT, SERVICE_ACCOUNT
from tests.web.manager.conftest import MIA, team  # noqa: F401 - a fixture
from tests.web.outlook_addin.conftest import TABLE
from tests.web.rep.conftest import sign_in  # noqa: F401 - a fixture
from tests.web.test_every_request import POLICY

EVERYTHING = f"""
api = true
metrics = true
[[teams]]
name = "emea"
{HOOK}
[push]
enabled = true
gmail_topic = "projects/ourco/topics/nudger"
gmail_account = "pubsub@ourco.iam.gserviceaccount.com"
[google_addon]
service_account = "{SERVICE_ACCOUNT}"
oauth_client = "{CLIENT}"
{TABLE}
"""
ANYBODY = frozenset({"nobody", "a wrong token", "who is late", "ben", "mia", "alex", "kim"})
DOORS = {
    "/answer/{token}": frozenset[str](),
    "/me/sign-in": ANYBODY,
    "/me/code": ANYBODY,
    "/me/link": ANYBODY,
    "/me/again": ANYBODY,
    "/me/arrive": ANYBODY,
    "/me/stay": frozenset({"ben", "mia"}),
    "/me/sign-out": frozenset({"ben", "mia"}),
    "/me": frozenset({"ben"}),
    "/team": frozenset({"mia"}),
    "/console/sign-in": ANYBODY,
    "/console/code": ANYBODY,
    "/console/account": ANYBODY,
    "/console/callback": ANYBODY,
    "/console": frozenset({"alex", "kim"}),
    "/push": frozenset[str](),
    "/addon/google": frozenset[str](),
    "/addin/outlook/pane": ANYBODY,
    "/addin/outlook": frozenset[str](),
    "/api/v1/openapi.json": ANYBODY,
    "/api/v1": frozenset[str](),
    "/healthz": ANYBODY,
    "/readyz": ANYBODY,
    "/metrics": ANYBODY,
}
"""Who is let in, by what a path begins with; a right link, token or secret lets in besides."""
SHOW_NOTHING = (
    "/me/link/{link}", "/console/account", "/console/callback", "/console/templates/look/{name}",
)  # fmt: skip
"""Nothing, that is, to who does not say what."""
SHOWN_AT = {
    "/console/policy/setting": "?key=ask.working_days",
    "/console/reps/team": "?name=emea",
    "/console/reps/team/setting": "?name=emea&key=ask.lead_hours",
    "/console/systems/receiver": "?name=crm",
    "/console/templates/edit": "?file=en/question.txt.j2",
    "/console/templates/reset": "?file=en/note.txt.j2",
}
"""What pages are asked that show one of several things."""
FRAMED = {"/addin/outlook/pane": "https://outlook", "/console/templates/look/": "'self'"}
"""Who else may show a page within a page of theirs."""
FIRST_PAGES = ("/me/sign-in", "/console/sign-in", "/me", "/team")
REFUSED = {400, 401, 403, 404, 405, 422, 429}
SECRETS = (
    "ACME: pilot review",
    "Secret of Ben",
    "a pilot for forty seats",
    "a discount of a third",
)
TELLS = (*SECRETS, ANA, BEN, DANA, MIA, KIM, ALEX, "acme.example")
NOT_FOR = {
    "nobody": TELLS,
    "a wrong token": TELLS,
    "who is late": TELLS,
    "ben": (SECRETS[0], SECRETS[2], ANA, KIM, ALEX),
    "mia": (*SECRETS, DANA, KIM, ALEX),
    "alex": (),
    "kim": (),
}
"""What each must not find on any page that is open to them."""
ANAS, BENS, NOBODYS = 1, 2, 999983
CHANGES = re.compile(r"INSERT|UPDATE|DELETE")
EVIL = "?then=//evil.example&next=https://evil.example/&return=/%5Cevil.example&state=x&code=x"


@dataclass
class House:
    """Everything switched on, and a browser of each of those who come along."""

    pages: Pages
    visitors: dict[str, httpx.Client]
    unguarded: list[str]
    """Answers that do not say what may be done with them, or that lead elsewhere."""

    @property
    def routes(self) -> list[tuple[str, str]]:
        """Method and path of each."""
        return list(routes_of(create_app(self.pages.office.ctx).routes))

    def closed_to(self, name: str) -> list[tuple[str, str]]:
        """Those that let this visitor in under no address."""
        return [one for one in self.routes if name not in DOORS[door_of(one[1])]]

    def open_to(self, name: str) -> list[str]:
        """The pages that let this visitor in."""
        return [at for how, at in self.routes if how == "GET" and name in DOORS[door_of(at)]]

    def rows(self) -> dict[str, list[str]]:
        with self.pages.office.ctx.database.read() as tx:
            every = tables.metadata.sorted_tables
            return {one.name: sorted(map(str, tx.execute(select(one)))) for one in every}


def routes_of(routes, prefix=""):
    """Method and path of each, wherever it is included or mounted."""
    for route in routes:
        if isinstance(route, Mount):
            yield from routes_of(route.routes or [], prefix + route.path)
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from routes_of(router.routes, prefix)
        else:
            yield from ((method, prefix + route.path) for method in sorted(route.methods))


def door_of(path):
    """The closest of the table that leads there."""
    doors = [one for one in DOORS if path == one or path.startswith(f"{one}/")]
    assert doors, f"{path}: DOORS is to say who may come in"
    return max(doors, key=len)


def filled(path, number=ANAS):
    """The path with these numbers and nobody's tokens in the place of its parameters."""
    path = path.replace("/console/setup/{key}", "/console/setup/rep")
    return re.sub(r"\{[^}]*\}", str(number), re.sub(r"\{(token|link)\}", "a" * 32, path))


def alike(text):
    """An answer without the number that was asked for and what is never the same."""
    return re.sub(rf"\b({ANAS}|{NOBODYS})\b|\d{{10}}\.[0-9a-f]+", "", text)


def is_refused(answer):
    """Or led to where one signs in, or to one's own first page."""
    page = answer.headers.get("location", "").partition("?")[0]
    is_led = answer.status_code == 303 and page in FIRST_PAGES
    return is_led or answer.status_code in REFUSED


@pytest.fixture
def pages(office: Office) -> Iterator[Pages]:
    place = Place()
    web = f'[web]\naddress = "{place.address}"\npublic_url = "{place.url}"\n'
    office.configure(web + EVERYTHING)
    with place.serve(office.ctx), httpx.Client(base_url=place.url, timeout=30) as client:
        yield Pages(office, place.url, client)


@pytest.fixture
def house(team: Pages, sign_in: SignIn, come_in: SignIn) -> Iterator[House]:  # noqa: F811
    """Ana's call is number 1, Ben's number 2; both were answered."""
    office = team.office
    for person, words in ((ANA, SECRETS[2]), (BEN, SECRETS[3])):
        office.reply(f"Dana agrees to {words} by Friday\n1", person)
    office.later(minutes=2)
    run_once(office.ctx)
    late = dict(sign_in(ANA).cookies)
    office.later(hours=13)
    give_role(team, KIM, Role.ADMIN)
    give_role(team, ALEX, Role.AUDITOR)
    wrong = dict.fromkeys((SESSION, CONSOLE_SESSION), "A" * 43)
    bearer = {"authorization": f"Bearer {PREFIX}{'a' * 52}"}
    with (
        httpx.Client(base_url=team.url, timeout=30, cookies=wrong, headers=bearer) as forger,
        httpx.Client(base_url=team.url, timeout=30, cookies=late) as who_is_late,
    ):
        visitors = {
            "nobody": team.client,
            "a wrong token": forger,
            "who is late": who_is_late,
            "ben": sign_in(BEN),
            "mia": sign_in(MIA),
            "alex": come_in(ALEX),
            "kim": come_in(KIM),
        }
        opened = House(team, visitors, [])
        for client in visitors.values():
            client.event_hooks["response"] = [lambda answer: look_at(answer, opened.unguarded)]
        yield opened
    assert opened.unguarded == []


def look_at(answer: httpx.Response, unguarded: list[str]) -> None:
    headers, path = answer.headers, answer.url.path.rstrip("/")
    framing = ["'none'", *(who for at, who in FRAMED.items() if path.startswith(at))]
    policy = headers.get("content-security-policy", "")
    is_guarded = any(f"frame-ancestors {one}" in policy for one in framing)
    leads_to = headers.get("location", "/")
    if not is_guarded or not POLICY.items() <= headers.items():
        unguarded.append(f"{answer.request.method} {path}: {answer.status_code}")
    if not re.match(r"/(?![/\\])", leads_to) or "evil" in leads_to:
        unguarded.append(f"{path} leads to {leads_to}")
    for cookie in headers.get_list("set-cookie"):
        flags = {one.strip().lower() for one in cookie.split(";")[1:]}
        if not {"httponly", "samesite=lax", "path=/"} <= flags or "domain" in cookie.lower():
            unguarded.append(f"{path}: {cookie}")


def test_who_is_not_let_in_learns_and_changes_nothing(house):
    """Neither of what is Ana's, nor whether there is anything of that number."""
    assert {door_of(path) for _, path in house.routes} == set(DOORS)
    let_in: list[object] = []
    told: list[object] = []
    before = house.rows()

    def visit():
        nonlocal told
        for name, client in house.visitors.items():
            for method, path in house.closed_to(name):
                found = client.request(method, filled(path) + EVIL)
                if not is_refused(found):
                    let_in.append((name, method, path, found.status_code))
                if "{" in path:
                    other = client.request(method, filled(path, NOBODYS) + EVIL)
                    told += [(name, method, path)] * (alike(other.text) != alike(found.text))
                told += [(name, method, path, one) for one in TELLS if one in found.text]

    statements = house.pages.office.statements(visit)
    assert (let_in, told) == ([], [])
    assert [one for one in statements if CHANGES.match(one)] == []
    assert house.rows() == before


def test_reading_shows_what_is_theirs_alone_and_changes_nothing(house):
    shut: list[object] = []
    told: list[object] = []

    def visit():
        for name, client in house.visitors.items():
            for path in house.open_to(name):
                at = filled(path, BENS if name == "ben" else ANAS) + SHOWN_AT.get(path, "")
                found = client.get(at)
                if found.status_code >= 400 and path not in SHOW_NOTHING:
                    shut.append((name, path, found.status_code))
                told.extend((name, path, one) for one in NOT_FOR[name] if one in found.text)

    statements = house.pages.office.statements(visit)
    assert (shut, told) == ([], [])
    assert [one for one in statements if CHANGES.match(one)] == []


def test_what_is_sent_without_a_form_of_ours_changes_nothing(house):
    """Whoever has it sent, another site too."""
    done, before = [], house.rows()
    for name, client in house.visitors.items():
        for path in (path for method, path in house.routes if method == "POST"):
            at = filled(path, BENS if name == "ben" else ANAS)
            is_open = name in DOORS[door_of(path)]
            for headers in ({}, {"origin": "https://evil.example"})[: 1 + is_open]:
                found = client.post(at, data={"token": "x"}, headers=headers)
                if not is_refused(found):
                    done.append((name, path, headers, found.status_code))
    assert done == []
    assert house.rows() == before


def test_a_slash_too_many_leads_nowhere(house):
    for path in {path for method, path in house.routes if method == "GET"}:
        for at in (f"{filled(path)}/", f"//evil.example{filled(path)}/", f"{filled(path)}//"):
            house.visitors["ben"].get(at + EVIL)
