"""Which call of a digest is meant, by what its mail called the customer."""

from __future__ import annotations

import pytest

from nudger.mail.calls import named_call, number_of
from nudger.mail.message import AskedMeeting

MEETINGS = [
    AskedMeeting(1, "Termin mit Sägewerk Ott", ("saegewerk-ott.de",), guests=(
        "Rainer Ott <r.ott@saegewerk-ott.de>",)),
    AskedMeeting(2, "Quarterly review", ("strathpine-mills.co.uk",), guests=(
        "l.mckay@strathpine-mills.co.uk",)),
    AskedMeeting(3, "Pilot", ("pat@gmail.com",), guests=("Doe, Pat (home) <pat@gmail.com>",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("Sägewerk Ott", 1),
        ("saegewerk-ott", 1),
        ("Strathpine Mills", 2),
        ("Strathpine", 2),
        ("Pat Doe", 3),
        ("Globex", None),
    ],
)
def test_a_call_is_named_by_its_customers_name(said, number):
    assert named_call(said, MEETINGS) == number


@pytest.mark.parametrize(
    ("letter", "number"),
    [("A", 1), ("C", 3), ("D", None), ("a", None), ("AB", None), ("É", None), ("", None)],
)
def test_the_number_of_a_letter(letter, number):
    assert number_of(letter, 3) == number
