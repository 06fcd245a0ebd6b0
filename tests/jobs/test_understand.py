"""Who wrote is judged before a word is read."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.mail.mime import MailRejected
from nudger.runtime.mail_reader import OVER_THE_LIMIT, ReadingCutShort
from nudger.sandbox.people_pages import plain_text, reply_to
from nudger.store import tables
from tests.office import ANA, BEN, DANA, run_once


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


class WatchedReader:
    """The real reader, with what it was asked to read; `stops_at` is a mail that stops it, and the
    first mails are `cut_short`."""

    def __init__(self, reader, stops_at=b"\0", cut_short=0):
        self._reader, self._stops_at, self._cut_short = reader, stops_at, cut_short
        self.read_from = []

    def parse(self, raw):
        if self._stops_at in raw:
            raise MailRejected(OVER_THE_LIMIT)
        if self._cut_short:
            self._cut_short -= 1
            raise ReadingCutShort("reading a mail was cut short")
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
        reply_to(office.world, DANA, office.inbox(ANA)[-1], "Dana agrees to everything\n2")
    office.reply("Dana agrees to the pilot\n2")
    ctx, reader = watched(office)
    listen(ctx)
    assert understand(ctx) == 1
    assert reader.read_from == [ANA]
    assert sorted(ends(ctx)) == [("done", "answered"), ("quarantined", "sender_external")]


def forge(office, sender, text, dmarc):
    to = office.inbox(ANA)[-1].headers["reply-to"]
    raw = f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <f@x>\r\nSubject: Re: x\r\n\r\n{text}\r\n"
    with office.world.lock:
        office.world.mailboxes.receive(raw.encode(), dmarc=dmarc)


@pytest.mark.parametrize(("dmarc", "is_shown"), [("pass", True), ("fail", False)])
def test_a_colleagues_words_are_shown_to_the_rep_and_written_nowhere(office, dmarc, is_shown):
    asked(office)
    forge(office, BEN, "<b>Dana agrees to a review</b>", dmarc)
    listen(office.ctx)
    assert understand(office.ctx) == 0
    ask(office.ctx)
    told = plain_text(office.inbox(ANA)[-1])
    assert (f"{BEN} replied to the question about this call" in told) is is_shown
    assert ("Dana agrees to a review" in told) is is_shown
    assert "a review" not in office.description("call1")
    assert ends(office.ctx) == [("quarantined", "sender_mismatch")]


@pytest.mark.parametrize(
    ("dmarc", "text", "named"),
    [
        ("pass", "B: Dana agrees to a review", ["ACME: legal"]),
        ("pass", "Dana agrees to a review", ["ACME: pilot review", "ACME: legal"]),
        ("fail", "B: Dana agrees to a review", ["ACME: pilot review", "ACME: legal"]),
    ],
)
def test_a_reply_that_may_not_be_the_reps_names_the_call_that_it_was_about(
    office, dmarc, text, named
):
    office.meet("call1", title="ACME: pilot review")
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    run_once(office.ctx)
    forge(office, BEN, text, dmarc)
    office.later(minutes=2)
    run_once(office.ctx)
    told = plain_text(office.inbox(ANA)[1])
    titles = ["ACME: pilot review", "ACME: legal"]
    assert [title for title in titles if title in told] == named


def test_a_mail_that_stops_the_reader_stops_no_other(office):
    asked(office)
    office.reply("stop here")
    office.reply("Dana agrees to the pilot\n2")
    ctx, _ = watched(office, stops_at=b"stop here")
    listen(ctx)
    assert understand(ctx) == 1
    assert sorted(ends(ctx)) == [("done", "answered"), ("unreadable", OVER_THE_LIMIT)]


@pytest.mark.parametrize(
    ("times", "end"), [(2, ("done", "answered")), (3, ("unreadable", "failed_thrice"))]
)
def test_a_reply_of_which_the_reading_is_cut_short_is_read_again(office, times, end):
    asked(office)
    office.reply("Dana agrees to the pilot\n2")
    ctx, _ = watched(office, cut_short=times)
    listen(ctx)
    for _ in range(3):
        understand(ctx)
        office.later(minutes=2)
    assert ends(ctx) == [end]


@pytest.mark.parametrize(
    ("text", "end", "told"),
    [
        ("Sent from my iPhone", ("quarantined", "empty"), None),
        ("-----BEGIN PGP MESSAGE-----\nx", ("quarantined", "encrypted"), "is encrypted"),
        ("👍", ("quarantined", "reaction"), None),
        ("Liked “ACME: pilot review”", ("quarantined", "reaction"), None),
    ],
)
def test_a_reply_without_an_answer_is_told_to_the_rep_unless_it_is_a_reaction(
    office, text, end, told
):
    asked(office)
    office.reply(text)
    listen(office.ctx)
    understand(office.ctx)
    before = len(office.inbox(ANA))
    ask(office.ctx)
    assert ends(office.ctx) == [end]
    mails = office.inbox(ANA)[before:]
    assert [told in plain_text(mail) for mail in mails] == ([True] if told else [])


def test_the_rep_is_told_where_nothing_is_left_of_what_they_wrote(office):
    """Two lines of our question, typed or pasted into the reply: we cannot tell them from a quote."""
    asked(office)
    ours = plain_text(office.inbox(ANA)[0]).splitlines()
    office.reply("\n".join(line for line in ours if line.startswith(("By the end", "Just reply"))))
    listen(office.ctx)
    understand(office.ctx)
    before = len(office.inbox(ANA))
    ask(office.ctx)
    assert ends(office.ctx) == [("quarantined", "nothing_left")]
    assert "could not read an answer" in plain_text(office.inbox(ANA)[before])
