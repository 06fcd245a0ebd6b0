"""The kinds of sentences that reps write where they are asked for a Commitment Objective."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """`UNCLEAR` is no answer at all; `VAGUE` is about the customer, and nothing that one could see
    happen."""

    COMMITMENT = "commitment"
    CALL_OBJECTIVE = "call_objective"
    SELLER_ACTIVITY = "seller_activity"
    VAGUE = "vague"
    UNCLEAR = "unclear"


KINDS = tuple(Kind)
