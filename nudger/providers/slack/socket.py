"""Hearing what is said in Slack, by Socket Mode: we call Slack, and no address of ours is public.

https://docs.slack.dev/apis/events-api/using-socket-mode. An envelope is acknowledged when its
listener has returned; one that is not within three seconds comes again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from nudger.mail.chat.form import CALLBACK
from nudger.providers.base import Unavailable
from nudger.providers.chat import ChatEars, ChatEvent, ChatRefused
from nudger.providers.slack.web import web_client

log = logging.getLogger(__name__)
_ANY = re.compile(".+", re.DOTALL)


@contextmanager
def hearing(bot_token: str, app_token: str, api_root: str, ears: ChatEars) -> Iterator[None]:
    """Hear while the block lasts; a connection that ends is made anew. Raises `ChatRefused` for
    tokens that Slack does not know, and `Unavailable`."""
    quiet = logging.getLogger("slack_bolt.nudger")
    quiet.setLevel(logging.ERROR)
    try:
        client = web_client(bot_token, api_root)
        client.auth_test()
        # Bolt acknowledges what a listener has done, not what it has begun.
        app = App(
            client=client,
            logger=quiet,
            process_before_response=True,
            token_verification_enabled=False,
        )
        _listen(app, ears)
        handler = SocketModeHandler(app, app_token, logger=quiet)
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        raise ChatRefused(f"slack: {error.response.get('error', 'refused')}") from None
    except OSError as error:
        raise Unavailable(f"slack: no answer ({type(error).__name__})") from error
    log.info("slack: connected", extra={"facts": {"event": "chat_connected"}})
    try:
        yield
    finally:
        handler.close()  # type: ignore[no-untyped-call]


def _listen(app: App, ears: ChatEars) -> None:
    @app.event("message")
    def on_message(body: dict[str, Any]) -> None:
        event = _message(body)
        if event is not None:
            ears.said(event)

    @app.action(_ANY)
    def on_action(body: dict[str, Any], ack: Ack) -> None:
        ears.clicked(_click(body))
        ack()

    @app.view(CALLBACK)
    def on_form(body: dict[str, Any], ack: Ack) -> None:
        ears.filled_in(_form(body), str(body["view"].get("private_metadata", "")))
        ack()

    @app.event(_ANY)
    def on_others() -> None:
        """What we did not ask for."""


def _message(body: dict[str, Any]) -> ChatEvent | None:
    """What a person wrote to us alone; of an edited message what it says now."""
    event = body["event"]
    said, before = event, None
    if event.get("subtype") == "message_changed":
        said, before = event.get("message") or {}, event.get("previous_message") or {}
    elif event.get("subtype") not in (None, "thread_broadcast"):
        return None
    if event.get("channel_type") != "im" or said.get("bot_id") or not said.get("user"):
        return None
    if before is not None and before.get("text") == said.get("text"):
        return None
    return ChatEvent(
        key=f"event:{body['event_id']}",
        team_id=str(body.get("team_id", "")),
        user_id=str(said["user"]),
        channel_id=str(event["channel"]),
        ts=said.get("thread_ts"),
        content={"text": str(said.get("text", ""))},
    )


def _click(body: dict[str, Any]) -> ChatEvent:
    container, (action, *_) = body.get("container") or {}, body["actions"]
    return ChatEvent(
        key=f"click:{body['trigger_id']}",
        team_id=str((body.get("user") or {}).get("team_id") or (body.get("team") or {}).get("id")),
        user_id=str(body["user"]["id"]),
        channel_id=str(container.get("channel_id", "")),
        ts=container.get("message_ts"),
        content={"act": str(action.get("action_id", ""))},
        trigger=str(body["trigger_id"]),
    )


def _form(body: dict[str, Any]) -> ChatEvent:
    view = body["view"]
    return ChatEvent(
        key=f"form:{view['id']}",
        team_id=str((body.get("user") or {}).get("team_id") or (body.get("team") or {}).get("id")),
        user_id=str(body["user"]["id"]),
        channel_id="",
        ts=None,
        content={"values": view["state"]["values"]},
    )
