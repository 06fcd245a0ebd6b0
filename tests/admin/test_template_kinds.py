"""Which templates there are, what they may show, and that each can be judged."""

from __future__ import annotations

import pytest

from nudger.admin.samples import SAMPLES
from nudger.admin.template_kinds import KINDS, SHARED, files_of
from nudger.admin.template_previews import values_of
from nudger.mail.templates import shipped_templates

PAGES_ALONE = {"report.html.j2", "calendar_trial.html.j2"}


def test_every_mail_has_a_line_of_its_own():
    assert set(KINDS) == {*SAMPLES, SHARED}


def test_every_shipped_file_is_of_one_kind():
    found = [file.name for kind in KINDS for file in files_of(kind)]
    shipped = {file.name for file in (shipped_templates() / "en").glob("*.j2")}
    assert sorted(found) == sorted(shipped - PAGES_ALONE)


@pytest.mark.parametrize(
    ("kind", "at", "some"),
    [
        ("note", 0, ["commitment_objective", "fallback", "next_milestone", "outcome"]),
        ("sign_in", 0, ["code", "url"]),
        (SHARED, 0, ["answer_url"]),
    ],
)
def test_what_a_template_knows_is_what_the_shipped_ones_show(kind, at, some):
    assert list(values_of(files_of(kind)[at])) == some
