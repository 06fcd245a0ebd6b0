"""Who is believed to be a provider: who knows the secret of one channel, and nobody else."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sqlalchemy import select

from nudger.domain.event import Provider
from nudger.store import push, tables
from nudger.store.push import Channel


def hints(told):
    with told.office.ctx.database.read() as tx:
        return tx.scalar(select(tables.calendar.c.hints))


def notifications(told):
    (subscription,) = told.office.server.microsoft.subscriptions.open.values()
    good = {
        "subscriptionId": subscription.id,
        "clientState": subscription.body["clientState"],
        "resource": "users/someone@else.example/events",
        "changeType": "updated",
    }
    return good, {**good, "clientState": "A" * 43}, {**good, "subscriptionId": "another"}


class TestGoogle:
    @pytest.fixture
    def kept_by(self):
        return "google"

    def headers(self, told, **changed):
        (channel,) = told.office.server.google.channels.open.values()
        named = {
            "x-goog-channel-id": channel.id,
            "x-goog-channel-token": channel.token,
            "x-goog-resource-state": "exists",
        }
        return {**named, **{name.replace("_", "-"): value for name, value in changed.items()}}

    @pytest.mark.parametrize(
        "changed",
        [
            {"x_goog_channel_token": "A" * 43},
            {"x_goog_channel_token": ""},
            {"x_goog_channel_id": "unknown"},
            {"x_goog_channel_id": "A" * 10_000},
        ],
    )
    def test_who_does_not_know_the_secret_is_told_nothing(self, told, changed):
        answer = told.client.post("/push/google", headers=self.headers(told, **changed))
        assert (answer.status_code, answer.content, hints(told)) == (404, b"", 0)

    def test_the_beginning_of_a_channel_is_no_hint(self, told):
        headers = self.headers(told, x_goog_resource_state="sync")
        assert told.client.post("/push/google", headers=headers).status_code == 204
        assert hints(told) == 0

    def test_googles_word_does_not_open_microsofts_door(self, told):
        assert told.client.post("/push/google", headers=self.headers(told)).status_code == 204
        (channel,) = told.office.server.google.channels.open.values()
        body = {"value": [{"subscriptionId": "x", "clientState": channel.token}]}
        assert told.client.post("/push/microsoft", json=body).status_code == 404


class TestMicrosoft:
    @pytest.fixture
    def kept_by(self):
        return "microsoft"

    def test_one_wrong_secret_does_not_spoil_the_batch(self, told):
        good, forged, misplaced = notifications(told)
        body = {"value": [forged, good, misplaced, "no notification", good]}
        assert told.client.post("/push/microsoft", json=body).status_code == 202
        assert hints(told) == 1

    @pytest.mark.parametrize("which", [1, 2])
    def test_who_does_not_know_the_secret_is_told_nothing(self, told, which):
        body = {"value": [notifications(told)[which]]}
        assert told.client.post("/push/microsoft", json=body).status_code == 404
        assert hints(told) == 0

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"value": 3}', b"\xff", b"[" * 60_000])
    def test_what_is_no_batch_is_refused(self, told, body):
        assert told.client.post("/push/microsoft", content=body).status_code == 400

    def test_ten_megabytes_are_too_many(self, told):
        answer = told.client.post("/push/microsoft", content=b"x" * 10_000_000)
        assert answer.status_code == 413

    def test_no_word_comes_back_while_nothing_is_being_opened(self, told):
        word = quote("<script>alert(1)</script>")
        answer = told.client.post(f"/push/microsoft?validationToken={word}")
        assert (answer.status_code, answer.content) == (404, b"")

    def test_the_word_comes_back_as_it_is_while_a_subscription_is_opened(self, told):
        begin_opening(told)
        word = "<script>alert(1)</script> +&%"
        answer = told.client.post(f"/push/microsoft?validationToken={quote(word)}")
        assert (answer.status_code, answer.text) == (200, word)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]

    @pytest.mark.parametrize("word", ["a" * 1025, "a\r\nb", "\u00fc", ""])
    def test_no_other_word_comes_back(self, told, word):
        begin_opening(told)
        answer = told.client.post(f"/push/microsoft?validationToken={quote(word)}")
        assert answer.status_code == 404

    def test_an_opening_that_came_to_nothing_is_over_after_a_minute(self, told):
        begin_opening(told)
        told.office.later(minutes=1)
        assert told.client.post("/push/microsoft?validationToken=word").status_code == 404


def begin_opening(told):
    ctx = told.office.ctx
    with ctx.database.begin() as tx:
        watch_id = tx.scalar(select(tables.push_watch.c.id))
        new = Channel("new", watch_id, Provider.MICROSOFT, "0" * 64, None, ctx.clock(), None)
        push.begin_channel(tx, new)
