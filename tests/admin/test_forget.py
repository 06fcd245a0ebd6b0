"""Forgetting: no byte of whom we forgot is left, and nothing else is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from nudger.admin.export import export_of
from nudger.admin.forget import CannotForget, forget, preview, resolve
from nudger.domain.event import Provider
from nudger.jobs.ask import ask
from nudger.jobs.listen import listen
from nudger.jobs.scan import scan
from nudger.jobs.understand import understand
from nudger.jobs.write import write
from nudger.sandbox.faults import Fault
from nudger.store import outside, people, tables
from nudger.store.audit_seals import AuditSeals
from nudger.store.people import NewRep
from tests.admin.conftest import is_kept

ANA, BEN, MIA = "ana@ourco.example", "ben@ourco.example", "mia@ourco.example"
DANA, KIM = "dana@acme.example", "kim@beta.example"
ALIAS = "a.weber@ourco.example"
ANSWER = "Dana, dana@acme.example, agrees to the Pangolin pilot by Friday"


def run_once(ctx):
    for step in (scan, ask, listen, understand, write, ask):
        step(ctx)


@pytest.fixture
def lived(office):
    """Ana answered about her call with Dana; Ben has a call with Dana and Kim, both to come."""
    now = office.ctx.clock()
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(ANA, Provider.GOOGLE, "Ana Weber", aliases=(ALIAS,)), now)
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben Okafor", manager=ANA), now)
        people.set_domains(tx, [DANA], "customer", now)
        people.set_domains(tx, ["beta.example"], "customer", now)
        office.ctx.secrets.put(tx, f"google:{ANA}", "consent", now)
        ana = people.find_rep(tx, ANA)
        tx.execute(update(tables.calendar).values(last_error=f"403 for {ANA} and {DANA}"))
        people.set_state(tx, ana.id, ana.state, f"{ANA} has not connected yet")
    office.meet(title="Zebrafink merger")
    office.meet("bens", owner=BEN, guests=[BEN, DANA, KIM], title="Quokka for Dana",
                start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC))  # fmt: skip
    run_once(office.ctx)
    office.reply(ANSWER)
    office.later(minutes=2)
    run_once(office.ctx)
    return office


def verified(office):
    with office.ctx.database.read() as tx:
        return AuditSeals(office.ctx.vault).verify(tx)


def test_everything_was_kept_before(lived):
    """Or the other tests would find nothing missing."""
    words = (ANA, ALIAS, DANA, KIM, "Zebrafink", "Pangolin", "Quokka", "Dana")
    assert is_kept(lived, *words) == list(words)


def test_of_a_rep_no_byte_is_left(lived):
    done = forget(lived.ctx, ANA)
    assert (done.reps, done.meetings_removed, done.files_wiped) == ([ANA], 1, True)
    assert is_kept(lived, ANA, ALIAS, "Ana Weber", "Zebrafink", "Pangolin") == []
    assert is_kept(lived, BEN, "Quokka") == [BEN, "Quokka"]
    with lived.ctx.database.read() as tx:
        assert tx.execute(select(tables.audit).where(tables.audit.c.rep_id == 1)).all() == []


def test_the_trail_goes_through_and_says_that_somebody_was_forgotten(lived):
    done = forget(lived.ctx, ANA)
    found = verified(lived)
    assert (found.broken, found.erased) == (None, done.audit_rows_erased)
    assert found.erased >= 4
    with lived.ctx.database.read() as tx:
        last = tx.execute(select(tables.audit).order_by(tables.audit.c.id.desc())).first()
    assert (last.step, last.reason, last.rep_id) == ("forget", "forgotten", None)
    assert set(last.detail) == {"meetings", "audit"}


def test_of_a_guest_no_byte_is_left_and_others_stay(lived):
    lived.at(datetime(2026, 11, 24, 14, 30, tzinfo=UTC))
    done = forget(lived.ctx, DANA.upper())
    assert (done.meetings_removed, done.meetings_stripped) == (1, 1)
    assert is_kept(lived, DANA, "acme.example", "Zebrafink", "Pangolin") == []
    assert is_kept(lived, ANA, BEN, KIM) == [ANA, BEN, KIM]
    assert verified(lived).broken is None


def test_of_a_customer_no_byte_is_left_and_nobody_is_asked_twice(lived):
    asked = len(lived.inbox(BEN))
    forget(lived.ctx, "acme.example")
    assert is_kept(lived, DANA, "acme.example", "Zebrafink", "Pangolin") == []
    assert is_kept(lived, KIM, ANA) == [KIM, ANA]
    lived.later(minutes=70)
    run_once(lived.ctx)
    assert len(lived.inbox(BEN)) == asked
    assert len(lived.inbox(ANA)) == 2


def test_a_question_that_nobody_was_sent_is_taken_back(office):
    office.meet(start=datetime(2026, 11, 27, 13, 0, tzinfo=UTC))
    scan(office.ctx)
    forget(office.ctx, DANA)
    office.at(datetime(2026, 11, 26, 8, 30, tzinfo=UTC))
    ask(office.ctx)
    assert office.inbox(ANA) == []


def test_forgetting_again_finds_nothing(lived):
    forget(lived.ctx, ANA)
    done = forget(lived.ctx, ANA)
    assert (done.reps, done.meetings_removed, done.audit_rows_erased) == ([], 0, 0)
    assert is_kept(lived, ANA) == []


def test_a_dry_run_changes_nothing(lived):
    found = preview(resolve(lived.ctx, "acme.example"))
    assert (found.meetings_removed, found.meetings_stripped) == (0, 2)
    assert is_kept(lived, DANA, "Pangolin") == [DANA, "Pangolin"]


def test_notes_stay_and_are_listed_unless_they_are_to_go(lived):
    (left,) = forget(lived.ctx, DANA).left
    assert (left.rep, left.event_id, left.what) == (ANA, "call1", "note")
    assert "Pangolin" in lived.description("call1")


def test_notes_go_when_they_are_to(lived):
    done = forget(lived.ctx, DANA, take_out_notes=True)
    assert (done.notes_removed, done.left) == (1, [])
    assert lived.description("call1") == "Agenda\nhttps://meet.google.com/abc-defg-hij"


@pytest.mark.parametrize("may_mail", [True, False])
@pytest.mark.parametrize("kept_by", ["google", "microsoft"])
def test_no_note_is_taken_out_by_mailing_every_guest_unless_it_may(office, kept_by, may_mail):
    """Outlook mails all who are invited when the organizer's text changes."""
    office.meet()
    run_once(office.ctx)
    office.reply(ANSWER)
    office.later(minutes=2)
    run_once(office.ctx)
    told, noted = office.world.receives(DANA), office.description("call1")
    settings = office.ctx.settings
    microsoft = settings.microsoft.model_copy(update={"outlook_may_notify_guests": may_mail})
    changed = settings.model_copy(update={"microsoft": microsoft})
    done = forget(replace(office.ctx, settings=changed), DANA, take_out_notes=True)
    stays = kept_by == "microsoft" and not may_mail
    assert [one.what for one in done.left] == (["note"] if stays else [])
    assert (office.description("call1") == noted) is stays
    if kept_by == "google" or stays:
        assert office.world.receives(DANA) == told


def private_answer(office):
    office.meet()
    run_once(office.ctx)
    office.reply("Dana agrees to a pilot\nprivate")
    office.later(minutes=2)
    run_once(office.ctx)


def companion(office):
    return next(e for e in office.world.calendars.of(ANA).values() if e.id != "call1")


def test_companions_are_deleted(office):
    private_answer(office)
    assert companion(office).status != "cancelled"
    assert forget(office.ctx, ANA).companions_removed == 1
    assert companion(office).status == "cancelled"


def test_a_companion_that_cannot_be_deleted_is_listed(office):
    private_answer(office)
    office.world.faults.add(Fault("calendar.events.delete", status=403, reason="forbidden"))
    (left,) = forget(office.ctx, ANA).left
    assert (left.rep, left.what) == (ANA, "companion")
    assert is_kept(office, ANA) == []


def test_a_reply_that_was_not_read_yet_is_never_read(lived):
    lived.reply("One more thing: Pangolin", mail=0)
    lived.later(minutes=2)
    listen(lived.ctx)
    assert forget(lived.ctx, ANA).replies_emptied >= 1
    with lived.ctx.database.read() as tx:
        states = set(tx.scalars(select(tables.inbound.c.state)))
    assert "stored" not in states
    assert understand(lived.ctx) == 0


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("ourco.example", "your own domain"),
        ("nudger@ourco.example", "shared mailbox"),
        ("nobody", "neither a domain"),
        ("com", "neither a domain"),
    ],
)
def test_some_cannot_be_forgotten(office, who, says):
    with pytest.raises(CannotForget, match=says):
        forget(office.ctx, who)


def test_an_export_tells_a_rep_all_that_is_kept(lived):
    found = export_of(lived.ctx, ANA)
    assert found["about"]["addresses"] == sorted([ANA, ALIAS])
    assert found["rep"][0]["name"] == "Ana Weber"
    assert found["consents"] == [
        {"name": f"google:{ANA}", "updated_at": found["consents"][0]["updated_at"]}
    ]
    (meeting,) = found["meetings"]
    assert meeting["details"]["title"] == "Zebrafink merger"
    assert "Pangolin" in meeting["answers"][0]["content"]["commitment_objective"]
    assert {mail["kind"] for mail in found["mails"]} >= {"question", "confirmation"}
    assert "Pangolin" in found["received"][0]["raw"]
    assert {step["step"] for step in found["audit"]} >= {"question", "answer", "write"}
    assert "consent" not in str(found["consents"][0].values()).replace("consents", "")


def test_an_export_tells_a_guest_their_part_and_names_no_other(lived):
    found = export_of(lived.ctx, DANA)
    titles = [one["details"]["title"] for one in found["meetings"]]
    assert sorted(titles) == ["Quokka for Dana", "Zebrafink merger"]
    assert KIM not in str(found["meetings"])
    assert sorted(one["details"]["other_guests"] for one in found["meetings"]) == [0, 1]
    assert found["domains"][0]["entry"] == DANA
    assert found["rep"] == []


def test_after_forgetting_an_export_is_empty(lived):
    forget(lived.ctx, DANA)
    found = export_of(lived.ctx, DANA)
    assert {
        name: part for name, part in found.items() if part and name not in ("about", "at")
    } == {}


def test_a_domain_that_is_not_asked_about_leaves_no_byte(lived):
    """Of the dentist only the domain is kept, and that the admin put it off."""
    dentist = "zahnarzt-lang.example"
    lived.meet(
        "dentist", title="Check-up", guests=[ANA, f"praxis@{dentist}", "x@hotel-sonne.example"]
    )
    lived.later(minutes=2)
    run_once(lived.ctx)
    with lived.ctx.database.begin() as tx:
        outside.put_off(tx, dentist, lived.ctx.clock())
        (seen,) = [one for one in outside.seen_meetings(tx) if one.id is None]
    assert dentist in seen.customers
    assert is_kept(lived, dentist, "Check-up") == [dentist]
    forget(lived.ctx, dentist)
    assert is_kept(lived, dentist) == []
    with lived.ctx.database.read() as tx:
        kept = [one.customers for one in outside.seen_meetings(tx) if one.id is None]
    assert kept == [("hotel-sonne.example",)]
