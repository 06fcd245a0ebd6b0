"""From the names that programs use for zones to IANA's."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.zones import iana_name, known_zone, zone_or_utc


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("India Standard Time", "Asia/Calcutta"),
        ("Europe/Paris", "Europe/Paris"),
        ("UTC", "UTC"),
        ("Etc/GMT", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("tzone://Microsoft/Custom", None),
        ("Customized Time Zone", None),
        ("", None),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("Europe", None),
        ("a\0b", None),
    ],
)
def test_zone_names(name: str, expected: str | None) -> None:
    assert iana_name(name) == expected


@given(st.text(max_size=80))
def test_any_name_gives_a_zone_that_exists_or_none(name: str) -> None:
    found = iana_name(name)
    assert found is None or ZoneInfo(found)
    assert zone_or_utc(name) == (known_zone(name) or ZoneInfo("UTC"))
