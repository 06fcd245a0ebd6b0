"""Who sees what: each route of the console with each role, and with nobody."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi.routing import APIRoute

from nudger.admin.console_access import remove
from nudger.admin.controls import lock_down
from nudger.domain.roles import Role
from nudger.store import audit
from nudger.web.console.cookies import ConsoleCookies
from nudger.web.console.desk import Desk
from nudger.web.console.navigation import SECTIONS
from nudger.web.console.router import guarded_routers
from nudger.web.site import Site
from tests.web.console.conftest import KIM, code_for, enter, give_role, send, token_of

CHANGES = re.compile(r"INSERT|UPDATE|DELETE")
PARAMETER = re.compile(r"\{[^}]*\}")


def routes(pages) -> list[APIRoute]:
    desk = Desk(Site(pages.office.ctx), SECTIONS)
    return [
        route
        for router in guarded_routers(desk, ConsoleCookies(is_https=False))
        for route in router.routes
        if isinstance(route, APIRoute)
    ]


def each_request(pages):
    """Every method and path of the console, whoever adds one."""
    for route in routes(pages):
        for method in sorted(route.methods):
            yield method, PARAMETER.sub("1", route.path)


def posted(pages):
    return [path for method, path in each_request(pages) if method == "POST"]


def readable(pages):
    return [path for method, path in each_request(pages) if method == "GET"]


def test_the_table_has_every_section(pages):
    found = {path for _, path in each_request(pages)}
    assert {section.path for section in SECTIONS} <= found
    assert {"/console/parts", "/console/stay", "/console/sign-out"} <= found


def test_who_is_not_signed_in_is_asked_to_and_changes_nothing(pages):
    def visit():
        for method, path in each_request(pages):
            answered = pages.client.request(
                method, path, data={"token": "x"} if method == "POST" else None
            )
            assert answered.status_code == 303, (method, path)
            assert answered.headers["location"].startswith("/console/sign-in"), (method, path)

    assert [one for one in pages.office.statements(visit) if CHANGES.match(one)] == []


def test_a_manager_sees_nothing_of_the_console(pages, kim):
    give_role(pages, KIM, Role.MANAGER)
    for method, path in each_request(pages):
        if path not in ("/console/stay", "/console/sign-out"):
            assert kim.request(method, path).status_code == 404, (method, path)


def test_an_auditor_sees_all_that_an_admin_sees(pages, kim, alex):
    for path in readable(pages):
        assert alex.get(path).status_code == kim.get(path).status_code, path


def test_an_auditor_changes_nothing(pages, alex):
    token = token_of(alex)
    reads = {f"{section.path}/{last}" for section in SECTIONS for last in section.reads} | {
        "/console/stay",
        "/console/sign-out",
    }
    for path in posted(pages):
        if path not in reads:
            assert alex.post(path, data={"token": token}).status_code == 403, path


@pytest.mark.parametrize("whose", ["nobody's", "another session's"])
def test_a_form_of_no_page_of_this_session_does_nothing(pages, kim, come_in, whose):
    token = "" if whose == "nobody's" else token_of(come_in(KIM))
    for path in posted(pages):
        assert kim.post(path, data={"token": token}).status_code == 403, path


def test_another_site_does_nothing(pages, kim):
    token = token_of(kim)
    for path in posted(pages):
        headers = {"sec-fetch-site": "cross-site"}
        assert kim.post(path, data={"token": token}, headers=headers).status_code == 403, path


def test_reading_writes_nothing(pages, kim):
    def visit():
        for method, path in each_request(pages):
            if method in ("GET", "HEAD"):
                kim.request(method, path)

    assert [one for one in pages.office.statements(visit) if CHANGES.match(one)] == []


def test_no_page_is_kept_or_says_where_it_was(pages, kim):
    for path in ("/console/sign-in", *readable(pages)):
        headers = kim.get(path).headers
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
        assert "unsafe" not in headers["content-security-policy"]


def test_a_piece_of_a_page_leads_to_signing_in_when_the_session_is_over(pages):
    answered = pages.client.post("/console/stay", headers={"hx-request": "true"})
    assert answered.headers["hx-redirect"] == "/console/sign-in"


def test_a_page_is_the_same_template_whole_or_as_a_piece(kim):
    whole, piece = (kim.get("/console", headers=h).text for h in ({}, {"hx-request": "true"}))
    assert "<html" in whole
    assert "<html" not in piece
    assert "<h1>Overview</h1>" in piece


def test_a_role_that_was_taken_ends_the_session(pages, kim):
    with pages.office.ctx.database.begin() as tx:
        remove(pages.office.ctx, tx, KIM)
    assert kim.get("/console").status_code == 303


def test_a_role_that_was_changed_counts_at_once(pages, kim):
    assert kim.get("/console").status_code == 200
    give_role(pages, KIM, Role.MANAGER)
    assert kim.get("/console").status_code == 404


def test_a_lockdown_ends_sessions_and_a_code_alone_lets_in(pages, kim):
    pages.office.later(minutes=1)
    lock_down(pages.office.ctx.database, pages.office.ctx.clock())
    assert kim.get("/console").status_code == 303
    assert enter(kim, code_for(pages)).headers["location"] == "/console"
    assert kim.get("/console").status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(11 * 60, 200), (12 * 60 + 1, 303)])
def test_a_session_idles_away(pages, kim, minutes, status):
    pages.office.later(minutes=minutes)
    assert kim.get("/console").status_code == status


def test_a_session_lasts_a_day_whatever_is_done(pages, kim):
    for _ in range(2):
        pages.office.later(hours=11)
        assert send(kim, "/console/stay").status_code == 204
    pages.office.later(hours=3)
    assert kim.get("/console").status_code == 303


def test_signing_out_ends_it(pages, kim):
    kept = dict(kim.cookies)
    assert send(kim, "/console/sign-out").headers["location"] == "/console/sign-in"
    with httpx.Client(base_url=pages.url, timeout=30, cookies=kept) as thief:
        assert thief.get("/console").status_code == 303


def test_the_trail_says_on_whose_word_something_was_done(pages, kim):
    with pages.office.ctx.database.read() as tx:
        (signed,) = [one.step for one in audit.after(tx, 0) if one.step.reason == "admin_signed_in"]
    assert signed.detail["whose"] == 1
