"""Replies to one call and to three at once, labelled by a fifth author before the reader saw them.

At first sight 85 of 112 texts and 27 of 28 digests were read right (40 and 45 of 56, 14 and 13 of
14). Half of them stayed closed until the other half's kinds were mended and talk was judged by a
model: of those 51 of 56 texts and 13 of 14 digests were right then.
"""

from __future__ import annotations

import pytest

from nudger.mail.reply import read_text
from tests.mail.test_words import case_id, words

CASES = [*words.cases("words_fifth.jsonl"), *words.cases("words_fifth_set_aside.jsonl")]


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_texts_and_digests(case):
    reply = read_text(case["text"], words.asked_for(case))
    assert words.is_right(case, reply) is (case["text"] not in words.OPEN), reply
