"""Signing in: by a code or a link, in the browser that asked, and by nobody else."""

from __future__ import annotations

import re
from dataclasses import replace

import anyio
import httpx
import pytest
from sqlalchemy import func, select

from nudger.admin.controls import end_lockdown, lock_down
from nudger.admin.forget import forget
from nudger.jobs.tidy import forget_expired
from nudger.mail.inbound import parse_mail
from nudger.store import tables
from nudger.web.app import create_app
from tests.office import ANA, BEN, run_once
from tests.web.answer.test_router import Fields
from tests.web.rep.conftest import (
    ask,
    code_in,
    link_in,
    sign_in_mails,
    token_of,
    wait_for_mail,
)

WRONG = {"000000": "111111"}


def type_code(client, code):
    return client.post("/me/code", data={"code": code, "token": token_of(client, "/me/code")})


def press(client, link, number=""):
    page = client.get(link)
    token = Fields(page.text).hidden["token"]
    return client.post(link, data={"code": number, "token": token})


def arrive(client, headers=None):
    token = token_of(client, "/me/code")
    return client.post("/me/arrive", data={"token": token}, headers=headers)


def number_shown(client):
    return re.search(r'number-shown">(\d\d)<', client.get("/me/code").text)[1]


def is_in(client):
    return client.get("/me").status_code == 200


def rows(pages, table):
    with pages.office.ctx.database.read() as tx:
        return tx.scalar(select(func.count()).select_from(table))


def not_this(code):
    return WRONG.get(code, "000000")


def test_the_code_lets_the_browser_in_that_asked(pages):
    asked = ask(pages.client, ANA)
    assert (asked.status_code, asked.headers["location"]) == (303, "/me/code")
    code = code_in(wait_for_mail(pages, ANA))
    assert not is_in(pages.client)
    assert type_code(pages.client, f" {code[:3]} {code[3:]} ").headers["location"] == "/me"
    assert "Your coming customer calls" in pages.client.get("/me").text


def test_a_code_without_the_browser_that_asked_is_nothing(pages, other_browser):
    ask(pages.client, ANA)
    code = code_in(wait_for_mail(pages, ANA))
    ask(other_browser, "stranger@elsewhere.example")
    assert type_code(other_browser, code).status_code == 422
    assert not is_in(other_browser)


def test_the_link_lets_the_browser_in_that_asked_by_one_button(pages):
    ask(pages.client, ANA)
    link = link_in(wait_for_mail(pages, ANA))
    assert press(pages.client, link).headers["location"] == "/me"
    assert is_in(pages.client)


def test_in_another_browser_the_link_lets_in_the_one_that_asked(pages, other_browser):
    ask(pages.client, ANA)
    link = link_in(wait_for_mail(pages, ANA))
    assert arrive(pages.client, {"hx-request": "true"}).status_code == 204
    assert "Confirmed" in press(other_browser, link, number_shown(pages.client)).text
    assert not is_in(other_browser)
    came = arrive(pages.client, {"hx-request": "true"})
    assert (came.status_code, came.headers["hx-redirect"]) == (200, "/me")
    assert is_in(pages.client)


def test_the_same_works_without_scripts(pages, other_browser):
    ask(pages.client, ANA)
    link = link_in(wait_for_mail(pages, ANA))
    assert "Not confirmed yet" in arrive(pages.client).text
    press(other_browser, link, number_shown(pages.client))
    assert arrive(pages.client).headers["location"] == "/me"


def test_a_button_alone_confirms_nothing_in_another_browser(pages, other_browser):
    ask(pages.client, ANA)
    link = link_in(wait_for_mail(pages, ANA))
    other = (int(number_shown(pages.client)) - 9) % 90 + 10
    for number in ("", str(other)):
        assert press(other_browser, link, number).status_code == 422
        assert arrive(pages.client, {"hx-request": "true"}).status_code == 204
    press(pages.client, link)
    assert is_in(pages.client)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_preview_uses_nothing_up(pages, other_browser, method):
    ask(pages.client, ANA)
    link = link_in(wait_for_mail(pages, ANA))
    statements = pages.office.statements(lambda: other_browser.request(method, link))
    assert [one for one in statements if re.match(r"INSERT|UPDATE|DELETE", one)] == []
    press(pages.client, link)
    assert is_in(pages.client)


def test_code_and_link_count_once(pages, other_browser):
    ask(pages.client, ANA)
    mail = wait_for_mail(pages, ANA)
    pending = pages.client.cookies["nudger-sign-in"]
    type_code(pages.client, code_in(mail))
    other_browser.cookies.set("nudger-sign-in", pending)
    assert "counts no more" in type_code(other_browser, code_in(mail)).text
    assert other_browser.get(link_in(mail)).status_code == 404
    assert not is_in(other_browser)


def test_ten_minutes_are_the_end_of_it(pages):
    ask(pages.client, ANA)
    mail = wait_for_mail(pages, ANA)
    pages.office.later(minutes=10)
    assert "counts no more" in pages.client.get("/me/code").text
    assert "counts no more" in type_code(pages.client, code_in(mail)).text
    assert pages.client.get(link_in(mail)).status_code == 404
    assert arrive(pages.client, {"hx-request": "true"}).headers["hx-redirect"] == "/me/code"
    assert not is_in(pages.client)


def test_five_wrong_codes_are_the_end_of_it(pages):
    ask(pages.client, ANA)
    code = code_in(wait_for_mail(pages, ANA))
    says = [type_code(pages.client, not_this(code)).text for _ in range(5)]
    assert "That is not the code" in says[3]
    assert "counts no more" in says[4]
    type_code(pages.client, code)
    assert not is_in(pages.client)


def test_a_new_one_takes_one_tap_and_ends_the_old_one(pages):
    ask(pages.client, ANA)
    old = code_in(wait_for_mail(pages, ANA))
    again = pages.client.post("/me/again", data={"token": token_of(pages.client, "/me/code")})
    assert again.headers["location"] == "/me/code"
    new = code_in(wait_for_mail(pages, ANA, 2))
    assert old == new or type_code(pages.client, old).status_code == 422
    assert type_code(pages.client, new).headers["location"] == "/me"


def test_nothing_tells_a_rep_from_a_stranger(pages, other_browser):
    ours, theirs = ask(pages.client, ANA), ask(other_browser, "stranger@elsewhere.example")
    assert ours.status_code == theirs.status_code
    assert {name for name, _ in ours.headers.items()} == {
        name for name, _ in theirs.headers.items()
    }
    shown = [
        re.sub(r'ana@ourco.example|stranger@elsewhere.example|token" value="[^"]*|>\d\d<', "", page)
        for page in (pages.client.get("/me/code").text, other_browser.get("/me/code").text)
    ]
    assert shown[0] == shown[1]
    wait_for_mail(pages, ANA)
    assert "stranger" not in str(pages.office.world.mailboxes.__dict__)


def test_a_stranger_costs_as_much_as_a_rep(pages, other_browser):
    token = token_of(other_browser, "/me/sign-in")
    made = [
        pages.office.statements(
            lambda address=address: other_browser.post(
                "/me/sign-in", data={"address": address, "token": token}
            )
        )
        for address in ("stranger@elsewhere.example", ANA)
    ]
    stranger, rep = made
    assert "INSERT INTO sign_in" in stranger[-1]
    assert rep[: len(stranger)] == stranger


@pytest.mark.parametrize("address", ["", "ana", "ana@", "@x.example", "a\nb@x.example"])
def test_what_is_no_address_is_said_beside_the_field(pages, address):
    answer = ask(pages.client, address)
    assert answer.status_code == 422
    assert "Please type your mail address" in answer.text


def test_mails_to_one_address_have_an_end(pages):
    codes = []
    for _ in range(11):
        pages.office.later(minutes=2)
        codes.append(ask(pages.client, BEN).status_code)
    assert codes == [303] * 10 + [429]
    assert ask(pages.client, ANA).status_code == 303


def test_asking_for_many_addresses_has_an_end(pages):
    codes = [ask(pages.client, f"a{n}@ourco.example").status_code for n in range(61)]
    assert codes == [303] * 60 + [429]


def test_the_mail_is_about_no_meeting_and_shows_no_code_on_a_locked_screen(pages):
    ask(pages.client, ANA)
    text = wait_for_mail(pages, ANA)
    raw = parse_mail(pages.office.inbox(ANA)[-1].raw)
    assert code_in(text)[:3] not in text.splitlines()[0]
    assert "List-Unsubscribe" not in str(raw)
    pages.office.reply("yes", ANA)
    before = len(pages.office.inbox(ANA))
    run_once(pages.office.ctx)
    assert len(pages.office.inbox(ANA)) == before


def test_a_question_goes_out_in_the_hour_of_a_sign_in(asked):
    ask(asked.client, ANA)
    wait_for_mail(asked, ANA)
    asked.office.meet("call2", start=asked.office.world.now().replace(hour=15), title="Second")
    asked.office.later(minutes=61)
    run_once(asked.office.ctx)
    assert len(asked.office.inbox(ANA)) - len(sign_in_mails(asked, ANA)) == 2


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr", "fr"),
        ("tlh, nl;q=0.5", "nl"),
        ("en-US", "en"),
        ("../../x;;;,\u00ff", "en"),
        ("", "en"),
    ],
)
def test_signing_in_is_in_the_language_of_the_browser(pages, wanted, shown):
    headers = {"accept-language": wanted.encode("latin-1")}
    assert f'<html lang="{shown}">' in pages.client.get("/me/sign-in", headers=headers).text


# The session


def test_the_cookies_are_for_us_alone(pages):
    ask(pages.client, ANA)
    code = code_in(wait_for_mail(pages, ANA))
    set_cookies = type_code(pages.client, code).headers.get_list("set-cookie")
    (session,) = (one for one in set_cookies if one.startswith("nudger-session="))
    assert re.fullmatch(r"nudger-session=[a-z2-7]{32}; HttpOnly; Path=/; SameSite=lax", session), (
        session
    )


def test_over_https_cookies_are_bound_to_host_and_https(pages):
    ctx = pages.office.ctx
    web = ctx.settings.web.model_copy(update={"public_url": "https://nudger.ourco.example"})
    app = create_app(replace(ctx, settings=ctx.settings.model_copy(update={"web": web})))

    async def post():
        at = {"transport": httpx.ASGITransport(app=app), "base_url": web.public_url}
        async with httpx.AsyncClient(**at) as client:
            page = Fields((await client.get("/me/sign-in")).text)
            data = {"address": "x@elsewhere.example", "token": page.hidden["token"]}
            return await client.post("/me/sign-in", data=data)

    (cookie,) = anyio.run(post).headers.get_list("set-cookie")
    assert cookie.startswith("__Host-nudger-sign-in=")
    for flag in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=lax"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_a_session_has_a_new_id_whatever_the_browser_brought(pages):
    pages.client.cookies.set("nudger-session", "a" * 32)
    ask(pages.client, ANA)
    came = type_code(pages.client, code_in(wait_for_mail(pages, ANA)))
    assert "a" * 32 not in str(came.headers)
    assert came.headers["location"] == "/me"


def test_only_hashes_are_kept(pages, ana):
    session = ana.cookies["nudger-session"]
    with pages.office.ctx.database.read() as tx:
        kept = str(tx.execute(select(tables.web_session)).all())
    assert session not in kept
    assert rows(pages, tables.web_session) == 1


def test_signing_out_ends_it_for_good(ana):
    session, token = ana.cookies["nudger-session"], token_of(ana, "/me")
    assert ana.post("/me/sign-out", data={"token": token}).headers["location"] == "/me/sign-in"
    ana.cookies.set("nudger-session", session)
    assert ana.get("/me").headers["location"] == "/me/sign-in"


def test_twelve_idle_hours_end_it_and_doing_something_does_not(pages, ana):
    pages.office.later(hours=11)
    assert ana.post("/me/stay", data={"token": token_of(ana, "/me")}).status_code == 204
    pages.office.later(hours=11)
    assert is_in(ana)
    pages.office.later(hours=1, minutes=1)
    assert not is_in(ana)
    forget_expired(pages.office.ctx)
    assert rows(pages, tables.web_session) == rows(pages, tables.sign_in) == 0


def test_seven_days_end_it_whatever_is_done(pages, ana):
    for _ in range(16):
        assert ana.post("/me/stay", data={"token": token_of(ana, "/me")}).status_code == 204
        pages.office.later(hours=10)
    pages.office.later(hours=8)
    assert not is_in(ana)


def test_a_lockdown_ends_all_sessions_and_ways_in(pages, ana, other_browser):
    ask(other_browser, ANA)
    ctx = pages.office.ctx
    code = code_in(wait_for_mail(pages, ANA, 2))
    token = token_of(other_browser, "/me/code")
    lock_down(ctx.database, ctx.clock())
    for path in ("/me", "/me/code"):
        assert ana.get(path).status_code == 503
    data = {"address": ANA, "token": token_of(ana, "/me/sign-in")}
    assert ana.post("/me/sign-in", data=data).status_code == 503
    end_lockdown(ctx.database, ctx.clock(), keep_tokens=True)
    assert not is_in(ana)
    assert other_browser.post("/me/code", data={"code": code, "token": token}).status_code == 422
    assert not is_in(other_browser)


def test_being_forgotten_ends_it(pages, ana):
    forget(pages.office.ctx, ANA)
    assert not is_in(ana)
    assert rows(pages, tables.web_session) == 0


@pytest.mark.parametrize("path", ["/me/code", "/me/sign-in", "/me/again", "/me/arrive"])
@pytest.mark.parametrize("token", ["", "9999999999.abc"])
def test_a_form_that_is_not_ours_does_nothing(pages, path, token):
    ask(pages.client, ANA)
    data = {"token": token, "address": BEN, "code": "123456"}
    assert pages.client.post(path, data=data).status_code == 403


def test_guessing_links_ends(pages):
    codes = [pages.client.get(f"/me/link/{'b' * 31}{n % 10}").status_code for n in range(40)]
    assert (codes[0], codes[-1]) == (404, 429)
