"""The chat that the settings describe."""

from __future__ import annotations

from nudger.config.loading import ConfigProblem
from nudger.config.sections import SlackSettings
from nudger.providers.chat import Chat

MISSING = "Slack is set up in nudger.toml, and its library is not there: pip install nudger[slack]"


def open_chat(slack: SlackSettings) -> Chat | None:
    """`None` where no tokens are known. Raises `ConfigProblem` where the library is missing."""
    if not slack.is_configured or slack.bot_token is None:
        return None
    try:
        # The library takes a while to import, and is installed only where it is used.
        from nudger.providers.slack.web import SlackChat, web_client  # noqa: PLC0415
    except ImportError as error:
        raise ConfigProblem(MISSING) from error
    return SlackChat(web_client(slack.bot_token, slack.api_root))
