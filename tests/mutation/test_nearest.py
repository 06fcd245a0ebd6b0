"""Which tests are asked about a fault in any module."""

from __future__ import annotations

import pytest

from tests.mutation.modules import MODULES
from tests.mutation.nearest import PACKAGES, ROOT, all_tests, modules, nearest

EVERYWHERE = [name for package in PACKAGES for name in modules(package)]


def test_every_module_has_tests_that_are_there():
    assert len(EVERYWHERE) > 150
    assert all((ROOT / test).exists() for test in all_tests(EVERYWHERE))
    assert all(nearest(name) for name in EVERYWHERE)


@pytest.mark.parametrize(
    ("module", "tests"),
    [
        ("nudger/domain/note.py", MODULES["nudger/domain/note.py"]),
        ("nudger/domain/timing.py", ("tests/domain/test_timing.py",)),
        ("nudger/mail/labels.py", ("tests/mail",)),
        ("nudger/mail/digest.py", ("tests/mail/test_leads.py", "tests/mail")),
        ("nudger/store/mail_groups.py", ("tests/store/test_mail_groups.py",)),
        (
            "nudger/providers/google/errors.py",
            ("tests/providers/google/test_errors.py", "tests/providers/contract"),
        ),
        (
            "nudger/jobs/planning/series.py",
            (
                "tests/jobs/planning/test_series.py",
                "tests/flow/test_loop.py",
                "tests/flow/test_after_the_call.py",
            ),
        ),
    ],
)
def test_the_nearest_tests_come_first(module, tests):
    assert nearest(module) == tests


def test_migrations_and_data_are_left_alone():
    assert not [name for name in EVERYWHERE if "migrations" in name or "/data/" in name]
