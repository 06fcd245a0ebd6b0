"""The weekly mail to the admin: each new outside domain once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.mails import MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.jobs.outgoing.admin_weekly import plan_admin_weekly
from nudger.jobs.outgoing.unknown_domains import unknown_domains
from nudger.sandbox.people_pages import plain_text
from nudger.store import outbox, people
from tests.jobs.outgoing.test_weekly import at, subjects, work

ANA, MIA = "ana@ourco.example", "mia@ourco.example"
NINE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # the Monday after, in Berlin
NEXT_NINE = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
SOON = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def told(office):
    """Mia is the admin, and ACME is unknown."""
    office.configure(f'[admin]\nmail = "{MIA}"\n')
    return office


def admins(office):
    return [one for one in subjects(office, MIA) if "outside domain" in one]


def waiting_mails(office):
    with office.ctx.database.read() as tx:
        return outbox.waiting(tx, (MailKind.ADMIN_WEEKLY,))


def test_a_new_domain_is_told_once(told):
    told.meet(start=SOON, title="ACME <b>pilot</b>")
    work(told.ctx)
    at(told, NINE)
    assert admins(told) == ["A new outside domain"]
    page = " ".join(plain_text(told.inbox(MIA)[-1]).split())
    assert "acme.example" in page
    assert "ACME <b>pilot</b>" in page
    assert "nudger domains review" in page
    at(told, NEXT_NINE)
    assert len(admins(told)) == 1


def test_a_domain_that_comes_later_is_told_in_its_week(told):
    told.meet(start=SOON)
    work(told.ctx)
    at(told, NINE)
    told.meet("call2", start=datetime(2026, 12, 9, 13, 0, tzinfo=UTC),
              guests=[ANA, "sam@globex.example"])  # fmt: skip
    work(told.ctx)
    at(told, NEXT_NINE)
    assert len(admins(told)) == 2
    page = plain_text(told.inbox(MIA)[-1])
    assert "globex.example" in page
    assert "acme.example" not in page


def test_nothing_is_sent_where_every_domain_is_listed(told):
    told.meet(start=SOON)
    with told.ctx.database.begin() as tx:
        people.set_domains(tx, ["acme.example"], "customer", told.ctx.clock())
    work(told.ctx)
    at(told, NINE)
    assert admins(told) == []


def test_what_the_start_list_holds_back_is_counted_and_never_named(told):
    told.meet(start=SOON)
    told.meet("call2", start=SOON, title="Zahnreinigung", guests=[ANA, "p@zahnarzt-lang.example"])
    work(told.ctx)
    known = {one.domain: one for one in unknown_domains(told.ctx)}
    assert known["zahnarzt-lang.example"].reason == Reason.HEALTH
    assert known["zahnarzt-lang.example"].titles == []
    at(told, NINE)
    page = plain_text(told.inbox(MIA)[-1])
    assert "zahnarzt" not in page
    assert "Zahnreinigung" not in page
    assert "and the like: 1." in " ".join(page.split())


def test_the_one_who_sends_for_themself_alone_has_no_admin_to_tell(told):
    settings = told.ctx.settings.model_copy(update={"mode": "personal"})
    told.ctx = replace(told.ctx, settings=settings)
    assert plan_admin_weekly(told.ctx) == 0
    assert waiting_mails(told) == []


def test_what_has_begun_is_not_coming(told):
    for days in (0, 1, 2):
        told.meet(f"call{days}", start=SOON + timedelta(days=days))
    work(told.ctx)
    told.at(SOON + timedelta(days=1))
    (domain,) = unknown_domains(told.ctx)
    assert (domain.domain, domain.meetings, domain.coming) == ("acme.example", 3, 1)


def test_nobody_is_told_without_an_address(office):
    office.meet(start=SOON)
    work(office.ctx)
    assert plan_admin_weekly(office.ctx) == 0


def test_an_address_that_was_taken_out_gets_nothing(told):
    work(told.ctx)
    told.meet(start=SOON)
    plan_admin_weekly(told.ctx)
    assert len(waiting_mails(told)) == 1
    text = told.file.read_text().replace(f'mail = "{MIA}"\n', "")
    told.file.write_text(text)
    told.configure("")
    at(told, NINE)
    assert admins(told) == []
    assert waiting_mails(told) == []


def test_one_mail_waits_at_any_time(told):
    assert plan_admin_weekly(told.ctx) == 1
    assert plan_admin_weekly(told.ctx) == 0
    (waiting,) = waiting_mails(told)
    assert (waiting.recipient, waiting.state) == (MIA, MailState.DUE)
