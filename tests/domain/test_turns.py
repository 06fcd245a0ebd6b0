"""What may begin beside what goes on: lines keep their order, mailboxes and providers their places."""

from __future__ import annotations

import pytest

from nudger.domain.event import Provider
from nudger.domain.turns import (
    MAILBOX_PLACES,
    PROVIDER_PLACES,
    Begun,
    Course,
    next_to_begin,
    stands_still,
)

GOOGLE, MICROSOFT = Provider.GOOGLE, Provider.MICROSOFT
ROOM = 1000


def ana(step="send"):
    return Course((step, "ana"), GOOGLE, "ana@ourco.example")


def mails(provider, count, mailbox="nudger@ourco.example"):
    return [Course(("send", n), provider, mailbox) for n in range(count)]


def calendars(provider, count):
    return [Course(("scan", n), provider, f"r{n}@ourco.example") for n in range(count)]


def moving(courses):
    return [Begun(course) for course in courses]


def hanging(courses):
    return [Begun(course, hangs=True) for course in courses]


@pytest.mark.parametrize(
    ("waiting", "begun", "places", "turn"),
    [
        pytest.param([], [], ROOM, None, id="nothing waits"),
        pytest.param([ana(), ana("write")], [], ROOM, 0, id="who waits first goes first"),
        pytest.param([ana()], moving([ana()]), ROOM, None, id="one of a line at a time"),
        pytest.param([ana(), ana("write")], moving([ana()]), ROOM, 1, id="another line passes"),
        pytest.param(
            [Course(1), Course(2)], moving([Course(3)]), 1, None, id="no room for any more"
        ),
        pytest.param([Course(2)], hanging([Course(3)]), 1, 0, id="what hangs takes no room"),
        pytest.param([Course(3)], hanging([Course(3)]), 1, None, id="what hangs keeps its line"),
        *(
            pytest.param(
                mails(one, MAILBOX_PLACES[one] + 1)[-1:],
                moving(mails(one, MAILBOX_PLACES[one])),
                ROOM,
                None,
                id=f"a mailbox at {one} is full",
            )
            for one in (GOOGLE, MICROSOFT)
        ),
        pytest.param(
            mails(MICROSOFT, 5)[-1:], hanging(mails(MICROSOFT, 4)), ROOM, None,
            id="what hangs keeps its place in the mailbox",
        ),
        pytest.param(
            mails(MICROSOFT, 5)[-1:], moving(mails(MICROSOFT, 3)), ROOM, 0, id="a place is left"
        ),
        pytest.param(
            [*mails(MICROSOFT, 5)[-1:], ana()], moving(mails(MICROSOFT, 4)), ROOM, 1,
            id="a full mailbox holds nobody else up",
        ),
        pytest.param(
            [ana()], moving(calendars(GOOGLE, PROVIDER_PLACES[GOOGLE])), ROOM, None,
            id="a provider has so many calls a minute",
        ),
        pytest.param(
            [ana()], hanging(calendars(GOOGLE, PROVIDER_PLACES[GOOGLE])), ROOM, 0,
            id="what hangs makes no calls",
        ),
        pytest.param(
            [Course(("understand", "nudger"))], moving(calendars(GOOGLE, 40)), ROOM, 0,
            id="what calls nobody waits for no provider",
        ),
    ],
)  # fmt: skip
def test_whose_turn_it_is(waiting, begun, places, turn):
    assert next_to_begin(waiting, begun, places) == turn


def test_the_second_of_a_line_does_not_pass_the_first_that_waits_for_its_mailbox():
    full = moving(mails(MICROSOFT, 4))
    first = Course("ana", MICROSOFT, "nudger@ourco.example")
    second = Course("ana", MICROSOFT, "another@ourco.example")
    assert next_to_begin([first, second], full, ROOM) is None


@pytest.mark.parametrize(
    ("course", "begun", "stands"),
    [
        (ana(), hanging([ana()]), True),
        (ana(), moving([ana()]), False),
        (ana(), hanging([Course("other", GOOGLE, "ben@ourco.example")]), False),
        (mails(MICROSOFT, 5)[-1], hanging(mails(MICROSOFT, 4)), True),
        (mails(MICROSOFT, 5)[-1], hanging(mails(MICROSOFT, 3)), False),
        (Course("line"), hanging(calendars(GOOGLE, 200)), False),
    ],
)
def test_what_waits_for_something_that_hangs(course, begun, stands):
    assert stands_still(course, begun) is stands
