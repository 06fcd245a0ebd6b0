"""The sandbox judges an add-on's answer as Google does: by the reference, not by our code."""

from __future__ import annotations

import copy

import pytest

from nudger.sandbox.google.addons import DeploymentRefused
from nudger.sandbox.google.cards import AnswerRefused, read_answer
from nudger.sandbox.panel_pages import formatted
from nudger.sandbox.server import SandboxServer

CLICK = {
    "action": {"function": "https://a.example/act", "parameters": [{"key": "do", "value": "x"}]}
}
CARD = {
    "name": "call",
    "header": {"title": "ACME", "subtitle": "Tuesday"},
    "sections": [
        {
            "header": "What?",
            "widgets": [
                {"textParagraph": {"text": "Hello"}},
                {"textInput": {"name": "a", "label": "A", "validation": {"characterLimit": 5}}},
                {"buttonList": {"buttons": [{"text": "Save", "onClick": CLICK, "type": "FILLED"}]}},
            ],
        }
    ],
}


def opened(card):
    return {"action": {"navigations": [{"pushCard": card}]}}


def changed(path, value):
    """The card with a value at a path of keys and numbers."""
    card = copy.deepcopy(CARD)
    at = card
    for one in path[:-1]:
        at = at[one]
    at[path[-1]] = value
    return card


WIDGETS = ("sections", 0, "widgets")


def test_a_right_card_is_taken():
    answer = read_answer(opened(CARD), to_click=False)
    assert (answer.card, answer.is_on_top, answer.toast) == (CARD, True, "")


def test_a_click_is_answered_in_a_wrapper_and_a_trigger_without():
    wrapped = {
        "renderActions": {
            "action": {"navigations": [{"updateCard": CARD}], "notification": {"text": "Saved"}}
        }
    }
    answer = read_answer(wrapped, to_click=True)
    assert (answer.is_on_top, answer.toast) == (False, "Saved")
    with pytest.raises(AnswerRefused):
        read_answer(wrapped, to_click=False)
    with pytest.raises(AnswerRefused):
        read_answer(opened(CARD), to_click=True)


@pytest.mark.parametrize(
    ("card", "says"),
    [
        (changed(("heading",), "x"), "'heading'"),
        (changed((*WIDGETS, 0, "textParagraph", "txt"), "x"), "'txt'"),
        (changed((*WIDGETS, 0), {"paragraph": {"text": "x"}}), "'paragraph'"),
        (changed((*WIDGETS, 0, "divider"), {}), "must be one of"),
        (changed((*WIDGETS, 0), {}), "must be one of"),
        (changed((*WIDGETS, 1, "textInput", "type"), "PASSWORD"), "'PASSWORD'"),
        (changed((*WIDGETS, 1, "textInput", "name"), 7), "str is expected"),
        (changed((*WIDGETS, 1, "textInput"), {"name": "a"}), "has no label"),
        (changed((*WIDGETS, 1, "textInput", "validation", "characterLimit"), True), "int is"),
        (changed((*WIDGETS, 2, "buttonList", "buttons", 0, "onClick"), {}), "must be one of"),
        (changed((*WIDGETS,), {}), "is no list"),
        (changed((*WIDGETS,), []), "1 to 100 widgets"),
        (changed((*WIDGETS,), [{"divider": {}}] * 101), "1 to 100 widgets"),
        (changed((*WIDGETS, 0), CARD["sections"][0]["widgets"][1]), "one name"),
        (changed(("header",), {"subtitle": "x"}), "has no title"),
    ],
)
def test_what_google_does_not_know_is_refused(card, says):
    with pytest.raises(AnswerRefused, match=says):
        read_answer(opened(card), to_click=False)


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"action": []}, {"action": {"navigations": [{}]}}]
)
def test_what_is_no_answer_is_refused(body):
    with pytest.raises(AnswerRefused):
        read_answer(body, to_click=False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a &lt;b&gt; c", "a &lt;b&gt; c"),
        ("<b>a</b><br>b", "<b>a</b><br>b"),
        ('<img src=x onerror="x()">a<script>b</script>', "ab"),
        ('<a href="https://evil.example">a</a> & b', "a &amp; b"),
    ],
)
def test_simple_html_is_drawn_as_google_does(text, shown):
    assert formatted(text) == shown


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("addOns", "calendar", "eventOpenTrigger", "runFunction"), "http://a.example", "no https"),
        (("addOns", "common", "logoUrl"), "logo.png", "no https"),
        (("oauthScopes",), [], "not among the scopes"),
        (("addOns", "calendar"), {}, "is missing"),
    ],
)
def test_a_deployment_that_gcloud_would_not_take_is_refused(path, value, says):
    url = {"runFunction": "https://a.example/x"}
    deployment = {
        "oauthScopes": ["https://www.googleapis.com/auth/calendar.addons.execute"],
        "addOns": {
            "common": {"name": "Nudger", "logoUrl": "https://a.example/logo.png"},
            "calendar": {"homepageTrigger": url, "eventOpenTrigger": dict(url)},
        },
    }
    addons = SandboxServer().google.addons
    addons.install(copy.deepcopy(deployment))
    at = deployment
    for one in path[:-1]:
        at = at[one]
    at[path[-1]] = value
    with pytest.raises(DeploymentRefused, match=says):
        addons.install(deployment)
