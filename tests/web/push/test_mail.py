"""Mail that came is told of as well, so that a reply is in the event within seconds."""

from __future__ import annotations

import pytest

from nudger.jobs.listen import listen
from nudger.jobs.subscribe import subscribe
from nudger.sandbox.google.pubsub import GMAIL, Subscriber
from nudger.store import push
from nudger.store.hints import what_is_due
from nudger.worker import woken
from tests.office import NUDGER, run_once

TOPIC, ACCOUNT = "projects/sandbox/topics/nudger", "pubsub@sandbox.iam.gserviceaccount.com"
ANSWER = "Dana agrees to join a 30-minute ROI review by 4 December\n2"


@pytest.fixture
def extra(server) -> str:
    keys = f'[google_addon]\ncertificates = "{server.url}/oauth2/v3/certs"\n'
    return f'gmail_topic = "{TOPIC}"\ngmail_account = "{ACCOUNT}"\n{keys}'


@pytest.fixture
def asked(unopened):
    """The question was sent, and the channels of calendar and mailbox are open."""
    office, endpoint = unopened.office, f"{unopened.client.base_url}/push/gmail"
    endpoint = endpoint.replace("//push", "/push")
    watches = office.server.google.watches
    watches.create_topic(TOPIC)
    watches.grant(TOPIC, GMAIL)
    watches.subscribe(Subscriber(TOPIC, endpoint, ACCOUNT, endpoint))
    office.meet()
    run_once(office.ctx)
    subscribe(office.ctx)
    unopened.deliver()
    office.later(minutes=1)
    run_once(office.ctx)
    return unopened


def listening(asked):
    name = "graph.mail.delta" if asked.office.is_outlook else "gmail.users.history.list"
    return asked.office.calls.get(name, 0)


def test_a_silent_mailbox_costs_no_call(asked):
    before = listening(asked)
    for _ in range(14):
        asked.office.later(minutes=1)
        listen(asked.office.ctx)
    assert listening(asked) == before


def test_a_reply_is_in_the_event_ten_seconds_later(asked):
    asked.office.later(seconds=10)
    asked.office.reply(ANSWER)
    assert set(asked.deliver()) <= {202, 204}
    with asked.office.ctx.database.read() as tx:
        assert "mailbox" in what_is_due(tx, asked.office.ctx.clock())
    woken(asked.office.ctx)
    assert "ROI review" in asked.office.description("call1")


def test_it_is_told_of_for_a_month(asked):
    for _ in range(60):
        asked.office.later(hours=12)
        subscribe(asked.office.ctx)
    with asked.office.ctx.database.read() as tx:
        found = push.count(tx, asked.office.ctx.clock())["mailboxes"]
    assert (found.watched, found.open) == (1, 1)


class TestGmail:
    @pytest.fixture
    def kept_by(self):
        return "google"

    def told(self, asked):
        asked.office.later(seconds=10)
        asked.office.reply(ANSWER)
        asked.deliver()
        return next(p for p in asked.office.server.pushes.carried[::-1] if "gmail" in p.url)

    @pytest.mark.parametrize(
        ("account", "claims"),
        [
            ("evil@other.iam.gserviceaccount.com", {}),
            (ACCOUNT, {"aud": "https://nudger.other.example/push/gmail"}),
            (ACCOUNT, {"iss": "https://accounts.other.example"}),
            (ACCOUNT, {"exp": 1_600_000_000}),
            (ACCOUNT, {"email_verified": False}),
        ],
    )
    def test_who_is_not_our_pubsub_is_refused(self, asked, account, claims):
        told, issuer = self.told(asked), asked.office.server.google.identities
        token = issuer.system_token(account, told.url, **claims)
        headers = {"authorization": f"Bearer {token}"}
        assert asked.client.post(told.url, json=told.body, headers=headers).status_code == 401

    @pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}])
    def test_who_has_no_token_is_refused(self, asked, headers):
        told = self.told(asked)
        assert asked.client.post(told.url, json=told.body, headers=headers).status_code == 401

    @pytest.mark.parametrize("body", [{}, {"message": {"data": "%%"}}, {"message": {"data": ""}}])
    def test_what_is_no_notice_is_refused(self, asked, body):
        told = self.told(asked)
        answer = asked.client.post(told.url, json=body, headers=dict(told.headers))
        assert answer.status_code == 400

    def test_replays_have_it_read_once(self, asked):
        told = self.told(asked)
        listen(asked.office.ctx)
        before = listening(asked)
        for _ in range(20):
            answer = asked.client.post(told.url, json=told.body, headers=dict(told.headers))
            assert answer.status_code == 204
            listen(asked.office.ctx)
        assert listening(asked) == before

    def test_another_topic_takes_the_place_of_the_first(self, asked):
        watches = asked.office.server.google.watches
        watches.create_topic(f"{TOPIC}-2")
        watches.grant(f"{TOPIC}-2", GMAIL)
        text = asked.office.file.read_text()
        asked.office.file.write_text(text.replace(f'"{TOPIC}"', f'"{TOPIC}-2"'))
        asked.office.configure("")
        asked.office.later(days=6)
        subscribe(asked.office.ctx)
        assert watches.open[NUDGER].topic == f"{TOPIC}-2"

    def test_a_topic_that_gmail_may_not_publish_to_is_shown(self, unopened):
        unopened.office.meet()
        run_once(unopened.office.ctx)
        subscribe(unopened.office.ctx)
        with unopened.office.ctx.database.read() as tx:
            found = push.count(tx, unopened.office.ctx.clock())["mailboxes"]
        assert (found.open, found.failing) == (0, 1)
