from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.providers.microsoft.zones import find_zone, iana_zone


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
        ("tzone://Microsoft/Custom", "UTC"),
        ("Customized Time Zone", "UTC"),
        ("", "UTC"),
        (None, "UTC"),
        ("../../etc/passwd", "UTC"),
        ("/etc/passwd", "UTC"),
        ("Europe", "UTC"),
        ("a\0b", "UTC"),
    ],
)
def test_zone_names(name: str | None, expected: str) -> None:
    assert iana_zone(name) == expected


@pytest.mark.parametrize("name", ["Customized Time Zone", "tzone://Microsoft/Custom", "Europe"])
def test_a_zone_without_a_name_is_told_from_utc(name: str) -> None:
    assert find_zone(name) is None
    assert find_zone("tzone://Microsoft/Utc") == "UTC"


@given(st.text(max_size=80))
def test_any_name_gives_a_zone_that_exists(name: str) -> None:
    ZoneInfo(iana_zone(name))
