"""Replies to one call and to three at once as a sales team writes them every day, labelled by a
ninth author before the reader saw them.

At first sight 96 of 120 texts and 38 of 48 digests were read right (51 and 45 of 60, 19 of 24
each); once what the first half showed was mended, 46 and 20 of the half that was still unseen. What
is missed today is a remark that stays with its commitment, mostly, and so is kept from the guests.
"""

from __future__ import annotations

import pytest

from nudger.mail.reply import read_text
from tests.corpus import words
from tests.mail.test_words import case_id

CASES = [*words.cases("words_ninth.jsonl"), *words.cases("words_ninth_set_aside.jsonl")]


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_texts_and_digests(case):
    reply = read_text(case["text"], words.asked_for(case))
    is_right = words.is_right(case, reply, words.without_full_stop)
    assert is_right is (case["text"] not in words.OPEN), reply
