"""Posting in Slack by its Web API: https://docs.slack.dev/reference/methods

A post carries our key as message metadata, which only our app reads, so that Slack can be asked
whether it came through. Nothing is repeated below us: a post that may have come through is asked
about first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient

from nudger.mail.chat.blocks import Block
from nudger.mail.chat.message import ChatMessage
from nudger.providers.base import Unavailable
from nudger.providers.chat import ChatRefused, ChatUser, NewPost

TIMEOUT_SECONDS = 15
EVENT_TYPE = "nudger_question"
PAGE = 200
MOST_PAGES = 5
BUSY = frozenset({
    "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable",
    "request_timeout", "team_added_to_org", "message_limit_exceeded",
})  # fmt: skip
"""What Slack says where it may do later what it does not do now."""
CLOCK_SKEW = timedelta(minutes=5)
BOT, APP = "xoxb-", "xapp-"
NO_BOT = "the bot token is none: Install App shows it, xoxb-…"
NO_APP = "the app-level token is none: Basic Information, App-Level Tokens makes it, xapp-…"
SCOPES = ("chat:write", "im:history", "im:write", "users:read", "users:read.email")
"""What the bot token has to allow, by the methods that we call, as each method's page says."""


def web_client(token: str, api_root: str) -> WebClient:
    return WebClient(token, base_url=f"{api_root}/", timeout=TIMEOUT_SECONDS, retry_handlers=[])


def require_tokens(bot_token: str, app_token: str, api_root: str) -> None:
    """Raises `ChatRefused` where one of them is not taken or allows too little, and
    `Unavailable`."""
    for token, begins, says in ((bot_token, BOT, NO_BOT), (app_token, APP, NO_APP)):
        if not token.startswith(begins):
            raise ChatRefused(says)
    client = web_client(bot_token, api_root)
    missing = sorted(set(SCOPES) - _scopes_of(_asked(client.auth_test)))
    if missing:
        raise ChatRefused(
            f"the bot token lacks {', '.join(missing)}: add them at OAuth & Permissions, "
            "install the app again and take the new token"
        )
    _asked(lambda: client.apps_connections_open(app_token=app_token))


def _scopes_of(answer: SlackResponse) -> set[str]:
    """Slack names a token's scopes in a header of each answer:
    https://docs.slack.dev/authentication/installing-with-oauth"""
    said = next((v for name, v in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    return {one.strip() for one in said.split(",")}


class SlackChat:
    """See `providers.chat.Chat`."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def find_user(self, email: str) -> ChatUser:
        found = _asked(lambda: self._client.users_lookupByEmail(email=email))
        user: dict[str, Any] = found["user"]
        if user.get("deleted") or user.get("is_bot"):
            raise ChatRefused(f"slack: {email} is deactivated or a bot")
        opened = _asked(lambda: self._client.conversations_open(users=user["id"]))
        return ChatUser(user["team_id"], user["id"], opened["channel"]["id"])

    def post(self, new: NewPost) -> str:
        posted = _done(
            lambda: self._client.chat_postMessage(
                channel=new.channel_id,
                text=new.message.text,
                blocks=list(new.message.blocks),
                thread_ts=new.thread_ts,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": new.key}},
                mrkdwn=False,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
                client_msg_id=new.key,
            )
        )
        return str(posted["ts"])

    def find_post(self, new: NewPost, since: datetime) -> str | None:
        oldest = f"{(since - CLOCK_SKEW).timestamp():.6f}"
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self._page(new, oldest, cursor)
            for message in page["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == new.key:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        return None

    def _page(self, new: NewPost, oldest: str, cursor: str) -> SlackResponse:
        asked: dict[str, Any] = {
            "channel": new.channel_id,
            "oldest": oldest,
            "include_all_metadata": True,
            "limit": PAGE,
            "cursor": cursor or None,
        }
        if new.thread_ts is None:
            return _asked(lambda: self._client.conversations_history(**asked))
        return _asked(lambda: self._client.conversations_replies(ts=new.thread_ts or "", **asked))

    def update(self, channel_id: str, ts: str, message: ChatMessage) -> None:
        _asked(
            lambda: self._client.chat_update(
                channel=channel_id, ts=ts, text=message.text, blocks=list(message.blocks)
            )
        )

    def open_form(self, trigger: str, form: Block) -> None:
        _asked(lambda: self._client.views_open(trigger_id=trigger, view=form))


def _asked(call: Callable[[], SlackResponse]) -> SlackResponse:
    """What may be done twice without harm."""
    return _answer(call, in_doubt=False)


def _done(call: Callable[[], SlackResponse]) -> SlackResponse:
    """What must not be done twice."""
    return _answer(call, in_doubt=True)


def _answer(call: Callable[[], SlackResponse], *, in_doubt: bool) -> SlackResponse:
    try:
        return call()
    except SlackApiError as error:
        raise _said_no(error, in_doubt=in_doubt) from None
    except (OSError, HTTPException, ValueError) as error:
        said = f"slack: no answer ({type(error).__name__})"
        raise Unavailable(said, in_doubt=in_doubt) from error


def _said_no(error: SlackApiError, *, in_doubt: bool) -> ChatRefused | Unavailable:
    """The text that the library makes of an error has the whole answer in it: it is not told."""
    answer = error.response
    status = getattr(answer, "status_code", 200)
    data = answer.data if isinstance(getattr(answer, "data", None), dict) else {}
    code = str(data.get("error", f"status {status}"))[:80]
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Unavailable(f"slack: {code}", _retry_after(answer.headers))
    if status >= 500 or code in BUSY:
        return Unavailable(f"slack: {code}", in_doubt=in_doubt)
    return ChatRefused(f"slack: {code}")


def _retry_after(headers: dict[str, str]) -> timedelta | None:
    given = next((v for name, v in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=int(given)) if given.isdecimal() else None
