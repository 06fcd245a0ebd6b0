"""Whether Slack takes our tokens, and reaches who chose it: for `nudger doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from nudger.admin.doctor_checks import Check
from nudger.config.loading import ConfigProblem
from nudger.config.sections.providers import SlackSettings
from nudger.providers.base import ProviderError, Unavailable
from nudger.runtime.chat_account import check_tokens
from nudger.runtime.context import Context
from nudger.store import chat, people

SLACK = "slack"
BOTH = "bot_token and app_token are needed, both (docs/slack.md)"


def check_slack(slack: SlackSettings) -> Iterator[Check]:
    """Nothing where no Slack is set up."""
    if slack.bot_token is None and slack.app_token is None:
        return
    if not slack.is_configured:
        yield Check(SLACK, ok=False, says=BOTH)
        return
    try:
        check_tokens(slack)
    except Unavailable as error:
        yield Check(SLACK, ok=False, says=str(error), may_pass=True)
    except (ProviderError, ConfigProblem) as error:
        yield Check(SLACK, ok=False, says=str(error))
    else:
        yield Check(SLACK, ok=True, says="takes both tokens")


def check_asked_in_slack(ctx: Context) -> Iterator[Check]:
    """A line for each rep who chose Slack and is mailed, since it does not take what we post."""
    with ctx.database.read() as tx:
        chosen, reps = chat.list_people(tx), people.list_reps(tx)
    for rep in reps:
        person = chosen.get(rep.id)
        if person is not None and person.refused_why is not None:
            says = f"mailed, since Slack says: {person.refused_why}"
            yield Check(f"slack for {rep.email}", ok=True, says=says, warns=True)
