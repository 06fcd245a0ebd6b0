"""Who wrote is judged before a word is read."""

from __future__ import annotations

import dataclasses

import pytest

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.mail.mime import MailRejected
from nudger.runtime.mail_reader import OVER_THE_LIMIT
from nudger.sandbox.people_pages import reply_to
from nudger.store import tables
from tests.conftest import ANA, BEN


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


class WatchedReader:
    """The real reader, with what it was asked to read; `stops_at` is a mail that stops it."""

    def __init__(self, reader, stops_at=b"\0"):
        self._reader, self._stops_at = reader, stops_at
        self.read_from = []

    def parse(self, raw):
        if self._stops_at in raw:
            raise MailRejected(OVER_THE_LIMIT)
        return self._reader.parse(raw)

    def check_signature(self, raw, domain):
        return self._reader.check_signature(raw, domain)

    def read(self, inbound, asked):
        self.read_from.append(inbound.sender)
        return self._reader.read(inbound, asked)


def asked(office):
    office.meet()
    scan(office.ctx)
    ask(office.ctx)


def watched(office, **how):
    reader = WatchedReader(office.ctx.reader, **how)
    return dataclasses.replace(office.ctx, reader=reader), reader


def ends(ctx):
    with ctx.database.read() as tx:
        columns = tables.inbound.c
        return [tuple(row) for row in tx.execute(tables.inbound.select().with_only_columns(
            columns.state, columns.reason).order_by(columns.id))]  # fmt: skip


def test_nothing_of_a_stranger_is_read(office):
    asked(office)
    with office.world.lock:
        reply_to(office.world, BEN, office.inbox(ANA)[-1], "Dana agrees to everything\n2")
    office.reply("Dana agrees to the pilot\n2")
    ctx, reader = watched(office)
    listen(ctx)
    assert understand(ctx) == 1
    assert reader.read_from == [ANA]
    assert sorted(ends(ctx)) == [("done", "answered"), ("quarantined", "sender_mismatch")]


def test_a_mail_that_stops_the_reader_stops_no_other(office):
    asked(office)
    office.reply("stop here")
    office.reply("Dana agrees to the pilot\n2")
    ctx, _ = watched(office, stops_at=b"stop here")
    listen(ctx)
    assert understand(ctx) == 1
    assert sorted(ends(ctx)) == [("done", "answered"), ("unreadable", OVER_THE_LIMIT)]
