"""What the doctor finds of Slack."""

from __future__ import annotations

import pytest

from nudger.store import chat
from tests.cli.test_doctor import says
from tests.office import ANA


@pytest.fixture
def configured(office, nudger_in_office):
    def do(bot="xoxb-sandbox", app="xapp-sandbox"):
        tokens = f'bot_token = "{bot}"\n' if bot else ""
        tokens += f'app_token = "{app}"\n' if app else ""
        office.configure(f'[slack]\napi_root = "{office.server.url}/slack/api"\n{tokens}')
        return nudger_in_office

    return do


@pytest.mark.parametrize(
    ("tokens", "found"),
    [
        ({}, (True, "takes both tokens")),
        ({"bot": "xoxb-revoked"}, (False, "slack: token_revoked")),
        ({"app": "xapp-unknown"}, (False, "slack: invalid_auth")),
        ({"app": ""}, (False, "bot_token and app_token are needed, both (docs/slack.md)")),
    ],
)
def test_tokens(configured, tokens, found):
    assert says(configured(**tokens), "slack") == [found]


def test_nothing_is_said_where_there_is_no_slack(configured):
    assert says(configured(bot="", app=""), "slack") == []


def test_who_is_mailed_after_all(office, configured):
    nudger = configured()
    with office.ctx.database.begin() as tx:
        chat.choose(tx, 1, office.ctx.clock())
        chat.set_refused(tx, 1, "slack: is_archived", office.ctx.clock())
    line = "mailed, since Slack says: slack: is_archived"
    assert says(nudger, f"slack for {ANA}") == [(True, line)]
