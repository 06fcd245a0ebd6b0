"""Replies to one call, to several, and whole mails, labelled by a second author who had not seen the
reader either.

At first sight 93 of 100 texts, 25 of 34 digests and 45 of 49 mails were read right; of no text or
mail all was lost, of two digests it was, and nothing of a quote or a signature came along. What they
showed has been mended since, so that they are no longer unseen.
"""

from __future__ import annotations

from typing import Any

import pytest

from nudger.mail.reply import read_reply, read_text
from tests.mail.test_words import case_id, words

WORDS = list(words.cases("words_second.jsonl"))
MAILS = list(words.cases("mails_second.jsonl"))
OURS = list(words.cases("mails_of_ours.jsonl"))
"""What their mails made us think of, in seven languages: footers, banners, signatures, quotes."""


def mail_id(case: dict[str, Any]) -> str:
    return f"{case['kind']}-{case['language']}-{(case['plain'] or case['html'])[:60]!r}"


@pytest.mark.parametrize("case", WORDS, ids=case_id)
def test_texts_and_digests(case):
    reply = read_text(case["text"], words.asked_for(case))
    assert words.is_right(case, reply), reply


@pytest.mark.parametrize("case", [*MAILS, *OURS], ids=mail_id)
def test_mails(case):
    reply = read_reply(words.inbound(case), words.asked_for(case))
    assert words.is_right(case, reply), reply
