"""What stands beside a commitment, in replies of an author from whom nothing was learned: a remark
that no guest may read, or more of the plan.

The rates are those that were measured, with a little room; each stands for a rep's embarrassment.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from nudger.domain.publishing import why_kept_back
from nudger.mail.reply import read_text
from tests.mail.test_words import ONE

FILE = Path(__file__).parent.parent / "corpus" / "remarks.jsonl"


@pytest.fixture(scope="module")
def outcomes():
    """How often a sentence of a kind stays in what guests read, is kept back with it, or left out."""
    counted = {"remark": Counter(), "plan": Counter()}
    for case in map(json.loads, FILE.read_text(encoding="utf-8").splitlines()):
        reply = read_text(case["text"], ONE)
        answer = reply.answers[1]
        stays = case["beside"].strip(" .").casefold() in answer.commitment_objective.casefold()
        is_sure = not reply.doubtful and not answer.private
        is_read = is_sure and why_kept_back(answer, milestones=(), us=()) is None
        counted[case["kind"]]["read" if stays and is_read else "kept" if stays else "out"] += 1
    return counted


def test_guests_read_hardly_a_remark(outcomes):
    assert outcomes["remark"]["read"] <= 0.04 * outcomes["remark"].total()


def test_most_remarks_leave_the_commitment_free(outcomes):
    assert outcomes["remark"]["out"] >= 0.5 * outcomes["remark"].total()


def test_what_is_of_the_plan_is_seldom_left_out(outcomes):
    assert outcomes["plan"]["out"] <= 0.12 * outcomes["plan"].total()
