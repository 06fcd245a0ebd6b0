"""Replies to one call, to several, and whole mails in their source, labelled by a third author before
a rule or an example was looked at, and before the reader saw them.

At first sight 85 of 100 texts, 38 of 40 digests and all 40 mails were read right; of none all was
lost and nothing of a quote, a banner or a signature came along. Half of them stayed closed until the
other half's kinds were mended: of those 45 of 50 texts were right then, 18 of 20 digests and 20 of 20
mails.
"""

from __future__ import annotations

import pytest

from nudger.mail.reply import read_reply, read_text
from tests.mail.test_words import case_id, words

WORDS = [*words.cases("words_third.jsonl"), *words.cases("words_third_set_aside.jsonl")]
MAILS = [*words.cases("mails_third.jsonl"), *words.cases("mails_third_set_aside.jsonl")]


@pytest.mark.parametrize("case", WORDS, ids=case_id)
def test_texts_and_digests(case):
    reply = read_text(case["text"], words.asked_for(case))
    assert words.is_right(case, reply) is (case["text"] not in words.OPEN), reply


@pytest.mark.parametrize("case", MAILS, ids=lambda case: f"{case['kind']}-{case['language']}")
def test_mails(case):
    reply = read_reply(words.inbound(case), words.asked_for(case))
    assert words.is_right(case, reply), reply
