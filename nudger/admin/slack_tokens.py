"""Giving Nudger Slack's tokens, which are kept sealed, and having them forgotten."""

from __future__ import annotations

from nudger.domain.reasons import Reason, StepName
from nudger.runtime.chat_account import check_tokens
from nudger.runtime.chat_tokens import forget_tokens, keep_tokens
from nudger.runtime.context import Context
from nudger.store import audit


def connect_slack(ctx: Context, bot_token: str, app_token: str) -> None:
    """Keep both, once Slack takes them. Raises `ChatRefused`, `Unavailable`, and `ConfigProblem`
    where the library is missing."""
    given = {"bot_token": bot_token, "app_token": app_token}
    check_tokens(ctx.settings.slack.model_copy(update=given))
    with ctx.database.begin() as tx:
        keep_tokens(ctx.secrets, tx, bot_token, app_token, ctx.clock())
        audit.record(tx, audit.Step(StepName.CONNECT, Reason.CHAT_CONNECTED), ctx.clock())


def disconnect_slack(ctx: Context) -> None:
    """Forget both; who chose Slack is mailed once no process has them any more."""
    with ctx.database.begin() as tx:
        forget_tokens(ctx.secrets, tx)
        audit.record(tx, audit.Step(StepName.CONNECT, Reason.CHAT_DISCONNECTED), ctx.clock())
