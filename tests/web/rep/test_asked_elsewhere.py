"""Choosing Slack in place of mail, and letting a channel see when one's calls are."""

from __future__ import annotations

import pytest

from nudger.domain.reasons import Reason
from nudger.store import channels, chat
from tests.web.rep.test_router import send, steps

NAME = "Sales & <EMEA>"


@pytest.fixture
def office(office):
    office.configure(
        '[slack]\nbot_token = "xoxb-sandbox"\napp_token = "xapp-sandbox"\n'
        f'api_root = "{office.server.url}/slack/api"\n'
        f'[[teams_channels]]\nname = "{NAME}"\nallow_private = true\n'
        f'url = "{office.server.teams.url(office.server.url, "emea")}"\n'
    )
    return office


def shared(pages):
    with pages.office.ctx.database.read() as tx:
        return channels.shared_by(tx, 1)


def in_chat(pages):
    with pages.office.ctx.database.read() as tx:
        return chat.find_person(tx, 1) is not None


def test_slack_is_chosen_and_left(pages, ana):
    assert not in_chat(pages)
    send(ana, "/me/asked-in", "/me/settings", chosen="slack")
    assert in_chat(pages)
    assert '<option value="slack" selected>' in ana.get("/me/settings").text
    send(ana, "/me/asked-in", "/me/settings", chosen="mail")
    assert not in_chat(pages)
    assert {Reason.CHAT_CHOSEN, Reason.CHAT_LEFT} <= set(steps(pages))


def test_there_is_no_third_way(pages, ana):
    answered = send(ana, "/me/asked-in", "/me/settings", chosen="pigeon")
    assert (answered.status_code, "Choose one of the list" in answered.text) == (422, True)


def test_who_is_mailed_since_slack_refuses_is_told(pages, ana):
    send(ana, "/me/asked-in", "/me/settings", chosen="slack")
    with pages.office.ctx.database.begin() as tx:
        chat.set_refused(tx, 1, "slack: is_archived", pages.office.ctx.clock())
    assert "Slack does not take our messages to you" in ana.get("/me/settings").text


def test_a_channel_sees_calls_from_a_yes_to_a_no(pages, ana):
    page = ana.get("/me/settings").text
    assert "Sales &amp; &lt;EMEA&gt;" in page
    assert "Your calls are not shown there." in page
    send(ana, "/me/channel", "/me/settings", channel=NAME, shown="yes")
    assert shared(pages) == {NAME}
    assert "Show them no more" in ana.get("/me/settings").text
    send(ana, "/me/channel", "/me/settings", channel=NAME, shown="no")
    assert shared(pages) == set()
    assert {Reason.CHANNEL_JOINED, Reason.CHANNEL_LEFT} <= set(steps(pages))


def test_there_is_no_other_channel(pages, ana):
    assert send(ana, "/me/channel", "/me/settings", channel="x", shown="yes").status_code == 422
    assert shared(pages) == set()
