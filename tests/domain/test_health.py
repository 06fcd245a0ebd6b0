"""What somebody should know, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.controls import Controls
from nudger.domain.health import Concern, Standing, concerns, late_rounds

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def standing(ago=1, **changes):
    return Standing({"google": NOW - timedelta(minutes=ago)}, **changes)


CASES = [
    ("all is well", standing(), ()),
    ("nobody is watched yet", Standing({}), ()),
    ("the last scan was just in time", standing(20), ()),
    ("it was too long ago", standing(21), (Concern.NO_SCAN,)),
    ("scans are rare by the settings", standing(90, scan_every=timedelta(hours=1)), ()),
    ("they are rare, and one was missed",
     standing(121, scan_every=timedelta(hours=1)), (Concern.NO_SCAN,)),
    ("one provider of two is not read",
     Standing({"google": NOW, "microsoft": NOW - timedelta(hours=1)}), (Concern.NO_SCAN,)),
    ("a sign-in is refused", standing(sign_in_faults=1), (Concern.SIGN_IN_REFUSED,)),
    ("a note is not written", standing(unwritten=1), (Concern.WRITE_REFUSED,)),
    ("a mail is set aside", standing(set_aside=1), (Concern.SET_ASIDE,)),
    ("all is locked down", standing(controls=Controls(is_locked=True)), (Concern.LOCKED_DOWN,)),
    ("all is paused", standing(controls=Controls(is_paused=True)), (Concern.PAUSED,)),
    ("one rep is paused",
     standing(controls=Controls(paused_reps=frozenset({1}))), (Concern.PAUSED,)),
    ("mails to one rep come back",
     standing(controls=Controls(unreachable_reps=frozenset({1}))), (Concern.UNREACHABLE,)),
    ("a rep asked to be forgotten", standing(forget_asked=1), (Concern.FORGET_ASKED,)),
    ("a receiver is switched off", standing(untold=1), (Concern.UNTOLD,)),
    ("the file was changed", standing(settings_wait=True), (Concern.SETTINGS_WAIT,)),
    ("the broker is away", standing(broker_answers=False), (Concern.BROKER_AWAY,)),
    ("a dead letter lies there", standing(dead_letters=1), (Concern.DEAD_LETTERS,)),
    ("a template makes no mail", standing(template_broken=True), (Concern.TEMPLATE_BROKEN,)),
    ("the pages' process ended", standing(pages_down=True), (Concern.PAGES_DOWN,)),
    ("everything at once, the gravest first",
     standing(30, sign_in_faults=1, unwritten=1, set_aside=1, forget_asked=1, untold=1,
              settings_wait=True, broker_answers=False, dead_letters=1, template_broken=True, pages_down=True,
              controls=Controls(is_locked=True, is_paused=True,
                                unreachable_reps=frozenset({1}))), tuple(Concern)),
]  # fmt: skip


@pytest.mark.parametrize(("where", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_somebody_should_know(where, expected):
    assert concerns(where, NOW) == expected


def test_every_concern_has_an_exit_code_of_its_own_that_no_other_failure_has():
    codes = [one.exit_code for one in Concern]
    assert codes == [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
    assert [one for one in Concern if one.is_outage] == [Concern.SIGN_IN_REFUSED, Concern.NO_SCAN]


ROUNDS = [
    ("no worker is here", {}, ()),
    ("both went a moment ago", {"outgoing": 0, "incoming": 1}, ()),
    ("just in time", {"outgoing": 20}, ()),
    ("too long ago", {"outgoing": 21, "incoming": 1}, ("outgoing",)),
    ("never, or not since it failed", {"outgoing": 1, "incoming": None}, ("incoming",)),
]


@pytest.mark.parametrize(
    ("minutes", "late"), [one[1:] for one in ROUNDS], ids=[r[0] for r in ROUNDS]
)
def test_rounds_are_late_where_they_did_not_go_well_lately(minutes, late):
    last = {n: None if ago is None else NOW - timedelta(minutes=ago) for n, ago in minutes.items()}
    assert late_rounds(last, NOW) == late
