"""Nudger is announced to a rep once, before the first question, and never at night."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nudger.admin.announce import Told, outcomes, plan, preview, why_impossible
from nudger.domain.availability import RepState
from nudger.domain.mails import MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.domain.sending import Never
from nudger.jobs.ask import announce
from nudger.jobs.outgoing.announcement import announcement_content
from nudger.sandbox.people_pages import plain_text
from nudger.store import outbox, people
from nudger.worker import incoming, outgoing
from tests.office import ANA

IDA = "ida@ourco.example"
NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 9:00 in Berlin


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def ready(office):
    office.configure(f'[admin]\nmail = "{IDA}"\n')
    return office


def reps_of(office):
    with office.ctx.database.read() as tx:
        return people.list_reps(tx)


def tell(office):
    planned = plan(office.ctx, reps_of(office))
    list(announce(office.ctx))
    return {one.rep: (one.told, one.reason) for one in outcomes(office.ctx, planned)}


def announcements(office, person=ANA):
    return [one for one in office.inbox(person) if "Soon: one" in one.headers["subject"]]


def test_each_rep_is_told_once(ready):
    assert {told for told, _ in tell(ready).values()} == {Told.SENT}
    assert len(announcements(ready)) == 1
    assert tell(ready)[ANA] == (Told.NOT, Reason.ANNOUNCED_BEFORE)
    assert len(announcements(ready)) == 1


def test_it_says_whom_to_ask_and_who_can_read(ready):
    tell(ready)
    page = " ".join(plain_text(announcements(ready)[0]).split())
    assert f"{IDA} runs Nudger here" in page
    assert "where the guests can read it" in page
    assert "they are mailed to nobody else" in page
    assert "400 days" in page


def test_private_notes_are_said_to_be_private(ready):
    ready.file.write_text(ready.file.read_text().replace('"meeting"', '"private"', 1))
    ready.configure("[weekly]\nenabled = false\n")
    tell(ready)
    page = " ".join(plain_text(announcements(ready)[0]).split())
    assert "where the guests can read it" not in page
    assert "until you reply" not in page
    assert "Once a week" not in page


def test_it_is_told_once_though_the_mail_is_long_forgotten(ready):
    tell(ready)
    with ready.ctx.database.begin() as tx:
        tx.exec_driver_sql("DELETE FROM mail")
    assert tell(ready)[ANA] == (Told.NOT, Reason.ANNOUNCED_BEFORE)


def test_at_night_it_waits_for_the_morning(ready):
    ready.at(NIGHT)
    assert tell(ready)[ANA] == (Told.WAITS, None)
    assert announcements(ready) == []
    assert tell(ready)[ANA] == (Told.NOT, Reason.ANNOUNCED_BEFORE)
    ready.at(MORNING)
    outgoing(ready.ctx)
    assert len(announcements(ready)) == 1


def test_it_comes_before_the_first_question_that_is_due_then(ready):
    ready.meet(start=datetime(2026, 11, 25, 13, 0, tzinfo=UTC))
    ready.at(NIGHT)
    outgoing(ready.ctx)
    tell(ready)
    ready.at(MORNING)
    outgoing(ready.ctx)
    assert [one in announcements(ready) for one in ready.inbox(ANA)] == [True]
    ready.later(hours=1)
    outgoing(ready.ctx)
    assert [one in announcements(ready) for one in ready.inbox(ANA)] == [True, False]


def test_who_was_asked_hears_no_announcement(ready):
    ready.meet()
    outgoing(ready.ctx)
    asked = len(ready.inbox(ANA))
    assert asked == 1
    assert tell(ready)[ANA] == (Told.NOT, Reason.ASKED_BEFORE)
    assert len(ready.inbox(ANA)) == asked
    for one in reps_of(ready):
        said = announcement_content(ready.ctx, one)
        assert said == Never(Reason.ASKED_BEFORE), "nor what was planned while we asked"


def test_who_stopped_meanwhile_hears_nothing_and_may_be_told_later(ready):
    ready.at(NIGHT)
    tell(ready)
    ana = reps_of(ready)[0]
    with ready.ctx.database.begin() as tx:
        people.set_state(tx, ana.id, RepState.STOPPED)
    ready.at(MORNING)
    outgoing(ready.ctx)
    assert announcements(ready) == []
    assert tell(ready)[ANA] == (Told.NOT, Reason.REP_STOPPED)
    with ready.ctx.database.begin() as tx:
        people.set_state(tx, ana.id, RepState.ACTIVE)
    assert tell(ready)[ANA] == (Told.SENT, None)


def test_its_replies_are_commands_about_all_calls_and_never_an_answer(ready):
    tell(ready)
    ready.reply("stop")
    ready.later(minutes=1)
    incoming(ready.ctx)
    assert reps_of(ready)[0].state is RepState.STOPPED


def test_who_answers_it_is_told_once_that_it_asks_nothing(ready):
    tell(ready)
    ready.reply("Dana agrees to a pilot by Friday")
    ready.later(minutes=1)
    incoming(ready.ctx)
    assert len(ready.inbox(ANA)) == 2
    with ready.ctx.database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM answer").scalar() == 0


def test_looking_ahead_changes_nothing(ready):
    assert {one.told for one in preview(ready.ctx, reps_of(ready))} == {Told.SENT}
    ready.at(NIGHT)
    assert {one.told for one in preview(ready.ctx, reps_of(ready))} == {Told.WAITS}
    with ready.ctx.database.read() as tx:
        assert outbox.of_kind(tx, MailKind.ANNOUNCEMENT) == []


def test_nobody_is_told_whom_to_ask_when_the_address_was_taken_out(ready):
    ready.at(NIGHT)
    tell(ready)
    ready.file.write_text(ready.file.read_text().replace(f'mail = "{IDA}"', ""))
    ready.configure("")
    ready.at(MORNING)
    outgoing(ready.ctx)
    assert announcements(ready) == []
    with ready.ctx.database.read() as tx:
        states = {one.state for one in outbox.of_kind(tx, MailKind.ANNOUNCEMENT)}
    assert states == {MailState.EXPIRED}


def test_without_an_admins_address_nothing_can_be_announced(office):
    assert "[admin]" in (why_impossible(office.ctx.settings) or "")


def test_in_the_personal_mode_there_is_nobody_to_tell(ready):
    settings = ready.ctx.settings
    assert why_impossible(settings) is None
    assert "personal" in (why_impossible(settings.model_copy(update={"mode": "personal"})) or "")
