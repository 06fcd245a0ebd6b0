"""What Google refuses of whoever sets up a topic, and of who watches a mailbox by it."""

from __future__ import annotations

import pytest

from nudger.sandbox.google.answers import Call, Refusal
from nudger.sandbox.google.pubsub import GMAIL, Subscriber
from tests.office import NUDGER

TOPIC = "projects/sandbox/topics/nudger"
BY = "push@sandbox.iam.gserviceaccount.com"


@pytest.fixture
def watches(server):
    server.google.watches.create_topic(TOPIC)
    return server.google.watches


def watch(watches, topic):
    return watches.watch(Call(NUDGER, {}, {}, {}, {"topicName": topic}))


@pytest.mark.parametrize(
    ("topic", "status", "says"),
    [
        ("nudger", 400, "does not match projects/sandbox/topics/*"),
        ("projects/other/topics/nudger", 400, "does not match projects/sandbox/topics/*"),
        (f"{TOPIC} ", 400, "does not match projects/sandbox/topics/*"),
        (f"{TOPIC}-2", 404, "Resource not found (resource=nudger-2)"),
        (TOPIC, 403, "User not authorized"),
    ],
)
def test_what_may_not_be_watched_by(watches, topic, status, says):
    with pytest.raises(Refusal) as refused:
        watch(watches, topic)
    assert (refused.value.status, says in str(refused.value)) == (status, True)


def test_a_mailbox_tells_one_topic_until_it_is_stopped(watches):
    for topic in (TOPIC, f"{TOPIC}-2"):
        watches.create_topic(topic)
        watches.grant(topic, GMAIL)
    watch(watches, TOPIC)
    watch(watches, TOPIC)
    with pytest.raises(Refusal, match="Only one user push notification client allowed"):
        watch(watches, f"{TOPIC}-2")
    watches.stop(Call(NUDGER, {}, {}, {}))
    assert watch(watches, f"{TOPIC}-2")["historyId"]


@pytest.mark.parametrize(
    ("topic", "endpoint", "account", "status"),
    [
        (f"{TOPIC}-2", "https://nudger.ourco.example/push/gmail", BY, 404),
        (TOPIC, "http://nudger.ourco.example/push/gmail", BY, 400),
        (
            TOPIC,
            "https://nudger.ourco.example/push/gmail",
            "push@other.iam.gserviceaccount.com",
            403,
        ),
    ],
)
def test_who_may_not_be_told(watches, topic, endpoint, account, status):
    with pytest.raises(Refusal) as refused:
        watches.subscribe(Subscriber(topic, endpoint, account, endpoint))
    assert refused.value.status == status
