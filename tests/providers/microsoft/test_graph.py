from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from nudger.providers.base import (
    AccessDenied,
    NotFound,
    ProviderError,
    SignInFailed,
    Unavailable,
)
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.request import (
    ACCEPTED,
    CREATED,
    NO_CONTENT,
    Account,
    Request,
    get,
    get_item,
    get_list,
)

ONCE = Request("POST", "/messages/1/send", repeatable=False, documented=ACCEPTED)
MADE_ONCE = Request("POST", "/messages", repeatable=False, documented=CREATED)


def test_every_call_asks_for_immutable_ids(service: Any, graph: Graph, rep: Account) -> None:
    service.say({"id": "1"})
    params = {"$select": "id,subject", "$filter": "a eq 'b c&d'"}
    assert graph.json(rep, get("/events/1", params, "odata.maxpagesize=5")) == {"id": "1"}
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("GET", "/v1.0/users/rep@ourco.example/events/1")
    assert seen.params == params
    assert seen.headers["prefer"] == 'IdType="ImmutableId", odata.maxpagesize=5'
    assert seen.headers["authorization"] == "Bearer token-1"


def test_a_person_is_reached_as_me(service: Any, graph: Graph) -> None:
    service.say({})
    graph.json(Account.of_person("Rep@ourco.example"), get("/events"))
    assert service.seen[0].path == "/v1.0/me/events"


def test_an_old_token_is_renewed_once(
    service: Any, graph: Graph, rep: Account, answer: Any
) -> None:
    service.tell(answer(401), answer(200, {"ok": 1}), answer(401), answer(401))
    assert graph.json(rep, get("/events")) == {"ok": 1}
    with pytest.raises(SignInFailed):
        graph.json(rep, get("/events"))
    used = [seen.headers["authorization"] for seen in service.seen]
    assert used == ["Bearer token-1", "Bearer token-2", "Bearer token-2", "Bearer token-3"]


def test_retry_after_is_kept_to(
    service: Any, graph: Graph, rep: Account, answer: Any, slept: list[float]
) -> None:
    service.tell(answer(429, None, {"Retry-After": "7"}), answer(503), answer(200, {"ok": 1}))
    assert graph.json(rep, get("/events")) == {"ok": 1}
    first, second = slept
    assert 7 <= first < 8
    assert 0 < second < 2


def test_tries_end(service: Any, graph: Graph, rep: Account, answer: Any) -> None:
    service.tell(*[answer(503, None, {"Retry-After": "1"})] * 9)
    with pytest.raises(Unavailable) as caught:
        graph.json(rep, get("/events"))
    assert len(service.seen) == 3
    assert caught.value.retry_after == timedelta(seconds=1)
    assert not caught.value.in_doubt


def test_a_long_wait_is_left_to_the_caller(
    service: Any, graph: Graph, rep: Account, answer: Any, slept: list[float]
) -> None:
    service.tell(answer(429, None, {"Retry-After": "120"}))
    with pytest.raises(Unavailable) as caught:
        graph.json(rep, get("/events"))
    assert caught.value.retry_after == timedelta(minutes=2)
    assert (len(service.seen), slept) == (1, [])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_must_not_happen_twice_is_not_repeated(
    service: Any, graph: Graph, rep: Account, answer: Any, status: int
) -> None:
    service.tell(answer(status), answer(202))
    with pytest.raises(Unavailable) as caught:
        graph.call(rep, ONCE)
    assert caught.value.in_doubt
    assert len(service.seen) == 1


def test_a_throttled_call_had_no_effect_and_is_repeated(
    service: Any, graph: Graph, rep: Account, answer: Any
) -> None:
    service.tell(answer(429), answer(202))
    assert graph.call(rep, ONCE).status_code == 202
    assert service.seen[0].headers["content-length"] == "0"


def test_a_lost_answer_leaves_doubt(service: Any, graph: Graph, rep: Account, answer: Any) -> None:
    service.tell(answer(hang_up=True), answer(200, {"ok": 1}))
    with pytest.raises(Unavailable) as caught:
        graph.call(rep, ONCE)
    assert caught.value.in_doubt
    service.tell(answer(hang_up=True))
    assert graph.json(rep, get("/events")) == {"ok": 1}


def test_no_connection_leaves_no_doubt(graph: Graph, rep: Account, service: Any) -> None:
    service.close()
    with pytest.raises(Unavailable) as caught:
        graph.call(rep, ONCE)
    assert not caught.value.in_doubt


def test_an_answer_that_is_not_json(service: Any, graph: Graph, rep: Account, answer: Any) -> None:
    service.tell(*[answer(200, b"<html>")] * 3, answer(200, b'{"id": "1'), answer(200, b"[]"))
    for request, in_doubt in ((get("/events"), False), (MADE_ONCE, True), (MADE_ONCE, True)):
        with pytest.raises(Unavailable) as caught:
            graph.json(rep, request)
        assert caught.value.in_doubt is in_doubt


PAGE = b"<html>Sign in to the network</html>"
DELETION = Request("DELETE", "/events/1", documented=NO_CONTENT)


@pytest.mark.parametrize(
    ("request_", "status", "body"),
    [
        (ONCE, 200, PAGE),
        (ONCE, 200, b""),
        (ONCE, 200, b"{}"),
        (ONCE, 404, PAGE),
        (ONCE, 403, PAGE),
        (ONCE, 302, PAGE),
        (MADE_ONCE, 201, PAGE),
        (MADE_ONCE, 201, b"{}"),
        (MADE_ONCE, 200, b'{"id": "1"}'),
        (DELETION, 200, PAGE),
        (DELETION, 404, PAGE),
        (DELETION, 410, b""),
        (get_item("/events/1"), 404, PAGE),
        (get_item("/events/1"), 200, b"{}"),
        (get_item("/events/1"), 200, b'{"id": ""}'),
        (get_list("/events"), 200, b'{"value": null}'),
        (get_list("/events"), 410, PAGE),
        (get("/mailboxSettings"), 204, b""),
    ],
)
def test_what_graph_does_not_say_is_neither_done_nor_refused(
    service: Any, graph: Graph, rep: Account, answer: Any, request_: Request, status: int, body: Any
) -> None:
    service.tell(*[answer(status, body)] * 3)
    with pytest.raises(Unavailable, match=f"{service.root} answered {status}") as caught:
        graph.call(rep, request_)
    assert caught.value.in_doubt is not request_.repeatable
    assert len(service.seen) == (3 if request_.repeatable else 1)


def test_a_part_that_graph_does_not_say_is_asked_for_again(
    service: Any, graph: Graph, rep: Account, answer: Any
) -> None:
    page = {"status": 200, "body": "<html>"}
    service.tell(
        lambda seen: reply(seen, answer, {"a": page, "b": {"status": 404, "body": "<html>"}}),
        lambda seen: reply(seen, answer, {"a": {"status": 200, "body": {"id": "a"}}, "b": page}),
        lambda seen: reply(seen, answer, {"b": {"status": 200, "body": {"id": "b"}}}),
    )
    parts = [get_item(f"/events/{name}") for name in "ab"]
    assert graph.batch(rep, parts) == [{"id": "a"}, {"id": "b"}]


def test_redirects_are_not_followed(service: Any, graph: Graph, rep: Account, answer: Any) -> None:
    service.tell(*[answer(302, None, {"Location": f"{service.root}/elsewhere"})] * 3)
    with pytest.raises(Unavailable):
        graph.json(rep, get("/events"))
    assert {seen.path for seen in service.seen} == {"/v1.0/users/rep@ourco.example/events"}


def test_pages_are_followed_verbatim(service: Any, graph: Graph, rep: Account) -> None:
    link = f"{service.root}/users/x/calendarView/delta?$skiptoken=a%2Bb=="
    service.say({"value": [1], "@odata.nextLink": link})
    service.say({"value": [2]})
    first = get("/calendarView/delta", {"startDateTime": "x"}, "odata.maxpagesize=2")
    assert [page["value"] for page in graph.pages(rep, first)] == [[1], [2]]
    assert service.seen[1].path == "/v1.0/users/x/calendarView/delta"
    assert service.seen[1].params == {"$skiptoken": "a+b=="}
    assert service.seen[1].headers["prefer"].endswith("odata.maxpagesize=2")


def test_a_page_that_leads_back_to_itself(service: Any, graph: Graph, rep: Account) -> None:
    for _ in range(3):
        service.say({"value": [], "@odata.nextLink": f"{service.root}/same"})
    with pytest.raises(ProviderError, match="twice"):
        list(graph.pages(rep, get("/calendarView/delta")))


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/me/calendarView/delta?$deltatoken=x",
        "http://127.0.0.1:1/v1.0/delta",
        "http://127.0.0.1@evil.example/v1.0/delta",
        "http://[broken/delta",
        "file:///etc/passwd",
        "delta?$deltatoken=x",
        "",
    ],
)
def test_no_token_goes_to_another_host(service: Any, graph: Graph, rep: Account, link: str) -> None:
    with pytest.raises(ProviderError, match="leads away"):
        graph.json(rep, get(link))
    assert service.seen == []


def test_secrets_need_a_private_line(http: Any) -> None:
    with pytest.raises(ProviderError, match="https"):
        Graph(None, http, root="http://graph.example/v1.0")  # type: ignore[arg-type]


def reply(seen: Any, answer: Any, results: dict[str, dict[str, Any]]) -> Any:
    """A batch answer in reverse order; `results` by the last part of each url."""
    responses = [
        {"id": part["id"], **results[part["url"].split("?")[0].rsplit("/", 1)[1]]}
        for part in reversed(seen.json["requests"])
    ]
    return answer(200, {"responses": responses})


def test_a_batch_judges_each_part(service: Any, graph: Graph, rep: Account, answer: Any) -> None:
    denied = {"error": {"code": "ErrorAccessDenied", "message": "no"}}
    results = {
        "a": {"status": 200, "body": {"id": "a"}},
        "b": {"status": 404, "body": {"error": {"code": "ErrorItemNotFound"}}},
        "c": {"status": 403, "body": denied},
    }
    service.tell(lambda seen: reply(seen, answer, results))
    parts = [get(f"/events/{name}", {"$select": "id"}) for name in "abc"]
    first, second, third = graph.batch(rep, parts)
    assert first == {"id": "a"}
    assert isinstance(second, NotFound)
    assert isinstance(third, AccessDenied)
    (seen,) = service.seen
    assert seen.path == "/v1.0/$batch"
    part = seen.json["requests"][0]
    assert part["url"] == "/users/rep@ourco.example/events/a?$select=id"
    assert part["headers"] == {"Prefer": 'IdType="ImmutableId"'}


def test_busy_parts_of_a_batch_are_asked_for_again(
    service: Any, graph: Graph, rep: Account, answer: Any, slept: list[float]
) -> None:
    busy = {"status": 429, "headers": {"Retry-After": "3"}, "body": {"error": {}}}
    fine = {"status": 200, "body": {"ok": 1}}
    service.tell(
        lambda seen: reply(seen, answer, {"a": fine, "b": busy, "c": busy}),
        lambda seen: reply(seen, answer, {"b": fine, "c": busy}),
        lambda seen: reply(seen, answer, {"c": busy}),
    )
    answers = graph.batch(rep, [get(f"/events/{name}") for name in "abc"])
    assert answers[:2] == [{"ok": 1}, {"ok": 1}]
    assert isinstance(answers[2], Unavailable)
    assert [len(seen.json["requests"]) for seen in service.seen] == [3, 2, 1]
    assert all(pause >= 3 for pause in slept)


def test_batches_hold_twenty_and_one_alone_goes_without(
    service: Any, graph: Graph, rep: Account, answer: Any
) -> None:
    def all_fine(seen: Any) -> Any:
        return answer(
            200,
            {
                "responses": [
                    {"id": p["id"], "status": 200, "body": {}} for p in seen.json["requests"]
                ]
            },
        )

    service.tell(all_fine, all_fine, answer(200, {"id": "x"}))
    assert graph.batch(rep, [get(f"/events/{n}") for n in range(27)]) == [{}] * 27
    assert [len(seen.json["requests"]) for seen in service.seen] == [20, 7]
    assert graph.batch(rep, [get("/events/x")]) == [{"id": "x"}]
    assert service.seen[2].method == "GET"
    assert graph.batch(rep, []) == []


def test_an_unanswered_part_is_unavailable(
    service: Any, graph: Graph, rep: Account, answer: Any
) -> None:
    service.tell(*[answer(200, {"responses": []})] * 3)
    answers = graph.batch(rep, [get("/events/a"), get("/events/b")])
    assert all(isinstance(each, Unavailable) for each in answers)


def test_at_most_four_calls_at_a_time(
    service: Any, graph: Graph, rep: Account, answer: Any
) -> None:
    inside, most, lock = 0, 0, threading.Lock()
    enough, too_many = threading.Event(), threading.Event()

    def slow(_: Any) -> Any:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            if inside >= 4:
                enough.set()
            if inside > 4:
                too_many.set()
        enough.wait(60)
        too_many.wait(0.05)
        with lock:
            inside -= 1
        return answer(200, {})

    service.tell(*[slow] * 16)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: graph.json(rep, get("/events")), range(16)))
    assert most == 4
