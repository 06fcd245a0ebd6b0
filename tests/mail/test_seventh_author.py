"""Replies to three calls at once, labelled by a seventh author before the reader saw them: 36 of 39
were read right at first sight, and the reader was not changed for them."""

from __future__ import annotations

import pytest

from nudger.mail.reply import read_text
from tests.mail.test_words import case_id, words

CASES = list(words.cases("digests_seventh.jsonl"))


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_digests(case):
    reply = read_text(case["text"], words.asked_for(case))
    assert words.is_right(case, reply) is (case["text"] not in words.OPEN), reply
