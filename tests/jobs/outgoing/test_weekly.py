"""The weekly mails: to each rep, to a manager about who was told, and what replies to them do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from sqlalchemy import select

from nudger.admin.dry_run import ask as would_send
from nudger.domain.availability import RepState
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind, MailState
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.sandbox.entries import Guest
from nudger.sandbox.faults import Fault
from nudger.sandbox.people_pages import plain_text
from nudger.store import audit, controls, manager_stops, outbox, people, sent_log, tables
from nudger.store.people import NewRep
from nudger.worker import hourly
from tests.office import run_once

ANA, BEN, MIA, DANA = (
    "ana@ourco.example", "ben@ourco.example", "mia@ourco.example", "dana@acme.example",
)  # fmt: skip

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"
NINE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # the Monday after, in Berlin


def work(ctx):
    hourly(ctx)
    run_once(ctx)


def at(office, moment):
    office.at(moment)
    work(office.ctx)


def say(office, text, person=ANA, mail=-1):
    office.reply(text, person=person, mail=mail)
    office.later(minutes=2)
    work(office.ctx)


def subjects(office, person=ANA):
    return [str(make_header(decode_header(m.headers["subject"]))) for m in office.inbox(person)]


def weeklies(office, person=ANA):
    starts = ("Your customer calls", "Customer calls of your reps", "Who gets the numbers")
    return [subject for subject in subjects(office, person) if subject.startswith(starts)]


def last(office, person=ANA):
    """What the newest mail says; Outlook sends pages, of which the words are compared alone."""
    return " ".join(plain_text(office.inbox(person)[-1]).split())


def tap(office, mail, sender, body=""):
    """What a mail program sends where the reader taps "unsubscribe"."""
    header = message_from_bytes(mail.raw, policy=default)["List-Unsubscribe"]
    stop = EmailMessage(policy=SMTP)
    stop["From"] = sender
    stop["To"] = header.removeprefix("<mailto:").partition("?")[0]
    stop["Subject"] = "stop"
    stop["Message-ID"] = f"<tap.{sender}.{office.world.now().timestamp()}@x.example>"
    stop.set_content(body)
    with office.world.lock:
        office.world.mailboxes.send(sender, stop.as_bytes())
    office.later(minutes=2)
    work(office.ctx)


def ahead(office, weeks):
    """So many weeks on, after one with a call; told as if nothing had happened meanwhile."""
    monday = NINE + timedelta(weeks=weeks)
    start = monday - timedelta(days=3) + timedelta(hours=5)
    office.at(monday - timedelta(days=5))
    office.meet(f"week{weeks}", title=f"ACME: week {weeks}", start=start)
    for moment in (start - timedelta(days=1), monday, monday + timedelta(hours=1)):
        at(office, moment)
    at(office, monday + timedelta(hours=2))


def reasons(office, step):
    with office.ctx.database.read() as tx:
        return [one.step.reason for one in audit.after(tx, 0) if one.step.step == step]


def rep(office, email=ANA):
    with office.ctx.database.read() as tx:
        found = people.find_rep(tx, email)
    assert found is not None
    return found


def add(office, email=ANA, **more):
    known = {"name": {ANA: "Ana Weber", BEN: "Ben Okafor"}.get(email, ""), **more}
    provider = Provider(office.world.people[ANA].provider)
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(email, provider, **known), office.ctx.clock())


def set_state(office, state, email=ANA):
    with office.ctx.database.begin() as tx:
        people.set_state(tx, rep(office, email).id, state)


def changed(office, section, **values):
    """The same office with other settings in a section."""
    settings = office.ctx.settings
    own = getattr(settings, section).model_copy(update=values)
    office.ctx = replace(office.ctx, settings=settings.model_copy(update={section: own}))


@pytest.fixture
def week(office):
    """Ana's week: a call prepared, held and agreed to, another without an answer."""
    kept_by = office.world.people[ANA].provider
    office.world.add_person(MIA, "Mia Brandt", zone="Europe/Berlin", provider=kept_by)
    office.meet("call1")
    work(office.ctx)
    say(office, GOOD)
    at(office, datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    say(office, "yes")
    office.meet("call2", title="ACME: legal", start=datetime(2026, 11, 26, 13, 0, tzinfo=UTC))
    at(office, datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    return office


def test_on_monday_morning_each_rep_reads_what_came_of_their_calls(week):
    before = len(week.inbox(ANA))
    at(week, NINE - timedelta(minutes=5))
    assert len(week.inbox(ANA)) == before, "not before work begins"
    at(week, NINE)
    assert subjects(week)[-1].startswith("Your customer calls, 23–29 Nov")
    text = last(week)
    parted = "Agreed: 1 Agreed in part: 0 Not agreed: 0"
    agreed = parted if week.is_outlook else "Agreed: 1 · partly: 0"
    for line in ("Calls we asked about: 2", "Answered before the call: 1", agreed,
                 "With a real Commitment Objective: 1", "Milestones reached: 1",
                 "1 of 2 calls took a sale to its next milestone."):  # fmt: skip
        assert line in text
    assert "manager" not in text
    for day in range(1, 8):
        at(week, NINE + timedelta(days=day))
    assert len(weeklies(week)) == 1, "once a week, and none after a week without a call"


def test_it_names_what_is_still_open_and_what_lies_ahead(office):
    office.meet("call1")
    work(office.ctx)
    say(office, GOOD)
    at(office, datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    start = datetime(2026, 12, 3, 13, 0, tzinfo=UTC)
    office.meet("call3", title="ACME: board", start=start)
    office.meet("call4", title="ACME: legal", start=start + timedelta(hours=2))
    office.meet("call9", title="ACME: in a fortnight", start=start + timedelta(days=7))
    at(office, NINE)
    _, open_calls, ahead = last(office).partition("Did they agree? Reply to the mail that asks")
    assert "ACME: pilot review (Tue 24 Nov)" in ahead
    assert "Calls without one so far: 2" in ahead
    assert "ACME: board (Thu 3 Dec)" in ahead
    assert "fortnight" not in open_calls + ahead


def test_a_question_goes_first_and_the_numbers_an_hour_later(week):
    week.meet("call3", title="ACME: board", start=datetime(2026, 12, 1, 13, 0, tzinfo=UTC))
    at(week, NINE)
    assert "what will they agree to?" in subjects(week)[-1]
    at(week, NINE + timedelta(minutes=59))
    assert weeklies(week) == []
    at(week, NINE + timedelta(hours=1))
    assert len(weeklies(week)) == 1


@pytest.mark.parametrize(("minutes", "asked_after"), [(80, 10), (300, 60)])
def test_numbers_put_a_question_off_for_an_hour_but_never_past_its_time(week, minutes, asked_after):
    at(week, NINE)
    assert len(weeklies(week)) == 1
    start = NINE + timedelta(minutes=minutes + 10)
    week.meet("call3", title="ACME: at once", start=start)
    for later in (10, 60):
        at(week, NINE + timedelta(minutes=later))
        asked = any("ACME: at once" in subject for subject in subjects(week))
        assert asked is (later >= asked_after)


def test_a_quiet_day_puts_it_off_to_the_next_working_day(week):
    changed(week, "ask", quiet_days=(date(2026, 11, 30),))
    at(week, NINE + timedelta(hours=2))
    assert weeklies(week) == []
    at(week, NINE + timedelta(days=1))
    assert len(weeklies(week)) == 1


@pytest.mark.parametrize(("days", "sent"), [(2, 1), (4, 0)])
def test_after_a_downtime_it_is_sent_while_it_is_worth_it(week, days, sent):
    at(week, NINE - timedelta(days=1))
    at(week, NINE + timedelta(days=days))
    assert len(weeklies(week)) == sent
    with week.ctx.database.read() as tx:
        state = outbox.state_of(tx, f"weekly:{rep(week).id}:2026-W49")
    assert state is (MailState.SENT if sent else MailState.EXPIRED)
    at(week, NINE + timedelta(days=6))
    assert len(weeklies(week)) == sent


def test_after_a_downtime_it_names_no_call_as_coming_that_was(week):
    for title, days in (("ACME: monday", 0), ("ACME: friday", 4)):
        start = NINE + timedelta(days=days, hours=5)
        week.meet(title, title=title, start=start)
    at(week, NINE - timedelta(days=3))
    assert "ACME: monday" in subjects(week)[-1], "asked, so that it is on"
    at(week, NINE + timedelta(days=2))
    at(week, NINE + timedelta(days=2, hours=2))
    (subject,) = weeklies(week)
    text = plain_text(week.inbox(ANA)[subjects(week).index(subject)])
    assert ("ACME: friday" in text, "ACME: monday" in text) == (True, False)


@pytest.mark.parametrize("state", [RepState.PAUSED, RepState.STOPPED])
def test_who_wants_no_mail_gets_none(week, state):
    set_state(week, state)
    at(week, NINE)
    assert weeklies(week) == []


def test_it_can_be_switched_off_and_put_on_another_day(week):
    work(week.ctx)
    changed(week, "weekly", day="wed")
    at(week, NINE)
    assert weeklies(week) == []
    at(week, NINE + timedelta(days=2))
    assert subjects(week)[-1] == "Your customer calls, 25 Nov – 1 Dec"
    changed(week, "weekly", enabled=False)
    at(week, NINE + timedelta(days=9))
    assert len(weeklies(week)) == 1


def test_a_dry_run_tells_what_would_become_of_it(week):
    at(week, NINE - timedelta(days=1))
    week.at(NINE)
    assert [(row["kind"], row["would"]) for row in would_send(week.ctx)] == [("weekly", "send")]
    assert weeklies(week) == []


def test_planning_twice_plans_once(week):
    work(week.ctx)
    assert plan_weekly(week.ctx) == 0


def test_a_lost_answer_of_the_provider_sends_it_once(week):
    add(week, manager=MIA)
    call = "graph.mail.send" if week.is_outlook else "gmail.users.drafts.send"
    week.world.faults.add(Fault(call, status=0, effect=True))
    for minutes in (0, 10, 20):
        at(week, NINE + timedelta(minutes=minutes))
    assert len(weeklies(week)) == 1
    assert rep(week).disclosed_manager == MIA


def test_a_manager_s_mail_waits_for_the_one_that_tells_the_rep_of_it(week):
    add(week, manager=MIA)
    ana = rep(week).id
    at(week, NINE - timedelta(hours=1))
    with week.ctx.database.begin() as tx:
        controls.pause(tx, ana, week.ctx.clock())
    for minutes in (0, 60, 75):
        at(week, NINE + timedelta(minutes=minutes))
    assert (weeklies(week), weeklies(week, MIA)) == ([], [])
    with week.ctx.database.begin() as tx:
        controls.resume(tx, ana)
    for minutes in (90, 105):
        at(week, NINE + timedelta(minutes=minutes))
    assert (len(weeklies(week)), len(weeklies(week, MIA))) == (1, 1)


def test_what_is_due_at_once_tells_the_rep_before_the_manager(week):
    add(week, manager=MIA)
    at(week, NINE - timedelta(hours=1))
    at(week, NINE + timedelta(hours=3))
    assert (len(weeklies(week)), len(weeklies(week, MIA))) == (1, 1)


def test_a_manager_s_mail_waits_while_it_has_nothing_to_say_of_those_who_were_told(week):
    """Ben, who was asked nothing, was told before; Ana, of whom there is much to say, was not."""
    add(week, manager=MIA)
    add(week, BEN, manager=MIA)
    with week.ctx.database.begin() as tx:
        people.set_disclosed_manager(tx, rep(week, BEN).id, MIA)
    ana = rep(week).id
    at(week, NINE - timedelta(hours=1))
    with week.ctx.database.begin() as tx:
        controls.pause(tx, ana, week.ctx.clock())
    for minutes in (60, 75):
        at(week, NINE + timedelta(minutes=minutes))
    with week.ctx.database.begin() as tx:
        controls.resume(tx, ana)
    for minutes in (90, 105):
        at(week, NINE + timedelta(minutes=minutes))
    assert (len(weeklies(week)), len(weeklies(week, MIA))) == (1, 1)
    with week.ctx.database.read() as tx:
        assert not tx.scalars(select(tables.mail.c.last_error)).first(), "nothing was tried in vain"


class TestReplies:
    @pytest.fixture
    def numbers(self, week):
        at(week, NINE)
        assert len(weeklies(week)) == 1
        return week

    def test_stop_is_obeyed_and_start_in_reply_to_its_confirmation(self, numbers):
        say(numbers, "stop")
        assert rep(numbers).state is RepState.STOPPED
        assert subjects(numbers)[-1] == "Nudger: stopped"
        assert "No more questions" in last(numbers)
        say(numbers, "start")
        assert rep(numbers).state is RepState.ACTIVE
        assert "Questions come again" in last(numbers)

    def test_pause_and_help(self, numbers):
        say(numbers, "pause 2 weeks")
        assert rep(numbers).state is RepState.PAUSED
        say(numbers, "help", mail=-2)
        assert "mute series" in last(numbers)

    def test_anything_else_is_said_to_have_no_effect_once_an_hour(self, numbers):
        before = len(numbers.inbox(ANA))
        for text in ("Dana agrees to a pilot by Friday", "skip", "what is this?"):
            say(numbers, text, mail=before - 1)
        assert subjects(numbers)[before:] == ["Nudger: nothing to answer"]
        assert "The mail that you replied to asked nothing" in last(numbers)
        say(numbers, "stop")
        assert rep(numbers).state is RepState.STOPPED, "the notice can be answered too"

    def test_a_bare_yes_is_said_to_belong_elsewhere(self, numbers):
        say(numbers, "yes")
        assert subjects(numbers)[-1] == "Nudger: nothing to answer"

    def test_thanks_are_left_alone(self, numbers):
        before = len(numbers.inbox(ANA))
        say(numbers, "Thanks!")
        assert len(numbers.inbox(ANA)) == before

    def test_nobody_else_can_stop_a_rep(self, numbers):
        to = numbers.inbox(ANA)[-1].headers["reply-to"]
        raw = f"From: Ana Weber <{ANA}>\r\nTo: {to}\r\nSubject: Re: x\r\nMessage-ID: <f@x>\r\n\r\nstop\r\n"
        numbers.world.mailboxes.receive(raw.encode(), dmarc="fail")
        numbers.later(minutes=2)
        work(numbers.ctx)
        assert rep(numbers).state is RepState.ACTIVE
        assert "could not make sure that you sent it" in last(numbers)

    def test_no_loop_with_a_machine_that_answers(self, numbers):
        to = numbers.inbox(ANA)[-1].headers["reply-to"]
        raw = (
            f"From: {ANA}\r\nTo: {to}\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n"
            "Message-ID: <ooo@x>\r\n\r\nI am away\r\n"
        )
        before = len(numbers.inbox(ANA))
        numbers.world.mailboxes.receive(raw.encode())
        numbers.later(minutes=2)
        work(numbers.ctx)
        assert len(numbers.inbox(ANA)) == before


class TestManager:
    @pytest.fixture
    def led(self, week):
        """Ana and Ben work for Mia; both had a call, and Ben wants no mail."""
        add(week, manager=MIA)
        add(week, BEN, manager=MIA)
        start = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
        guests = [Guest(BEN, "", "accepted"), Guest(DANA, "", "accepted")]
        week.meet("bens", owner=BEN, title="ACME: by Ben", start=start, guests=guests)
        at(week, datetime(2026, 11, 26, 8, 30, tzinfo=UTC))
        set_state(week, RepState.STOPPED, BEN)
        return week

    def test_only_who_was_told_is_in_the_managers_mail(self, led):
        at(led, NINE)
        assert f"Your manager, {MIA}, gets these numbers too" in last(led)
        assert weeklies(led, BEN) == []
        assert led.inbox(MIA) == [], "the reps know it first"
        at(led, NINE + timedelta(hours=1))
        assert subjects(led, MIA) == ["Customer calls of your reps, 23–29 Nov"]
        text = last(led, MIA)
        assert "Ana Weber" in text
        counts = "Asked 2 · In time 1 · C.O. 1 · Agreed 1"
        assert ("Ana Weber 2 1 1 1 0 0 1" if led.is_outlook else counts) in text
        assert "Ben" not in text
        for told in ("pilot", "ACME", "Dana"):
            assert told not in text, "counts, never titles or words"
        at(led, NINE + timedelta(days=1))
        assert len(led.inbox(MIA)) == 1

    def test_who_was_told_stays_in_it_after_stop(self, led):
        at(led, NINE)
        say(led, "stop")
        at(led, NINE + timedelta(hours=1))
        assert "Ana Weber" in last(led, MIA)

    def test_a_changed_manager_starts_anew(self, led):
        at(led, NINE)
        add(led, manager=BEN)
        at(led, NINE + timedelta(hours=1))
        assert led.inbox(MIA) == []
        assert weeklies(led, BEN) == []
        assert rep(led).disclosed_manager == MIA

    def test_without_calls_a_rep_is_told_by_a_small_notice_once(self, led):
        with led.ctx.database.begin() as tx:
            people.set_disclosed_manager(tx, rep(led).id, MIA)
        add(led, manager=BEN)
        at(led, NINE + timedelta(days=7))
        assert subjects(led)[-1] == "Who gets the numbers of your customer calls"
        assert BEN in last(led)
        assert rep(led).disclosed_manager == BEN
        at(led, NINE + timedelta(days=14))
        assert len(weeklies(led)) == 1

    def test_numbers_never_leave_our_domains(self, led):
        outside = "boss@elsewhere.example"
        add(led, manager=outside)
        at(led, NINE)
        assert "manager" not in last(led)
        with led.ctx.database.begin() as tx:
            people.set_disclosed_manager(tx, rep(led).id, outside)
        at(led, NINE + timedelta(hours=1))
        assert led.world.receives(outside) == []

    def test_a_manager_who_is_a_rep_reads_it_in_their_language_an_hour_after_their_own(self, led):
        add(led, MIA, language="de", name="Mia Brandt")
        start = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
        guests = [Guest(MIA, "", "accepted"), Guest(DANA, "", "accepted")]
        led.meet("mias", owner=MIA, title="ACME: by Mia", start=start, guests=guests)
        at(led, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
        set_state(led, RepState.STOPPED, MIA)
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        assert subjects(led, MIA)[-1] == "Kundengespräche Ihres Teams, 23.–29. Nov."
        counts = "Gefragt Rechtzeitig C.O. Zugesagt" if led.is_outlook else "Gefragt 2"
        assert counts in last(led, MIA)

    def test_a_reply_of_the_manager_commands_nobody(self, led):
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        say(led, "pause 2 weeks", MIA)
        assert rep(led).state is RepState.ACTIVE
        assert subjects(led, MIA)[-1] == "Nudger: nothing to answer"
        assert "no other reply" in last(led, MIA)
        say(led, "skip", MIA)
        assert len(led.inbox(MIA)) == 2, "said once an hour"

    def test_a_manager_stops_the_weekly_mail_alone_and_starts_it_again(self, led):
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        say(led, "stop", MIA)
        assert rep(led).state is RepState.ACTIVE
        assert subjects(led, MIA)[-1] == "Nudger: stopped"
        assert reasons(led, "understand")[-1] == "manager_stop"
        ahead(led, weeks=1)
        assert len(weeklies(led, MIA)) == 1
        assert reasons(led, "manager_weekly")[-1] == "manager_stop"
        say(led, "start", MIA)
        assert subjects(led, MIA)[-1] == "Nudger: started"
        ahead(led, weeks=2)
        assert len(weeklies(led, MIA)) == 2

    @pytest.mark.parametrize("body", ["", "This message was automatically generated by Gmail."])
    def test_a_stop_by_the_header_is_told_once_and_undone_by_one_word(self, led, body):
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        mail = led.inbox(MIA)[-1]
        for _ in range(2):
            tap(led, mail, MIA, body)
        assert subjects(led, MIA)[1:] == ["Nudger: stopped"]
        assert "If that was not meant" in last(led, MIA)
        assert set(reasons(led, "command")) == {"manager_stop_by_header"}
        assert reasons(led, "understand")[-1] == "manager_stop_by_header"
        assert rep(led).state is RepState.ACTIVE
        ahead(led, weeks=1)
        assert len(weeklies(led, MIA)) == 1
        say(led, "start", MIA)
        ahead(led, weeks=2)
        assert len(weeklies(led, MIA)) == 2

    def test_nobody_else_stops_a_managers_mail(self, led):
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        tap(led, led.inbox(MIA)[-1], BEN)
        with led.ctx.database.read() as tx:
            assert manager_stops.all_stopped(tx) == {}

    def test_a_manager_who_is_a_rep_goes_on_being_asked(self, led):
        add(led, MIA, name="Mia Brandt")
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        tap(led, led.inbox(MIA)[-1], MIA)
        assert rep(led, MIA).state is RepState.ACTIVE
        with led.ctx.database.read() as tx:
            assert set(manager_stops.all_stopped(tx)) == {MIA}

    def test_a_rep_who_leaves_leaves_the_managers_mail_as_it_is(self, led):
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        with led.ctx.database.begin() as tx:
            people.remove_rep(tx, ANA)
        add(led, BEN, manager=MIA)
        for hours in (2, 3, 26):
            at(led, NINE + timedelta(hours=hours))
        assert len(led.inbox(MIA)) == 1

    def test_it_goes_by_the_name_of_a_rep_whom_it_is_about(self, led):
        at(led, NINE)
        at(led, NINE + timedelta(hours=1))
        with led.ctx.database.read() as tx:
            steps = [one.step for one in audit.after(tx, 0)]
            (mail,) = sent_log.sent_mails(tx, MailKind.MANAGER_WEEKLY)
        assert [s.reason for s in steps if s.step == "manager_weekly"][-1:] == ["weekly"]
        assert (mail.recipient, mail.rep_id) == (MIA, rep(led).id)


def test_in_the_personal_mode_no_manager_gets_anything(week):
    add(week, manager=MIA)
    from nudger.runtime.policies import manager_of

    settings = week.ctx.settings.model_copy(update={"mode": "personal"})
    assert manager_of(settings, rep(week)) is None
    assert manager_of(week.ctx.settings, rep(week)) == MIA
