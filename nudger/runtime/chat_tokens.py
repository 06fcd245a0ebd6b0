"""Slack's tokens, where they are kept sealed in the database and not beside the settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from nudger.config import Settings
from nudger.store.secrets import Secrets

BOT, APP = "slack:bot_token", "slack:app_token"


def with_kept_tokens(settings: Settings, secrets: Secrets, tx: Connection) -> Settings:
    """The settings with the tokens that are kept; those of the environment and of nudger.toml win,
    as a pair. Raises `SealBroken`."""
    slack = settings.slack
    if slack.bot_token is not None or slack.app_token is not None:
        return settings
    kept = {"bot_token": secrets.get(tx, BOT), "app_token": secrets.get(tx, APP)}
    if None in kept.values():
        return settings
    return settings.model_copy(update={"slack": slack.model_copy(update=kept)})


def keep_tokens(
    secrets: Secrets, tx: Connection, bot_token: str, app_token: str, now: datetime
) -> None:
    secrets.put(tx, BOT, bot_token, now)
    secrets.put(tx, APP, app_token, now)


def forget_tokens(secrets: Secrets, tx: Connection) -> None:
    secrets.forget(tx, BOT)
    secrets.forget(tx, APP)
