"""Mails that come back: counted once each, and after two in a row nothing more is sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from nudger.admin.controls import end_lockdown, lock_down, pause_sending, resume_sending
from nudger.admin.doctor import diagnose
from nudger.admin.overview import overview
from nudger.store import people, tables
from tests.delivery_reports import OF_A_GATEWAY, report_on, returned_to
from tests.office import ANA, BEN, run_once

LATER = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def asked(office):
    """Ana was asked about one call, and the day after about another."""
    office.meet("call1")
    run_once(office.ctx)
    office.meet("call2", title="Another", start=LATER)
    office.at(datetime(2026, 11, 25, 8, 5, tzinfo=UTC))
    run_once(office.ctx)
    assert len({one.rfc_message_id for one in office.inbox(ANA)}) >= 2
    return office


def came(office):
    office.later(minutes=2)
    run_once(office.ctx)


def reasons(office):
    with office.ctx.database.read() as tx:
        columns = tables.inbound.c
        return list(tx.scalars(select(columns.reason).order_by(columns.id)))


def bounces(office):
    with office.ctx.database.read() as tx:
        return people.list_reps(tx)[0].hard_bounces


def concerns(office):
    return [one["code"] for one in overview(office.ctx)["concerns"]]


def twice(office):
    for mail in (0, -1):
        report_on(office, returned_to(office, mail=mail))
    came(office)


def test_reports_on_mails_from_before_a_lockdown_count_for_nothing(asked):
    """Their tokens may be what leaked."""
    lock_down(asked.ctx.database, asked.ctx.clock())
    end_lockdown(asked.ctx.database, asked.ctx.clock(), keep_tokens=False)
    twice(asked)
    assert reasons(asked) == ["delivery_report", "delivery_report"]
    assert bounces(asked) == 0


def test_the_second_in_a_row_ends_the_sending_and_an_admin_sees_it(asked):
    twice(asked)
    assert reasons(asked) == ["bounced", "unreachable"]
    assert "unreachable" in concerns(asked)
    assert any(c.what == f"mail to {ANA}" and not c.ok for c in diagnose(asked.file))
    before = len(asked.inbox(ANA))
    asked.meet("call3", title="A third", start=datetime(2026, 11, 27, 13, 0, tzinfo=UTC))
    asked.at(datetime(2026, 11, 26, 8, 5, tzinfo=UTC))
    run_once(asked.ctx)
    assert len(asked.inbox(ANA)) == before
    assert resume_sending(asked.ctx.database, ANA, asked.ctx.clock())
    run_once(asked.ctx)
    assert len(asked.inbox(ANA)) > before
    assert (bounces(asked), "unreachable" in concerns(asked)) == (0, False)


@pytest.mark.parametrize(("days", "start", "ends_it"), [(1, 27, False), (2, 30, True)])
def test_whoever_saw_our_mails_needs_three_over_days(asked, days, start, ends_it):
    for mail in (0, -1):
        report_on(asked, returned_to(asked, mail=mail), sender=OF_A_GATEWAY)
    came(asked)
    asked.meet("call3", title="A third", start=datetime(2026, 11, start, 13, 0, tzinfo=UTC))
    asked.later(days=days)
    asked.at(asked.world.now().replace(hour=9))
    run_once(asked.ctx)
    report_on(asked, returned_to(asked), sender=OF_A_GATEWAY)
    came(asked)
    assert reasons(asked) == ["bounced", "bounced", "unreachable" if ends_it else "bounced"]
    assert ("unreachable" in concerns(asked)) is ends_it


def test_an_admins_own_pause_and_ours_end_together(asked):
    twice(asked)
    pause_sending(asked.ctx.database, ANA, asked.ctx.clock())
    assert resume_sending(asked.ctx.database, ANA, asked.ctx.clock())
    assert not resume_sending(asked.ctx.database, ANA, asked.ctx.clock())


def test_the_same_mail_counts_once(asked):
    for _ in range(3):
        report_on(asked, returned_to(asked))
        came(asked)
    assert reasons(asked) == ["bounced", "delivery_report", "delivery_report"]
    assert bounces(asked) == 1


def test_a_reply_between_them_starts_the_count_anew(asked):
    report_on(asked, returned_to(asked, mail=0))
    came(asked)
    asked.reply("Dana agrees to a pilot", mail=1)
    came(asked)
    assert bounces(asked) == 0
    report_on(asked, returned_to(asked))
    came(asked)
    assert (reasons(asked)[-1], bounces(asked)) == ("bounced", 1)


def test_nobody_can_say_that_mails_came_back_to_who_answered_since(asked):
    """A question that was passed on has all that a report must know of it."""
    asked.later(minutes=1)
    asked.reply("Dana agrees to a pilot", mail=1)
    came(asked)
    for mail in (0, 1):
        report_on(asked, returned_to(asked, mail=mail))
    came(asked)
    assert reasons(asked)[-2:] == ["delivery_report"] * 2
    assert (bounces(asked), "unreachable" in concerns(asked)) == (0, False)


@pytest.mark.parametrize(
    "how", [{"status": "4.2.2"}, {"action": "delayed"}, {"recipient": BEN}, {"status": ""}]
)
def test_what_may_pass_or_is_another_address_never_counts(asked, how):
    for mail in (0, -1):
        report_on(asked, returned_to(asked, mail=mail), **how)
    came(asked)
    assert reasons(asked) == ["delivery_report"] * 2
    assert bounces(asked) == 0


TOKEN = re.compile(rb"\+r-[a-z2-7]{32}@")
OUR_ID = re.compile(rb"<nudger\.[0-9a-f]{32}@")
OTHER_ID = b"<nudger." + b"0" * 32 + b"@"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda raw: TOKEN.sub(b"+r-" + b"a" * 32 + b"@", raw), "bounce_forged"),
        (lambda raw: OUR_ID.sub(OTHER_ID, raw), "bounce_forged"),
        (lambda raw: b"Message-ID: " + OTHER_ID + b"x.co>\r\n" + raw, "bounce_forged"),
        (lambda raw: TOKEN.sub(b"@", raw), "bounced"),
        (lambda raw: OUR_ID.sub(b"<rewritten@", raw), "bounced"),
        (lambda raw: OUR_ID.sub(b"<x@", TOKEN.sub(b"@", raw)), "no_token"),
        (lambda _raw: b"Subject: spam that was not ours\r\n\r\n", "no_token"),
    ],
)
def test_what_the_mail_that_came_back_says_of_itself_must_be_of_one_mail_of_ours(
    asked, change, reason
):
    report_on(asked, change(returned_to(asked)))
    came(asked)
    assert reasons(asked) == [reason]
    assert bounces(asked) == (reason == "bounced")


def test_heads_of_two_mails_put_together_are_forged(asked):
    first, second = returned_to(asked, mail=0), returned_to(asked, mail=1)
    token = TOKEN.search(first)[0]
    report_on(asked, TOKEN.sub(token, second))
    came(asked)
    assert reasons(asked) == ["bounce_forged"]
