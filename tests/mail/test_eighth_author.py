"""Replies to one call and to three at once, labelled by an eighth author before the reader saw them.

At first sight 91 of 120 texts and 37 of 48 digests were read right (50 and 41 of 60, 19 and 18 of
24); once what the first half showed was mended, 46 of 60 and 18 of 24 of the half that was still
unseen. A full stop at the end is no difference: this author leaves it out, others keep it.
"""

from __future__ import annotations

import pytest

from nudger.mail.reply import read_text
from tests.corpus import words
from tests.mail.test_words import case_id

CASES = [*words.cases("words_eighth.jsonl"), *words.cases("words_eighth_set_aside.jsonl")]


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_texts_and_digests(case):
    reply = read_text(case["text"], words.asked_for(case))
    is_right = words.is_right(case, reply, words.without_full_stop)
    assert is_right is (case["text"] not in words.OPEN), reply
