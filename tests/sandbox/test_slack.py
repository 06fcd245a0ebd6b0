"""The stand-in for Slack refuses what Slack refuses."""

from __future__ import annotations

import time

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.web import WebClient

from nudger.sandbox.slack.workspace import APP_TOKEN, BOT_TOKEN
from tests.office import ANA

TEXT = {"type": "plain_text", "text": "x"}
SECTION = {"type": "section", "text": TEXT}
BUTTON = {"type": "button", "text": TEXT, "action_id": "a"}


@pytest.fixture
def slack(server):
    return WebClient(BOT_TOKEN, base_url=f"{server.url}/slack/api/", retry_handlers=[])


@pytest.fixture
def channel(slack):
    user = slack.users_lookupByEmail(email=ANA)["user"]["id"]
    return slack.conversations_open(users=user)["channel"]["id"]


def code_of(call, **given):
    with pytest.raises(SlackApiError) as error:
        call(**given)
    return error.value.response["error"]


def test_unknown_tokens(server, slack):
    other = WebClient("xoxb-other", base_url=slack.base_url, retry_handlers=[])
    assert code_of(other.auth_test) == "token_revoked"
    assert code_of(slack.apps_connections_open, app_token=BOT_TOKEN) == "invalid_auth"


def test_strangers_and_other_channels(slack, channel):
    assert code_of(slack.users_lookupByEmail, email="x@y.example") == "users_not_found"
    given = {"text": "x", "blocks": [SECTION]}
    assert code_of(slack.chat_postMessage, channel="C1", **given) == "channel_not_found"
    given["thread_ts"] = "1.1"
    assert code_of(slack.chat_postMessage, channel=channel, **given) == "thread_not_found"


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [SECTION] * 51,
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "section", "text": {**TEXT, "text": ""}}],
        [{"type": "section", "text": {**TEXT, "text": "x" * 3001}}],
        [{"type": "header", "text": {**TEXT, "text": "x" * 151}}],
        [{"type": "actions", "elements": []}],
        [{"type": "actions", "elements": [BUTTON, BUTTON]}],
        [{"type": "actions", "elements": [{**BUTTON, "text": {**TEXT, "text": "x" * 76}}]}],
        [{"type": "script"}],
    ],
)
def test_blocks_beyond_the_limits(slack, channel, blocks):
    found = code_of(slack.chat_postMessage, channel=channel, text="x", blocks=blocks)
    assert found == "invalid_blocks"


def test_metadata_is_told_where_it_is_asked_for(slack, channel):
    metadata = {"event_type": "e", "event_payload": {"key": "k"}}
    slack.chat_postMessage(channel=channel, text="x", blocks=[SECTION], metadata=metadata)
    (with_it,) = slack.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    (without,) = slack.conversations_history(channel=channel)["messages"]
    assert with_it["metadata"] == metadata
    assert "metadata" not in without


def test_a_trigger_counts_once_and_for_three_seconds(server, slack):
    workspace, view = server.slack.workspace, {"type": "modal", "title": TEXT, "blocks": [SECTION]}
    seconds = [0.0]
    workspace.seconds = lambda: seconds[0]
    trigger, late = workspace._new_trigger("U1"), workspace._new_trigger("U1")
    slack.views_open(trigger_id=trigger, view=view)
    assert code_of(slack.views_open, trigger_id=trigger, view=view) == "expired_trigger_id"
    seconds[0] = 3.1
    assert code_of(slack.views_open, trigger_id=late, view=view) == "expired_trigger_id"


def test_what_is_not_acknowledged_is_delivered_again(server, slack):
    socket, heard = server.slack.socket_mode, []
    socket.ack_seconds = 0.1
    url = slack.apps_connections_open(app_token=APP_TOKEN)["url"]
    connection = Connection(url, slack._logger, on_message_listener=heard.append)
    connection.connect()
    socket.deliver("events_api", {"event": {}})
    end = time.monotonic() + 60
    while socket.waiting and time.monotonic() < end:
        time.sleep(0.02)
    connection.close()
    assert not socket.waiting
    assert socket.acknowledged == []


def test_an_address_counts_once(server, slack):
    url = slack.apps_connections_open(app_token=APP_TOKEN)["url"]
    first, second = (Connection(url, slack._logger) for _ in range(2))
    first.connect()
    second.connect()
    assert (first.is_active(), second.is_active()) == (True, False)
    first.close()
