"""Each request goes out once, whatever becomes of the connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest

from nudger.providers.google.connections import AnswerLost, NeverArrived, send

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Line:
    """Accepts connections one after the other; `plan` says what each gets to see, in order: an
    answer, or `None` for the end of the connection."""

    def __init__(self, *plan: tuple[bytes | None, ...]) -> None:
        self.requests = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/x"
        self.ended = [threading.Event() for _ in plan]
        self._thread = threading.Thread(target=self._serve, args=(plan,), daemon=True)
        self._thread.start()

    def _serve(self, plan: tuple[tuple[bytes | None, ...], ...]) -> None:
        for answers, ended in zip(plan, self.ended, strict=True):
            try:
                connection, _ = self._listening.accept()
            except OSError:  # the test is over: nobody calls any more
                return
            for answer in answers:
                self._request(connection)
                if answer is not None:
                    connection.sendall(answer)
            connection.close()
            ended.set()

    def _request(self, connection: socket.socket) -> None:
        seen = b""
        while b"\r\n\r\n" not in seen and (more := connection.recv(65_536)):
            seen += more
        self.requests += bool(seen)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(60)


@pytest.fixture
def line():
    opened: list[Line] = []

    def make(*plan) -> Line:
        opened.append(Line(*plan))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def post(line: Line) -> int:
    return int(send(line.url, "POST", None, {"content-length": "0"})[0].status)


def test_a_post_without_an_answer_goes_out_once(line: Callable[..., Line]) -> None:
    one = line((None,), (ANSWER,))
    with pytest.raises(AnswerLost):
        post(one)
    assert one.requests == 1


def test_the_second_request_of_a_connection_goes_out_once_too(line: Callable[..., Line]) -> None:
    one = line((ANSWER, None), (ANSWER,))
    assert post(one) == 200
    with pytest.raises(AnswerLost):
        post(one)
    assert one.requests == 2


def test_a_connection_that_ended_while_idle_is_opened_anew(line: Callable[..., Line]) -> None:
    one = line((ANSWER,), (ANSWER,))
    assert post(one) == 200
    assert one.ended[0].wait(60)
    assert post(one) == 200
    assert one.requests == 2


def test_where_nobody_listens_nothing_can_have_happened() -> None:
    with socket.socket() as taken:  # by us, who do not listen: nobody else can meanwhile
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NeverArrived):
            send(f"http://127.0.0.1:{taken.getsockname()[1]}/x", "POST", None, {})
