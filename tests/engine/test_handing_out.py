"""What is handed out: what may go on at once on all machines together, nothing twice."""

from __future__ import annotations

from dataclasses import replace

from nudger.domain.event import Provider
from nudger.domain.turns import MAILBOX_PLACES, PROVIDER_PLACES, Course
from nudger.engine.handing_out import HANGS_AFTER, LOST_AFTER, HandingOut
from nudger.jobs.due import Piece

GOOGLE, MICROSOFT = Provider.GOOGLE, Provider.MICROSOFT
PLACES = MAILBOX_PLACES[MICROSOFT]


def mail(key, line=None, fence=0, provider=MICROSOFT, box="nudger@ourco.example"):
    return Piece("send", key, fence, Course(("send", line or key), provider, box))


def mailbox(key="nudger@ourco.example"):
    return Piece("listen", key, 0, Course(("listen", key), MICROSOFT, key))


def calendar(key):
    return Piece("scan", key, 0, Course(("scan", key), GOOGLE, f"{key}@ourco.example"))


def held(piece):
    return replace(piece, fence=piece.fence + 1, owner="other")


def keys(pieces):
    return [piece.key for piece in pieces]


def test_a_mailbox_gets_no_more_than_it_has_places_for():
    due = [mail(number) for number in range(1, 11)]
    out = HandingOut()
    assert keys(out.choose(due, [], 0)) == list(range(1, PLACES + 1))
    assert out.choose(due, [], 1) == []


def test_what_others_have_in_hand_takes_their_places():
    due = [mail(number) for number in range(1, 11)]
    others = [held(mail(number)) for number in range(11, 11 + PLACES)]
    assert HandingOut().choose(due, others, 0) == []
    assert keys(HandingOut().choose(due, others[1:], 0)) == [1]


def test_as_pieces_are_done_the_next_are_handed_out():
    due = [mail(number) for number in range(1, 11)]
    out = HandingOut()
    out.choose(due, [], 0)
    assert keys(out.choose(due[2:], [], 1)) == [PLACES + 1, PLACES + 2]


def test_what_was_claimed_and_is_free_again_is_handed_out_anew():
    out = HandingOut()
    out.choose([mail(1)], [], 0)
    assert out.choose([], [held(mail(1))], 1) == []
    assert keys(out.choose([mail(1, fence=1)], [], 2)) == [1]


def test_a_message_that_nobody_takes_up_is_sent_again():
    out = HandingOut()
    out.choose([mail(1)], [], 0)
    assert out.choose([mail(1)], [], LOST_AFTER - 1) == []
    assert keys(out.choose([mail(1)], [], LOST_AFTER)) == [1]


def test_what_could_not_be_handed_out_is_not_out():
    out = HandingOut()
    chosen = out.choose([mail(1), mail(2)], [], 0)
    out.take_back(chosen[1:])
    assert keys(out.choose([mail(1), mail(2)], [], 1)) == [2]


def test_one_person_gets_one_mail_after_the_other():
    due = [mail(1, line="ana"), mail(2, line="ana"), mail(3, line="ben")]
    assert keys(HandingOut().choose(due, [], 0)) == [1, 3]


def test_who_reads_a_mailbox_takes_the_places_of_its_fetches():
    due = [mailbox(), *(mail(number) for number in range(1, 11))]
    assert keys(HandingOut().choose(due, [], 0)) == ["nudger@ourco.example", 1, 2]
    full = [held(mail(number)) for number in range(11, 10 + PLACES)]
    assert keys(HandingOut().choose(due, full, 0)) == [1]


def test_calendars_leave_room_for_what_is_more_urgent():
    due = [mail(1, provider=GOOGLE), *(calendar(number) for number in range(2, 200))]
    chosen = keys(HandingOut().choose(due, [], 0))
    assert chosen == list(range(1, PROVIDER_PLACES[GOOGLE] + 1))


def test_what_hangs_keeps_its_mailbox_and_nothing_else():
    in_hand = [held(calendar(number)) for number in range(PROVIDER_PLACES[GOOGLE])]
    out, due = HandingOut(), [calendar(100), replace(calendar(0), key=101)]
    assert out.choose(due, in_hand, 0) == []
    assert keys(out.choose(due, in_hand, HANGS_AFTER)) == [100]
