"""One message to a receiver over a real socket: what proves who sent it, where it may go, how long
it may take."""

from __future__ import annotations

import base64
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from nudger.domain.notices import Effect, NoticeKind
from nudger.domain.reasons import Reason
from nudger.receivers.base import Parcel
from nudger.receivers.guarded_post import MOST_ANSWER_BYTES
from nudger.receivers.webhook import WebhookReceiver
from tests.receivers.listeners import certified_for, hangs_up, listening, says

SECRET, OTHER = (f"whsec_{base64.b64encode(one * 32).decode()}" for one in (b"a", b"b"))


def parcel(now=None):
    now = now or datetime.now(UTC)
    return Parcel("msg_1", NoticeKind.COMMITMENT_RECORDED, '{"ö": 1}', {}, sent_at=now)


def receiver(listener, host="127.0.0.1", scheme="http", **changes):
    given = {"allow_private": True, **changes}
    return WebhookReceiver(f"{scheme}://{host}:{listener.port}/hook?a=b", (SECRET,), **given)


@pytest.fixture
def listener():
    with listening() as found:
        yield found


def test_a_receiver_that_knows_the_secret_believes_it(listener):
    assert receiver(listener).deliver(parcel()).effect is Effect.DELIVERED
    (heard,) = listener.heard
    assert heard.line == "POST /hook?a=b HTTP/1.1"
    assert heard.headers["host"] == f"127.0.0.1:{listener.port}"
    assert Webhook(SECRET).verify(heard.body, heard.headers) == {"ö": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(heard.body, heard.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(heard.body + b" ", heard.headers)


def test_while_a_secret_is_replaced_both_are_good(listener):
    hook = f"http://127.0.0.1:{listener.port}/"
    WebhookReceiver(hook, (OTHER, SECRET), allow_private=True).deliver(parcel())
    (heard,) = listener.heard
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(heard.body, heard.headers)


def test_one_that_was_kept_back_is_too_old_for_the_receiver(listener):
    receiver(listener).deliver(parcel(datetime.now(UTC) - timedelta(hours=1)))
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(SECRET).verify(listener.heard[0].body, listener.heard[0].headers)


CLOSED_AFTER = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
ANSWERS = [
    ("taken", says(200, body=b"thanks"), Effect.DELIVERED, Reason.DELIVERED),
    ("taken with a body that breaks off", lambda wire, _: wire.sendall(CLOSED_AFTER),
     Effect.DELIVERED, Reason.DELIVERED),
    ("refused", says(400), Effect.REFUSED, Reason.RECEIVER_REFUSED),
    ("a wrong path", says(404), Effect.REFUSED, Reason.RECEIVER_REFUSED),
    ("gone", says(410), Effect.RECEIVER_GONE, Reason.RECEIVER_GONE),
    ("out of order", says(503), Effect.RECEIVER_FAILS, Reason.RECEIVER_FAILS),
    ("too much", says(429, "Retry-After: 90"), Effect.RECEIVER_FAILS, Reason.RECEIVER_FAILS),
    ("elsewhere", says(307, "Location: http://127.0.0.1:1/"), Effect.RECEIVER_FAILS,
     Reason.RECEIVER_REDIRECTS),
    ("not modified, to a POST", says(304), Effect.RECEIVER_FAILS, Reason.RECEIVER_REDIRECTS),
    ("closed without a byte", hangs_up, Effect.RECEIVER_FAILS, Reason.RECEIVER_SILENT),
    ("no HTTP", lambda wire, _: wire.sendall(b"220 mail.example ESMTP\r\n"),
     Effect.RECEIVER_FAILS, Reason.RECEIVER_SILENT),
]  # fmt: skip


@pytest.mark.parametrize(("speak", "effect", "reason"), [a[1:] for a in ANSWERS],
                         ids=[a[0] for a in ANSWERS])  # fmt: skip
def test_what_an_answer_means(listener, speak, effect, reason):
    listener.speak = speak
    receipt = receiver(listener).deliver(parcel())
    assert (receipt.effect, receipt.reason) == (effect, reason)
    assert len(listener.heard) == 1


def test_a_redirect_is_not_followed(listener):
    with listening() as elsewhere:
        listener.speak = says(302, f"Location: http://127.0.0.1:{elsewhere.port}/")
        receiver(listener).deliver(parcel())
        assert elsewhere.heard == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("90", timedelta(seconds=90)),
        ("Mon, 23 Nov 2026 09:01:30 GMT", timedelta(seconds=90)),
        ("Mon, 23 Nov 2026 08:00:00 GMT", timedelta()),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("9" * 400, timedelta(seconds=10**6)),
    ],
)
def test_what_it_asks_us_to_wait(listener, said, expected):
    listener.speak = says(503, f"Retry-After: {said}")
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert receiver(listener).deliver(parcel(now)).wait == expected


def test_of_a_huge_answer_no_more_is_read_than_is_good(listener):
    sent = []

    def pours(wire, _heard):
        wire.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while len(sent) < 4000:
                wire.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                sent.append(65536)
        except OSError:
            pass

    listener.speak = pours
    assert receiver(listener).deliver(parcel()).effect is Effect.DELIVERED
    assert sum(sent) < 4000 * 65536
    assert MOST_ANSWER_BYTES < 10**5


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nX-Drip: "], ids=["silent", "dripping"])
def test_who_is_slow_is_given_up_however_much_they_drip(listener, first):
    def drips(wire, _heard):
        wire.sendall(first)
        try:
            for _ in range(400):
                time.sleep(0.05)
                if first:
                    wire.sendall(b"x")
        except OSError:
            pass

    listener.speak = drips
    receipt = receiver(listener, seconds=0.4).deliver(parcel())
    assert receipt.reason is Reason.RECEIVER_SILENT


def test_nobody_listens():
    with socket.socket() as taken:  # by us, who do not listen: nobody else can meanwhile
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        hook = WebhookReceiver(url, (SECRET,), allow_private=True)
        assert hook.deliver(parcel()).reason is Reason.RECEIVER_SILENT


def test_a_name_that_is_none():
    def unknown(_host, _port):
        raise socket.gaierror("no such name")

    hook = WebhookReceiver("https://nowhere.example/", (SECRET,), resolve=unknown)
    assert hook.deliver(parcel()).reason is Reason.RECEIVER_SILENT


class TestNetworks:
    def test_a_name_that_leads_within_is_not_connected_to(self, listener):
        hook = receiver(listener, "hooks.example", "https", allow_private=False,
                        resolve=lambda *_: ["127.0.0.1", "10.0.0.8", "fe80::1"])  # fmt: skip
        assert hook.deliver(parcel()).reason is Reason.PRIVATE_NETWORK
        assert listener.heard == []

    def test_a_name_that_leads_elsewhere_on_second_look_is_asked_once(self, listener):
        """DNS rebinding: what was judged is what is connected to."""
        answers = [["10.255.255.1"], ["127.0.0.1"]]
        hook = receiver(listener, "rebinding.example", resolve=lambda *_: answers.pop(0),
                        seconds=0.3)  # fmt: skip
        hook.deliver(parcel())
        assert listener.heard == []
        assert answers == [["127.0.0.1"]]

    def test_metadata_is_never_asked_whatever_is_allowed(self, listener):
        hook = receiver(listener, "m.example", resolve=lambda *_: ["169.254.169.254"])
        assert hook.deliver(parcel()).reason is Reason.PRIVATE_NETWORK

    def test_what_is_not_encrypted_does_not_leave(self, listener):
        hook = receiver(listener, "public.example", resolve=lambda *_: ["8.8.8.8"])
        assert hook.deliver(parcel()).reason is Reason.PRIVATE_NETWORK

    def test_a_proxy_of_the_environment_is_not_used(self, listener, monkeypatch):
        with listening() as proxy:
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            receiver(listener).deliver(parcel())
            assert (len(listener.heard), proxy.heard) == (1, [])


class TestCertificates:
    def hook(self, listener, known):
        return receiver(
            listener, "hooks.example", "https", resolve=lambda *_: ["127.0.0.1"],
            tls=partial(ssl.create_default_context, cafile=known),
        )  # fmt: skip

    def test_one_for_the_name_is_good_though_the_address_is_chosen_by_us(self, tmp_path):
        tls, known = certified_for("hooks.example", tmp_path)
        names = []
        tls.sni_callback = lambda _wire, name, _tls: names.append(name)
        with listening(tls) as listener:
            assert self.hook(listener, known).deliver(parcel()).effect is Effect.DELIVERED
            assert listener.heard[0].headers["host"] == f"hooks.example:{listener.port}"
        assert names == ["hooks.example"]

    def test_one_for_another_name_is_refused(self, tmp_path):
        tls, known = certified_for("other.example", tmp_path)
        with listening(tls) as listener:
            receipt = self.hook(listener, known).deliver(parcel())
            assert receipt.reason is Reason.RECEIVER_UNPROVEN
            assert listener.heard == []

    def test_one_that_nobody_vouches_for_is_refused(self, tmp_path):
        tls, _ = certified_for("hooks.example", tmp_path)
        with listening(tls) as listener:
            assert self.hook(listener, None).deliver(parcel()).reason is Reason.RECEIVER_UNPROVEN
            assert listener.heard == []

    def test_no_tls_at_all_is_no_connection(self, listener):
        assert self.hook(listener, None).deliver(parcel()).reason is Reason.RECEIVER_SILENT
