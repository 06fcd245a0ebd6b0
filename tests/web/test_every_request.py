"""What every request must pass, and what every answer carries."""

from __future__ import annotations

import asyncio

import pytest

from nudger.web.every_request import BodyLimit
from tests.web.answer.test_router import COMMITMENT, revisions, sheet

POLICY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/1", "/9", "/1/other"])
def test_every_page_says_what_may_be_done_with_it(asked, path):
    headers = asked.client.get(f"{asked.link()}{path}").headers
    assert POLICY.items() <= headers.items()
    policy = dict(
        rule.split(" ", 1) for rule in headers["content-security-policy"].split("; ") if rule
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert not any("unsafe" in rule or "*" in rule or "http" in rule for rule in policy.values())
    assert "set-cookie" not in headers


def test_static_files_are_kept_for_good_and_change_their_address(asked):
    page = asked.client.get(f"{asked.link()}/1").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    found = asked.client.get(address)
    assert (found.status_code, found.headers["cache-control"]) == (
        200,
        "public, max-age=31536000, immutable",
    )
    assert asked.client.get("/static/none.css").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("query", ["", "?", "?0123456789ab", "?%ff"])
def test_another_version_than_was_asked_for_is_not_kept(asked, query):
    found = asked.client.get(f"/static/style.css{query}")
    assert (found.status_code, found.headers["cache-control"]) == (200, "no-cache")


def test_static_files_are_compressed_and_pages_are_not(asked):
    """What is in a compressed page can be told by its length: its tokens among it."""
    packed = asked.client.get("/static/style.css")
    plain = asked.client.get("/static/style.css", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers.get("content-length", 0)) < len(plain.content) == len(packed.content)
    assert "Accept-Encoding" in packed.headers["vary"]
    assert "content-encoding" not in asked.client.get(f"{asked.link()}/1").headers


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"]
)
def test_nothing_but_static_files_is_served(asked, path):
    assert "create_app" not in asked.client.get(path).text


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"host": "nudger.evil.example"}, 421),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 303),
        ({}, 303),
    ],
)
def test_what_another_site_sends_does_nothing(asked, headers, code):
    data = {"token": sheet(asked).hidden["token"], "commitment_objective": COMMITMENT}
    assert asked.client.post(f"{asked.link()}/1", data=data, headers=headers).status_code == code
    assert revisions(asked) == (code == 303)


def test_a_name_that_is_not_ours_is_not_served(asked):
    assert asked.client.get(f"{asked.link()}/1", headers={"host": "evil"}).status_code == 421


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_larger_than_any_form_is_refused(asked, announced):
    body = b"token=" + b"x" * 70_000
    sent = body if announced else iter([body])
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = asked.client.post(f"{asked.link()}/1", content=sent, headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(("pieces", "passes"), [(2, True), (3, False)])
def test_a_body_that_comes_in_pieces_is_as_large_as_all_of_them(pieces, passes):
    coming = [
        {"type": "http.request", "body": b"x" * 50, "more_body": number < pieces}
        for number in range(1, pieces + 1)
    ]
    taken, answered = [], []

    async def form(_scope, receive, _send):
        taken.append((await receive())["body"])

    async def receive():
        return coming.pop(0)

    async def send(message):
        answered.append(message.get("status"))

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(BodyLimit(form, most_bytes=100)(scope, receive, send))
    assert (taken, answered[:1]) == (([b"x" * 100], []) if passes else ([], [413]))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_no_other_method_does_anything(asked, method):
    assert asked.client.request(method, f"{asked.link()}/1").status_code == 405


def test_nothing_lists_the_routes(asked):
    for path in ("/", "/docs", "/openapi.json", "/redoc", "/answer"):
        assert asked.client.get(path).status_code == 404
