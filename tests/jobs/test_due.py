"""What is due, piece by piece: the whole flow done by whoever is handed each one by its key."""

from __future__ import annotations

import pytest

from nudger.admin.controls import end_lockdown, lock_down
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.domain.turns import Course
from nudger.jobs.ask import send_one
from nudger.jobs.due import pieces_due, pieces_in_hand
from nudger.jobs.listen import ensure_mailboxes, listen_one
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.jobs.scan import scan_one
from nudger.jobs.understand import understand_one
from nudger.jobs.write import write_one
from nudger.store import outbox, people
from nudger.store.outbox import claim_mails
from nudger.store.people import NewRep
from tests.office import ANA, BEN, NUDGER

DO = {"listen": listen_one, "send": send_one, "understand": understand_one, "write": write_one,
      "scan": scan_one}  # fmt: skip
GOOGLE = Provider.GOOGLE


def due(office):
    return [(piece.queue, piece.key) for piece in pieces_due(office.ctx)]


def do_all(office, *queues):
    """Do what is due of these queues until nothing is; returns what was done, and what came."""
    done = []
    while pieces := [one for one in pieces_due(office.ctx) if one.queue in queues]:
        done += [(one.queue, DO[one.queue](office.ctx, one.key)) for one in pieces]
    return done


@pytest.fixture
def answered(office):
    """An answer has come in, of which nothing is read."""
    ensure_mailboxes(office.ctx)
    office.meet()
    do_all(office, "scan", "send", "listen")
    office.reply("Dana agrees to a pilot by Friday\n2")
    office.later(minutes=2)
    return office


def test_a_call_goes_its_whole_way_a_piece_at_a_time(answered):
    assert due(answered) == [("listen", NUDGER), ("scan", 1)]
    assert do_all(answered, "listen") == [("listen", 1)]
    assert due(answered) == [("understand", 1), ("scan", 1)]
    assert do_all(answered, "understand") == [("understand", True)]
    assert do_all(answered, "write") == [("write", True)]
    assert "Dana agrees to a pilot by Friday" in answered.description("call1")
    assert do_all(answered, "send") == [("send", True)]
    assert len(answered.inbox(ANA)) == 2
    assert due(answered) == [("scan", 1)]


def test_what_is_read_counts_events_and_meetings(office):
    office.meet()
    office.meet("lunch", guests=[ANA])
    counts = scan_one(office.ctx, 1)
    assert (counts.events, counts.planned) == (2, 1)
    assert scan_one(office.ctx, 1).events == 0, "it is not due again"


@pytest.mark.parametrize("key", [2, 99])
def test_who_is_handed_what_is_not_there_does_nothing(answered, key):
    do_all(answered, "listen")
    assert scan_one(answered.ctx, key).events == 0
    assert send_one(answered.ctx, key) is False
    assert understand_one(answered.ctx, key) is False
    assert write_one(answered.ctx, key) is False
    assert listen_one(answered.ctx, BEN) == 0
    assert understand_one(answered.ctx, 1) is True
    assert understand_one(answered.ctx, 1) is False, "it is dealt with"


def test_a_reply_without_an_answer_is_no_answer(answered):
    answered.reply("skip", mail=0)
    do_all(answered, "listen")
    assert do_all(answered, "understand") == [("understand", True), ("understand", False)]


def test_each_goes_along_with_what_it_must_not_overtake(answered):
    do_all(answered, "listen")
    answered.meet("call2", title="ACME: legal")
    scan_one(answered.ctx, 1)
    answered.later(hours=3)
    courses = {piece.queue: piece.course for piece in pieces_due(answered.ctx)}
    understand_one(answered.ctx, 1)
    courses |= {piece.queue: piece.course for piece in pieces_due(answered.ctx)}
    assert courses == {
        "listen": Course(("listen", NUDGER), GOOGLE, NUDGER),
        "send": Course(("send", 1), GOOGLE, NUDGER),
        "understand": Course(("understand", NUDGER)),
        "write": Course(("write", 1), GOOGLE, ANA),
        "scan": Course(("scan", 1), GOOGLE, ANA),
    }


def test_what_an_admin_holds_is_not_handed_out(answered):
    do_all(answered, "listen")
    database, clock = answered.ctx.database, answered.ctx.clock
    lock_down(database, clock())
    assert ("understand", 1) not in due(answered)
    end_lockdown(database, clock(), keep_tokens=True)
    assert ("understand", 1) in due(answered)
    do_all(answered, "understand")
    assert ("write", 1) in due(answered)
    lock_down(database, clock())
    assert ("write", 1) not in due(answered)


def test_a_managers_mail_is_handed_out_when_all_others_went(office):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(ANA, GOOGLE, "Ana Weber", manager=BEN), office.ctx.clock())
    plan_weekly(office.ctx)
    office.later(days=8)
    with office.ctx.database.read() as tx:
        kinds = {
            one.id: one.kind
            for one in outbox.waiting(tx, (MailKind.WEEKLY, MailKind.MANAGER_WEEKLY))
        }
    handed = [kinds[key] for queue, key in due(office) if queue == "send"]
    assert handed == [MailKind.WEEKLY]
    do_all(office, "listen", "scan")
    send_one(office.ctx, next(key for queue, key in due(office) if queue == "send"))
    assert [kinds[key] for queue, key in due(office) if queue == "send"] == [
        MailKind.MANAGER_WEEKLY
    ]


def test_what_somebody_has_in_hand_is_nobody_elses(office):
    office.meet()
    do_all(office, "scan")
    (piece,) = (one for one in pieces_due(office.ctx) if one.queue == "send")
    assert pieces_in_hand(office.ctx) == []
    other = office.another_worker()
    with other.database.begin() as tx:
        claim_mails(tx, other.claimant(), 1)
    assert ("send", piece.key) not in due(office)
    (held,) = pieces_in_hand(office.ctx)
    assert (held.queue, held.key, held.fence) == ("send", piece.key, piece.fence + 1)
    assert held.owner == other.claimant().owner
    office.later(days=1)
    assert pieces_in_hand(office.ctx) == [], "it ran out"
