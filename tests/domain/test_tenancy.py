"""Whether mail reaches reps from outside of their organization."""

from __future__ import annotations

import pytest

from nudger.domain.event import Provider
from nudger.domain.tenancy import Seat, why_from_outside

GOOGLE, MICROSOFT = Provider.GOOGLE, Provider.MICROSOFT


@pytest.mark.parametrize(
    ("asks", "asked", "ours", "says"),
    [
        (Seat("n@a.com", GOOGLE), Seat("r@a.com", GOOGLE), False, None),
        (Seat("n@a.com", GOOGLE), Seat("r@b.com", GOOGLE), True, None),
        (Seat("n@a.com", GOOGLE), Seat("r@b.com", GOOGLE), False, "comes from outside"),
        (Seat("n@a.com", GOOGLE), Seat("r@a.com", MICROSOFT), True, "under [microsoft]"),
        (Seat("n@a.com", MICROSOFT), Seat("r@a.com", GOOGLE), True, "under [google]"),
    ],
)
def test_where_a_mail_comes_from(asks, asked, ours, says):
    why = why_from_outside(asks, asked, lambda _address: ours)
    assert why is None if says is None else says in str(why)
