"""What a TZID means that no file defines."""

from __future__ import annotations

import pytest

from nudger.ics.zone_names import named_zone


@pytest.mark.parametrize(
    ("tzid", "iana", "assumed"),
    [
        ("Europe/Berlin", "Europe/Berlin", False),
        ("europe/berlin", "Europe/Berlin", False),
        ('"Europe/Berlin"', "Europe/Berlin", False),
        ("EST", "EST", False),
        ("Z", "UTC", False),
        ("tzone://Microsoft/Utc", "UTC", False),
        ("W. Europe Standard Time", "Europe/Berlin", True),
        ("W. Europe Daylight Time", "Europe/Berlin", True),
        ("/America/New_York", "America/New_York", True),
        ("America/New York", "America/New_York", True),
        ("US-Eastern", "US/Eastern", True),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin", True),
        ("/softwarestudio.org/Olson_20011030_5/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires", True),
        ("Europe/Berlin (CET)", "Europe/Berlin", True),
        ("GMT-05.00/-04.00", "America/New_York", True),
        ("GMT +0200 (Standard) / GMT +0300 (Daylight)", "Europe/Athens", True),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam", True),
        ("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles", True),
        ("(GMT-06:00) Central America", "Etc/GMT+6", True),
        ("(UTC-05:00) Berlin", "Etc/GMT+5", True),
        ("AEST", "Etc/GMT-10", True),
        ("PT", "America/Los_Angeles", True),
        ("GMT-0500", "Etc/GMT+5", True),
        ("UTC+5:30", "Asia/Kolkata", True),
        ("GMT+05.5", "Asia/Kolkata", True),
        ("+0100", "Etc/GMT-1", True),
    ],
)  # fmt: skip
def test_names(tzid, iana, assumed):
    found = named_zone(tzid)
    assert (found.iana, bool(found.why)) == (iana, assumed)


@pytest.mark.parametrize(
    "tzid",
    ["Customized Time Zone", "Custom", "Mars/Base", "tzone://Microsoft/Custom", "20261124", "", "/",
     "../../etc/passwd", "e/" * 600 + "e", "GMT+99", "Zone 1+1"],
)  # fmt: skip
def test_names_that_say_nothing(tzid):
    assert named_zone(tzid) is None


@pytest.mark.parametrize(
    ("tzid", "shown"),
    [("GMT-0500", "UTC-05:00"), ("AEST", "UTC+10:00"), ("Europe/Berlin", "Europe/Berlin")],
)
def test_a_fixed_zone_is_shown_by_the_sign_that_people_use(tzid, shown):
    assert named_zone(tzid).shown == shown
