"""The chat that the settings describe."""

from __future__ import annotations

from types import ModuleType
from typing import cast

from nudger.config.loading import ConfigProblem
from nudger.config.sections.providers import SlackSettings
from nudger.providers.chat import Chat

MISSING = "Slack is set up in nudger.toml, and its library is not there: pip install nudger[slack]"


def open_chat(slack: SlackSettings) -> Chat | None:
    """`None` where no tokens are known. Raises `ConfigProblem` where the library is missing."""
    if not slack.is_configured or slack.bot_token is None:
        return None
    web = _library()
    return cast("Chat", web.SlackChat(web.web_client(slack.bot_token, slack.api_root)))


def check_tokens(slack: SlackSettings) -> None:
    """Raises `ChatRefused` where Slack does not take both, `Unavailable`, and `ConfigProblem`."""
    _library().require_tokens(slack.bot_token or "", slack.app_token or "", slack.api_root)


def _library() -> ModuleType:
    try:
        # The library takes a while to import, and is installed only where it is used.
        from nudger.providers.slack import web  # noqa: PLC0415
    except ImportError as error:
        raise ConfigProblem(MISSING) from error
    return web
